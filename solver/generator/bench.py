"""Room and random numbers for the kernels that make puzzles."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from solver.exact import rating
from solver.exact.compiled import available
from solver.exact.lanes import new_stack

SOLUTIONS: Final = 96
"""Solutions that are ever listed at most."""


class Work(NamedTuple):
    """Room that kernels share: what one leaves there, the next may overwrite."""

    stack: Any
    """The states of a search."""
    found: Any
    """Solutions one after another, 81 digits each, `SOLUTIONS` at most."""
    shared: Any
    """How many of these have a clue, by 9 * cell + digit - 1: [729]."""
    clues: Any
    """Clues or cells in some order: [729]."""
    none: Any
    """Nothing: the order of a search that takes its own."""


class Bench:
    """What one chunk is made with: arrays for compiled kernels, lists for plain ones.

    `compiled` False is for a few puzzles, which plain kernels make before numba has loaded.
    """

    def __init__(self, words: list[int], *, compiled: bool = True) -> None:
        self.compiled = compiled and available()
        self.words: Any = self.as_room(words)
        self.trial = self.room(81)
        self.work = Work(
            stack=new_stack(rating.STACK, compiled=self.compiled),
            found=self.room(81 * SOLUTIONS),
            shared=self.room(729),
            clues=self.room(729),
            none=self.room(0),
        )

    def room(self, size: int) -> Any:
        """As many zeros."""
        return self.as_room([0] * size)

    def as_room(self, numbers: list[int]) -> Any:
        """These numbers."""
        return np.array(numbers, dtype=np.int64) if self.compiled else numbers

    def boards(self, number: int) -> Any:
        """As many blank grids."""
        return self.as_boards([[0] * 81] * number)

    def as_boards(self, rows: Any) -> Any:
        """These rows of 81 numbers, copied."""
        if self.compiled:
            return np.array(rows, dtype=np.int64).reshape(-1, 81)
        return [list(row) for row in rows]
