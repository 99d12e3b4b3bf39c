"""Which board fits a window, and what stands beside it. No widget is needed to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SIDE: Final = 20
"""The least width of the panel beside the board."""
WIDEST: Final = 60
"""The greatest."""
BARS: Final = 2
"""Lines for the title and the footer."""


@dataclass(frozen=True)
class Size:
    """A cell's width and height in characters, and whether rules part the rows within a box."""

    width: int
    height: int
    ruled: bool = True

    @property
    def total(self) -> tuple[int, int]:
        """Width and height of the board, without the rows' numbers."""
        high = 9 * (self.height + 1) + 1 if self.ruled else 9 * self.height + 4
        return 9 * (self.width + 1) + 1, high

    def top(self, row: int) -> int:
        """The line above a row of cells: a rule, or the last line of the row before."""
        return row * (self.height + 1) if self.ruled else row * self.height + row // 3

    def row_at(self, y: int) -> tuple[int, int]:
        """The row of cells that a line belongs to and the place in it, from 0; -1 is a rule."""
        if self.ruled:
            row, inner = divmod(y, self.height + 1)
            return row, inner - 1
        band, inner = divmod(y, 3 * self.height + 1)
        if inner == 0:
            return band * 3, -1
        row, place = divmod(inner - 1, self.height)
        return band * 3 + row, place


GIANT: Final = Size(11, 5)
LARGE: Final = Size(7, 3)
MIDDLE: Final = Size(5, 3)
COMPACT: Final = Size(5, 2, ruled=False)
SMALL: Final = Size(3, 1)
DENSE: Final = Size(3, 1, ruled=False)
SIZES: Final = (GIANT, LARGE, MIDDLE, COMPACT, SMALL, DENSE)


@dataclass(frozen=True)
class Plan:
    """How a window is divided: the size of the cells, and the width of the panel beside the board
    (0: there is none, and what there is to say stands in `below` lines under the board)."""

    size: Size
    side: int = 0
    below: int = 0


def plan(width: int, height: int) -> Plan | None:
    """The best division of a window; None where no board fits."""
    for size in SIZES:
        board, high = size.total
        if high + BARS <= height and board + 1 + 2 + SIDE <= width:
            return Plan(size, min(WIDEST, width - board - 3))
    for size in SIZES:
        board, high = size.total
        if high + BARS + 1 <= height and board + 1 <= width:
            return Plan(size, below=height - high - BARS)
    return None


def cell_at(x: int, y: int, size: Size) -> int | None:
    """The cell at a place on the board; on a rule, the one after it; None outside."""
    width, height = size.total
    if not (0 <= x < width - 1 and 0 <= y < height - 1):
        return None
    return size.row_at(y)[0] * 9 + x // (size.width + 1)


def too_small(width: int, height: int) -> str:
    """What to say in a window that shows no board."""
    wide, high = DENSE.total
    return (
        f"{width}×{height} is too small for the board.\n"
        f"It needs {wide + 1}×{high + BARS + 1}; 80×24 shows all.\n"
        "Enlarge the window or shrink its\ntype. Your game is kept."
    )
