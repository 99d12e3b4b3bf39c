"""How deep a puzzle is: the wrong candidates that trials leave.

A trial takes one candidate for given and follows singles and locked candidates; where that leads
to a contradiction the candidate goes. In nearly all puzzles that need guesses a sweep of trials,
one of each candidate, leaves little, and a second sweep nothing. In the hardest ones known all
sweeps together leave nearly everything, 500 and more as it is counted here: there a trial would
have to be made within a trial.
Guesses (`solver.exact.rating`) don't tell the two apart.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from solver.board.cells import as_puzzles
from solver.exact.bands import (
    CHANGED,
    OPEN,
    STACK,
    STATE,
    compiled_tables,
    copy,
    load,
    place,
    plain_tables,
    settle,
)
from solver.exact.compiled import available, compiled, kernel

SWEEPS: Final = 4
"""Sweeps of trials, each of the candidates that the one before left."""


@kernel
def depth(puzzle: Any, stack: Any, gone: Any, tables: Any) -> int:
    """The wrong candidates of a proper puzzle that each of `SWEEPS` sweeps leaves, added up.

    `gone` has room for 729 candidates.
    """
    load(puzzle, stack)
    solved = settle(stack, 0, tables) == 81
    total = 0
    left = 0
    number = 1
    for _ in range(SWEEPS):
        if solved:
            break
        if number:
            number = 0
            left = 0
            for candidate in range(729):
                at = candidate // 27
                bit = 1 << (candidate % 27)
                if stack[at] & bit & stack[OPEN + at // 9]:
                    copy(stack, 0, STATE)
                    place(stack, STATE, at // 9, at % 9, bit)
                    if settle(stack, STATE, tables) < 0:
                        gone[number] = candidate
                        number += 1
                    else:
                        left += 1
            for cell in range(81):
                left -= stack[OPEN + cell // 27] >> (cell % 27) & 1
            for i in range(number):
                at = gone[i] // 27
                stack[at] &= ~(1 << (gone[i] % 27))
                stack[CHANGED] |= 1 << (at % 9)
            solved = settle(stack, 0, tables) == 81
        total += left
    return total


_depth = compiled(depth)


def depths(cells: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Depths, int64 [n], of puzzles int [n, 81] with one solution; compiled by numba where that is
    there. The depth of a puzzle with none or several says nothing. Raises `ValueError` for cells
    that are not grids."""
    puzzles = as_puzzles(cells)
    if available():
        stack, gone = np.zeros(STACK, np.int64), np.zeros(729, np.int64)
        found = [_depth(puzzle, stack, gone, compiled_tables()) for puzzle in puzzles]
    else:
        found = [
            depth(puzzle, [0] * STACK, [0] * 729, plain_tables()) for puzzle in puzzles.tolist()
        ]
    return np.array(found, np.int64)
