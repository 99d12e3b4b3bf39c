"""Where a solve starts: the givens, with the play and the candidates of a file.

Play and candidates are used as far as they are right: only a solution that they allow counts,
and the steps begin where they stand. What can't be right is named and left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from solver import exact
from solver.board.grid import Grid, cell_name
from solver.formats.record import Pencil, Record

ANY: Final = 0x3FE
"""The mask of a cell that may hold any digit."""
SHOWN: Final = 5
"""Faults that a sentence names before it counts the rest."""


@dataclass(frozen=True)
class Start:
    """The grid that a solve starts from, `grid`, and its candidates (None: all the rules leave).

    `givens` are the puzzle's own. `fault` says what else a file holds that can't be right, and so
    isn't in `grid` and `marks`.
    """

    givens: Grid
    grid: Grid
    marks: Pencil | None = None
    fault: str = ""

    @property
    def plain(self) -> bool:
        """Whether there is nothing but the givens."""
        return self.marks is None and self.grid == self.givens

    @property
    def played(self) -> tuple[int, ...]:
        """The cells that hold a digit that isn't given."""
        return tuple(cell for cell in range(81) if self.grid[cell] and not self.givens[cell])

    @cached_property
    def masks(self) -> tuple[int, ...]:
        """What each cell may hold, bit d for digit d: 81 masks."""
        if self.marks is None:
            return (ANY,) * 81
        return tuple(
            ANY if digit else sum(1 << each for each in mark)
            for digit, mark in zip(self.grid, self.marks, strict=True)
        )


def starts_of(records: Sequence[Record]) -> list[Start]:
    """The starts of records, whose play and candidates are held against the givens."""
    starts = [Start(record.givens, record.grid, record.pencil) for record in records]
    more = [row for row, start in enumerate(starts) if not start.plain]
    if more:
        some = [starts[row] for row in more]
        counts = exact.solve_many([it.grid.cells for it in some], within=masks_of(some))[1]
        for row, count in zip(more, counts.tolist(), strict=True):
            if count == 0:
                starts[row] = _as_far_as_right(starts[row])
    return starts


def masks_of(starts: Sequence[Start]) -> npt.NDArray[np.int64] | None:
    """The masks of some starts, [n, 81]; None where no candidates restrict any of them."""
    if all(start.marks is None for start in starts):
        return None
    return np.array([start.masks for start in starts], np.int64)


def allowed(grids: npt.ArrayLike, masks: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Whether the digits of each full grid, [n, 81], are among the masks [n, 81]: bool [n]."""
    held = np.asarray(masks, np.int64) >> np.asarray(grids, np.int64) & 1
    whole: npt.NDArray[np.bool_] = (held == 1).all(1)
    return whole


def _as_far_as_right(start: Start) -> Start:
    """A start that allows no solution of the givens, without what is wrong in it."""
    solutions = exact.solutions(start.givens.cells, 2)
    if len(solutions) == 1:
        return _against(start, Grid(solutions[0]))
    fault = ""
    if len(solutions):
        culprits = _conflict(start)
        leave = "leaves" if len(culprits) == 1 else "leave"
        fault = f"{_named(culprits)} {leave} no solution; the givens alone are used"
    return Start(start.givens, start.givens, None, fault)


def _against(start: Start, answer: Grid) -> Start:
    """The start as far as it agrees with the one solution of the givens."""
    digits, marks = list(start.grid), list(start.marks or ())
    wrong, missing = [], []
    for cell, right in enumerate(answer):
        if digits[cell] not in (0, right):
            wrong.append(f"{digits[cell]} at {cell_name(cell)}")
            digits[cell] = 0
            if marks:
                marks[cell] = frozenset(range(1, 10))
        elif marks and not digits[cell] and right not in marks[cell]:
            missing.append(f"{right} at {cell_name(cell)}")
            marks[cell] |= {right}
    told = []
    if wrong:
        told.append(f"{_named(wrong)} {'is' if len(wrong) == 1 else 'are'} wrong and left out")
    if missing:
        one = len(missing) == 1
        told.append(
            f"{'candidate' if one else 'candidates'} {_named(missing)} {'is' if one else 'are'} "
            "missing and put back"
        )
    return Start(start.givens, Grid(digits), tuple(marks) if marks else None, "; ".join(told))


def _conflict(start: Start) -> list[str]:
    """Digits played and candidates that leave no solution, and each of them needed for that."""
    digits, masks = list(start.grid), list(start.masks)
    blank = [cell for cell in range(81) if not start.givens[cell]]
    culprits = []
    for cell in sorted(blank, key=lambda cell: digits[cell] > 0):
        digit, mask = digits[cell], masks[cell]
        digits[cell], masks[cell] = 0, ANY
        if (digit, mask) == (0, ANY) or not len(exact.solutions(digits, 1, within=masks)):
            continue
        digits[cell], masks[cell] = digit, mask
        left = "".join(str(each) for each in range(1, 10) if mask >> each & 1)
        only = (
            f"candidate {left}" if len(left) == 1 else f"candidates {left}" if left else "nothing"
        )
        culprits.append(f"{digit or only} at {cell_name(cell)}")
    return culprits


def _named(texts: Sequence[str]) -> str:
    """The texts as a sentence lists them, the first of many."""
    more = len(texts) - SHOWN
    from solver.logic.words import listed  # only with an error to tell

    return listed(texts if more <= 0 else [*texts[:SHOWN], f"{more} more"])
