"""Solving by hand: the cursor, digits, pencil marks, undo, and what breaks a rule."""

from __future__ import annotations

import pytest

from solver.board.grid import Grid
from tests.tui.conftest import settle
from tui.game.position import Author
from tui.settings import Settings
from tui.widgets.lines import StatusLine


async def test_arrows_and_letters_move_the_cursor_round_the_edges(playing) -> None:
    async with playing() as player:
        player.cursor = 0
        for key, cell in (("left", 8), ("l", 0), ("up", 72), ("j", 0), ("down", 9), ("k", 0)):
            await player.press(key)
            assert player.cursor == cell
        await player.press("right", "h")
        assert player.cursor == 0


async def test_capital_letters_move_by_box(playing) -> None:
    async with playing() as player:
        player.cursor = 0
        for key, cell in (("L", 3), ("J", 30), ("H", 27), ("K", 0)):
            await player.press(key)
            assert player.cursor == cell


async def test_a_click_moves_the_cursor(playing) -> None:
    async with playing() as player:
        await player.pilot.click("#board", offset=(52, 3))
        assert player.cursor == 17


async def test_a_digit_is_entered_as_own_and_givens_stay(playing) -> None:
    async with playing() as player:
        await player.press("7")
        assert player.position.grid[1] == 7
        assert player.position.authors[1] is Author.OWN
        await player.press("left", "9")
        assert player.position.grid[0] == 4
        assert player.status == "r1c1 is a given and stays"


@pytest.mark.parametrize("key", ["0", "backspace", "delete"])
async def test_clearing_takes_the_digit_away(playing, key: str) -> None:
    async with playing() as player:
        await player.press("7", key)
        assert player.position.grid[1] == 0


async def test_pencil_mode_marks_and_rubs_out(playing) -> None:
    async with playing() as player:
        await player.press("p", "1", "6", "1")
        assert player.position.marks[1] == {6}
        await player.press("p", "6")
        assert player.position.grid[1] == 6


async def test_marks_are_filled_with_candidates_and_rubbed_out_by_an_entry(playing) -> None:
    async with playing() as player:
        await player.press("P")
        assert player.position.marks[1] == {1, 6, 7, 9}
        assert 6 in player.position.marks[2]
        await player.press("6")
        assert 6 not in player.position.marks[2]


async def test_marks_are_cleared(playing) -> None:
    async with playing() as player:
        await player.press("P", "ctrl+e")
        assert not any(player.position.marks)


async def test_marks_are_filled_in_the_first_puzzle_too(playing, puzzle) -> None:
    async with playing(settings=Settings(fill_marks=True)) as player:
        assert player.position.marks[1] == puzzle.candidates(1)


async def test_undo_and_redo_treat_hand_and_policy_alike(playing, puzzle) -> None:
    async with playing(watch=True) as player:
        await player.press("6", "n", "n")
        after = player.position.grid
        assert after.clues == puzzle.clues + 3
        await player.press("u", "ctrl+z", "u")
        assert player.position.grid == puzzle
        await player.press("u")
        assert player.status == "Nothing to undo."
        await player.press("r", "ctrl+y", "r")
        assert player.position.grid == after
        await player.press("r")
        assert player.status.endswith("Nothing to redo.")


async def test_restart_leaves_the_givens_and_can_be_undone(playing, puzzle) -> None:
    async with playing() as player:
        await player.press("6", "ctrl+r")
        assert player.position.grid == puzzle
        await player.press("u")
        assert player.position.grid[1] == 6


async def test_a_violation_is_named_beside_what_else_there_is_to_say(playing) -> None:
    async with playing() as player:
        await player.press("4", "u", "r")
        assert player.status.startswith("two 4s in row 1 (r1c1, r1c2)")
        assert player.status.endswith("Redone: 4 at r1c2.")


async def test_a_game_that_begins_with_a_violation_names_it(program) -> None:
    app = program(Grid.parse("55" + "." * 79))
    app.note = "79 to go."
    async with app.run_test() as pilot:
        await settle(pilot)
        status = app.play_screen.query_one(StatusLine).text
    assert status == "two 5s in row 1 (r1c1, r1c2) (and 1 more).  79 to go."
