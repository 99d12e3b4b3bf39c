"""Lists and tables of millions of lines, split by NumPy; unusual lines go to the careful reader.

The usual line of a list is 81 cells; that of a table has its grids in fields of 81 cells, every
field quoted or none. From a line with an open quote on, the careful reader reads everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from solver.board.words import as_written
from solver.formats.cells import BAD, TABLE
from solver.formats.chunk import Bytes, Chunk, Places, Texts, column, settled
from solver.formats.errors import FormatError
from solver.formats.record import Record
from solver.formats.source import BOM, LONGEST_LINE, Line, Rest, Source, decoded
from solver.formats.table import Columns

BLOCK: Final = 1 << 22
_TABLE: Final = np.frombuffer(TABLE, dtype=np.uint8)
AHEAD: Final = 40
"""Lines in which a table must show its columns."""
_NEWLINE, _RETURN, _QUOTE, _SPACE = b'\n\r" '


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the lines of a file hold what, and how a line is read with care."""

    careful: Callable[[Line], Record | FormatError | None]
    puzzle: int = 0
    solution: int = -1
    columns: Mapping[str, int] | None = None
    """Name -> index of each further column; -1: absent."""
    delimiter: str = ""
    first: int = 1
    """The line that the first row is on."""
    table: Columns | None = None
    """The columns of the table, where it is one."""


def chunks(
    source: Source, layout: Layout, columns: tuple[str, ...], solved: bool
) -> Iterator[Chunk | Source]:
    """The chunks of a file; last, the source of what only the careful reader can read, if any.

    `source` was only looked ahead in.
    """
    seen = source.seen()
    if seen is None:
        yield source
        return
    rest = Rest(seen.removeprefix(BOM), source.stream)
    number = 0
    for block in _blocks(rest):
        lines = _Lines(block, layout, source.name)
        if lines.good < len(lines.stops):
            careful = block[lines.starts[lines.good] :] if lines.good else block
            rest.before = careful + rest.before
        if lines.good:
            yield lines.chunk(number, columns, solved)
            number += lines.good
        if lines.good < len(lines.stops):
            break
    if rest.before:
        yield Source(rest, source.name, number)  # type: ignore[arg-type]


def _blocks(rest: Rest) -> Iterator[bytes]:
    """Whole lines, about `BLOCK` bytes at a time; the last line may lack its end.

    What has no line's end in a whole block is left in `before`.
    """
    read = getattr(rest.stream, "read1", rest.stream.read)
    held, rest.before = rest.before, b""
    while True:
        end = held.rfind(b"\n") + 1
        if end:
            block, held = held[:end], held[end:]
            rest.before = held
            yield block
            held = rest.before
        elif len(held) > LONGEST_LINE:
            rest.before = held
            return
        piece = read(BLOCK)
        if not piece:
            break
        held += piece
    rest.before = b""
    if held:
        yield held


class _Lines:
    """The lines of a block, and the fields in them."""

    def __init__(self, block: bytes, layout: Layout, name: str) -> None:
        self.block = block
        self.layout = layout
        self.name = name
        data = self.data = np.frombuffer(block, np.uint8)
        ends = np.flatnonzero(data == _NEWLINE)
        if not block.endswith(b"\n"):
            ends = np.append(ends, len(data))
        self.starts = np.concatenate([[0], ends[:-1] + 1])
        self.stops = ends - ((ends > self.starts) & (data[ends - 1] == _RETURN))
        self.quotes = _count(np.flatnonzero(data == _QUOTE), self.starts, ends)
        self.good = self._until(ends)

    def _until(self, ends: Places) -> int:
        """How many lines there are before one that is not a line of its own."""
        odd = (self.quotes % 2 > 0) | (ends - self.starts >= LONGEST_LINE - 3)
        returns = np.flatnonzero(self.data == _RETURN)
        inner = returns[~np.isin(returns, self.stops)]
        places = [*np.flatnonzero(odd)[:1], *(np.searchsorted(ends, inner[:1]))]
        return int(min(places, default=len(ends)))

    def chunk(self, before: int, columns: tuple[str, ...], solved: bool) -> Chunk:
        """The items of the good lines, the first of which has the number `before` + 1."""
        layout = self.layout
        skipped = min(max(layout.first - 1 - before, 0), self.good)
        rows = slice(skipped, self.good)
        self.starts, self.stops, self.quotes = (
            self.starts[rows], self.stops[rows], self.quotes[rows],
        )  # fmt: skip
        numbers = np.arange(before + skipped, before + self.good) + 1
        marks = np.flatnonzero(self.data == ord(layout.delimiter)) if layout.delimiter else None
        fields = _Fields(self, marks)
        cells, plain = fields.grids(layout.puzzle)
        solutions = np.zeros_like(cells)
        if solved and layout.solution >= 0:
            solutions, whole = fields.grids(layout.solution, optional=True)
            plain &= whole
        if layout.table is not None and layout.table.state >= 0:
            begin, end, told = fields.bounds(layout.table.state)
            plain &= ~told | (end <= begin)
        texts = {}
        for key in columns:
            index = (layout.columns or {}).get(key, -1)
            texts[key] = fields.texts(index)
        odd = {
            row: self._careful(row, int(numbers[row])) for row in np.flatnonzero(~plain).tolist()
        }
        names = () if layout.table is None else (name for _, name in layout.table.others)
        return settled(numbers, cells, solutions, texts, odd, names)

    def _careful(self, row: int, number: int) -> Record | FormatError | None:
        text = decoded(self.block[self.starts[row] : self.stops[row]])
        item = self.layout.careful(Line(number, text)) if text.strip() else None
        return item.at(self.name, number) if isinstance(item, FormatError) else item


