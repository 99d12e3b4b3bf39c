"""Files of puzzles -> packed rows: CSV in every dialect, Parquet, and what `solver.formats` reads.

A packed cell is one byte: the solution's digit, plus 16 where it is given. A row is 81 of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from solver.formats.csv_table import DELIMITERS
from solver.formats.table import PUZZLE, Columns
from training.data.pack import REASONS, pack, pack_unsolved, refuse_ambiguous

if TYPE_CHECKING:
    import pyarrow as pa

GIVEN = 16
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
    solution: NDArray[np.uint8] = cells & np.uint8(15)
    puzzle: NDArray[np.uint8] = np.where(cells & GIVEN, solution, np.uint8(0))
    return puzzle, solution


def read_rows(path: Path, rejects: Rejects) -> Iterator[Rows]:
    """The good rows of a file, a block at a time; the bad ones are added to `rejects`.

    Raises `DataError` for a file that has no puzzles by its name or columns.
    """
    if not path.is_file():
        raise DataError(f"{path}: no such file")
    ending = path.suffix.lower()
    if ending in (".parquet", ".pq"):
        yield from _blocks(_parquet(path), rejects, 1)
    elif ending in (".csv", ".tsv"):
        yield from _csv(path, rejects)
    else:
        yield from _lists(path, rejects)


def _layout(names: list[str], first: list[str]) -> tuple[Columns, int]:
    """Which column holds what, and how many lines the header takes.

    Raises `DataError` where neither names nor the first row's fields show a puzzle.
    """
    columns = Columns.named(names)
    if columns is not None:
        return columns, 1
    for row, header in ((names, 0), (first, 1)):
        columns = Columns.seen(None, row)
        if columns is not None:
            return columns, header
    raise DataError(
        f"no column of puzzles; expected a header with one of {', '.join(sorted(PUZZLE))}, "
        f"or 81 characters a puzzle, got {','.join(names)[:60]!r}"
    )


def _rating_column(names: list[str]) -> str | None:
    return next((name for name in names if name.strip().lower() == "rating"), None)


def _csv(path: Path, rejects: Rejects) -> Iterator[Rows]:
    import pyarrow as pa
    from pyarrow import csv

    with path.open("rb") as file:
        start = file.read(1 << 16).removeprefix(b"\xef\xbb\xbf")
    lines = start.decode("latin-1").splitlines()
    if not lines:
        raise DataError(f"{path}: the file is empty")
    delimiter = max(DELIMITERS, key=lines[0].count)
    top = [[field.strip('"') for field in line.split(delimiter)] for line in [*lines[:2], ""]]
    try:
        columns, header = _layout(top[0], top[1])
    except DataError as error:
        raise DataError(f"{path}, line 1: {error}") from None
    names = [f"field{i}" for i in range(len(top[0]))]
    rating = _rating_column(top[0]) if header else None
    wanted = {"puzzle": columns.puzzle, "solution": columns.solution}
    wanted["rating"] = top[0].index(rating) if rating is not None else -1
    for name, index in wanted.items():
        if index >= 0:
            names[index] = name
    odd: list[int] = []

    def skip(row: Any) -> str:
        if row.text.strip():
            rejects.add(row.number, "another number of columns")
        odd.append(row.number)
        return "skip"

    try:
        reader = csv.open_csv(
            path,
            csv.ReadOptions(
                use_threads=False, block_size=BLOCK, column_names=names, skip_rows=header
            ),
            csv.ParseOptions(
                # blank lines come as empty rows, so that the others keep their lines
                delimiter=delimiter,
                invalid_row_handler=skip,
                ignore_empty_lines=False,
            ),
            csv.ConvertOptions(
                include_columns=[name for name, index in wanted.items() if index >= 0],
                column_types={name: pa.binary() for name in wanted},
                check_utf8=False,
            ),
        )
        yield from _blocks(reader, rejects, 1 + header, odd)
    except pa.ArrowInvalid as error:
        raise DataError(f"{path}: not a readable CSV file: {error}") from None


def _parquet(path: Path) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path)
        names = file.schema_arrow.names
        columns, rating = Columns.named(names), _rating_column(names)
        if columns is None:
            raise DataError(f"{path}: no column of puzzles among {', '.join(names)}")
        found = {"puzzle": names[columns.puzzle]}
        if columns.solution >= 0:
            found["solution"] = names[columns.solution]
        if rating is not None:
            found["rating"] = rating
        for batch in file.iter_batches(batch_size=100_000, columns=list(found.values())):
            yield pa.record_batch([batch[name] for name in found.values()], names=list(found))
    except pa.ArrowException as error:
        raise DataError(f"{path}: not a readable Parquet file: {error}") from None


def _blocks(
    batches: Any, rejects: Rejects, first_line: int, odd: list[int] | None = None
) -> Iterator[Rows]:
    line = first_line
    for batch in batches:
        n = len(batch)
        # rows that the parser left out shift the lines of those after them
        lines = np.arange(line, line + n)
        while odd and n and odd[0] <= lines[-1]:
            lines[lines >= odd.pop(0)] += 1
        line = int(lines[-1]) + 1 if n else line
        puzzle, length = _fixed(batch["puzzle"])
        rest = np.zeros_like(length)
        if "solution" in batch.schema.names:
            solution, rest = _fixed(batch["solution"])
            cells, why = pack(puzzle, length, solution, rest)
            refuse_ambiguous(cells, why)
        else:
            cells, why = pack_unsolved(puzzle, length)
        rating = np.full(n, -1, np.int32)
        if "rating" in batch.schema.names:
            rating = _numbers(batch["rating"])
        there = (length > 0) | (rest > 0)
        for row in np.nonzero(there & (why > 0))[0]:
            rejects.add(int(lines[row]), REASONS[why[row]])
        good = there & (why == 0)
        yield Rows(cells[good], rating[good])


def _fixed(column: Any) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """A column of strings as bytes [n, 81] (cut or filled with 0) and each one's length."""
    import pyarrow as pa

    if not pa.types.is_binary(column.type):
        try:
            column = column.cast(pa.string()).cast(pa.binary())
        except pa.ArrowException:
            raise DataError(f"puzzles must be text of 81 characters, not {column.type}") from None
    _, offsets_buffer, data = column.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int32)[
        column.offset : column.offset + len(column) + 1
    ]
    length = np.diff(offsets)
    raw = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    if len(length) and bool((length == 81).all()):
        return raw[offsets[0] : offsets[-1]].reshape(-1, 81), length
    out = np.zeros((len(length), 81), np.uint8)
    whole = np.nonzero(length == 81)[0]
    out[whole] = raw[offsets[whole][:, None] + np.arange(81)]
    return out, length


