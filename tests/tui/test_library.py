"""The library: what is listed, how it is filtered and sorted, what is played from it."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import pytest
from textual.widgets import Input

from solver.board.grid import Grid
from solver.generator.library import MOST, shipped_folder
from solver.policy.stop import Stop, StoppedError
from tests.tui.conftest import Player, settle
from tui.game.listing import listing, rate_all
from tui.game.opening import open_file, opened
from tui.play.screen import PlayScreen
from tui.widgets.lines import TitleBar
from tui.widgets.puzzles import PuzzleTable

EASY = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"


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
    monkeypatch.setattr("tui.game.listing.shipped_folder", lambda: folder)
    return folder


def names(player) -> list[str]:
    return [row.name for row in player.screen.query_one(PuzzleTable).rows]


async def test_the_library_lists_level_clues_rating_and_state(
    playing, only, puzzle, solution
) -> None:
    async with playing(solution.clear(0)) as player:
        await player.press(str(solution[0]), "escape", "o")
        assert names(player) == ["hard.sdk", "nearly.sdm"]
        hard, nearly = (row.cells() for row in player.screen.query_one(PuzzleTable).rows)
        assert hard[1:3] == ("hard", str(puzzle.clues))
        assert int(hard[3]) > 0
        assert nearly[1:4] == ("easy", "80", "0")
        assert nearly[4] == date.today().isoformat()
        assert nearly[5] == "solved"
        assert "broken.sdk" in player.status


async def test_the_library_filters_and_sorts(playing, only) -> None:
    async with playing() as player:
        await player.press("o", "slash")
        player.screen.query_one(Input).value = "EASY"
        await player.press("enter")
        assert names(player) == ["nearly.sdm"]
        await player.press("slash", "escape")
        assert len(names(player)) == 2
        await player.press("s", "s")
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
    monkeypatch.setattr("tui.game.listing.shipped_folder", lambda: tmp_path / "none")
    async with playing() as player:
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
        await player.press("escape", "f2")
        player.screen.query_one("#folder", Input).value = "~/easy"
        await player.press("f2")
        assert player.app.settings.folder == str(only / "easy")


async def test_the_policy_tries_all_that_is_listed(playing, only) -> None:
    async with playing() as player:
        await player.press("o", "a")
        assert player.status == "2 of 2 solved by the policy alone."
        rows = player.screen.query_one(PuzzleTable).rows
        assert [row.policy for row in rows] == ["policy", "policy"]


async def test_a_new_puzzle_is_made_from_the_library(playing, only, puzzle) -> None:
    async with playing() as player:
        await player.press("o", "e", "enter")
        assert isinstance(player.screen, PlayScreen)
        assert player.position.givens != puzzle


def test_the_shipped_puzzles_are_all_listed() -> None:
    problems: list[str] = []
    rows = listing((), "", Stop(), problems.append)
    assert len(rows) == len(list(shipped_folder().rglob("*.sdk"))) > 0
    assert problems == []
    assert all(row.level for row in rows)


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


def test_a_list_of_thousands_is_listed_in_part(tmp_path, solution, monkeypatch) -> None:
    monkeypatch.setattr("tui.game.listing.shipped_folder", lambda: tmp_path / "none")
    (tmp_path / "long.sdm").write_text((solution.clear(0).line() + "\n") * (MOST + 5))
    assert len(listing((str(tmp_path / "long.sdm"),), "", Stop(), print)) == MOST
    game = open_file(str(tmp_path / "long.sdm"))
    assert opened(game) == "The first of many puzzles; o lists them. 1 to go."


def test_a_puzzle_is_listed_once_however_its_file_is_named(only, monkeypatch) -> None:
    monkeypatch.chdir(only)
    rows = listing(("hard.sdk", "./easy/../hard.sdk"), str(only), Stop(), lambda _: None)
    assert sorted(row.name for row in rows) == ["hard.sdk", "nearly.sdm"]


async def test_a_game_of_no_file_is_found_again_in_the_library(playing, only, solution) -> None:
    pasted = solution.clear(3).clear(4)
    async with playing(pasted) as player:
        player.app.play_screen.game.name = "pasted"
        await player.press(str(solution[3]), "o")
        assert names(player) == ["hard.sdk", "nearly.sdm", "pasted"]
        assert player.screen.query_one(PuzzleTable).cursor == 2
        await player.press("up", "enter")
        assert player.position.givens == solution.clear(0)
        await player.press("o", "down", "enter")
        assert player.position.givens == pasted
        assert player.position.grid == pasted.place(3, solution[3])
        await player.press(str(solution[4]), "escape", "o")
        assert names(player) == ["hard.sdk", "nearly.sdm"]


async def test_rows_are_put_in_order_again_when_ratings_come(
    program, only, monkeypatch, puzzle
) -> None:
    (only / "a.sdm").write_text(puzzle.line())
    gate = threading.Event()

    def rated_later(rows, stop, each, in_sight) -> None:
        gate.wait(timeout=30)
        rate_all(rows, stop, each, in_sight)

    monkeypatch.setattr("tui.screens.library.rate_all", rated_later)
    app = program()
    async with app.run_test() as pilot:
        player = Player(app, pilot)
        await pilot.press("o")
        while not app.screen._rows:
            await pilot.pause(0.01)
        await pilot.press("s", "s", "s", "down")
        assert names(player) == ["a.sdm", "hard.sdk", "nearly.sdm"]
        gate.set()
        await settle(pilot)
        assert names(player) == ["nearly.sdm", "a.sdm", "hard.sdk"]
        assert player.screen.query_one(PuzzleTable).cursor == 2


def test_what_is_in_sight_is_rated_first_and_no_longer_than_asked_for(
    tmp_path, monkeypatch, puzzle
) -> None:
    monkeypatch.setattr("tui.game.listing.shipped_folder", lambda: tmp_path)
    (tmp_path / "many.sdm").write_text("\n".join([puzzle.line()] * 50))
    rows = listing((), "", Stop(), print)
    stop, rated = Stop(), []

    def each(row) -> None:
        rated.append(row.entry.number)
        if len(rated) == 10:
            stop.set()

    def in_sight():
        return rows[40:43] if len(rated) < 5 else rows[20:25]

    with pytest.raises(StoppedError):
        rate_all(rows, stop, each, in_sight)
    assert rated == [40, 41, 42, 0, 1, 20, 21, 22, 23, 24]


async def test_the_mouse_sorts_by_a_heading_and_chooses_the_row_under_the_cursor(
    playing, only, solution
) -> None:
    async with playing() as player:
        await player.press("o")
        await player.pilot.click(PuzzleTable, offset=(38, 0))
        assert "by clues" in player.screen.query_one(TitleBar).right
        await player.pilot.click(PuzzleTable, offset=(5, 2))
        assert player.screen.query_one(PuzzleTable).cursor == 1
        await player.pilot.click(PuzzleTable, offset=(5, 2))
        await player.press()
        assert player.position.givens == solution.clear(0)


async def test_the_cursor_goes_by_line_by_page_and_to_the_ends(playing, only, solution) -> None:
    lines = (solution.clear(cell).line() for cell in range(60))
    (only / "many.sdm").write_text("\n".join(lines))
    async with playing() as player:
        await player.press("o")
        table = player.screen.query_one(PuzzleTable)
        page = table.size.height - 1
        for key, place in (("up", 0), ("down", 1), ("pagedown", page + 1), ("end", 61),
                           ("down", 61), ("pageup", 61 - page), ("home", 0)):  # fmt: skip
            await player.press(key)
            assert table.cursor == place
            assert 0 < table.cursor - table.scroll_offset.y + 1 <= page


async def test_the_cursor_stays_at_its_puzzle_when_the_rows_change(playing, only) -> None:
    async with playing() as player:
        await player.press("o", "down", "s", "s", "s")
        table = player.screen.query_one(PuzzleTable)
        assert names(player) == ["nearly.sdm", "hard.sdk"]
        assert table.cursor == 0
        await player.press("slash", *"hard", "enter")
        assert (names(player), table.cursor) == (["hard.sdk"], 0)


async def test_names_give_way_where_room_is_short(playing, only) -> None:
    (only / "easy" / "nearly.sdm").rename(only / "easy" / f"{'long' * 9}.sdm")
    async with playing(size=(60, 24)) as player:
        await player.press("o")
        table = player.screen.query_one(PuzzleTable)
        lines = [table.render_line(y).text for y in range(3)]
        assert all(len(line) == 60 and "Policy" in lines[0] for line in lines)
        assert lines[2].startswith(" longlonglonglo… ")
