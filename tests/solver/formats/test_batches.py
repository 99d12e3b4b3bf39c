"""Batches hold what the careful reader reads, in every dialect, with solutions and columns."""

from __future__ import annotations

import io
import resource
from pathlib import Path

import numpy as np
import pytest

from solver.board.grid import Grid
from solver.formats import FormatError, Record, read, read_batches, write
from solver.formats.batches import further_columns
from tests.solver.puzzles import ALL, SINGLES, SINGLES_SOLVED

ZEROS = SINGLES.replace(".", "0")
ROWS = [(ZEROS, SINGLES_SOLVED, str(number)) for number in (7, 120, 3)]


def table(delimiter: str = ",", end: str = "\n", quote: str = "", header: bool = True) -> bytes:
    rows = [("puzzle", "solution", "rating")] * header + ROWS
    lines = [delimiter.join(quote + field + quote for field in row) for row in rows]
    return end.join([*lines, ""]).encode()


DIALECTS = {
    "commas": table(),
    "semicolons": table(";"),
    "tabs": table("\t"),
    "all quoted": table(quote='"'),
    "carriage returns": table(end="\r\n"),
    "old Macintosh": table(end="\r"),
    "byte-order mark": b"\xef\xbb\xbf" + table(),
    "no end": table().rstrip(b"\n"),
    "blank lines": table(end="\n\n"),
    "blank first line": b"\n" + table(),
    "empty rows": table().replace(b"\n", b"\n,,\n"),
    "spaces around fields": table(" , "),
    "trailing delimiter": table(end=",\n"),
    "one row quoted": table().replace(b",120", b',"120"'),
    "a quote over two lines": table().replace(b",7\n", b',7,"a\nb"\n'),
}


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_gives_puzzles_solutions_and_ratings(name: str) -> None:
    (batch,) = read_batches(DIALECTS[name], solutions=True, columns=("rating",))
    assert batch.errors == ()
    assert ["".join(map(str, row)) for row in batch.cells.tolist()] == [ZEROS] * 3
    assert batch.solutions is not None
    assert ["".join(map(str, row)) for row in batch.solutions.tolist()] == [SINGLES_SOLVED] * 3
    assert batch.numbers("rating").tolist() == [7, 120, 3]


@pytest.mark.parametrize("name", DIALECTS)
@pytest.mark.parametrize("solved", [False, True])
def test_batches_hold_the_puzzles_and_lines_that_read_gives(name: str, solved: bool) -> None:
    records = list(read(DIALECTS[name]))
    batches = list(read_batches(DIALECTS[name], size=2, solutions=solved))
    assert [len(batch.cells) for batch in batches] == [2, 1]
    lines = [line for batch in batches for line in batch.lines.tolist()]
    assert lines == [record.line for record in records]


def test_bad_rows_are_errors_in_their_place_and_the_rest_is_read() -> None:
    rows = [
        f"{ZEROS},{SINGLES_SOLVED}",
        f"{ZEROS[:-1]}q,{SINGLES_SOLVED}",
        f"{ZEROS},{SINGLES_SOLVED[:-1]}",
        "only text",
        f"{ZEROS},",
        ZEROS,
        f"{ZEROS},{SINGLES_SOLVED},more",
    ]
    data = "\n".join(["quizzes,solutions", *rows]).encode()
    (batch,) = read_batches(data, "a.csv", solutions=True)
    errors: list[FormatError] = []
    records = list(read(data, "a.csv", on_error=errors.append))
    assert list(map(str, batch.errors)) == list(map(str, errors))
    assert [error.line for error in batch.errors] == [3, 4, 5]
    assert batch.lines.tolist() == [record.line for record in records] == [2, 6, 7, 8]
    assert batch.solutions is not None
    assert batch.solutions.any(axis=1).tolist() == [True, False, False, True]


def test_a_number_that_is_none_is_minus_one() -> None:
    texts = ["7.9", "", "easy", "inf", "1e30", "-4", '"5"', "é"]
    data = "puzzle,Rating\n" + "".join(f"{ZEROS},{text}\n" for text in texts)
    (batch,) = read_batches(data.encode(), columns=("rating", "level"))
    assert batch.numbers("rating").tolist() == [7, -1, -1, -1, -1, -4, 5, -1]
    assert batch.numbers("level").tolist() == [-1] * 8


def test_further_columns_are_kept_whole_and_by_name(tmp_path: Path) -> None:
    texts = ["7.9", "", "é" * 40, '"a, b"', "'=1"]
    rows = [f"{text},{ZEROS},{SINGLES_SOLVED},{ZEROS}" for text in texts]
    data = "\n".join(["Note,quizzes,solutions,State", *rows]).encode()
    assert further_columns(data) == ("Note", "solution", "state")
    (batch,) = read_batches(data, columns=("Note", "solution", "none"))
    assert batch.texts["Note"].tolist() == ["7.9", "", "é" * 40, "a, b", "=1"]
    assert set(batch.texts["solution"]) == {SINGLES_SOLVED}
    assert set(batch.texts["none"]) == {""}
    convert = [record.metadata for record in read(data)]
    assert [found.get("Note", "") for found in convert] == batch.texts["Note"].tolist()