def cells_of(data: Bytes, begin: npt.NDArray[Any]) -> tuple[Bytes, npt.NDArray[np.bool_]]:
    """The digits of the 81 characters from each place on, [n, 81], and which are plainly cells.

    81 spaces are not; a row that is not plain is all 0.
    """
    if not len(begin):
        return np.zeros((0, 81), np.uint8), np.zeros(0, bool)
    raw = sliding_window_view(data, 81)[begin]
    found = _TABLE[raw]
    most = found.max(axis=1)
    bad = most == BAD
    empty = np.flatnonzero(most == 0)
    bad[empty] = (raw[empty] == _SPACE).all(axis=1)
    found[bad] = 0
    return found, ~bad


class _Fields:
    """The fields of the lines: where each begins and ends."""

    def __init__(self, lines: _Lines, marks: Places | None) -> None:
        self.data, self.block = lines.data, lines.block
        self.starts, self.stops = lines.starts, lines.stops
        self.marks = marks
        self.plain = lines.quotes == 0
        self.first = self.count = np.zeros(len(self.starts), np.int64)
        if marks is not None:
            self.first = np.searchsorted(marks, self.starts)
            self.count = np.searchsorted(marks, self.stops) - self.first
        self.quoted = self._quoted(lines.quotes)

    def _quoted(self, quotes: Places) -> npt.NDArray[np.bool_]:
        """Which lines have every field in quotes, and no other quote or delimiter."""
        data = self.data
        found: npt.NDArray[np.bool_] = quotes == 2 * (self.count + 1)
        if not found.any():
            return found
        ends = np.maximum(self.stops - 1, self.starts)
        last = len(data) - 1
        found &= data[np.minimum(self.starts, last)] == _QUOTE
        found &= data[np.minimum(ends, last)] == _QUOTE
        if self.marks is not None and len(self.marks):
            inner = (data[self.marks - 1] == _QUOTE) & (
                data[np.minimum(self.marks + 1, last)] == _QUOTE
            )
            total = np.concatenate([[0], np.cumsum(inner)])
            found &= total[self.first + self.count] - total[self.first] == self.count
        return found

    def bounds(self, index: int) -> tuple[Places, Places, npt.NDArray[np.bool_]]:
        """Where the field begins and ends in each line, without quotes, and where that is sure."""
        begin, end = self.starts, self.stops
        told = (self.plain | self.quoted) & (self.count >= index)
        if self.marks is not None and len(self.marks):
            places = np.append(self.marks, 0)
            last = len(self.marks)
            if index:
                begin = np.where(told, places[np.minimum(self.first + index - 1, last)] + 1, begin)
            more = told & (self.count > index)
            end = np.where(more, places[np.minimum(self.first + index, last)], end)
        return begin + self.quoted, end - self.quoted, told

    def grids(self, index: int, *, optional: bool = False) -> tuple[Bytes, npt.NDArray[np.bool_]]:
        """The digits of the field in each line, [n, 81], and in which lines they are plain.

        With `optional`, a field without text, or that is not there, is plain, all 0.
        """
        begin, end, told = self.bounds(index)
        good = told & (end - begin == 81)
        cells = np.zeros((len(begin), 81), np.uint8)
        rows = np.flatnonzero(good)
        cells[rows], good[rows] = cells_of(self.data, begin[rows])
        if optional:
            good |= (told & (end <= begin)) | ((self.plain | self.quoted) & (self.count < index))
        return cells, good

    def texts(self, index: int) -> Texts:
        """The text of the field in each line; nothing where it is absent."""
        if index < 0:
            return column([""] * len(self.starts))
        begin, end, told = self.bounds(index)
        spans = zip(begin.tolist(), end.tolist(), told.tolist(), strict=True)
        return column(as_written(decoded(self.block[a:b])) if of else "" for a, b, of in spans)


def _count(marks: Places, starts: Places, ends: Places) -> Places:
    """How many marks are in each line."""
    return np.searchsorted(marks, ends) - np.searchsorted(marks, starts)
