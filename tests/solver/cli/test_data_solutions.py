"""sudoku-data solutions, as a user meets it."""

from __future__ import annotations

import json

import pytest

from solver.cli.common import run
from solver.cli.data import app

EASY = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
SOLVED = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
TWO = EASY[:79] + ".."


def call(*arguments: str) -> int:
    """The exit status of sudoku-data solutions with `arguments`."""
    with pytest.raises(SystemExit) as left:
        run(app, ["solutions", *arguments])
    return int(left.value.code or 0)


def test_all_solutions_are_listed_with_what_would_leave_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert call(TWO) == 4
    first, *lines = capsys.readouterr().out.splitlines()
    assert first == (
        "argument, line 1: 2 solutions; 1 more clue leaves one: r1c7=1 or r1c7=9 or r1c8=1 or "
        "r1c8=9 or r5c7=7 or r5c7=9, and 6 other ways"
    )
    assert len(lines) == 2
    assert SOLVED in lines


def test_more_solutions_than_the_limit_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--limit", "1", TWO) == 4
    first, *lines = capsys.readouterr().out.splitlines()
    assert "more than 1 solution" in first
    assert len(lines) == 1


def test_a_puzzle_with_one_solution_tells_which_clues_could_go(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert call(EASY, SOLVED) == 0
    out = capsys.readouterr().out
    assert "one solution; " in out
    assert "81 clues" in out


def test_a_puzzle_without_solution_names_the_clues_that_contradict(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert call("11" + 79 * ".") == 3
    assert capsys.readouterr().out == (
        "argument, line 1: no solution: r1c1=1 r1c2=1 can't all stand\n"
    )


def test_json_holds_lists_and_csv_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--format", "json", TWO) == 4
    [row] = json.loads(capsys.readouterr().out)["puzzles"]
    assert (row["count"], row["more"], len(row["solutions"])) == (2, False, 2)
    assert row["missing"][0] == "r1c7=1"
    assert call("--format", "csv", TWO) == 4
    header, line = capsys.readouterr().out.splitlines()
    assert header.startswith("file,line,count,more,solutions,missing")
    assert line.count(SOLVED) == 1
