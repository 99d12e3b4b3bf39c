"""The steps: forward and back, played, jumped to, by keys and mouse."""

from __future__ import annotations

import threading

from tests.tui.conftest import settle
from tui.game import Author
from tui.screens.dialogs import AskText
from tui.screens.play import PlayScreen
from tui.settings import Settings
from tui.widgets.steps import StepList


async def test_steps_go_forward_and_back(playing, puzzle) -> None:
    async with playing() as player:  # action: next_step
        await player.press("n", "full_stop")
        steps = player.position.trace.steps
        assert player.position.step == 2
        assert player.position.authors[steps[0].cell] is Author.POLICY
        assert player.status.startswith("Step 2: ")
        await player.press("b", "comma")  # action: previous_step
        assert player.position.grid == puzzle
        await player.press("b")
        assert player.position.step == 0


async def test_a_step_made_by_hand_counts_as_played(playing) -> None:
    async with playing() as player:
        await player.press("n", "b")
        due = player.position.trace.steps[0]
        player.app.play_screen.board.cursor = due.cell
        await player.press(str(due.digit))
        assert player.position.step == 1
        assert player.position.authors[due.cell] is Author.OWN


async def test_solve_plays_every_step(playing, solution) -> None:
    async with playing() as player:  # action: solve
        await player.press("s")
        assert player.position.grid == solution
        assert "found by the policy alone" in player.status


async def test_a_wrong_policy_is_corrected_by_search_and_it_shows(playing, solution) -> None:

    async with playing(settings=Settings(model="wrong.onnx")) as player:
        await player.press("s")
        assert player.position.grid == solution
        assert "search led by the policy" in player.status
        assert Author.SEARCH in player.position.authors


async def test_playing_goes_on_until_paused(playing) -> None:

    async with playing(settings=Settings(speed=16.0)) as player:  # action: play
        await player.press("enter")
        await player.pilot.pause(0.2)
        played = player.position.step
        assert played >= 2
        await player.press("enter")
        assert player.status == "Paused."
        stopped = player.position.step
        await player.pilot.pause(0.2)
        assert player.position.step == stopped


async def test_jump_goes_to_a_step_by_number(playing, puzzle) -> None:
    async with playing() as player:  # action: jump
        await player.press("g")
        assert isinstance(player.screen, AskText)
        await player.type("10")
        assert player.position.step == 10
        assert player.position.grid.clues == puzzle.clues + 10
        await player.press("g")
        await player.type("900")
        assert player.status == "'900' is no step; steps go from 0 to 58."


async def test_jump_asks_at_once_and_never_pops_up_later(playing, monkeypatch) -> None:
    async with playing() as player:
        gate, solve = threading.Event(), player.app.engine.solve

        def later(grid, stop):
            gate.wait(timeout=30)
            return solve(grid, stop)

        monkeypatch.setattr(player.app.engine, "solve", later)
        await player.pilot.press("g")
        assert isinstance(player.screen, AskText)
        player.screen.query_one("#answer").value = "7"
        await player.pilot.press("enter")
        assert isinstance(player.screen, PlayScreen)
        gate.set()
        await settle(player.pilot)
        assert player.position.step == 7


async def test_choosing_a_step_in_the_list_jumps_there(playing) -> None:
    async with playing() as player:
        await player.press("n")
        player.screen.query_one(StepList).focus()
        await player.press("down", "down", "enter")
        assert player.position.step == 3


async def test_plus_and_minus_change_the_speed(playing) -> None:
    async with playing() as player:  # action: speed
        await player.press("+")
        assert player.app.settings.speed == 8.0
        await player.press("-", "-")
        assert player.app.settings.speed == 2.0
        assert player.status == "2 steps a second."


async def test_the_ends_of_the_steps_are_said(playing) -> None:
    async with playing() as player:
        await player.press("b")
        assert player.status.startswith("No step to take back here")
        await player.press("s")
        for key in ("n", "enter"):
            await player.press("escape", key)
            assert player.status == "That was the last step; b goes back, g jumps."
            assert player.app.play_screen._playing is None
