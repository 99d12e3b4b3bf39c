"""Files of puzzles -> packed rows: CSV in every dialect, Parquet, and what `solver.formats` reads.

A packed cell is one byte: the solution's digit, plus 16 where it is given. A row is 81 of them.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from training.pack import REASONS, pack, pack_unsolved

if TYPE_CHECKING:
    import pyarrow as pa

GIVEN = 16
PUZZLE = ("puzzle", "puzzles", "quizzes", "quiz", "question", "sudoku", "givens")
SOLUTION = ("solution", "solutions", "answer", "answers", "solved")
RATING = ("rating",)
BLOCK = 1 << 24
SHOWN = 20


class DataError(ValueError):
    """A file of puzzles that can't be used; its text says which, where and why."""


@dataclass
class Rejects:
    """Rows that were left out: how many for each reason, and the first few by line."""

    counts: Counter[str] = field(default_factory=Counter)
    first: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, reason: str) -> None:
        """Count one row; `line` counts from 1."""
        self.counts[reason] += 1
        if len(self.first) < SHOWN:
            self.first.append((line, reason))

    @property
    def total(self) -> int:
        """All rows that were left out."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Rows:
    """Some rows of a file: cells uint8 [n, 81], rating int32 [n], -1 where the file has none."""

    cells: NDArray[np.uint8]
    rating: NDArray[np.int32]


def unpack(cells: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Packed [..., 81] -> (puzzle with 0 for blanks, solution), both uint8 [..., 81]."""
    solution = cells & 15
    return np.where(cells & GIVEN, solution, np.uint8(0)), solution


def read_rows(path: Path, rejects: Rejects) -> Iterator[Rows]:
    """The good rows of a file, a block at a time; the bad ones are added to `rejects`.

    Raises `DataError` for a file that has no puzzles by its name or columns.
    """
    if not path.is_file():
        raise DataError(f"{path}: no such file")
    ending = path.suffix.lower()
    if ending in (".parquet", ".pq"):
        yield from _blocks(path, _parquet(path), rejects, 1)
    elif ending in (".csv", ".tsv"):
        yield from _csv(path, rejects)
    else:
        yield from _records(path, rejects)


def _column(names: list[str], wanted: tuple[str, ...]) -> int | None:
    lower = [name.strip().strip('"').lower() for name in names]
    return next((lower.index(name) for name in wanted if name in lower), None)


def _csv(path: Path, rejects: Rejects) -> Iterator[Rows]:
    import pyarrow as pa
    from pyarrow import csv

    with path.open("rb") as file:
        start = file.read(1 << 16).removeprefix(b"\xef\xbb\xbf")
    lines = start.decode("latin-1").splitlines()
    if not lines:
        raise DataError(f"{path}: the file is empty")
    delimiter = max(",;\t", key=lines[0].count)
    names = lines[0].split(delimiter)
    header = _column(names, PUZZLE) is not None
    if not header:
        if not any(len(name.strip().strip('"')) == 81 for name in names):
            raise DataError(
                f"{path}, line 1: no column of puzzles; expected a header with one of "
                f"{', '.join(PUZZLE)}, or 81 characters a puzzle, got {lines[0][:60]!r}"
            )
        named = iter((PUZZLE[0], SOLUTION[0]))
        names = [
            next(named, f"other{i}") if len(name.strip().strip('"')) == 81 else f"other{i}"
            for i, name in enumerate(names)
        ]
    odd: list[int] = []

    def skip(row: Any) -> str:
        if row.text.strip():
            odd.append(row.number or 0)
            rejects.add(row.number or 0, "another number of columns")
        return "skip"

    wanted = [names[i] for i in (_column(names, k) for k in (PUZZLE, SOLUTION, RATING)) if i is not None]
    try:
        reader = csv.open_csv(
            path,
            csv.ReadOptions(
                use_threads=False,
                block_size=BLOCK,
                column_names=names,
                skip_rows=int(header),
                encoding="utf-8",
            ),
            csv.ParseOptions(delimiter=delimiter, invalid_row_handler=skip),
            csv.ConvertOptions(
                include_columns=wanted,
                column_types=dict.fromkeys(wanted, pa.binary()),
                check_utf8=False,
            ),
        )
        yield from _blocks(path, reader, rejects, 1 + int(header), odd)
    except pa.ArrowInvalid as error:
        raise DataError(f"{path}: not a readable CSV file: {error}") from None


