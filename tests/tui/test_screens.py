"""The library, the model, the dialogs, the palette; bad input; keys while the policy works."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from textual.color import Color
from textual.widgets import DataTable, Input, Select, Static, Switch
from textual.widgets._footer import FooterKey

from solver.formats import Record, to_text
from solver.grid import Grid, cell_name
from solver.library import MOST, shipped_folder
from tests.tui.conftest import Player, settle
from tui import storage
from tui.app import SudokuApp
from tui.engine import Engine
from tui.game import Author, Game
from tui.listing import listing, rate_all
from tui.opening import open_file, opened, read_some
from tui.screens.dialogs import AskText, Choose
from tui.screens.library import LibraryScreen
from tui.screens.play import PlayScreen
from tui.settings import THEMES, Settings
from tui.widgets.bars import Bars
from tui.widgets.board import Board
from tui.widgets.drawing import total
from tui.widgets.lines import TitleBar
from tui.widgets.slider import PassSlider
from tui.widgets.steps import StepList


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
        assert player.screen.query_one(TitleBar).right == "2 puzzles, by name"
        await player.press("f")
        await player.type("")
        assert names(player) == []
        assert player.app.settings.folder == ""
        assert player.screen.query_one(TitleBar).right == "0 puzzles, by name"


async def test_a_folder_is_kept_as_the_same_from_everywhere(playing, only, monkeypatch) -> None:
    monkeypatch.chdir(only)
    monkeypatch.setenv("HOME", str(only))
    async with playing() as player:
        await player.press("o", "f")
        await player.type("easy")
        assert player.app.settings.folder == str(only / "easy")
        await player.press("slash")
        player.screen.query_one(Input).value = "hard"
        await player.press("enter")
        assert player.screen.query_one(TitleBar).right == "1 puzzle, by name"
        await player.press("escape", "escape", "f2")
        player.screen.query_one("#folder", Input).value = "~/easy"
        await player.press("escape")
        assert player.app.settings.folder == str(only / "easy")


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
        assert player.app.settings.model == str(Path("other.onnx").absolute())
        await player.press("d")  # action: shipped_model
        assert player.app.engine.policy.path.name == "fake.onnx"


async def test_two_policies_are_compared_on_the_same_puzzle(playing, puzzle) -> None:
    async with playing() as player:  # action: compare
        await player.press("m", "c")
        await player.type("wrong.onnx")
        blank = [cell_name(cell) for cell in range(81) if not puzzle[cell]]
        assert player.status == (
            f"They differ in {len(blank)} cells: {', '.join(blank[:6])} and {len(blank) - 6} more."
        )
        for board in player.screen.query(Board):
            assert [cell_name(cell) for cell in sorted(board.view.hinted)] == blank
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


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_two_policies_side_by_side_have_room_for_whole_boards(playing, size) -> None:
    async with playing(size=size) as player:
        await player.press("m", "c")
        await player.type("wrong.onnx")
        for board in player.screen.query(Board):
            width, height = total(board.cell_size)
            assert board.region.width == width
            assert board.region.height == height
            assert board.parent.content_region.contains_region(board.region)
        pair = player.screen.query_one("#models")
        assert pair.max_scroll_x == 0
        await player.press("end")
        assert pair.scroll_y == pair.max_scroll_y


async def test_a_board_that_breaks_a_rule_can_be_compared_too(playing) -> None:
    async with playing() as player:
        await player.press("4", "m", "c")
        await player.type("wrong.onnx")
        assert player.status == "They agree in every cell."
        facts = str(player.screen.query_one("#first-facts", Static).content)
        assert "invalid by nobody" in facts


async def test_theme_and_policy_of_the_command_line_hold_once(program, fake, puzzle) -> None:
    kept = Settings(model="kept.onnx")
    app = SudokuApp(
        Game.of(puzzle), settings=kept, engine=Engine(fake), theme="sudoku-light", model="once.onnx"
    )
    async with app.run_test() as pilot:
        player = Player(app, pilot)
        await settle(pilot)
        assert app.engine.policy.path.name == "once.onnx"
        await player.press("+")
        assert app.theme == "sudoku-light"
        assert (app.settings.theme, app.settings.model) == ("sudoku-dark", "kept.onnx")
        await player.press("f4")
        assert app.theme == app.settings.theme == "sudoku-contrast"


async def test_another_policy_in_the_settings_plays_at_once_if_it_is_usable(playing) -> None:
    async with playing() as player:
        await player.press("f2")
        player.screen.query_one("#model", Input).value = "bad.onnx"
        await player.press("escape")
        assert player.status.endswith(
            "not a usable ONNX model, or cut short. The policy in use stays."
        )
        assert player.app.settings.model == ""
        await player.press("f2")
        player.screen.query_one("#model", Input).value = "other.onnx"
        await player.press("escape")
        assert player.app.engine.policy.path.name == "other.onnx"
        assert player.app.settings.model == str(Path("other.onnx").absolute())


async def test_marks_are_filled_in_the_first_puzzle_too(playing, puzzle) -> None:
    async with playing(settings=Settings(fill_marks=True)) as player:
        assert player.position.marks[1] == puzzle.candidates(1)


async def test_every_setting_can_be_reached_in_a_low_window(playing) -> None:
    async with playing(size=(80, 14)) as player:
        await player.press("f2")
        last = player.screen.query_one("#folder", Input)
        last.focus()
        await player.press()
        assert player.screen.region.contains_region(last.region)
        assert player.screen.query_one("#settings").content_region.contains_region(last.region)


async def test_the_first_of_several_puzzles_says_where_the_others_are(
    playing, only, tmp_path, solution
) -> None:
    several = tmp_path / "three.sdm"
    several.write_text("\n".join(solution.clear(cell).line() for cell in (1, 2, 3)))
    async with playing() as player:
        await player.press("ctrl+o")
        await player.type(str(several))
        assert player.status == "The first of 3 puzzles; o lists them. 1 to go."
        assert player.app.play_screen.game.name == "three.sdm #1"
        await player.press("o")
        assert [name for name in names(player) if "three" in name] == [
            "three.sdm #1", "three.sdm #2", "three.sdm #3"
        ]  # fmt: skip


async def test_the_first_of_several_pasted_puzzles_is_taken_and_said(playing, solution) -> None:
    from textual import events

    async with playing() as player:
        text = "\n".join(solution.clear(cell).line() for cell in (1, 2))
        player.screen.post_message(events.Paste(text))
        await player.press()
        assert player.status == "The first of 2 puzzles. 1 to go."


def test_a_list_of_thousands_is_listed_in_part(tmp_path, solution, monkeypatch) -> None:
    monkeypatch.setattr("tui.listing.shipped_folder", lambda: tmp_path / "none")
    (tmp_path / "long.sdm").write_text((solution.clear(0).line() + "\n") * (MOST + 5))
    assert len(listing((str(tmp_path / "long.sdm"),), "", lambda: False, print)) == MOST
    game = open_file(str(tmp_path / "long.sdm"))
    assert opened(game) == "The first of many puzzles; o lists them. 1 to go."


def test_a_puzzle_is_listed_once_however_its_file_is_named(only, monkeypatch) -> None:
    monkeypatch.chdir(only)
    rows = listing(("hard.sdk", "./easy/../hard.sdk"), str(only), lambda: False, lambda _: None)
    assert sorted(row.name for row in rows) == ["hard.sdk", "nearly.sdm"]


async def test_a_game_of_no_file_is_found_again_in_the_library(playing, only, solution) -> None:
    pasted = solution.clear(3).clear(4)
    async with playing(pasted) as player:
        player.app.play_screen.game.name = "pasted"
        await player.press(str(solution[3]), "o")
        assert names(player) == ["hard.sdk", "nearly.sdm", "pasted"]
        await player.press("down", "enter")
        assert player.position.givens == solution.clear(0)
        await player.press("o", "down", "down", "enter")
        assert player.position.givens == pasted
        assert player.position.grid == pasted.place(3, solution[3])
        await player.press(str(solution[4]), "o")
        assert names(player) == ["hard.sdk", "nearly.sdm"]


async def test_rows_are_put_in_order_again_when_ratings_come(
    program, only, monkeypatch, puzzle
) -> None:
    (only / "a.sdm").write_text(puzzle.line())
    gate = threading.Event()

    def rated_later(rows, cancelled, each) -> None:
        gate.wait(timeout=30)
        rate_all(rows, cancelled, each)

    monkeypatch.setattr("tui.screens.library.rate_all", rated_later)
    app = program()
    async with app.run_test() as pilot:
        player = Player(app, pilot)
        await pilot.press("o")
        while not app.screen._rows:
            await pilot.pause(0.01)
        await pilot.press("s", "s", "s", "down")
        assert names(player) == ["a.sdm", "nearly.sdm", "hard.sdk"]
        gate.set()
        await settle(pilot)
        assert names(player) == ["nearly.sdm", "a.sdm", "hard.sdk"]
        assert player.screen.query_one(DataTable).cursor_row == 0


async def test_saving_over_another_puzzle_asks_first(playing, tmp_path, puzzle, solution) -> None:
    path = tmp_path / "other.sdk"
    path.write_text(to_text([Record(solution.clear(0))], "sdk"))
    async with playing() as player:
        await player.press("ctrl+s")
        await player.type(str(path))
        assert isinstance(player.screen, Choose)
        await player.press("enter")
        assert isinstance(player.screen, AskText)
        assert read_some(str(path))[0].givens == solution.clear(0)
        await player.type(str(path))
        await player.press("down", "enter")
        assert player.status == f"Saved as {path}."
        assert read_some(str(path))[0].givens == puzzle
        await player.press("6", "ctrl+s")
        await player.type(str(path))
        assert player.status == f"Saved as {path}."


async def test_the_mouse_slides_over_the_passes_chooses_steps_and_presses_the_footer(
    playing,
) -> None:
    async with playing() as player:
        slider, pilot = player.screen.query_one(PassSlider), player.pilot
        await pilot.mouse_down(slider, offset=(slider.size.width - 2, 0))
        await pilot.hover(slider, offset=(len(slider._label), 0))
        await pilot.mouse_up(slider, offset=(len(slider._label), 0))
        await player.press()
        assert player.screen.query_one(Bars).course.shown == 0
        await player.press("n")
        await pilot.click(StepList, offset=(5, 4))
        await player.press()
        assert player.position.step == 5
        key = next(k for k in player.screen.query(FooterKey) if k.action == "undo")
        await pilot.click(key)
        await player.press()
        assert player.position.step == 1


@pytest.mark.parametrize("theme", THEMES)
async def test_a_switch_shows_its_place_on_or_off(playing, theme: str) -> None:
    async with playing(settings=Settings(theme=theme)) as player:
        await player.press("f2")
        for switch in player.screen.query(Switch):
            style = switch.get_component_styles("switch--slider")
            ratio = contrast(style.color, style.background)
            assert ratio >= 1.9, (switch.id, switch.value, ratio)


def contrast(first: Color, second: Color) -> float:
    """How far apart two colours are in lightness, as WCAG has it: 1 to 21."""

    def luminance(colour: Color) -> float:
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
                 for part in colour.normalized]  # fmt: skip
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