HIGHEST = 2**31 - 1
"""The highest rating that is kept."""


def _numbers(column: Any) -> NDArray[np.int32]:
    """Ratings as int32; -1 for what is no number."""
    import pyarrow as pa

    try:
        text = column.cast(pa.string()) if pa.types.is_binary(column.type) else column
        values = np.asarray(text.cast(pa.float64()).fill_null(-1.0))
        return np.where(np.isfinite(values), values, -1).clip(-1, HIGHEST).astype(np.int32)
    except pa.ArrowInvalid:
        return np.array([_number(item) for item in column.to_pylist()], np.int32)


def _number(item: Any) -> int:
    try:
        return int(min(max(float(item), -1), HIGHEST))
    except (TypeError, ValueError):
        return -1


def _lists(path: Path, rejects: Rejects) -> Iterator[Rows]:
    from solver.formats.batches import read_batches

    for batch in read_batches(path, size=10_000):
        for error in batch.errors:
            rejects.add(error.line or 0, f"{error.found}, expected {error.expected}")
        text = batch.cells.astype(np.uint8) + np.uint8(ord("0"))
        cells, why = pack_unsolved(text, np.full(len(text), 81, np.int32))
        for row in np.nonzero(why)[0]:
            rejects.add(int(batch.lines[row]), REASONS[why[row]])
        good = why == 0
        yield Rows(cells[good], np.full(int(good.sum()), -1, np.int32))
