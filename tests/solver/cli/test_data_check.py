"""sudoku-data rate and check, as a user meets them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from solver.board.grid import Grid
from solver.exact import count_solutions, solve_many
from solver.solving.clues import redundant_clues
from tests.solver.cli.runs import call

EASY = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
SOLVED = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
MINIMAL = "4...3.......6..8..........1....5..9..8....6...7.2........1.27..5.3....4.9........"
SEVERAL = "8.........95.......76.........426798...571243...893165......916....3.487....1.532"
NONE = "..9.287..8.6..4..5..3.....46.........2.71345.........23.....5..9..4..8.7..125.3.."
DEEP = EASY[:2] + "2" + EASY[3:]
"""Each cell and unit has a candidate, and yet there is no solution."""
WRONG = "55" + EASY[2:]


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    path = tmp_path / "mixed.sdm"
    path.write_text("\n".join([EASY, MINIMAL, SEVERAL, NONE, WRONG, "nonsense", SOLVED]))
    return path


def spare(puzzle: str) -> int:
    """How many clues could go, counted one by one."""
    grid = Grid.parse(puzzle)
    return sum(count_solutions(grid.clear(cell)) == 1 for cell in range(81) if grid[cell])


@pytest.mark.parametrize(
    ("puzzle", "said", "code"),
    [
        (EASY, f"one solution, {spare(EASY)} of 30 clues could go\n", 0),
        (MINIMAL, "one solution, minimal\n", 0),
        (SEVERAL, "line 1: more than one solution\n", 4),
        (NONE, "line 1: no solution: no digit fits r5c1\n", 3),
        (DEEP, "line 1: no solution\n", 3),
        (WRONG, "line 1: no solution: two 5s in row 1 (r1c1, r1c2)\n", 3),
    ],
)
def test_check_tells_one_solution_from_none_and_several(
    puzzle: str, said: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("check", puzzle) == code
    assert capsys.readouterr().out == said


def test_check_of_a_list_names_the_bad_ones_and_sums_up(
    mixed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("check", mixed) == 4
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "line 3: more than one solution",
        "line 4: no solution: no digit fits r5c1",
        "line 5: no solution: two 5s in row 1 (r1c1, r1c2)",
        "6 puzzles: 3 with one solution (1 minimal), 1 with several, 2 with none (1 break a rule)",
    ]
    assert "line 6, column 1: found 'n'" in err


def test_check_tells_each_when_asked(mixed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call("check", "--each", "--no-minimal", mixed)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["line 1: one solution", "line 2: one solution"]
    assert lines[-1].startswith("6 puzzles: 3 with one solution, ")


def test_check_compares_the_solution_in_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text(f"puzzle,solution\n{EASY},{SOLVED[::-1]}\n{EASY},{SOLVED}\n")
    assert call("check", "--no-minimal", path) == 0
    assert capsys.readouterr().out.splitlines() == [
        "line 2: one solution, not the one in the file",
        "2 puzzles: 2 with one solution, 0 with several, 0 with none, "
        "1 with a wrong solution in the file",
    ]


def test_redundant_clues_are_those_without_which_one_solution_is_left() -> None:
    puzzles = np.array([Grid.parse(text).cells for text in (EASY, MINIMAL, SEVERAL)], dtype=np.int8)
    redundant = redundant_clues(puzzles, solve_many(puzzles)[1])
    assert redundant.sum(axis=1).tolist() == [spare(EASY), 0, 0]
    assert not redundant[puzzles == 0].any()


def test_rate_gives_a_table_with_the_same_ratings_for_the_same_seed(
    mixed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("rate", mixed) == 4
    first = capsys.readouterr()
    assert call("rate", mixed, "--seed", "0") == 4
    assert capsys.readouterr().out == first.out
    head, *rows = [line.split("\t") for line in first.out.splitlines()]
    assert head == [
        "file", "line", "level", "hardest", "score", "rating", "depth", "clues", "puzzle"
    ]  # fmt: skip
    assert [row[1] for row in rows] == ["1", "2", "3", "4", "5", "7"]
    assert [row[2] for row in rows[2:]] == ["several", "none", "none", "easy"]
    assert [row[5] for row in rows[2:]] == ["several", "none", "none", "0"]
    assert [row[6] for row in rows[2:]] == ["several", "none", "none", "0"]
    easy = ["easy", "hidden single in a box", rows[0][4]]
    assert rows[0] == [str(mixed), "1", *easy, "0", "0", "30", EASY]
    assert int(rows[1][5]) > 0
    assert first.err.splitlines()[-1].startswith("3 rated: 66.7% by singles, median 0")
    assert first.err.endswith(f"depth 0 to {rows[1][6]}, median 0\n")


def test_rate_takes_files_and_folders_and_prints_csv_and_json(
    mixed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = mixed.parent / "deep" / "other.sdm"
    other.parent.mkdir()
    other.write_text(f"{EASY}\n{SEVERAL}\n")
    call("rate", "-f", "csv", mixed.parent)
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [Path(row["file"]).name for row in rows] == ["mixed.sdm"] * 6 + ["other.sdm"] * 2
    assert [row["puzzle"] for row in rows[-2:]] == [EASY, SEVERAL]
    assert [(row["rating"], row["solutions"]) for row in rows[-2:]] == [
        ("0", "one"),
        ("", "several"),
    ]
    assert call("rate", "--format", "json", other, EASY) == 4
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "sudoku-rate/1"
    assert [puzzle["rating"] for puzzle in document["puzzles"]] == [0, None, 0]


def test_check_names_the_file_where_there_are_several(
    mixed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("check", "--no-minimal", mixed, SEVERAL) == 4
    out = capsys.readouterr().out.splitlines()
    assert out[0] == f"{mixed}, line 3: more than one solution"
    assert out[-1].startswith("7 puzzles: 3 with one solution, 2 with several, ")
    assert call("check", "--format", "csv", EASY) == 0
    [row] = csv.DictReader(capsys.readouterr().out.splitlines())
    assert (row["solutions"], row["minimal"], row["puzzle"]) == ("one", "False", EASY)


@pytest.mark.parametrize("command", ["rate", "check"])
def test_unreadable_input_is_one_line(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(command, "nofile.sdm") == 2
    assert capsys.readouterr().err == "error: nofile.sdm: no such file or directory\n"
    assert call(command, EASY[:80]) == 2
    assert "found 80 cells" in capsys.readouterr().err
