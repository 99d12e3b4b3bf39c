"""Files of millions as arrays: a batch of puzzles at a time, bad ones reported and skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt

from solver.formats import csv_table, lines, parquet
from solver.formats.cells import BAD, TABLE
from solver.formats.detect import detect
from solver.formats.errors import FormatError
from solver.formats.files import Readable, opened
from solver.formats.record import Record
from solver.formats.registry import FORMATS
from solver.formats.source import Line, Source

_TABLE: Final = np.frombuffer(TABLE, dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some puzzles of a file, in its order, and what could not be read among them."""

    cells: npt.NDArray[np.int8]
    """The givens, [n, 81], 0 for a blank; nothing says that they keep the rules."""
    lines: npt.NDArray[np.int64]
    """The line (or table row) of each, [n], from 1."""
    errors: tuple[FormatError, ...]
    """The puzzles that were skipped before the next batch, in the file's order."""


def read_batches(
    source: Readable, name: str | None = None, *, size: int = 4096, format: str | None = None
) -> Iterator[Batch]:
    """The givens of a file's puzzles, `size` at a time; the last batch may be smaller.

    What `read` reads, several times as fast for lists and tables; nothing but one batch is held
    in memory. Errors never raise here. Raises `OSError` where a file can't be opened.
    """
    with opened(source, name) as (stream, label):
        try:
            text = Source(stream, label)
            chosen = detect(text) if format is None else FORMATS[format]
            scan = _SCANS.get(chosen.read)
            slots = scan(text) if scan else _scan_records(chosen.read(text))
            guarded = _guarded(slots, label)
        except FormatError as error:
            guarded = iter([error.at(label)])
        while held := list(islice(guarded, size)):
            yield _batch(held)


Slot = tuple[int, str, Callable[[], Record | FormatError | None]]
"""A line's number, 81 characters that may be cells, and how to read the line with care."""


def _scan_lines(source: Source) -> Iterator[Slot | FormatError]:
    name = source.name
    for line in source:
        if len(line.text) == 81:
            yield line.number, line.text, partial(_one, line, name)
        elif isinstance(found := _one(line, name), Record):
            yield line.number, found.givens.line(), lambda: None
        elif found is not None:
            yield found


def _one(line: Line, name: str) -> Record | FormatError | None:
    return next(lines.records([line], name), None)


def _scan_csv(source: Source) -> Iterator[Slot | FormatError]:
    name = source.name
    for row in csv_table.rows(source):
        if isinstance(row, FormatError):
            yield row
        else:
            yield _slot(row.line.number, row, name)


def _scan_parquet(source: Source) -> Iterator[Slot | FormatError]:
    name = source.name
    for row in parquet.rows(source, puzzles_alone=True):
        if isinstance(row, FormatError):
            yield row
        else:
            yield _slot(row.number, row, name)


def _slot(number: int, row: csv_table.Row | parquet.Row, name: str) -> Slot | FormatError:
    puzzle = row.columns.puzzle
    field = row.fields[puzzle] if puzzle < len(row.fields) else ""
    text = field if len(field) == 81 else field.strip()
    if len(text) == 81:
        return number, text, partial(row.record, name)
    found = row.record(name)
    assert isinstance(found, FormatError)
    return found


def _scan_records(records: Iterator[Record | FormatError]) -> Iterator[Slot | FormatError]:
    for record in records:
        if isinstance(record, FormatError):
            yield record
        else:
            yield record.line, record.givens.line(), lambda: None


_SCANS: Final[dict[object, Callable[[Source], Iterator[Slot | FormatError]]]] = {
    lines.read: _scan_lines,
    csv_table.read: _scan_csv,
    parquet.read: _scan_parquet,
}


def _guarded(slots: Iterator[Slot | FormatError], name: str) -> Iterator[Slot | FormatError]:
    try:
        yield from slots
    except FormatError as error:
        yield error.at(name)


def _batch(held: list[Slot | FormatError]) -> Batch:
    slots = [slot for slot in held if not isinstance(slot, FormatError)]
    text = "".join(slot[1] for slot in slots).encode("latin-1", "replace")
    cells = _TABLE[np.frombuffer(text, dtype=np.uint8)].reshape(-1, 81)
    skipped = (cells == BAD).any(axis=1)
    for index in np.flatnonzero(~cells.any(axis=1)):
        skipped[index] = not slots[index][1].strip()
    errors = [item for item in held if isinstance(item, FormatError)]
    for index in np.flatnonzero(skipped):
        found = slots[index][2]()
        if isinstance(found, FormatError):
            errors.append(found)
        elif found is not None:  # a table's field of 81 spaces, unlike such a line, is a puzzle
            cells[index], skipped[index] = found.givens.cells, False
    errors.sort(key=lambda error: error.line or 0)
    numbers = np.array([slot[0] for slot in slots], dtype=np.int64)
    return Batch(cells[~skipped].astype(np.int8), numbers[~skipped], tuple(errors))
