"""Work arrays and random numbers for the kernels that make puzzles."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from solver.exact import rating
from solver.exact.compiled import Room

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


class Bench(Room):
    """What one chunk is made with: a generator's two words, and room for the kernels.

    `compiled` False is for a few puzzles, which plain kernels make before numba has loaded.
    """

    def __init__(self, words: list[int], *, compiled: bool = True) -> None:
        super().__init__(compiled)
        self.words: Any = self.numbers(words)
        self.trial = self.zeros(81)
        self.work = Work(
            stack=self.stack(rating.STACK),
            found=self.zeros(81 * SOLUTIONS),
            shared=self.zeros(729),
            clues=self.zeros(729),
            none=self.zeros(0),
        )

    def boards(self, number: int) -> Any:
        """As many blank grids."""
        return self.as_boards([[0] * 81] * number)

    def as_boards(self, rows: Any) -> Any:
        """These rows of 81 numbers, copied."""
        if self.compiled:
            return np.array(rows, dtype=np.int64).reshape(-1, 81)
        return [list(row) for row in rows]
