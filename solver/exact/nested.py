"""How many wrong candidates survive trials that are nested two deep.

A trial takes one candidate as given. `solver.exact.depth` follows it by propagation alone; here,
sweeps of such trials follow it, until they reach a contradiction or change nothing. In nearly all
puzzles no wrong candidate survives that; in the hardest lists about a tenth do, and in puzzles of
T&E(3), whose trials must be nested three deep, two thirds.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from solver.board.cells import as_puzzles
from solver.exact.bands import BROKEN, OPEN, STATE, copy, load, place, place_of, remove, settle
from solver.exact.compiled import Room, kernel, worth_compiling
from solver.exact.depth import sweep
from solver.exact.engine import solve_many
from solver.exact.lanes import Stack, get, lane
from solver.exact.random import below, seed_words

STACK: Final = 3 * STATE
"""Values in the stack: the puzzle, a trial and a trial in it."""


@kernel
def is_refuted(stack: Stack, at: int, gone: Any) -> bool:
    """Whether sweeps of trials lead the settled state `at` to a contradiction."""
    state = OPEN
    number = 1
    while number and state == OPEN:
        number = sweep(stack, at, gone, 729)[1]
        for i in range(number):
            remove(stack, at, gone[i] // 9, gone[i] % 9)
        if number:
            state = settle(stack, at)
    return state == BROKEN


@kernel
def nested(words: Any, puzzle: Any, solution: Any, sample: int, stack: Stack, gone: Any) -> int:
    """How many of 1,000 wrong candidates survive nested trials, estimated from `sample` of them.

    They are drawn with replacement. 0 for a puzzle that propagation solves. `gone` has room for
    729 candidates.
    """
    load(puzzle, stack)
    if settle(stack, 0) != OPEN:
        return 0
    left = 0
    tried = 0
    while tried < sample:
        candidate = below(words, 729)
        cell = candidate // 9
        digit = candidate % 9
        there = lane(get(stack, cell // 27), digit) >> place_of(cell) & 1
        if there and solution[cell] != digit + 1:
            tried += 1
            copy(stack, 0, STATE)
            place(stack, STATE, cell, digit)
            if settle(stack, STATE) != BROKEN and not is_refuted(stack, STATE, gone):
                left += 1
    return 1000 * left // max(1, sample)


def nested_many(cells: npt.ArrayLike, sample: int = 100, seed: int = 0) -> npt.NDArray[np.int64]:
    """`nested` of puzzles int [n, 81] with one solution, int64 [n], from `sample` draws each.

    Raises `ValueError` for cells that are not grids.
    """
    puzzles = as_puzzles(cells)
    solutions = solve_many(puzzles)[0].astype(np.int64)
    room = Room(worth_compiling(len(puzzles) * sample))
    run, stack, gone = room.run(nested), room.stack(STACK), room.zeros(729)
    found = [
        run(room.numbers(seed_words(seed)), puzzle, solution, sample, stack, gone)
        for puzzle, solution in zip(room.rows(puzzles), room.rows(solutions), strict=True)
    ]
    return np.array(found, np.int64)
