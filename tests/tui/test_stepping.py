"""The steps: forward and back, played, jumped to, by keys and mouse."""

from __future__ import annotations

import threading

import pytest
from textual.widgets._footer import FooterKey

from solver.board.grid import Grid
from tests.solver import puzzles
from tests.tui.conftest import settle
from tui.game import storage
from tui.game.position import Author
from tui.play.screen import PlayScreen
from tui.screens.dialogs import AskText
from tui.settings import Settings
from tui.widgets.steps import StepList


async def test_steps_go_forward_and_back(playing, puzzle) -> None:
    async with playing(watch=True) as player:
        await player.press("n", "n")
        steps = player.position.trace.steps
        assert player.position.step == 2
        assert player.position.authors[steps[0].cell] is Author.POLICY
        assert player.status.startswith("Step 2: ")
        await player.press("b", "b")
        assert player.position.grid == puzzle
        await player.press("b")
        assert player.position.step == 0


async def test_a_step_made_by_hand_counts_as_played(playing) -> None:
    async with playing(watch=True) as player:
        await player.press("n", "b")
        due = player.position.trace.steps[0]
        player.cursor = due.cell
        await player.press(str(due.digit))
        assert player.position.step == 1
        assert player.position.authors[due.cell] is Author.OWN


async def test_solve_plays_every_step(playing, solution) -> None:
    async with playing(watch=True) as player:
        await player.press("S")
        assert player.position.grid == solution
        assert "found by the policy alone" in player.status


async def test_a_wrong_policy_is_corrected_by_search_and_it_shows(playing) -> None:
    beyond = Grid.parse(puzzles.BEYOND_LOGIC)
    async with playing(beyond, watch=True, settings=Settings(model="wrong.onnx")) as player:
        await player.press("S")
        assert player.position.grid == Grid.parse(puzzles.BEYOND_LOGIC_SOLVED)
        assert "search led by the policy" in player.status
        assert Author.SEARCH in player.position.authors


async def playing_steps(player, count: int) -> None:
    """Start playing, and wait until `count` steps are played."""
    await player.pilot.press("enter")
    for _ in range(500):
        if player.position.step >= count:
            return
        await player.pilot.pause(0.01)
    raise AssertionError("nothing is played")


async def test_playing_goes_on_until_paused(playing) -> None:
    async with playing(watch=True, settings=Settings(speed=8.0)) as player:
        await playing_steps(player, 2)
        assert player.state.playing
        await player.press("enter")
        assert player.status == "Paused."
        stopped = player.position.step
        await player.pilot.pause(0.3)
        assert player.position.step == stopped
        assert not player.state.playing


@pytest.mark.parametrize("key", ["7", "u", "right", "question_mark", "escape", "p", "o", "t"])
async def test_any_key_stops_what_is_played(playing, key: str) -> None:
    async with playing(watch=True, settings=Settings(speed=2.0)) as player:
        await playing_steps(player, 1)
        await player.press(key)
        assert not player.state.playing
        after = player.app.play_screen.position
        await player.pilot.pause(0.7)
        assert player.app.play_screen.position == after


async def test_a_click_on_the_board_stops_what_is_played(playing) -> None:
    async with playing(watch=True, settings=Settings(speed=0.5)) as player:
        await playing_steps(player, 1)
        await player.pilot.click("#board", offset=(9, 2))
        await player.press()
        assert not player.state.playing


async def test_the_footer_says_pause_while_steps_are_played(playing) -> None:
    async with playing(watch=True, settings=Settings(speed=0.5)) as player:
        labels = {key.description for key in player.screen.query(FooterKey)}
        assert "Play" in labels
        await playing_steps(player, 1)
        await player.press()
        labels = {key.description for key in player.screen.query(FooterKey)}
        assert "Pause" in labels
        assert "Play" not in labels


async def test_a_step_forward_and_back_changes_nothing_at_all(playing) -> None:
    async with playing(watch=True) as player:
        await player.press("P")
        before = player.position
        await player.press("n", "n", "n", "b", "b", "b")
        assert player.position.marks == before.marks
        assert player.position.grid == before.grid
        await player.press("S", "g")
        await player.type("0")
        assert player.position.marks == before.marks


async def test_steps_can_be_taken_back_after_leaving_and_coming_back(playing, program) -> None:
    async with playing(watch=True) as player:
        await player.press("P")
        marks = player.position.marks
        await player.press("n", "n", "n", "ctrl+q")
    game = storage.last_game()
    app = program(watch=True)
    app.first_game = game
    async with app.run_test() as pilot:
        await settle(pilot)
        assert app.play_screen.state.position.step == 3
        assert len(app.play_screen.query_one(StepList)._trace.steps) == 58
        for _ in range(3):
            await pilot.press("b")
        await settle(pilot)
        assert app.play_screen.position.marks == marks


async def test_jump_goes_to_a_step_by_number(playing, puzzle) -> None:
    async with playing(watch=True) as player:
        await player.press("g")
        assert isinstance(player.screen, AskText)
        await player.type("10")
        assert player.position.step == 10
        assert player.position.grid.clues == puzzle.clues + 10
        await player.press("g")
        await player.type("900")
        assert player.status == "'900' is no step; steps go from 0 to 58."


async def test_jump_asks_at_once_and_never_pops_up_later(playing, monkeypatch) -> None:
    async with playing(watch=True) as player:
        gate, solve = threading.Event(), player.app.engine.solve

        def later(grid, stop, unique):
            gate.wait(timeout=30)
            return solve(grid, stop, unique)

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
    async with playing(watch=True) as player:
        await player.press("n")
        player.screen.query_one(StepList).focus()
        await player.press("down", "down", "enter")
        assert player.position.step == 3


async def test_plus_and_minus_change_the_speed(playing) -> None:
    async with playing(watch=True) as player:
        await player.press("+")
        assert player.app.settings.speed == 8.0
        await player.press("-", "-")
        assert player.app.settings.speed == 2.0
        assert player.status == "2 steps a second."


async def test_the_ends_of_the_steps_are_said(playing) -> None:
    async with playing(watch=True) as player:
        await player.press("b")
        assert player.status.startswith("No step to take back here")
        await player.press("S")
        for key in ("n", "enter"):
            await player.press("escape", key)
            assert player.status == "That was the last step; b goes back, g jumps."
            assert not player.state.playing
