"""How hard a puzzle is: the guesses of a solver that knows naked and hidden singles only.

The rating is 0 where naked and hidden singles alone solve the puzzle. Otherwise the solver takes
a cell with the fewest candidates, tries them one by one (each trial is a guess), continues with
singles, and goes back at a contradiction, until it has *proved* that there is one solution. Ties
between cells and between candidates are broken at random; the rating is the mean of `ORDERS` such
searches, rounded. Its random numbers come from the seed alone, so a puzzle's rating is the same
each time, plain or compiled.

The kernel keeps the same states as the exact engine (`solver.exact.bands`), but propagates singles
only (`solver.exact.singles`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from solver.board.cells import as_puzzle, as_puzzles
from solver.exact.bands import OPEN, SOLVED, STATE, cell_of, copy, load, place, place_of
from solver.exact.branching import fewest
from solver.exact.compiled import Room, count_bits, kernel, lowest_bit, worth_compiling
from solver.exact.engine import count_solutions
from solver.exact.lanes import Stack, get, lane
from solver.exact.random import below, seed_words
from solver.exact.singles import settle_singles

ORDERS: Final = 3
"""Searches of which a rating is the mean."""
STACK: Final = 9 * 82 * STATE
"""Values in the stack: up to nine states at each of 82 depths."""
IMPROPER: Final = -1
"""What stands for the rating of a puzzle with no or several solutions."""


@kernel
def random_cell(stack: Stack, at: int, words: Any) -> int:
    """A random one of the open cells with the fewest candidates."""
    cells, _ = fewest(stack, at)
    chosen = below(words, count_bits(cells[0]) + count_bits(cells[1]) + count_bits(cells[2]))
    for band in range(3):
        left = cells[band]
        while left:
            if chosen == 0:
                return cell_of(band, lowest_bit(left))
            chosen -= 1
            left &= left - 1
    return -1


@kernel
def count_guesses(stack: Stack, words: Any, most: int) -> tuple[int, int]:
    """Search the puzzle at the bottom of the stack: (solutions up to 2, guesses).

    Gives up at more than `most` guesses.
    """
    solutions = 0
    guesses = -1
    at = 0
    while at >= 0 and guesses < most:
        guesses += 1
        state = settle_singles(stack, at)
        if state == OPEN:
            at = branch(stack, at, random_cell(stack, at, words), words)
            continue
        if state == SOLVED:
            solutions += 1
            if solutions == 2:
                break
        at -= STATE
    return solutions, guesses


@kernel
def branch(stack: Stack, at: int, cell: int, words: Any) -> int:
    """Replace a state by one for each candidate of `cell`, in random order; where the last lies."""
    candidates = 0
    left = 0
    mask = get(stack, at + cell // 27) >> place_of(cell)
    for digit in range(9):
        if lane(mask, digit) & 1:
            candidates |= 1 << digit
            left += 1
    while left:
        others = candidates
        for _ in range(below(words, left)):
            others &= others - 1
        digit = lowest_bit(others)
        candidates ^= 1 << digit
        left -= 1
        if left:
            copy(stack, at, at + STATE)
        place(stack, at, cell, digit)
        at += STATE
    return at - STATE


@kernel
def rate_all(puzzles: Any, seeds: Any, stack: Stack, ratings: Any) -> None:
    """Rate each puzzle; `seeds`: room for a generator's two words, then those of every order."""
    words = seeds[0]
    for i in range(len(puzzles)):
        total = 0
        for order in range(ORDERS):
            words[0] = seeds[order + 1][0]
            words[1] = seeds[order + 1][1]
            load(puzzles[i], stack)
            solutions, guesses = count_guesses(stack, words, 1 << 40)
            total += guesses
            if solutions != 1:
                total = IMPROPER
                break
        ratings[i] = total if total == IMPROPER else (2 * total + ORDERS) // (2 * ORDERS)
        if ratings[i] == 0 and total:
            ratings[i] = 1


def rate(cells: Iterable[int], seed: int = 0) -> int:
    """The rating of a puzzle, 81 digits with 0 for a blank; plain, no matter what is installed.

    0: naked and hidden singles solve it; else the guesses that prove it has one solution. Raises
    `ValueError` for cells that are not a grid, and for a puzzle with no or several solutions.
    """
    number = count_solutions(cells := tuple(cells))
    if number != 1:
        found = "no solution" if number == 0 else "more than one solution"
        raise ValueError(f"a puzzle with {found} has no rating")
    return int(_rated(Room(False), np.array([as_puzzle(cells)]), seed)[0])


def rate_many(cells: npt.ArrayLike, seed: int = 0) -> npt.NDArray[np.int32]:
    """Ratings, int32 [n], of puzzles int [n, 81], as `rate` gives each; `IMPROPER` for a puzzle
    with no or several solutions, where the second ends the search."""
    puzzles = as_puzzles(cells)
    return _rated(Room(worth_compiling(len(puzzles))), puzzles, seed)


def _rated(room: Room, puzzles: npt.NDArray[np.int64], seed: int) -> npt.NDArray[np.int32]:
    ratings = np.zeros(len(puzzles), np.int64)
    words = [[0, 0], *(seed_words(seed, order) for order in range(ORDERS))]
    seeds = room.rows(np.array(words, np.int64))
    room.run(rate_all)(room.rows(puzzles), seeds, room.stack(STACK), ratings)
    return ratings.astype(np.int32)