def _parquet(path: Path) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path)
        names = file.schema_arrow.names
        found = [_column(names, kind) for kind in (PUZZLE, SOLUTION, RATING)]
        if found[0] is None:
            raise DataError(f"{path}: no column of puzzles among {', '.join(names)}")
        columns = [names[i] for i in found if i is not None]
        yield from file.iter_batches(batch_size=100_000, columns=columns)
    except pa.ArrowException as error:
        raise DataError(f"{path}: not a readable Parquet file: {error}") from None


def _blocks(
    path: Path, batches: Any, rejects: Rejects, first_line: int, odd: list[int] | None = None
) -> Iterator[Rows]:
    line = first_line
    for batch in batches:
        n = len(batch)
        # rows that the parser left out shift the lines of those after them
        lines = np.arange(line, line + n)
        while odd and n and odd[0] <= lines[-1]:
            lines[lines >= odd.pop(0)] += 1
        line = int(lines[-1]) + 1 if n else line
        names = batch.schema.names
        columns = [_column(names, kind) for kind in (PUZZLE, SOLUTION, RATING)]
        assert columns[0] is not None
        puzzle, length = _fixed(batch.column(columns[0]))
        if columns[1] is None:
            cells, why = pack_unsolved(puzzle, length)
        else:
            cells, why = pack(puzzle, length, *_fixed(batch.column(columns[1])))
        rating = np.full(n, -1, np.int32)
        if columns[2] is not None:
            rating = _numbers(batch.column(columns[2]))
        for row in np.nonzero(why)[0]:
            rejects.add(int(lines[row]), REASONS[why[row]])
        good = why == 0
        yield Rows(cells[good], rating[good])


def _fixed(column: Any) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """A column of strings as bytes [n, 81] (cut or filled with 0) and each one's length."""
    import pyarrow as pa

    if not pa.types.is_binary(column.type):
        column = column.cast(pa.string()).cast(pa.binary())
    _, offsets_buffer, data = column.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int32)[column.offset : column.offset + len(column) + 1]
    length = np.diff(offsets)
    raw = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    if len(length) and bool((length == 81).all()):
        return raw[offsets[0] : offsets[-1]].reshape(-1, 81), length
    out = np.zeros((len(length), 81), np.uint8)
    whole = np.nonzero(length == 81)[0]
    out[whole] = raw[offsets[whole][:, None] + np.arange(81)]
    return out, length


def _numbers(column: Any) -> NDArray[np.int32]:
    """Ratings as int32; -1 for what is no number."""
    import pyarrow as pa

    try:
        text = column.cast(pa.string()) if pa.types.is_binary(column.type) else column
        return np.asarray(text.cast(pa.float64()).fill_null(-1.0)).astype(np.int32)
    except pa.ArrowInvalid:
        values = [_number(item) for item in column.to_pylist()]
        return np.array(values, np.int32)


def _number(item: Any) -> int:
    try:
        return int(float(item))
    except (TypeError, ValueError):
        return -1


def _records(path: Path, rejects: Rejects) -> Iterator[Rows]:
    from solver.formats import FormatError, read

    records = read(path)
    try:
        while chunk := list(itertools.islice(records, 10_000)):
            text = np.array([r.givens.array() for r in chunk], np.uint8) + ord("0")
            cells, why = pack_unsolved(text, np.full(len(chunk), 81, np.int32))
            for row in np.nonzero(why)[0]:
                rejects.add(chunk[row].line, REASONS[why[row]])
            good = why == 0
            yield Rows(cells[good], np.full(int(good.sum()), -1, np.int32))
    except FormatError as error:
        raise DataError(str(error)) from None
