"""The game by lines: everything that the board can do, without a screen."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest

from solver.board.grid import Grid
from tui import settings
from tui.engine import Engine
from tui.game import storage
from tui.game.game import Game
from tui.plain import lines
from tui.plain.lines import Lines
from tui.plain.table import rows_of


@pytest.fixture
def table(puzzle: Grid, fake) -> Lines:
    return Lines(Game.of(puzzle, metadata={"level": "hard"}, name="hard.sdk"), Engine(fake))


def test_the_passes_are_told_in_short_of_a_cell_and_as_a_board(
    table: Lines, solution: Grid
) -> None:
    in_short = table.answer("passes").splitlines()
    assert len(in_short) == 8
    assert in_short[-1].startswith("pass 8 of 8: 58 of 58 blanks as at the end, least sure ")
    of_cell = table.answer("passes r1c2").splitlines()
    shares = [float(re.search(r"1: (\d+\.\d)%", line)[1]) for line in of_cell[1:]]
    assert shares == sorted(shares)
    board = table.answer("passes 8").splitlines()
    assert board == rows_of(solution.cells).splitlines()
    with pytest.raises(ValueError, match="from 1 to 8"):
        table.answer("passes 9")


def test_another_policy_is_used_from_now_on(table: Lines) -> None:
    assert "fake.onnx" in table.answer("model")
    assert table.answer("model other.onnx").startswith("This policy plays from now on.")
    assert settings.load().model == str(Path("other.onnx").absolute())
    with pytest.raises(ValueError, match="not a usable"):
        table.answer("model bad.onnx")
    assert "other.onnx" in table.answer("model")
    table.answer("model shipped")
    assert settings.load().model == ""


def test_the_time_is_counted_between_commands_and_not_in_a_pause(table: Lines) -> None:
    said = []
    table.clock = lambda: 0
    table.start(table.game)
    for now, line in ((0, ""), (60, "left"), (65, "pause"), (1000, "show"), (1003, "left")):
        table.clock = lambda now=now: now
        said.append(table.answer(line))
    assert said[1].startswith("58 cells left after 1:00. ")
    assert said[2] == "The clock stands at 1:05 until the next command."
    assert said[4].startswith("58 cells left after 1:08. ")


def test_the_last_digit_tells_how_the_game_went(table: Lines, solution: Grid) -> None:
    table.clock = lambda: -50  # the time of making it is not its own
    table.answer("left")
    table.clock = lambda: 0
    table.start(Game.of(solution.clear(0), metadata={"level": "hard"}, name="mine"))
    table.clock = lambda: 83
    said = table.answer(f"r1c1={solution[0]}").splitlines()
    assert said[0] == f"{solution[0]} at r1c1. Solved."
    assert said[2] == "Time      1:23"
    assert said[-1] == "next plays another puzzle of this level."
    assert "best 1:23" in table.answer("statistics")


def test_mistakes_are_told_as_the_settings_say(table: Lines, puzzle: Grid, solution: Grid) -> None:
    wrong = next(d for d in sorted(puzzle.candidates(1)) if d != solution[1])
    assert table.answer(f"r1c2={wrong}") == f"{wrong} at r1c2."
    table.answer("set mistakes solution")
    assert table.answer("r1c2=0") == "r1c2 is clear."
    assert table.answer(f"r1c2={wrong}").endswith("Now 1 digit is not the solution's.")
    assert "two 4s in row 1" in table.answer("r1c2=4")
    table.answer("set mistakes off")
    assert table.answer("r1c3=4") == "4 at r1c3."


def test_automatic_marks_are_told_and_rubbed_out(table: Lines) -> None:
    assert table.answer("r1c2?") == "r1c2 is blank: no marks."
    table.answer("set auto_marks on")
    assert table.answer("r1c2?") == "r1c2 is blank: 1 6 7 9."
    assert table.answer("r1c2-19") == "r1c2 is blank: 6 7."
    assert "r1c2: 6 7" in table.answer("marks").splitlines()


def test_steps_are_gone_to_by_number(table: Lines, puzzle: Grid) -> None:
    assert table.answer("step 3").startswith("Step 3: ")
    assert table.position.grid.clues == puzzle.clues + 3
    assert table.answer("step 0") == "Back where the steps began."
    assert table.position.grid == puzzle
    with pytest.raises(ValueError, match="from 0 to 58"):
        table.answer("step 59")


def test_the_puzzles_of_a_file_that_is_opened_are_listed(
    table: Lines, puzzle: Grid, other: Grid, tmp_path: Path
) -> None:
    path = tmp_path / "two.sdm"
    path.write_text(f"{puzzle.line()}\n{other.clear(0).line()}\n")
    said = table.answer(f"open {path}")
    assert said == "two.sdm #1: The first of 2 puzzles; library lists them. 58 to go."
    assert "two.sdm #2" in table.answer("library two")


def test_an_unusable_policy_can_be_left_behind(table: Lines) -> None:
    table.model = "bad.onnx"
    with pytest.raises(ValueError, match="not a usable"):
        table.answer("policy r1c2")
    table.answer("model shipped")
    assert table.answer("policy r1c2").startswith("1: ")


def test_two_policies_are_compared(table: Lines) -> None:
    said = table.answer("compare wrong.onnx")
    assert re.search(r"Right cells +58 of 58", said)
    assert re.search(r"Right cells +0 of 58", said)
    assert said.splitlines()[-1].startswith("They differ in 58 cells: r1c2")


def test_every_setting_is_told_and_set(table: Lines) -> None:
    told = dict(line.split(": ", 1) if ": " in line else (line.rstrip(":"), "")
                for line in table.answer("settings").splitlines())  # fmt: skip
    assert told["mistakes"] == "rules"
    assert told["timer"] == "on"
    for name, text in {"mistakes": "off", "timer": "off", "speed": "8", "keys": "hint=f9"}.items():
        assert table.answer(f"set {name} {text}") == f"{name}: {text}"
    found = settings.load()
    assert (found.mistakes, found.timer, found.speed, found.keys) == (
        "off", False, 8.0, {"hint": "f9"},
    )  # fmt: skip
    for wrong in ("set mistakes never", "set timer 1", "set nothing on", "set keys hint=x"):
        with pytest.raises(ValueError, match=r"one of|no setting|can't be"):
            table.answer(wrong)
    assert settings.load() == found


def test_the_library_is_searched_by_words_and_played_by_number(table: Lines) -> None:
    every, hard = table.answer("library").splitlines(), table.answer("library hard").splitlines()
    assert set(hard) < set(every)
    number, name = re.match(r"(\d+): (\S+) \(hard\)", hard[0]).groups()
    assert table.answer(f"play {number}").startswith(f"{name}: ")
    assert table.game.level == "hard"


def test_where_nothing_can_be_kept_the_game_goes_on_and_ends(
    tmp_path: Path, puzzle: Grid, monkeypatch, capsys
) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    monkeypatch.setattr("sys.stdin", io.StringIO("r1c2=6\nr1c2?\n"))
    lines.main([puzzle.line()], None)
    said = capsys.readouterr().out
    assert "6 at r1c2." in said
    assert "r1c2 is 6, own." in said
    assert said.count("isn't kept") == 1


def test_a_folder_is_listed_with_the_library(tmp_path: Path, monkeypatch, capsys, puzzle) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "rose.sdm").write_text(puzzle.line())
    monkeypatch.setattr("sys.stdin", io.StringIO("library rose\nquit\n"))
    lines.main([str(tmp_path / "mine")], None)
    assert re.search(r"^\d+: rose", capsys.readouterr().out, re.MULTILINE)


def test_a_damaged_game_is_said(table: Lines, monkeypatch, capsys) -> None:
    storage.save_game(table.game)
    path = storage._game_file(table.position.givens)
    path.write_text("{")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    lines.main([table.position.givens.line()], None)
    assert f"kept as {path}.damaged" in capsys.readouterr().out
    assert os.path.exists(path)
