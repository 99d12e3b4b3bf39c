"""How hard a puzzle is: the guesses that a solver needs who sees naked and hidden singles only.

The rating is 0 where naked and hidden singles alone solve the puzzle. Otherwise the solver takes
a cell with the fewest candidates, tries them one by one (each trial is a guess), goes on with
singles, and goes back at a contradiction, until it has *proved* that there is one solution. Cells
and candidates that are equally good are taken at random; the rating is the mean of `ORDERS` such
searches, rounded. Its random numbers come from the seed alone, so a puzzle's rating is the same
each time, plain or compiled.

The kernel keeps the same bands as the exact engine (`solver.exact.bands`), but propagates singles
only.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from solver.board.cells import as_puzzle, as_puzzles
from solver.exact.bands import ALL, CHANGED, COLUMNS, OPEN, ROW, STATE, clear, copy
from solver.exact.compiled import available, compiled, count_bits, kernel, lowest_bit
from solver.exact.random import below, seed_words

ORDERS: Final = 3
"""Searches of which a rating is the mean."""
STACK: Final = 9 * 82 * STATE
"""Integers in the stack: up to nine states at each of 82 depths."""

Tables = Any
"""(row, box): each 512 integers."""


@functools.cache
def plain_tables() -> tuple[list[int], list[int]]:
    """Tables of nine columns: a row's only cell, and the only cells of its three thirds."""
    row = [bits if bits & (bits - 1) == 0 else 0 for bits in range(512)]
    return row, [sum(row[bits & (7 << shift)] for shift in (0, 3, 6)) for bits in range(512)]


@functools.cache
def compiled_tables() -> tuple[npt.NDArray[np.int64], ...]:
    """The tables as arrays, int64 [512]."""
    return tuple(np.array(table, dtype=np.int64) for table in plain_tables())


@kernel
def place(stack: Any, base: int, band: int, digit: int, bit: int) -> None:
    """Put `digit` in a cell: no other digit there, and the digit nowhere else among its peers."""
    at = base + 9 * band
    changed = 1 << digit
    for other in range(9):
        mask = stack[at + other]
        if mask & bit:
            stack[at + other] = mask & ~bit
            changed |= 1 << other
    place_in_band = lowest_bit(bit)
    column = place_in_band % 9
    below_it = COLUMNS << column
    for other in range(3):
        stack[base + 9 * other + digit] &= ~below_it
    peers = ROW << (place_in_band - column) | (7 * COLUMNS) << (column - column % 3)
    stack[at + digit] = (stack[at + digit] & ~peers) | bit
    stack[base + OPEN + band] &= ~bit
    stack[base + CHANGED] |= changed


@kernel
def load(cells: Any, stack: Any) -> bool:
    """Put a puzzle, 81 digits, at the bottom of the stack; False if a rule is broken."""
    clear(stack)
    for cell in range(81):
        digit = cells[cell] - 1
        if digit >= 0:
            band = cell // 27
            bit = 1 << (cell % 27)
            if not stack[9 * band + digit] & bit:
                return False
            place(stack, 0, band, digit, bit)
    return True


@kernel
def hidden_singles(stack: Any, base: int, digit: int, tables: Tables) -> bool:
    """Place `digit` in every unit that has one cell for it; False where one has none."""
    row, box = tables
    once = 0
    twice = 0
    for band in range(3):
        mask = stack[base + 9 * band + digit]
        first = mask & ROW
        second = mask >> 9 & ROW
        third = mask >> 18
        if first == 0 or second == 0 or third == 0:
            return False
        either = first | second | third
        if either & 7 == 0 or either & 56 == 0 or either & 448 == 0:
            return False
        twice |= once & either | first & second | first & third | second & third
        once |= either
    if once != ROW:
        return False
    once &= ~twice
    for band in range(3):
        at = base + 9 * band + digit
        mask = stack[at]
        first = mask & ROW
        second = mask >> 9 & ROW
        third = mask >> 18
        doubled = first & second | first & third | second & third
        found = row[first] | row[second] << 9 | row[third] << 18
        found |= mask & (once | box[first | second | third] & ~doubled) * COLUMNS
        found &= stack[base + OPEN + band]
        while found:
            bit = found & -found
            found ^= bit
            if not stack[at] & bit:
                return False
            place(stack, base, band, digit, bit)
    return True


