"""Files of puzzles in every dialect, and the rows that are left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from solver import formats
from training.data.cache import packed, report_of
from training.data.rows import DataError, Rejects, read_rows, unpack


def read(path: Path) -> tuple[list[str], list[str], list[int], Rejects]:
    """Puzzles, solutions and ratings of a file, and what was left out."""
    rejects, puzzles, solutions, ratings = Rejects(), [], [], []
    for rows in read_rows(path, rejects):
        puzzle, solution = unpack(rows.cells)
        puzzles += ["".join(map(str, row)) for row in puzzle]
        solutions += ["".join(map(str, row)) for row in solution]
        ratings += rows.rating.tolist()
    return puzzles, solutions, ratings, rejects


@pytest.fixture
def lines(puzzles: Callable, csv_lines: Callable) -> list[str]:
    return csv_lines(puzzles(4))


DIALECTS = {
    "plain": ("puzzle,solution\n", ",", "\n", "{p},{s}", ""),
    "kaggle": ("quizzes,solutions\n", ",", "\n", "{p},{s}", ""),
    "no header": ("", ",", "\n", "{p},{s}", ""),
    "semicolon, no header": ("", ";", "\n", "{p};{s}", ""),
    "byte-order mark and CRLF": ("\ufeffquizzes,solutions\r\n", ",", "\r\n", "{p},{s}", ""),
    "quoted, other columns": ('"id","question","answer"\n', ",", "\n", '"7","{p}","{s}"', ""),
    "no final newline, blank line": ("puzzle,solution\n", ",", "\n", "{p},{s}", "no end"),
    "dots": ("puzzle,solution\n", ",", "\n", "{dots},{s}", ""),
}


@pytest.mark.parametrize("name", list(DIALECTS))
def test_every_dialect_gives_the_same_puzzles(name: str, lines: list[str], tmp_path: Path) -> None:
    header, _, newline, row, end = DIALECTS[name]
    split = [line.split(",") for line in lines]
    text = [row.format(p=p, s=s, dots=p.replace("0", ".")) for p, s in split]
    body = newline.join(text) + ("" if end else newline)
    path = tmp_path / "sudoku.csv"
    path.write_bytes((header + body).encode())
    puzzles, solutions, ratings, rejects = read(path)
    assert list(zip(puzzles, solutions, strict=True)) == [tuple(pair) for pair in split]
    assert ratings == [-1] * 4
    assert rejects.total == 0


def test_ratings_are_read_where_there_are_some(lines: list[str], tmp_path: Path) -> None:
    path = tmp_path / "sudoku.csv"
    rated = [f"{line},{rating}" for line, rating in zip(lines, ("0", "7", "x", ""), strict=True)]
    path.write_text("\n".join(["puzzle,solution,rating", *rated]))
    assert read(path)[2] == [0, 7, -1, -1]


def test_parquet_gives_the_same_puzzles(lines: list[str], tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    puzzles, solutions = zip(*(line.split(",") for line in lines), strict=True)
    table = pa.table({"puzzle": puzzles, "solution": solutions, "rating": [3, 2, 1, 0]})
    parquet.write_table(table, tmp_path / "sudoku.parquet")
    found = read(tmp_path / "sudoku.parquet")
    assert found[:3] == (list(puzzles), list(solutions), [3, 2, 1, 0])


def test_bad_rows_are_left_out_with_their_lines_and_reasons(
    lines: list[str], tmp_path: Path
) -> None:
    puzzle, solution = lines[0].split(",")
    given = next(i for i, digit in enumerate(puzzle) if digit != "0")
    blank = puzzle.index("0")
    other = "1" if solution[given] != "1" else "2"
    rows = [
        lines[1],
        f"{puzzle[:-1]},{solution}",
        lines[2],
        f"{puzzle[:given]}{other}{puzzle[given + 1 :]},{solution}",
        f"{puzzle},{solution[:blank]}0{solution[blank + 1 :]}",
        f"{'0' * 81},{'1' * 81}",
        f"{'q' + puzzle[1:]},{solution}",
        "",
        lines[3],
        f"{puzzle},{solution[1:]}",
    ]
    path = tmp_path / "sudoku.csv"
    path.write_text("\n".join(["puzzle,solution", *rows]) + "\n")
    puzzles, _, _, rejects = read(path)
    assert puzzles == [line.split(",")[0] for line in lines[1:4]]
    assert dict(rejects.first) == {
        3: "80 cells in the puzzle, expected a 9x9 grid (81 cells)",
        5: "the puzzle has no solution",
        6: "the solution given isn't the puzzle's",
        7: "the puzzle has more than one solution",
        8: "'q' in the puzzle, expected a digit 1-9 or a blank (0 . X * _ -)",
        11: "80 cells in the solution, expected a 9x9 grid (81 cells)",
    }
    assert rejects.counts["no readable puzzle"] == 3


def written(path: Path, *rows: tuple[str, ...], header: str = "", end: str = "") -> Path:
    path.write_text(header + "".join(",".join(row) + end + "\n" for row in rows))
    return path


def parquet_of(path: Path, columns: dict[str, list[Any]]) -> Path:
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.table(columns), path)
    return path


ODD_FILES: dict[str, Callable[[Path, list[tuple[str, str]]], Path]] = {
    "semicolons below a header with commas": lambda to, rows: written(
        to / "a.csv", *((";".join(row),) for row in rows), header="puzzle;solution;a, b\n"
    ),
    "spaces around fields": lambda to, rows: written(
        to / "a.csv", *((f" {p} ", f" {s} ") for p, s in rows), header="puzzle, solution\n"
    ),
    "a blank first line": lambda to, rows: written(
        to / "a.csv", *rows, header="\npuzzle,solution\n"
    ),
    "an extra trailing field": lambda to, rows: written(
        to / "a.csv", *rows, header="puzzle,solution\n", end=","
    ),
    "a missing trailing field": lambda to, rows: written(
        to / "a.csv", *rows, header="puzzle,solution,level\n"
    ),
    "Parquet without known names": lambda to, rows: parquet_of(
        to / "a.parquet", {"a": [p for p, _ in rows], "b": [s for _, s in rows]}
    ),
    "Parquet with lists of digits": lambda to, rows: parquet_of(
        to / "a.parquet", {"puzzle": [[int(digit) for digit in p] for p, _ in rows]}
    ),
    "nine rows under the name of a table": lambda to, rows: written(
        to / "a.csv", *((rows[0][0][i : i + 9],) for i in range(0, 81, 9))
    ),
}


@pytest.mark.parametrize("name", list(ODD_FILES))
def test_training_reads_the_files_that_solving_reads(
    name: str, lines: list[str], tmp_path: Path
) -> None:
    rows = [(puzzle, solution) for puzzle, solution in (line.split(",") for line in lines)]
    path = ODD_FILES[name](tmp_path, rows)
    wanted = [record.givens.line("0") for record in formats.read(path)]
    puzzles, solutions, _, rejects = read(path)
    assert puzzles == wanted == [puzzle for puzzle, _ in rows][: len(wanted)]
    assert solutions == [solution for _, solution in rows][: len(wanted)]
    assert rejects.total == 0


def test_solutions_come_from_the_exact_engine_where_there_are_none(
    lines: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "sudoku.csv"
    puzzles = [line.split(",")[0] for line in lines]
    path.write_text("\n".join(["id,puzzle", *(f"1,{p}" for p in puzzles), f"1,{'0' * 81}"]))
    found = read(path)
    assert found[1] == [line.split(",")[1] for line in lines]
    assert found[3].first == [(6, "the puzzle has more than one solution")]


def test_a_list_of_puzzles_is_read_and_solved(lines: list[str], tmp_path: Path) -> None:
    path = tmp_path / "list.sdm"
    path.write_text("\n".join(line.split(",")[0].replace("0", ".") for line in lines))
    assert read(path)[1] == [line.split(",")[1] for line in lines]


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("absent.csv", None, "no such file"),
        ("empty.csv", "", "the file holds none"),
        ("other.csv", "a,b\n1,2\n", "in line 2: 2 fields without a grid"),
        ("none.csv", "puzzle,solution\nabc,def\n", "no puzzle is left to use; 1 row rejected"),
        ("header.csv", "puzzle,solution\n", "no puzzle is left to use; the file holds none"),
    ],
)
def test_a_file_without_puzzles_is_an_error(
    name: str, content: str | None, text: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    with pytest.raises(DataError) as error:
        packed(path)
    assert str(error.value).startswith(str(path))
    assert text in str(error.value)


def test_the_cache_is_made_once_and_again_when_the_file_changes(
    make_csv: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_csv(20)
    first = packed(path)
    with monkeypatch.context() as patch:
        patch.setattr("training.data.cache.read_rows", None)  # a second reading would fail
        assert np.array_equal(packed(path).cells, first.cells)
    make_csv(30, seed=5)
    assert len(packed(path)) == 30


def test_ratings_on_a_scale_of_fractions_are_no_guesses(lines: list[str], tmp_path: Path) -> None:
    path = tmp_path / "sudoku.csv"
    rated = [
        f"{line},{rating}"
        for line, rating in zip(lines, ("7.2", "7.0", "1.5", "2", ""), strict=False)
    ]
    path.write_text("\n".join(["puzzle,solution,rating", *rated]))
    assert packed(path).rating.tolist() == [-1] * len(rated)
    path.write_text("\n".join(["puzzle,solution,rating", *(f"{line},4.0" for line in lines)]))
    assert packed(path).rating.tolist() == [4] * len(lines)


def test_a_limit_takes_the_first_puzzles(make_csv: Callable[..., Path]) -> None:
    path = make_csv(20)
    assert np.array_equal(packed(path, 5).cells, packed(path).cells[:5])


def test_bad_rows_are_reported_in_words(lines: list[str], tmp_path: Path) -> None:
    path = tmp_path / "sudoku.csv"
    path.write_text("\n".join(["puzzle,solution", *lines, "1,2"]))
    (line,) = report_of(packed(path))
    assert "1 row rejected: 1 × no readable puzzle (lines 6; line 6: 1 cell in the puzzle" in line


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("bom_test.csv", 30),
        ("kaggle_1m_sample.csv", 20_000),
        ("kaggle_3m_sample.csv", 7_034),
        ("quizzes_solutions_difficulty.csv", 199),
        ("semicolon_no_header.csv", 100),
        ("sudoku_extreme_row.csv", 1),
    ],
)
def test_real_files_are_read(name: str, count: int, shared: Path) -> None:
    rejects = Rejects()
    found = sum(len(rows.rating) for rows in read_rows(shared / "csv" / name, rejects))
    assert (found + rejects.total, rejects.total) == (count, 0)


def test_a_given_solution_that_is_not_the_only_one_is_left_out(tmp_path: Path) -> None:
    solution = "".join(str((r * 3 + r // 3 + c) % 9 + 1) for r in range(9) for c in range(9))
    # rows 1 and 4, columns 1 and 2, hold 1 2 / 2 1 in some grid: blank a rectangle of two digits
    rows = [solution[r * 9 : r * 9 + 9] for r in range(9)]
    blank = "".join("0" * 9 if r in (0, 1) else row for r, row in enumerate(rows))
    path = tmp_path / "two.csv"
    one = "0" + solution[1:]
    path.write_text(f"puzzle,solution\n{blank},{solution}\n{one},{solution}\n")
    found = packed(path)
    assert len(found) == 1
    assert "more than one solution" in report_of(found)[0]


@pytest.mark.parametrize("rating", ["1e20", "inf", "-5", "x"])
def test_a_rating_out_of_range_is_bounded(tmp_path: Path, rating: str) -> None:
    solution = "".join(str((r * 3 + r // 3 + c) % 9 + 1) for r in range(9) for c in range(9))
    path = tmp_path / "rated.csv"
    path.write_text(f"puzzle,solution,rating\n0{solution[1:]},{solution},{rating}\n")
    assert -1 <= int(packed(path).rating[0]) <= 2**31 - 1
