"""What an input holds beside its puzzles: other columns, play and candidates."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from solver import formats
from solver.board.grid import Grid
from solver.bulk.files import (
    columns_of,
    job_of,
    solve_files,
)
from solver.bulk.part import Part
from solver.bulk.rows import ExactEngine, PolicyEngine
from solver.formats import Record
from solver.solving.columns import COLUMNS
from tests.solver import puzzles
from tests.solver.bulk.tables import LINES, Counting, solve, table, write
from tests.solver.policies import clueless

NOTES = ["plain", "", 'a "quoted", note', "two\nlines", "=1+1", "é"]


@pytest.mark.parametrize("made", ["csv", "parquet"])
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_all_columns_of_a_table_come_out_again(tmp_path: Path, suffix: str, made: str) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    given = {
        "id": [str(number) for number in range(len(NOTES))],
        "quizzes": [puzzles.SINGLES] * len(NOTES),
        "solution": [puzzles.SINGLES_SOLVED] * len(NOTES),
        "Status": ["new"] * len(NOTES),
        "note": NOTES,
    }
    source, target = tmp_path / f"in.{suffix}", tmp_path / f"out.{made}"
    if suffix == "csv":
        with source.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([list(given), *zip(*given.values(), strict=True)])
    else:
        pq.write_table(pa.table(given), source)
    solve(Counting(), source, target)
    rows = table(target) if made == "csv" else pq.read_table(target).to_pylist()
    assert tuple(rows[0]) == (*COLUMNS, "id", "input_solution", "input_Status", "note")
    for row, number, note in zip(rows, given["id"], NOTES, strict=True):
        assert (row["id"], row["solution"]) == (number, puzzles.SINGLES_SOLVED)
        assert (row["input_solution"], row["input_Status"]) == (puzzles.SINGLES_SOLVED, "new")
        assert row["note"] == (f"'{note}" if note.startswith("=") else note)


def test_what_lists_say_of_their_puzzles_comes_out_too(tmp_path: Path) -> None:
    source = write(tmp_path / "some.sdm", [f"{line} # no {i}" for i, line in enumerate(LINES)])
    solve(Counting(), source, tmp_path / "out.csv")
    assert [row["comment"] for row in table(tmp_path / "out.csv")] == [
        f"no {number}" for number in range(len(LINES))
    ]


def test_files_of_other_columns_share_one_table(tmp_path: Path) -> None:
    one = write(tmp_path / "one.csv", ["puzzle,a", f"{puzzles.SINGLES},1"])
    two = write(tmp_path / "two.csv", ["b,puzzle", f"2,{puzzles.SINGLES}"])
    files = [str(one), str(two)]
    columns = columns_of(files)
    with Part(tmp_path / "out.csv", job_of("exact", files, columns), 2) as part:
        for block, _ in solve_files(Counting(), files, 2, 0, columns):
            part.write(block)
        part.finish()
    assert [(row["a"], row["b"]) for row in table(tmp_path / "out.csv")] == [("1", ""), ("", "2")]


def test_a_file_is_solved_within_its_play_and_candidates(tmp_path: Path) -> None:
    givens, solved = Grid.parse(puzzles.TWO_SOLUTIONS), Grid.parse(puzzles.SINGLES_SOLVED)
    cell = next(c for c in range(81) if Grid.parse(puzzles.SINGLES)[c] and not givens[c])
    only = list(givens.all_candidates())
    only[cell] = frozenset({solved[cell]})
    wrong = Grid.parse(puzzles.SINGLES)
    blank = wrong.cells.index(0)
    games = [
        Record(givens),
        Record(givens, pencil=tuple(only)),
        Record(givens, state=givens.place(cell, solved[cell])),
        Record(wrong, state=wrong.place(blank, solved[blank] % 9 + 1)),
    ]
    source = tmp_path / "games.txt"
    formats.write(games, source, "hodoku")
    for engine in (ExactEngine(), PolicyEngine(clueless())):
        part = solve(engine, source, tmp_path / "out.csv")
        rows = table(tmp_path / "out.csv")
        assert [row["status"] for row in rows] == ["several solutions", *["solved"] * 3]
        assert {row["solution"] for row in rows[1:]} == {puzzles.SINGLES_SOLVED}
        assert [row["puzzle"] for row in rows] == [game.givens.line("0") for game in games]
        assert (part.done.tally.played, part.done.tally.faulty) == (3, 1)
