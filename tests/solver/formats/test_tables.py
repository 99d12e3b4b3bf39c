"""CSV dialects and Parquet: which column is the puzzle, and what is wrong with a row."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from solver.board.grid import Grid
from solver.formats import (
    FormatError,
    Record,
    read,
    read_batches,
    read_text,
    table,
    to_bytes,
    to_text,
    write,
)

PUZZLE = "530070000600195000098000060800060003400803001700020006060000280000419005000080079"
SOLUTION = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
DOTS = PUZZLE.replace("0", ".")


@pytest.mark.parametrize(
    ("text", "metadata"),
    [
        (f"quizzes,solutions\n{PUZZLE},{SOLUTION}\n", {}),
        (f"\ufeffquizzes,solutions\r\n{PUZZLE},{SOLUTION}\r\n", {}),
        (f"Puzzle;Solution;Clues\n{PUZZLE};{SOLUTION};30\n", {"Clues": "30"}),
        (f"source,question,answer,rating\nx,{DOTS},{SOLUTION},18", {"source": "x", "rating": "18"}),
        (f"{PUZZLE};{SOLUTION}\n", {}),
        (f"7\t{PUZZLE}\t{SOLUTION}\n", {"column 1": "7"}),
        (f"n,before,after\n7,{PUZZLE},{SOLUTION}\n", {"n": "7"}),
        (f'id,puzzle,solution\n"a ""b"", c","{PUZZLE}","{SOLUTION}"\n', {"id": 'a "b", c'}),
        (f'note,puzzle,solution\n"two\nlines",{PUZZLE},{SOLUTION}\n', {"note": "two\nlines"}),
    ],
    ids=["kaggle", "bom crlf", "semicolon", "extreme", "no header", "tabs", "odd header", "quotes",
         "lines in quotes"],
)  # fmt: skip
def test_dialects_read(text: str, metadata: dict[str, str]) -> None:
    (record,) = read(text.encode())
    assert record.givens.line("0") == PUZZLE
    assert record.solution is not None
    assert record.solution.line() == SOLUTION
    assert record.metadata == metadata


def test_a_table_without_solutions_reads() -> None:
    (record,) = read_text(f"id,level,sudoku\n1,easy,{DOTS}\n")
    assert record.solution is None
    assert record.metadata == {"id": "1", "level": "easy"}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (f"1,{PUZZLE[:80]}q,{SOLUTION}", "line 2, column 83: found 'q' in the puzzle"),
        (f"1,{PUZZLE[:80]},{SOLUTION}", "line 2, column 83: found 80 cells in the puzzle"),
        (f"1,{PUZZLE},{SOLUTION[:80]}", "line 2, column 165: found 80 cells in the solution"),
        (f'"x","{PUZZLE[:80]}q",', "line 2, column 86: found 'q' in the puzzle"),
        (f'"a ""b"" c","{PUZZLE[:80]}q",', "line 2, column 94: found 'q' in the puzzle"),
        (f'"a\nb","{PUZZLE[:80]}q",', "line 2, column 1: found 'q' in the puzzle"),
        ("1,0,0", "line 2, column 4: found 1 cell in the puzzle, expected a 9x9 grid (81 cells)"),
        (f"1,{'0' * 256},", "found a 16x16 grid (256 cells) in the puzzle"),
        ("1", "line 2, column 1: found 1 field, expected 3, the puzzle in field 2"),
        ('1,"unclosed,x', "line 2, column 1: found a quote that is not closed"),
        (f"1,55{PUZZLE[2:]},", "line 2, column 1: found a wrong grid: two 5s in row 1"),
    ],
)
def test_an_error_says_where_and_what(row: str, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_text(f"id,puzzle,solution\n{row}\n", "bad.csv")
    assert message in str(caught.value)


def test_a_broken_first_row_is_no_header() -> None:
    errors: list[FormatError] = []
    text = f"{PUZZLE[:80]},x\n{PUZZLE},y\n"
    (record,) = read(text.encode(), "list.csv", on_error=errors.append)
    assert (record.line, errors[0].line) == (2, 1)


def test_a_table_is_written_with_the_columns_it_needs() -> None:
    (record,) = read_text(f"clues,quizzes,answer\n30,{PUZZLE},{SOLUTION}\n")
    plain = Record(record.givens)
    assert to_text([record], "csv") == f"puzzle,solution,clues\n{PUZZLE},{SOLUTION},30\n"
    assert to_text([plain], "csv") == f"puzzle\n{PUZZLE}\n"


def test_names_with_other_delimiters_in_them_survive() -> None:
    (record,) = read_text(f'puzzle,"a;b;c\td\te",e\n{PUZZLE},"1;2",x y\n')
    assert record.metadata == {"a;b;c\td\te": "1;2", "e": "x y"}
    assert read_text(to_text([record], "csv")) == [record]


def test_parquet_holds_what_csv_holds(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    records = read_text(f"quizzes,solutions,level\n{PUZZLE},{SOLUTION},easy\n")
    assert write(records, tmp_path / "out.parquet") == 1
    assert list(read(tmp_path / "out.parquet")) == records


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("room", [1, 1 << 24], ids=["in a file", "in memory"])
def test_a_column_may_come_up_at_the_last_row(
    form: str, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    monkeypatch.setattr(table, "_IN_MEMORY", room)
    givens = Grid.parse(PUZZLE)
    records = [Record(givens, metadata={"id": str(number)}) for number in range(3000)]
    last = Record(givens, givens, Grid.parse(SOLUTION), {"note": "the last"})
    records.append(last)
    assert list(read(to_bytes(records, form), format=form)) == records
    if form == "csv":
        header, first = to_text(records, form).splitlines()[:2]
        assert header == "puzzle,solution,state,id,note"
        assert first == f"{PUZZLE},,,0,"


def test_numbers_and_lists_in_parquet_read(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    columns = {"clues": [30], "puzzle": [[int(digit) for digit in PUZZLE]]}
    pq.write_table(pa.table(columns), tmp_path / "typed.parquet")
    (record,) = read(tmp_path / "typed.parquet")
    assert record.givens.line("0") == PUZZLE
    assert record.metadata == {"clues": "30"}


def test_parquet_reads_as_arrays_without_its_other_columns(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    columns = {"solution": [SOLUTION] * 3, "puzzle": [PUZZLE, "nonsense", DOTS]}
    pq.write_table(pa.table(columns), tmp_path / "three.parquet")
    (batch,) = read_batches(tmp_path / "three.parquet")
    assert ["".join(map(str, row)) for row in batch.cells] == [PUZZLE, PUZZLE]
    assert batch.lines.tolist() == [1, 3]
    errors: list[FormatError] = []
    list(read(tmp_path / "three.parquet", on_error=errors.append))
    for error in (*batch.errors, *errors):
        assert "three.parquet, line 2, column 2: found 'n' in the puzzle" in str(error)
    assert len(batch.errors) == len(errors) == 1


def test_a_field_of_spaces_is_a_puzzle_for_arrays_too(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    spaces = " " * 81
    (tmp_path / "three.csv").write_text(f"id,puzzle\n1,{PUZZLE}\n2,{spaces}\n3,{PUZZLE}\n")
    pq.write_table(pa.table({"puzzle": [PUZZLE, spaces, PUZZLE]}), tmp_path / "three.parquet")
    for name in ("three.csv", "three.parquet"):
        (batch,) = read_batches(tmp_path / name)
        cells = [tuple(row) for row in batch.cells.tolist()]
        assert cells == [record.givens.cells for record in read(tmp_path / name)]
        assert len(cells) == 3


def test_broken_parquet_is_a_format_error() -> None:
    pytest.importorskip("pyarrow")
    with pytest.raises(FormatError, match=r"a broken file .* expected Parquet"):
        list(read(b"PAR1 and nothing more", "bad.parquet"))


def test_without_pyarrow_parquet_names_the_missing_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ModuleNotFoundError, match="pyarrow"):
        list(read(b"PAR1", "some.parquet"))
