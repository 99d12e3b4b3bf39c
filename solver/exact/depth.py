"""How deep a puzzle is: the wrong candidates that survive trials.

A trial takes one candidate as given and propagates singles and locked candidates; if that leads to
a contradiction, the candidate is removed. In nearly all puzzles that need guesses, one sweep of
trials over all candidates leaves little and a second sweep nothing. In the hardest ones known all
sweeps leave nearly everything, a depth of 500 and more: there, trials would have to be nested.
Guesses (`solver.exact.rating`) don't tell the two apart.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from solver.board.cells import as_puzzles
from solver.exact.bands import (
    BROKEN,
    OPEN,
    STATE,
    cell_of,
    copy,
    count_digits,
    load,
    place,
    remove,
    settle,
)
from solver.exact.compiled import Room, count_bits, kernel, lowest_bit, worth_compiling
from solver.exact.lanes import Stack, count_all_bits, get, lane

STACK: Final = 2 * STATE
"""Values in the stack: the puzzle and a trial."""
SWEEPS: Final = 4
"""Sweeps of trials, each of the candidates that the one before left."""


@kernel
def depth(puzzle: Any, least: int, stack: Stack, gone: Any) -> int:
    """The wrong candidates of a proper puzzle that each of `SWEEPS` sweeps leaves, added up.

    Below `least` it may be any number below `least`: it is given up as soon as that is certain.
    `gone` has room for 729 candidates.
    """
    load(puzzle, stack)
    state = settle(stack, 0)
    total = 0
    left = 0
    number = 1
    for turn in range(SWEEPS):
        if state != OPEN:
            break
        if number:
            wrong = -81
            for band in range(STATE):
                wrong += count_all_bits(get(stack, band))
            most = wrong + (total - least) // (SWEEPS - turn)
            left, number = sweep(stack, 0, gone, most)
            if left < 0:
                return least - 1
            for i in range(number):
                remove(stack, 0, gone[i] // 9, gone[i] % 9)
            state = settle(stack, 0)
        total += left
    return total


@kernel
def sweep(stack: Stack, at: int, gone: Any, most: int) -> tuple[int, int]:
    """Try each candidate of the open cells of the settled state `at`, in the state above it.

    (candidates that stay, less one a cell: ones that go, which are in `gone`), or (-1, ...) as
    soon as more than `most` go.
    """
    above = at + STATE
    left = 0
    number = 0
    for band in range(3):
        cells = count_digits(get(stack, at + band))[1]
        left -= count_bits(cells)
        for digit in range(9):
            mask = lane(get(stack, at + band), digit) & cells
            while mask:
                cell = cell_of(band, lowest_bit(mask))
                mask &= mask - 1
                copy(stack, at, above)
                place(stack, above, cell, digit)
                if settle(stack, above) == BROKEN:
                    gone[number] = 9 * cell + digit
                    number += 1
                    if number > most:
                        return -1, number
                else:
                    left += 1
    return left, number


def depths(cells: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Depths, int64 [n], of puzzles int [n, 81] with one solution.

    The depth of a puzzle with none or several says nothing. Raises `ValueError` for cells that are
    not grids.
    """
    puzzles = as_puzzles(cells)
    room = Room(worth_compiling(len(puzzles)))
    run, stack, gone = room.run(depth), room.stack(STACK), room.zeros(729)
    return np.array([run(puzzle, 0, stack, gone) for puzzle in room.rows(puzzles)], np.int64)
