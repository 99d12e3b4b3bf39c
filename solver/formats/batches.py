"""Large files as arrays, a batch of puzzles at a time; bad ones are reported and skipped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt

from solver.formats import csv_table, lines, parquet, scan
from solver.formats.chunk import Chunk, Texts, further, of_items
from solver.formats.detect import detect
from solver.formats.errors import FormatError
from solver.formats.files import Readable, opened
from solver.formats.record import Record
from solver.formats.registry import FORMATS
from solver.formats.scan import Layout
from solver.formats.source import Line, Source

_GATHERED: Final = 1024
_FIRST: Final = 1000
"""Puzzles of a file that is no table in which its columns are looked for."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some puzzles of a file, in its order, and what could not be read among them."""

    cells: npt.NDArray[np.int8]
    """The givens, [n, 81], 0 for a blank; nothing says that they keep the rules."""
    lines: npt.NDArray[np.int64]
    """The line (or table row) of each, [n], from 1."""
    errors: tuple[FormatError, ...]
    """The puzzles that were skipped before the next batch, in the file's order."""
    solutions: npt.NDArray[np.int8] | None = None
    """The solutions that the file gives, [n, 81], all 0 where it gives none; if asked for.

    Nothing says that they are right."""
    played: Mapping[int, Record] = field(default_factory=dict)
    """The puzzles that come with play or candidates, by their row."""
    texts: Mapping[str, Texts] = field(default_factory=dict)
    """Name -> the text of each further column that was asked for, [n]."""
    unasked: frozenset[str] = frozenset()
    """The names of what else the puzzles come with."""

    def numbers(self, name: str) -> npt.NDArray[np.int32]:
        """A further column as whole numbers, [n]; -1 where it holds no number."""
        texts = self.texts[name]
        try:
            found = np.where(texts == "", "-1", texts).astype("S").astype(np.float64)
        except ValueError:
            found = np.array([_number(text) for text in texts], np.float64)
        fits = np.isfinite(found) & (np.abs(found) < 2**31)
        return np.where(fits, found, -1).astype(np.int32)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return -1.0


def read_batches(
    source: Readable,
    name: str | None = None,
    *,
    size: int = 4096,
    format: str | None = None,
    solutions: bool = False,
    columns: Sequence[str] = (),
) -> Iterator[Batch]:
    """The givens of a file's puzzles, `size` at a time; the last batch may be smaller.

    What `read` reads, many times as fast for lists and tables; nothing but some megabytes are
    held in memory. With `solutions`, the solutions that the file gives, and a puzzle whose
    solution is no grid is an error. `columns` names what else is wanted, as `further_columns` gives
    it. Errors never raise here. Raises `OSError` where a file can't be opened.
    """
    wanted = tuple(columns)
    with opened(source, name) as (stream, label):
        chunks = _chunks(stream, label, format, wanted, solutions)
        for chunk in _resized(chunks, size):
            yield Batch(
                chunk.cells.view(np.int8),
                chunk.lines,
                tuple(error for _, error in chunk.errors),
                chunk.solutions.view(np.int8) if solutions else None,
                chunk.played,
                chunk.texts,
                chunk.unasked,
            )


def further_columns(source: Readable, name: str | None = None) -> tuple[str, ...]:
    """The names of all columns of a table but the puzzle's.

    Of a file that is no table, of what its first puzzles come with; nothing of a file that can't
    be read. Raises `OSError` where it can't be opened.
    """
    with opened(source, name) as (stream, label):
        try:
            return _further(Source(stream, label))
        except FormatError:
            return ()


def _further(source: Source) -> tuple[str, ...]:
    read = detect(source).read
    table = None
    if read is parquet.read:
        rows = (row for row in parquet.rows(source) if isinstance(row, parquet.Row))
        table = next((row.columns for row in rows), None)
    elif read is csv_table.read:
        layout = _csv_layout(source, (), solved=False)
        table = None if layout is None else layout.table
    if table is not None:
        return tuple(name for _, name in table.with_answers_as_texts().others)
    records = (item for item in read(source) if isinstance(item, Record))
    names = (name for record in islice(records, _FIRST) for name in further(record))
    return tuple(dict.fromkeys(names))


def _chunks(
    stream: BinaryIO, label: str, format: str | None, columns: tuple[str, ...], solved: bool
) -> Iterator[Chunk]:
    try:
        source = Source(stream, label)
        chosen = detect(source) if format is None else FORMATS[format]
        if chosen.read is parquet.read:
            yield from parquet.chunks(source, columns, solved)
            return
        layout = None
        read = chosen.read
        if chosen.read is lines.read:
            layout = Layout(lambda line: next(lines.records([line], label), None))
        elif chosen.read is csv_table.read:
            layout = _csv_layout(source, columns, solved)
            read = partial(_csv_rows, layout=layout, solved=solved)
        rest: Source | None = source
        if layout is not None:
            rest = None
            for found in scan.chunks(source, layout, columns, solved):
                if isinstance(found, Source):
                    rest = found
                else:
                    yield found
        if rest is not None:
            yield from _gathered(read(rest), label, columns, solved)
    except FormatError as error:
        yield of_items([error.at(label)], columns, solved)


def _csv_layout(source: Source, columns: tuple[str, ...], solved: bool) -> Layout | None:
    """Where the columns are, by the first lines; None where these have no row, or errors."""
    name = source.name
    first = next(csv_table.rows(iter(source.peek(scan.AHEAD)), name), None)
    if not isinstance(first, csv_table.Row):
        return None
    known = first.columns if solved else first.columns.with_answers_as_texts()

    def careful(line: Line) -> Record | FormatError | None:
        row = next(csv_table.rows(iter([line]), name, known, first.delimiter), None)
        return row.record(name) if isinstance(row, csv_table.Row) else row

    return Layout(
        careful,
        known.puzzle,
        known.solution,
        {column: known.index(column) for column in columns},
        first.delimiter,
        first.line.number,
        known,
    )


def _csv_rows(
    source: Source, layout: Layout | None, solved: bool
) -> Iterator[Record | FormatError]:
    """The rows of the source, all of a table whose layout is known, or with its header."""
    known = (layout.table, layout.delimiter) if layout and source.before else (None, "")
    for row in csv_table.rows(source, source.name, *known):
        if isinstance(row, csv_table.Row) and not solved:
            row = row._replace(columns=row.columns.with_answers_as_texts())
        yield row if isinstance(row, FormatError) else row.record(source.name)


def _gathered(
    items: Iterator[Record | FormatError], label: str, columns: tuple[str, ...], solved: bool
) -> Iterator[Chunk]:
    def guarded() -> Iterator[Record | FormatError]:
        try:
            yield from items
        except FormatError as error:
            yield error.at(label)

    safe = guarded()
    while held := list(islice(safe, _GATHERED)):
        yield of_items(held, columns, solved)


def _resized(chunks: Iterator[Chunk], size: int) -> Iterator[Chunk]:
    """The same items, `size` to a chunk."""
    held: list[Chunk] = []
    count = 0
    for chunk in chunks:
        start = 0
        while chunk.items - start >= (missing := size - count):
            yield Chunk.joined([*held, chunk.part(start, start + missing)])
            held, count, start = [], 0, start + missing
        if start < chunk.items:
            held.append(chunk.part(start, chunk.items))
            count += held[-1].items
    if held:
        yield Chunk.joined(held)
