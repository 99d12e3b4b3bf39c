"""Playing a game: what is hidden, what hints do, what is kept, and what happens at the end."""

from __future__ import annotations

import pytest

from tui.game.position import Position, change
from tui.settings import Settings
from tui.widgets.bars import Bars
from tui.widgets.steps import StepList


def shown(player) -> str:
    """All the text on the screen."""
    return "\n".join(line.text for line in player.screen._compositor.render_strips())


async def test_nothing_of_the_solution_shows_until_a_key_that_spoils(playing, puzzle) -> None:
    async with playing(size=(120, 40)) as player:
        assert not player.screen.query_one(Bars).region
        assert "%" not in shown(player)
        for key in ("c", "n", "b", "v", "g", "enter"):
            await player.press(key)
            assert "part of Watch, which spoils" in player.status
            assert player.position.grid == puzzle
            assert player.state.course is None
        await player.press("W")
        assert player.screen.query_one(Bars).region
        assert "%" in shown(player)
        assert player.app.settings.mode == "watch"
        await player.press("W")
        assert "%" not in shown(player)


@pytest.mark.parametrize("leave", ["escape", "5"])
async def test_the_focus_comes_back_to_the_board(playing, leave: str) -> None:
    async with playing(watch=True) as player:
        await player.press("n")
        player.screen.query_one(StepList).focus()
        await player.press(leave)
        assert player.screen.focused is player.app.play_screen.board
        before = player.cursor
        await player.press("down")
        assert player.cursor == (before + 9) % 81


async def test_an_empty_list_of_steps_takes_no_focus(playing) -> None:
    async with playing(watch=True, size=(100, 30)) as player:
        await player.pilot.click(StepList)
        await player.press("down")
        assert player.screen.focused is player.app.play_screen.board
        assert player.cursor == 10


async def test_a_window_without_a_board_takes_no_entries(playing, puzzle) -> None:
    async with playing(size=(120, 40)) as player:
        await player.pilot.resize_terminal(36, 12)
        await player.press("6", "P", "W", "S")
        await player.pilot.resize_terminal(120, 40)
        await player.press()
        assert player.position == Position.start(puzzle)
        assert not player.state.watching


async def test_filling_marks_keeps_what_was_rubbed_out(playing) -> None:
    async with playing() as player:
        await player.press("P", "space", "1", "space", "P")
        assert player.position.marks[1] == {6, 7, 9}
        await player.press("ctrl+e", "P")
        assert player.position.marks[1] == {1, 6, 7, 9}


async def test_automatic_marks_leave_out_what_was_rubbed_out(playing) -> None:
    async with playing(settings=Settings(auto_marks=True)) as player:
        assert player.state.marks[1] == {1, 6, 7, 9}
        await player.press("alt+1")
        assert player.state.marks[1] == {6, 7, 9}
        await player.press("right", "6", "left")
        assert player.state.marks[1] == {7, 9}
        await player.press("u", "u")
        assert player.state.marks[1] == {1, 6, 7, 9}


@pytest.mark.parametrize("key", ["alt+6", "circumflex_accent"])
async def test_a_digit_with_a_modifier_marks_whatever_the_mode(playing, key: str) -> None:
    async with playing() as player:
        await player.press(key)
        assert player.position.marks[1] == {6}
        assert player.position.grid[1] == 0


async def test_a_mark_made_under_the_heat_map_is_seen(playing) -> None:
    async with playing(watch=True) as player:
        await player.press("c", "alt+6")
        assert player.state.heated is None
        assert player.position.marks[1] == {6}


async def test_a_hint_rules_marks_out_without_writing_its_digit(playing, puzzle) -> None:
    async with playing() as player:
        await player.press("P")
        for _ in range(40):
            await player.press("t")
            lesson = player.state.hint.lesson
            if lesson.removals:
                break
            await player.press("t", "t", "t")
        assert lesson.removals
        grid = player.position.grid
        await player.press("t", "t", "a")
        assert player.position.grid == grid
        assert not any(digit in player.position.marks[cell] for cell, digit in lesson.removals)
        await player.press("u")
        assert any(digit in player.position.marks[cell] for cell, digit in lesson.removals)


