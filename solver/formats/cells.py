"""Cells as characters: what every text format shares."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from string import ascii_uppercase
from string import digits as ascii_digits
from typing import Final

from solver.board.grid import BLANKS, BOX_OF, COLUMN_OF, ROW_OF, Grid
from solver.board.words import plural
from solver.formats.errors import FormatError, shown

CELL_EXPECTED: Final = "a digit 1-9 or a blank (0 . X * _ -)"

BAD: Final = 255
TABLE: Final = bytes(
    0 if chr(code) in BLANKS else code - 48 if 49 <= code <= 57 else BAD for code in range(256)
)
_SIDES: Final = (4, 6, 12, 16, 25)


def digits(text: str) -> bytes | None:
    """The digits of `text`, 0 for a blank; None where a character is no cell."""
    cells = text.encode("latin-1", "replace").translate(TABLE)
    return None if BAD in cells else cells


def bad_place(text: str) -> int | None:
    """The index of the first character of `text` that is no cell."""
    place = text.encode("latin-1", "replace").translate(TABLE).find(BAD)
    return None if place < 0 else place


def cell_error(text: str, place: int, first_column: int = 1) -> FormatError:
    """The error for the character of `text` at index `place`."""
    return FormatError(shown(text[place]), CELL_EXPECTED, column=first_column + place)


def other_size(text: str) -> str | None:
    """ "16x16" where `text` is a whole grid of that size, and so on; None for any other text."""
    for side in _SIDES:
        if side * side == len(text) and _cells_of(side).fullmatch(text):
            return f"{side}x{side}"
    return None


def whole_size(rows: Sequence[str]) -> str | None:
    """ "16x16" where `rows` are the rows of a whole grid of that size, and so on; else None."""
    return other_size("".join(rows)) if all(len(row) == len(rows) for row in rows) else None


def row_size(text: str) -> int | None:
    """The size of the larger grid that `text` may be a row of; None for any other text."""
    return next((n for n in _SIDES if 9 < n == len(text) and _cells_of(n).fullmatch(text)), None)


@cache
def _cells_of(side: int) -> re.Pattern[str]:
    """A grid of `side` rows: its digits and letters, a point or a zero for a blank."""
    digits = ascii_digits[: side + 1]
    letters = ascii_uppercase[: max(0, side - 9)]
    return re.compile(f"(?=.*[0-9.])[{digits}{letters}{letters.lower()}._-]+")


def meant_as_grid(text: str) -> bool:
    """Whether `text` is a grid that someone wrote, right or wrong, rather than a word or a path."""
    good = sum(digits(character) is not None for character in text)
    return len(text) >= 20 and len(text) - good <= 3


def count_error(text: str, first_column: int | None = 1) -> FormatError:
    """The error for a grid that is not 81 cells long, at its end or at the 82nd cell."""
    size = other_size(text)
    found = f"a {size} grid ({len(text)} cells)" if size else plural(len(text), "cell")
    column = None if first_column is None else first_column + min(len(text), 81)
    return FormatError(found, "a 9x9 grid (81 cells)", column=column)


def check_rules(grid: Grid) -> None:
    """Raise `FormatError` where a digit stands twice in a unit."""
    rows, columns, boxes = [0] * 9, [0] * 9, [0] * 9
    for cell, digit in enumerate(grid.cells):
        if digit:
            bit = 1 << digit
            row, column, box = ROW_OF[cell], COLUMN_OF[cell], BOX_OF[cell]
            if (rows[row] | columns[column] | boxes[box]) & bit:
                raise FormatError(
                    f"a wrong grid: {grid.violations()[0]}", "each digit once in a unit"
                )
            rows[row] |= bit
            columns[column] |= bit
            boxes[box] |= bit
