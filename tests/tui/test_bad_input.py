"""Bad input and bad luck: a message says what and what to do, and the work is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from solver.board.grid import Grid
from tui.game import storage
from tui.game.game import Game
from tui.game.position import Author
from tui.play.editing import Editing
from tui.settings import Settings


async def test_a_puzzle_without_and_one_with_several_solutions_say_so(playing, puzzle) -> None:
    none = Grid.parse("55" + "." * 79)
    async with playing(none) as player:
        assert player.status.startswith("two 5s in row 1 (r1c1, r1c2)")
        await player.press("S")
        assert player.status == "No steps: the board contradicts itself; x says where."
        await player.press("t")
        assert player.status.startswith("no hint: ")
    async with playing(puzzle.clear(0), watch=True) as player:
        await player.press("n")
        assert "several solutions" in player.status or player.position.step == 1
        await player.press("x")
        assert player.status.startswith("Several solutions: two of them differ at ")


async def test_an_unusable_policy_leaves_the_rest_working(playing) -> None:
    async with playing(watch=True, settings=Settings(model="bad.onnx")) as player:
        assert player.status.startswith("No policy: bad.onnx: not a usable ONNX model")
        await player.press("6", "n")
        assert player.position.authors[1] is Author.OWN
        assert player.status.startswith("No policy: ")


@pytest.mark.parametrize("size", [(40, 12), (20, 5), (30, 40)])
async def test_a_small_window_says_what_it_needs_and_keeps_the_game(playing, size) -> None:
    async with playing() as player:
        await player.press("6")
        await player.pilot.resize_terminal(*size)
        await player.press()
        message = player.screen.query_one("#too-small")
        assert message.display
        assert message.region.width
        assert not player.screen.query_one("#table").display
        await player.pilot.resize_terminal(80, 24)
        await player.press()
        assert player.screen.query_one("#table").display
        assert player.position.grid[1] == 6


async def test_folders_that_cant_be_written_are_said_once_and_nothing_is_lost(
    playing, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    async with playing() as player:
        await player.press("6", "left", "right", "right", "7")
        assert len(player.app._notifications) == 1
        assert player.position.grid.cells[1:3] == (6, 7)
        await player.press("ctrl+s")
        await player.type(str(tmp_path / "state" / "x.sdk"))
        assert player.status.startswith("Not saved: can't write ")
        assert player.position.grid.cells[1:3] == (6, 7)


async def test_an_unexpected_error_leaves_one_line_and_a_log(program, monkeypatch) -> None:
    app = program()

    def broken(self: Editing, rows: int, columns: int) -> None:
        raise RuntimeError("cosmic ray")

    monkeypatch.setattr(Editing, "do_move", broken)
    with pytest.raises(RuntimeError, match="cosmic ray"):
        async with app.run_test() as pilot:
            await pilot.press("down")
    assert "cosmic ray" in app.failure
    assert "\n" not in app.failure
    assert "Traceback" in storage.crash_file().read_text()
    assert not app._exit_renderables


async def test_a_damaged_game_is_kept_aside_and_said_while_playing(playing, puzzle) -> None:
    storage.save_game(Game.of(puzzle))
    path = storage._game_file(puzzle)
    path.write_text("not JSON")
    async with playing() as player:
        await player.press("6")
        (note,) = player.app._notifications
        assert note.message == f"{path.name} can't be read; it is kept as {path}.damaged."
    assert path.with_name(f"{path.name}.damaged").read_text() == "not JSON"
    assert storage.saved_game(puzzle).position.grid == puzzle.place(1, 6)


async def test_another_window_on_the_puzzle_is_said_and_undo_goes_to_its_position(
    playing, puzzle
) -> None:
    async with playing() as player:
        await player.press("6")
        other = storage.saved_game(puzzle)
        other.go(other.position.enter(2, 9))
        storage.save_game(other)
        player.cursor = 3
        await player.press("7")
        (note,) = player.app._notifications
        assert note.message.startswith("Another window plays this puzzle too")
        await player.press("u")
        assert player.position.grid == puzzle.place(1, 6).place(2, 9)