@kernel
def settle(stack: Any, base: int, words: Any, tables: Tables) -> int:
    """Propagate singles to their end.

    -1: contradiction; 81: solved; else a random one of the cells with the fewest candidates.
    """
    while True:
        while stack[base + CHANGED]:
            digit = lowest_bit(stack[base + CHANGED])
            stack[base + CHANGED] &= stack[base + CHANGED] - 1
            if not hidden_singles(stack, base, digit, tables):
                return -1
        if stack[base + OPEN] | stack[base + OPEN + 1] | stack[base + OPEN + 2] == 0:
            return 81
        for band in range(3):
            one = 0
            two = 0
            at = base + 9 * band
            for digit in range(9):
                mask = stack[at + digit]
                two |= one & mask
                one |= mask
            if one != ALL:
                return -1
            alone = stack[base + OPEN + band] & ~two
            if alone:
                for digit in range(9):
                    mask = stack[at + digit] & alone
                    while mask:
                        bit = mask & -mask
                        mask ^= bit
                        if not stack[at + digit] & bit:
                            return -1
                        place(stack, base, band, digit, bit)
        if stack[base + CHANGED] == 0:
            return fewest(stack, base, words)


@kernel
def fewest(stack: Any, base: int, words: Any) -> int:
    """A random one of the open cells with the fewest candidates."""
    for number in range(2, 5):
        cells = 0
        for band in range(3):
            cells += count_bits(with_candidates(stack, base, band, number))
        if cells:
            chosen = below(words, cells)
            for band in range(3):
                mask = with_candidates(stack, base, band, number)
                while mask:
                    if chosen == 0:
                        return 27 * band + lowest_bit(mask)
                    chosen -= 1
                    mask &= mask - 1
    return -1


@kernel
def with_candidates(stack: Any, base: int, band: int, number: int) -> int:
    """The cells of a band with exactly 2 or 3 candidates (`number`), or with 4 and more."""
    one = 0
    two = 0
    three = 0
    four = 0
    at = base + 9 * band
    for digit in range(9):
        mask = stack[at + digit]
        four |= three & mask
        three |= two & mask
        two |= one & mask
        one |= mask
    if number == 2:
        return two & ~three
    if number == 3:
        return three & ~four
    return four


@kernel
def count_guesses(stack: Any, words: Any, most: int, tables: Tables) -> tuple[int, int]:
    """Search the puzzle at the bottom of the stack: (solutions up to 2, guesses).

    Gives up at more than `most` guesses.
    """
    solutions = 0
    guesses = -1
    base = 0
    while base >= 0 and guesses < most:
        guesses += 1
        cell = settle(stack, base, words, tables)
        if cell == 81:
            solutions += 1
            if solutions == 2:
                break
        if cell < 0 or cell == 81:
            base -= STATE
        else:
            base = branch(stack, base, cell, words)
    return solutions, guesses


@kernel
def branch(stack: Any, base: int, cell: int, words: Any) -> int:
    """Replace a state by one for each candidate of `cell`, in random order; the topmost's base."""
    at = cell // 27 * 9
    bit = 1 << (cell % 27)
    candidates = 0
    left = 0
    for digit in range(9):
        if stack[base + at + digit] & bit:
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
            copy(stack, base, base + STATE)
        place(stack, base, cell // 27, digit, bit)
        base += STATE
    return base - STATE


@kernel
def rate_all(puzzles: Any, seeds: Any, stack: Any, tables: Any, ratings: Any) -> None:
    """Rate each puzzle; `seeds` holds the generator's two words for every order of a puzzle."""
    words = seeds[0]
    for i in range(len(puzzles)):
        total = 0
        for order in range(ORDERS):
            words[0] = seeds[order + 1][0]
            words[1] = seeds[order + 1][1]
            if load(puzzles[i], stack):
                total += count_guesses(stack, words, 1 << 40, tables)[1]
        ratings[i] = (2 * total + ORDERS) // (2 * ORDERS)
        if ratings[i] == 0 and total:
            ratings[i] = 1


_rate_all = compiled(rate_all)


def rate(cells: Iterable[int], seed: int = 0) -> int:
    """The rating of a puzzle, 81 digits with 0 for a blank; plain, no matter what is installed.

    0: naked and hidden singles solve it; else the guesses that prove it has one solution. The
    rating of a puzzle with no or several solutions says nothing. Raises `ValueError` for cells
    that are not a grid.
    """
    ratings = [0]
    rate_all([as_puzzle(cells)], _seeds(seed), [0] * STACK, plain_tables(), ratings)
    return ratings[0]


def rate_many(cells: npt.ArrayLike, seed: int = 0) -> npt.NDArray[np.int32]:
    """Ratings, int32 [n], of puzzles int [n, 81], as `rate` gives each; compiled by numba."""
    puzzles = as_puzzles(cells)
    ratings = np.zeros(len(puzzles), dtype=np.int64)
    if not available():
        ratings[:] = [rate(puzzle.tolist(), seed) for puzzle in puzzles]
    elif len(puzzles):
        seeds = np.array(_seeds(seed), dtype=np.int64)
        _rate_all(puzzles, seeds, np.zeros(STACK, np.int64), compiled_tables(), ratings)
    return ratings.astype(np.int32)


def _seeds(seed: int) -> list[list[int]]:
    """Room for a generator's words, and the words at the start of each order."""
    return [[0, 0], *(seed_words(seed, order) for order in range(ORDERS))]
