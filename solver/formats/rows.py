"""A grid drawn as nine rows of nine cells: what `.sdk` and `.ss` share."""

from __future__ import annotations

from typing import Final

from solver.formats.cells import bad_place, cell_error, digits, other_row_size
from solver.formats.errors import FormatError
from solver.formats.source import Line
from solver.grid import Grid

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
    raise FormatError(f"{len(packed)} cells in a row", "9 cells", line=line.number, column=column)


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
            raise FormatError("a tenth row", "one grid of 9 rows", line=line.number)
        self.first = self.first or line.number
        self._cells += cells

    def grid(self, last_line: int) -> Grid:
        """The grid, once all nine rows are there; `FormatError` before."""
        if self.count == 9:
            return Grid(self._cells)
        if self.count == 0:
            raise FormatError("no row", "9 rows of 9 cells")
        raise FormatError(f"the end after {self.count} rows", "9 rows of 9 cells", line=last_line)