def test_two_columns_of_one_name_are_told_apart() -> None:
    data = f"puzzle,note,note\n{ZEROS},a,b\n".encode()
    assert further_columns(data) == ("note", "note 3")
    (record,) = read(data)
    assert record.metadata == {"note": "a", "note 3": "b"}


@pytest.mark.parametrize("suffix", ["csv", "parquet", "txt"])
def test_play_comes_with_its_row(suffix: str, tmp_path: Path) -> None:
    grid = Grid.parse(SINGLES)
    played = grid.place(0, int(SINGLES_SOLVED[0]))
    records = [Record(grid), Record(grid, state=played), Record(grid), Record(grid, state=played)]
    path = tmp_path / f"games.{suffix}"
    write(records, path, "hodoku" if suffix == "txt" else suffix)
    first, second = read_batches(path, size=3)
    assert [list(first.played), list(second.played)] == [[1], [0]]
    assert first.played[1].state == second.played[0].state == played


@pytest.mark.parametrize("kind", ["string", "large_string", "binary", "dictionary", "lists"])
@pytest.mark.parametrize("named", [True, False])
def test_parquet_columns_of_every_type_read(tmp_path: Path, kind: str, named: bool) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    puzzles, solutions = [ZEROS, "q" * 81, "", ZEROS], [SINGLES_SOLVED, None, "", None]
    if kind == "lists":
        puzzles = [list(map(int, ZEROS)), [1, 2], None, list(map(int, ZEROS))]
        columns = [pa.array(puzzles), pa.array(solutions)]
    elif kind == "dictionary":
        columns = [pa.array(column).dictionary_encode() for column in (puzzles, solutions)]
    else:
        columns = [pa.array(column, getattr(pa, kind)()) for column in (puzzles, solutions)]
    names = ["puzzle", "solution", "rating"] if named else ["a", "b", "rating"]
    parquet.write_table(
        pa.table([*columns, pa.array([5, 6, None, None])], names), tmp_path / "t.pq"
    )
    (batch,) = read_batches(tmp_path / "t.pq", solutions=True, columns=("rating",))
    assert batch.lines.tolist() == [1, 4]
    assert [error.line for error in batch.errors] == [2]
    assert batch.solutions is not None
    assert batch.solutions.any(axis=1).tolist() == [True, False]
    assert batch.texts["rating"].tolist() == ["5", ""]


def test_a_long_list_reads_the_same_from_a_pipe_in_small_pieces() -> None:
    lines = [puzzle if number % 50 else f"{puzzle} # a" for number, puzzle in enumerate(ALL * 400)]
    lines[1000] = "# heading"
    lines[2000] = "nonsense"
    data = "\n".join(lines).encode()

    class Slow(io.BytesIO):
        def read1(self, size: int | None = -1) -> bytes:
            return super().read(777)

    whole, slow = (list(read_batches(stream, "x.sdm", size=500)) for stream in (data, Slow(data)))
    assert len(whole) == len(slow) == 6
    for one, other in zip(whole, slow, strict=True):
        assert np.array_equal(one.cells, other.cells)
        assert np.array_equal(one.lines, other.lines)
        assert list(map(str, one.errors)) == list(map(str, other.errors))
    assert [error.line for batch in whole for error in batch.errors] == [2001]
    assert whole[2].lines.tolist() == [*range(1002, 1501 + 1)]


@pytest.mark.parametrize("name", ["puzzle", "note"])
def test_a_long_value_that_a_parquet_file_repeats_is_never_spread_out(
    tmp_path: Path, name: str
) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    long = pa.DictionaryArray.from_arrays(pa.array([0] * 4096, pa.int32()), ["9" * 2_000_000])
    columns = {"puzzle": pa.array([ZEROS] * 4096), name: long}
    path = tmp_path / "bomb.parquet"
    parquet.write_table(pa.table(columns), path, compression="zstd")
    assert path.stat().st_size < 50_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    errors: list[FormatError] = []
    assert list(read(path, on_error=errors.append)) == []
    batches = list(read_batches(path))
    assert sum(len(batch.cells) for batch in batches) == (0 if name == "puzzle" else 4096)
    assert {error.found for error in errors} == {"a field longer than 65536 bytes"}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # KiB


def test_more_rows_than_a_file_can_hold_are_refused(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "nulls.parquet"
    parquet.write_table(pa.table({"puzzle": pa.nulls(2_000_000, pa.string())}), path)
    with pytest.raises(FormatError, match="2000000 rows in"):
        list(read(path))
