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
