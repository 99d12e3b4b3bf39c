"""What is kept between runs: games, settings, and what happens where nothing can be kept."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from solver.board.grid import Grid
from tui import settings
from tui.game import saved, statistics, storage
from tui.game.game import Game
from tui.game.opening import game_of, open_file
from tui.game.position import Author
from tui.settings import Settings
from tui.start import options_for


@pytest.fixture
def game(puzzle: Grid) -> Game:
    game = Game.of(puzzle, metadata={"level": "hard"}, name="hard.sdk")
    game.go(game.position.enter(1, 6).mark(2, 9).mark(2, 1))
    return game


def test_a_game_comes_back_as_it_was(game: Game) -> None:
    storage.save_game(game)
    kept = storage.last_game()
    assert kept is not None
    assert kept.position == game.position
    assert (kept.name, kept.metadata) == ("hard.sdk", {"level": "hard"})


def test_every_puzzle_has_a_game_of_its_own(game: Game, solution: Grid) -> None:
    other = Game.of(solution.clear(3))
    storage.save_game(game)
    storage.save_game(other)
    assert storage.last_game().position == other.position
    assert storage.saved_game(game.position.givens).position == game.position


def test_opening_a_puzzle_goes_on_with_its_game(game: Game, tmp_path: Path) -> None:
    path = tmp_path / "hard.sdm"
    path.write_text(game.position.givens.line() + "\n")
    storage.save_game(game)
    assert open_file(str(path)).position == game.position


def test_a_file_with_another_state_is_opened_as_it_is(game: Game, puzzle: Grid) -> None:
    from solver.formats import Record

    storage.save_game(game)
    opened = game_of(Record(puzzle, puzzle.place(1, 7)))
    assert opened.position.grid == puzzle.place(1, 7)
    assert opened.undo()
    assert opened.position == game.position


@pytest.mark.parametrize(
    "damage",
    [
        {"grid": "5" * 81},
        {"authors": "g" * 80},
        {"authors": "?" * 81},
        {"marks": {"99": "1"}},
        {"marks": []},
        {"givens": "no"},
        {"metadata": None},
    ],
)
def test_a_damaged_game_is_no_game(game: Game, damage: dict[str, object]) -> None:
    assert saved.load({**saved.dump(game), **damage}) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\x00\x01"])
def test_damaged_files_are_kept_aside_and_said(game: Game, tmp_path: Path, text: str) -> None:
    storage.save_game(game)
    statistics.add(game)
    settings.save(Settings())
    files = [*(tmp_path / "state").rglob("*.json"), storage.settings_file()]
    assert len(files) == 4
    for path in files:
        path.write_text(text)
    storage.problems()
    assert storage.last_game() is None
    assert storage.saved_game(game.position.givens) is None
    assert settings.load() == Settings()
    statistics.add(game)
    assert len(statistics.finished()) == 1
    storage.save_game(game)
    assert options_for([])["game"].position == game.position
    for path in files:
        assert path.with_name(f"{path.name}.damaged").read_text() == text
    said = storage.problems()
    assert len(said) == 4
    assert all("can't be read; it is kept as" in each for each in said)
    assert storage.problems() == []


def test_what_was_kept_aside_before_is_not_overwritten(game: Game, tmp_path: Path) -> None:
    for text in ("first", "second"):
        storage.save_game(game)
        storage._game_file(game.position.givens).write_text(text)
        assert storage.last_game() is None
    kept = {path.read_text() for path in (tmp_path / "state").rglob("*.damaged*")}
    assert kept == {"first", "second"}


def test_two_windows_on_one_puzzle_lose_nothing(puzzle: Grid) -> None:
    one = Game.of(puzzle)
    storage.save_game(one)
    two = storage.last_game()
    one.go(one.position.enter(1, 6))
    storage.save_game(one)
    two.go(two.position.enter(2, 9))
    storage.save_game(two)
    assert storage.problems() == [
        "Another window plays this puzzle too; undo goes to its position."
    ]
    kept = storage.last_game()
    assert kept.position.grid == puzzle.place(2, 9)
    assert kept.undo()
    assert kept.position.grid == puzzle.place(1, 6)
    two.go(two.position.enter(3, 7))
    storage.save_game(two)
    assert storage.problems() == [], "its own file is no other window's"


def test_folders_of_browsers_that_came_no_more_are_removed(tmp_path: Path) -> None:
    here, old, other = (storage.browser_folder(name) for name in ("here", "old", "other"))
    for folder in (here, old, other):
        storage.visit(folder)
        (folder / "last.json").write_text("{}")
    long_ago = time.time() - (storage.UNUSED_DAYS + 1) * 86_400
    for folder in (here, old):
        os.utime(folder, (long_ago, long_ago))
    storage.visit(here)
    assert sorted(path.name for path in here.parent.iterdir()) == ["here", "other"]
    assert (here / "last.json").exists()


def test_nothing_half_written_is_left_where_writing_fails(tmp_path: Path) -> None:
    folder = tmp_path / "a file"
    folder.write_text("")
    with pytest.raises(
        storage.StorageError, match=r"can't write .*: (not a directory|file exists)"
    ):
        storage.write_text(folder / "x.json", "{}")
    assert list(tmp_path.iterdir()) == [folder]


def test_settings_come_back_and_nonsense_gives_defaults(tmp_path: Path) -> None:
    chosen = Settings(theme="sudoku-light", speed=8.0, fill_marks=True, model="x.onnx")
    settings.save(chosen)
    assert settings.load() == chosen
    path = storage.settings_file()
    path.write_text(json.dumps({"theme": "pink", "speed": -1, "fill_marks": "yes", "model": "y"}))
    assert settings.load() == Settings(model="y")


def test_the_folders_are_those_that_xdg_names(tmp_path: Path) -> None:
    assert storage.settings_file() == tmp_path / "config" / "sudoku-policy" / "settings.json"
    assert storage.crash_file() == tmp_path / "state" / "sudoku-policy" / "error.log"


def test_undo_and_redo_go_on_where_they_stopped(puzzle: Grid) -> None:
    game = Game.of(puzzle)
    for position in (
        game.position.fill_marks(),
        game.position.enter(1, 6),
        game.position.enter(1, 6).enter(2, 9, Author.SEARCH).mark(3, 7),
    ):
        game.go(position)
    game.undo()
    storage.save_game(game)
    kept = storage.last_game()
    assert (kept.positions, kept.now) == (game.positions, 2)
    assert kept.redo()
    assert kept.position == game.positions[3]
    assert [kept.undo() for _ in range(4)] == [True, True, True, False]
    assert kept.position.grid == puzzle


def test_a_long_game_keeps_its_last_positions(puzzle: Grid, monkeypatch) -> None:
    monkeypatch.setattr(saved, "HISTORY", 5)
    game = Game.of(puzzle)
    for number in range(20):
        game.go(game.position.mark(1, number % 9 + 1))
    storage.save_game(game)
    assert storage.last_game().positions == game.positions[-6:]


@pytest.mark.parametrize(
    "damage",
    [
        {"history": None},
        {"history": []},
        {"history": [{"1": "6"}]},
        {"history": [{"0": "5g"}]},
        {"history": [{"99": "6o"}]},
        {"history": ["6o"]},
        {"now": -1},
        {"now": 7},
        {"now": "x"},
    ],
)
def test_a_damaged_history_leaves_the_present(
    game: Game, damage: dict[str, object], tmp_path: Path
) -> None:
    damaged = json.dumps(saved.dump(game) | damage)
    storage.save_game(game)
    storage.write_text(storage._game_file(game.position.givens), damaged)
    kept = storage.last_game()
    (aside,) = (tmp_path / "state").rglob("*.damaged")
    assert aside.read_text() == damaged
    assert kept.positions == [game.position]
    assert kept.now == 0
