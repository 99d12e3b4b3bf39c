"""The library, the model, the dialogs, the palette; bad input; keys while the policy works."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from textual.widgets import DataTable, Input, Select, Static, Switch

from solver.grid import Grid
from solver.library import shipped_folder
from tui import storage
from tui.game import Author
from tui.listing import listing
from tui.screens.library import LibraryScreen
from tui.screens.play import PlayScreen
from tui.settings import Settings
from tui.widgets.board import Board
from tui.widgets.lines import TitleBar


@pytest.fixture
def folder(tmp_path: Path, puzzle: Grid, solution: Grid) -> Path:
    """Three puzzles: one of two levels each, one that can't be read."""
    place = tmp_path / "mine"
    (place / "easy").mkdir(parents=True)
    (place / "easy" / "nearly.sdm").write_text(solution.clear(0).line() + "\n")
    rows = "\n".join(puzzle.line()[row * 9 : row * 9 + 9] for row in range(9))
    (place / "hard.sdk").write_text(f"#Lhard\n{rows}\n")
    (place / "broken.sdk").write_text("1.2\n")
    return place


@pytest.fixture
def only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The library holds that folder's puzzles alone."""
    monkeypatch.setattr("tui.listing.shipped_folder", lambda: folder)
    return folder


def names(player) -> list[str]:
    table = player.screen.query_one(DataTable)
    return [str(table.get_cell_at((row, 0))) for row in range(table.row_count)]


async def test_the_library_lists_level_clues_rating_and_state(
    playing, only, puzzle, solution
) -> None:
    async with playing(solution.clear(0)) as player:
        await player.press(str(solution[0]), "o")
        table = player.screen.query_one(DataTable)
        assert names(player) == ["hard.sdk", "nearly.sdm"]
        hard, nearly = (list(map(str, table.get_row_at(row))) for row in range(2))
        assert hard[1:3] == ["hard", str(puzzle.clues)]
        assert int(hard[3]) > 0
        assert nearly[1:5] == ["easy", "80", "0", "solved"]
        assert "broken.sdk" in player.status


async def test_the_library_filters_and_sorts(playing, only) -> None:
    async with playing() as player:  # action: filter
        await player.press("o", "slash")
        player.screen.query_one(Input).value = "EASY"
        await player.press("enter")
        assert names(player) == ["nearly.sdm"]
        await player.press("escape")
        assert len(names(player)) == 2
        await player.press("s", "s")  # action: sort
        assert names(player) == ["hard.sdk", "nearly.sdm"]
        assert "by clues" in player.screen.query_one(TitleBar).right


async def test_choosing_in_the_library_plays_the_puzzle(playing, only, solution) -> None:
    async with playing() as player:
        await player.press("o", "down", "enter")
        assert isinstance(player.screen, PlayScreen)
        assert player.position.givens == solution.clear(0)


async def test_another_folder_is_listed_and_a_wrong_one_said(
    playing, folder, monkeypatch, tmp_path
) -> None:
    monkeypatch.setattr("tui.listing.shipped_folder", lambda: tmp_path / "none")
    async with playing() as player:  # action: folder
        await player.press("o", "f")
        await player.type(str(tmp_path / "nowhere"))
        assert "is no folder" in player.status
        await player.press("f")
        await player.type(str(folder))
        assert names(player) == ["hard.sdk", "nearly.sdm"]
        assert player.app.settings.folder == str(folder)


async def test_the_policy_tries_all_that_is_listed(playing, only) -> None:
    async with playing() as player:  # action: try_policy
        await player.press("o", "a")
        assert player.status == "2 of 2 solved by the policy alone."
        table = player.screen.query_one(DataTable)
        assert [str(table.get_cell_at((row, 5))) for row in range(2)] == ["policy", "policy"]


async def test_a_new_puzzle_is_made_from_the_library(playing, only, puzzle) -> None:
    async with playing() as player:  # action: new_puzzle
        await player.press("o", "e", "enter")
        assert isinstance(player.screen, PlayScreen)
        assert player.position.givens != puzzle


def test_the_shipped_puzzles_are_all_listed() -> None:
    problems: list[str] = []
    rows = listing((), "", lambda: False, problems.append)
    assert len(rows) == len(list(shipped_folder().rglob("*.sdk"))) > 0
    assert problems == []
    assert all(row.level for row in rows)


async def test_the_model_screen_says_which_policy_plays(playing) -> None:
    async with playing() as player:
        await player.press("m")
        facts = str(player.screen.query_one("#first-facts", Static).content)
        for part in ("fake.onnx", "0f1e2d3c0f1e2d3c", "up to 8", "CPU", " ms"):
            assert part in facts


async def test_another_policy_is_opened_and_an_unusable_one_is_not(playing) -> None:
    async with playing() as player:  # action: open_model
        await player.press("m", "o")
        await player.type("bad.onnx")
        assert player.status == "bad.onnx: not a usable ONNX model, or cut short"
        assert player.app.engine.policy.path.name == "fake.onnx"
        await player.press("o")
        await player.type("other.onnx")
        assert player.app.engine.policy.path.name == "other.onnx"
        assert player.app.settings.model == "other.onnx"
        await player.press("d")  # action: shipped_model
        assert player.app.engine.policy.path.name == "fake.onnx"