async def test_a_hint_about_a_wrong_digit_takes_it_away(playing, puzzle, solution) -> None:
    wrong = next(d for d in sorted(puzzle.candidates(1)) if d != solution[1])
    async with playing() as player:
        await player.press(str(wrong), "t", "t", "t")
        assert player.state.hint.pattern == {1}
        await player.press("t")
        assert player.position.grid == puzzle


async def test_undo_goes_to_its_cell_and_says_what(playing) -> None:
    async with playing() as player:
        await player.press("6")
        player.cursor = 80
        await player.press("u")
        assert player.cursor == 1
        assert player.status == "Undone: 6 at r1c2."
        await player.press("alt+6", "alt+7", "u")
        assert player.status == "Undone: marks at r1c2."


def test_a_change_is_said_by_what_it_is(puzzle) -> None:
    start = Position.start(puzzle)
    assert change(start, start) == (-1, "")
    assert change(start, start.enter(1, 6)) == (1, "6 at r1c2")
    assert change(start.enter(1, 6), start.enter(1, 7)) == (1, "7 for 6 at r1c2")
    assert change(start, start.fill_marks()) == (1, "marks in 58 cells")


async def test_checkpoints_are_come_back_to_and_kept(playing, puzzle) -> None:
    async with playing() as player:
        await player.press("6", "full_stop", "right", "9", "comma")
        assert player.position.grid == puzzle.place(1, 6)
        await player.press("u")
        assert player.position.grid == puzzle.place(1, 6).place(2, 9)
        from tui.game import storage

        kept = storage.last_game()
        assert [at.grid for at in kept.checkpoints] == [puzzle.place(1, 6)]


async def test_the_last_right_position_is_come_back_to(playing, puzzle, solution) -> None:
    wrong = next(d for d in sorted(puzzle.candidates(1)) if d != solution[1])
    async with playing() as player:
        await player.press("right", str(solution[2]), "left", str(wrong), "X")
        assert player.position.grid == puzzle.place(2, solution[2])
        await player.press("X")
        assert player.status == "Every digit here is right."


async def test_pasting_what_was_copied_goes_on_with_the_puzzle(playing, puzzle) -> None:
    async with playing() as player:
        await player.press("6", "y", "u", "ctrl+v")
        assert player.position.givens == puzzle
        assert player.position.grid == puzzle.place(1, 6)
        await player.press("u")
        assert player.position.grid == puzzle


async def test_home_end_and_shifted_arrows_move(playing) -> None:
    async with playing() as player:
        for key, cell in (
            ("end", 8), ("shift+down", 35), ("home", 27), ("ctrl+end", 80), ("ctrl+home", 0)
        ):  # fmt: skip
            await player.press(key)
            assert player.cursor == cell


async def test_digits_that_are_all_placed_are_dimmed(playing, solution) -> None:
    grid = solution
    for cell in range(81):
        if grid[cell] == 5:
            grid = grid.clear(cell)
    async with playing(grid) as player:
        assert player.app.play_screen.board.view.done == {1, 2, 3, 4, 6, 7, 8, 9}
        await player.press("f2")


async def test_save_proposes_the_folder_of_the_file(playing, tmp_path, other) -> None:
    path = tmp_path / "deep" / "mine.sdm"
    path.parent.mkdir()
    path.write_text(other.clear(0).line())
    async with playing() as player:
        await player.press("ctrl+o")
        await player.type(str(path))
        await player.press("ctrl+s")
        assert player.screen.query_one("#answer").value == str(path.parent / "puzzle.sdk")


@pytest.mark.parametrize("path", [".", "/", "~nobody/x", "x" * 300, "/proc/1/x.sdk", "a\0b"])
async def test_no_path_stops_the_interface(playing, path: str, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with playing() as player:
        await player.press("ctrl+s")
        await player.type(path)
        await player.press("escape")
        assert player.app.failure == ""
        if path != "/":  # the list of a whole disk takes its time
            await player.press("o", "f")
            await player.type(path)
            await player.press("escape", "escape")
        await player.press("ctrl+o")
        await player.type(path)
        assert player.app.failure == ""
        assert player.app.is_running


async def test_stdin_and_devices_are_not_opened(playing) -> None:
    async with playing() as player:
        for path, said in (("-", "at the start only"), ("/dev/zero", "is no file")):
            await player.press("ctrl+o")
            await player.type(path)
            assert said in player.status
