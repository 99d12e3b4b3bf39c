"""A grid drawn as nine rows of nine cells: what `.sdk` and `.ss` share."""

from __future__ import annotations

from typing import Final

from solver.board.grid import Grid
from solver.board.words import plural
from solver.formats.cells import bad_place, cell_error, digits, other_row_size
from solver.formats.errors import FormatError
from solver.formats.source import Line

SEPARATORS: Final = str.maketrans("", "", " \t,;|\u00a0")
"""For `str.translate`: takes out what may stand between the cells of a row."""


def parse_row(line: Line) -> bytes:
    """The nine digits of one row, whatever separates its cells.

    Raises `FormatError` with the line and the column of what is no cell.
    """
    text = line.whole()
    packed = text.translate(SEPARATORS)
    cells = digits(packed)
    if cells is not None and len(cells) == 9:
        return cells
    if len(text) == 9 and (cells := digits(text)) is not None:
        return cells
    places = [place for place, character in enumerate(text, 1) if character.translate(SEPARATORS)]
    column = places[9] if len(places) > 9 else len(text.rstrip()) + 1
    if size := other_row_size(packed):
        found = f"a row of {len(packed)} cells, as of a {size} grid"
        raise FormatError(found, "a row of 9 cells of a 9x9 grid", line=line.number, column=column)
    if cells is None and (place := bad_place(packed)) is not None:
        error = cell_error(packed, place)
        error.column = places[place]
        raise error.at("", line.number)
    found = f"{plural(len(packed), 'cell')} in a row"
    raise FormatError(found, "9 cells", line=line.number, column=column)


class Rows:
    """Nine rows, gathered one by one."""

    def __init__(self) -> None:
        self._cells = b""
        self.first = 0
        """The line of the first row; 0 before it."""

    @property
    def count(self) -> int:
        """How many rows there are so far."""
        return len(self._cells) // 9

    def add(self, line: Line) -> None:
        """Take one more row; `FormatError` for a tenth."""
        cells = parse_row(line)
        if self.count == 9:
            raise FormatError("a tenth row", "one grid of 9 rows").at("", line.number)
        self.first = self.first or line.number
        self._cells += cells

    def grid(self, last: Line | None) -> Grid:
        """The grid, once all nine rows are there; `FormatError` before, at the `last` line."""
        if self.count == 9:
            return Grid(self._cells)
        raise end_error(self.count, last)


def end_error(rows: int, last: Line | None) -> FormatError:
    """The error for a file that ends too soon, behind its `last` line (None: it has none)."""
    found = f"the end after {plural(rows, 'row')}" if rows else "no row"
    line, column = (1, 1) if last is None else (last.number, len(last.text) + 1)
    return FormatError(found, "9 rows of 9 cells", line=line, column=column)