async def test_two_policies_are_compared_on_the_same_puzzle(playing, puzzle) -> None:
    async with playing() as player:  # action: compare
        await player.press("m", "c")
        await player.type("wrong.onnx")
        assert player.status == f"They differ in {81 - puzzle.clues} cells."
        facts = [str(player.screen.query_one(f"#{s}-facts", Static).content) for s in
                 ("first", "second")]  # fmt: skip
        assert "solved by policy" in facts[0]
        assert "solved by search" in facts[1]
        assert all(board.view.confidence is not None for board in player.screen.query(Board))


async def test_settings_are_taken_and_kept(playing) -> None:
    async with playing() as player:
        await player.press("f2")
        player.screen.query_one("#theme", Select).value = "sudoku-light"
        player.screen.query_one("#fill_marks", Switch).value = True
        await player.press("escape")
        assert player.app.theme == "sudoku-light"
        assert player.app.settings.fill_marks
    from tui import settings

    assert settings.load().theme == "sudoku-light"


async def test_the_palette_runs_actions_of_the_registry(playing) -> None:
    async with playing() as player:
        await player.press("ctrl+p")
        for key in "fill marks":
            await player.pilot.press("space" if key == " " else key)
        await player.pilot.pause(0.4)
        await player.press("enter")
        assert any(player.position.marks)


async def test_a_click_moves_the_cursor(playing) -> None:
    async with playing() as player:
        await player.pilot.click("#board", offset=(9 * 4 - 2, 3))
        assert player.app.play_screen.board.cursor == 17


async def test_a_pasted_sdk_is_played_and_nonsense_leaves_the_game(playing, solution) -> None:
    from textual import events

    rows = "\n".join(solution.clear(0).line()[r * 9 : r * 9 + 9] for r in range(9))
    async with playing() as player:
        await player.press("6")
        player.screen.post_message(events.Paste("hello\nworld"))
        await player.press()
        assert player.status.startswith("Not opened: what was pasted")
        assert player.position.grid[1] == 6
        player.app.play_screen.board.post_message(events.Paste(f"#Anobody\n[Puzzle]\n{rows}\n"))
        await player.press()
        assert player.position.givens == solution.clear(0)


async def test_a_puzzle_without_and_one_with_several_solutions_say_so(playing, puzzle) -> None:
    none = Grid.parse("55" + "." * 79)
    async with playing(none) as player:
        assert player.status.startswith("two 5s in row 1 (r1c1, r1c2)")
        await player.press("s")
        assert player.status == "No steps: the board contradicts itself; x says where."
        await player.press("t")
        assert player.status.startswith("no hint: ")
    async with playing(puzzle.clear(0)) as player:
        await player.press("n")
        assert "several solutions" in player.screen.notice[0] or player.position.step == 1
        await player.press("x")
        assert player.status.startswith("Several solutions: two of them differ at ")


async def test_an_unusable_policy_leaves_the_rest_working(playing) -> None:
    async with playing(settings=Settings(model="bad.onnx")) as player:
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

    def broken(self: Board, rows: int, columns: int) -> None:
        raise RuntimeError("cosmic ray")

    monkeypatch.setattr(Board, "move", broken)
    with pytest.raises(RuntimeError, match="cosmic ray"):
        async with app.run_test() as pilot:
            await pilot.press("down")
    assert "cosmic ray" in app.failure
    assert "\n" not in app.failure
    assert "Traceback" in storage.crash_file().read_text()
    assert not app._exit_renderables


class GatedSession:
    """A session whose runs wait at a gate, without holding Python's lock, as ONNX Runtime's do."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.gate = threading.Event()
        self.begun = threading.Event()
        self.runs = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.session, name)

    def run(self, names: list[str], feed: dict[str, np.ndarray]) -> Any:
        if names == ["trace"]:
            return self.session.run(names, feed)
        self.runs += 1
        self.begun.set()
        self.gate.wait(timeout=30)
        return self.session.run(names, feed)


async def test_keys_answer_while_the_policy_works_and_the_work_can_be_stopped(
    program, fake, solution, tmp_path, monkeypatch
) -> None:
    policy = fake("")
    policy._session = gated = GatedSession(policy._session)
    lines = (solution.clear(cell).line() for cell in range(40))
    (tmp_path / "many.sdm").write_text("\n".join(lines))
    monkeypatch.setattr("tui.listing.shipped_folder", lambda: tmp_path)
    app = program(load=lambda path: policy)
    async with app.run_test() as pilot:
        await pilot.press("o")
        screen = app.screen
        assert isinstance(screen, LibraryScreen)
        while not screen._rows:
            await pilot.pause(0.01)
        await pilot.press("a")
        assert gated.begun.wait(timeout=10)
        table = screen.query_one(DataTable)
        for row in range(1, 11):
            await pilot.press("down")
            assert table.cursor_row == row
        assert screen.is_asking("try")
        await pilot.press("escape")
        assert not screen.is_asking("try")
        gated.gate.set()
        await pilot.press("escape")
        assert isinstance(app.screen, PlayScreen)
    assert gated.runs == 1
