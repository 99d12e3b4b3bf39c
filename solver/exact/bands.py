"""Propagation and search on bit masks: the kernel of the exact engine.

For each digit and each band (three rows) 27 bits say which cells can still take the digit, bit
`9 * row + column` within the band. After JCZSolve (zhouyundong, champagne), which keeps the same
bands; here a digit's three bands settle together, by rows and by columns:

- The nine box-row segments of a band in which a digit can stand form a 3x3 pattern, and the
  digit's three places in the band are a permutation of it. A table of 512 patterns gives the
  segments that lie on any permutation: pointing and claiming pairs, and hidden singles, at once.
- The same table serves the nine box-column segments of a stack.
- A row with one place left for a digit is a placement: the other digits leave that cell.
- Adding the nine digits' bands bit by bit gives the cells with one and with two candidates.

A state is 32 integers: 27 bands (`9 * band + digit`), three masks of cells not yet placed, and
the set of digits whose bands have changed. Search keeps one state a depth in one flat stack.
"""

from __future__ import annotations

import functools
import itertools
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from solver.exact.compiled import kernel, lowest_bit

STATE: Final = 32
OPEN: Final = 27
CHANGED: Final = 30
STACK: Final = 82 * STATE
ALL: Final = (1 << 27) - 1
ROW: Final = 511
SEGMENTS: Final = 0o111111111
COLUMNS: Final = 1 | 1 << 9 | 1 << 18

Tables = Any
"""(rows, columns, single): each 512 integers, a list for plain runs, int64 [512] for compiled."""


@functools.cache
def plain_tables() -> tuple[list[int], list[int], list[int]]:
    """The three tables for the interpreter.

    `rows[pattern]`: bits `3 * box + row` that can hold the digit -> the band's cells, 27 bits,
    that lie on a permutation. `columns[pattern]`: bits `3 * band + column` of the first stack ->
    bits `9 * band + column` on a permutation. `single[row]`: the nine bits of a row if just one.
    """
    rows, columns = [0] * 512, [0] * 512
    for pattern in range(512):
        for places in itertools.permutations(range(3)):
            if all(pattern >> (3 * i + j) & 1 for i, j in enumerate(places)):
                for i, j in enumerate(places):
                    rows[pattern] |= 7 << (9 * j + 3 * i)
                    columns[pattern] |= 1 << (9 * i + j)
    return rows, columns, [row if row & (row - 1) == 0 else 0 for row in range(512)]


@functools.cache
def compiled_tables() -> tuple[npt.NDArray[np.int64], ...]:
    """The three tables as arrays, int64 [512]."""
    return tuple(np.array(table, dtype=np.int64) for table in plain_tables())


@kernel
def place(stack: Any, base: int, band: int, digit: int, bit: int) -> None:
    """Leave `digit` only this cell in its row, and the cell only this digit."""
    at = base + 9 * band
    row = ROW
    if bit >= 1 << 18:
        row = ROW << 18
    elif bit >= 1 << 9:
        row = ROW << 9
    changed = 1 << digit
    for other in range(9):
        mask = stack[at + other]
        if mask & bit:
            stack[at + other] = mask & ~bit
            changed |= 1 << other
    stack[at + digit] = (stack[at + digit] & ~row) | bit
    stack[base + OPEN + band] &= ~bit
    stack[base + CHANGED] |= changed


@kernel
def clear(stack: Any) -> None:
    """Put a grid in which every cell can take every digit at the bottom of the stack."""
    for i in range(27):
        stack[i] = ALL
    for band in range(3):
        stack[OPEN + band] = ALL
    stack[CHANGED] = ROW


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
def copy(stack: Any, base: int, above: int) -> None:
    """Copy a state to another place of the stack."""
    for i in range(CHANGED + 1):
        stack[above + i] = stack[base + i]


@kernel
def settle_digit(stack: Any, base: int, digit: int, tables: Tables) -> bool:
    """Settle one digit's three bands, and place what has one place left in a row.

    False on a contradiction.
    """
    rows, columns, single = tables
    top = stack[base + digit]
    mid = stack[base + 9 + digit]
    low = stack[base + 18 + digit]
    while True:
        seen = (top | top >> 1 | top >> 2) & SEGMENTS
        top &= rows[(seen | seen >> 8 | seen >> 16) & 511]
        seen = (mid | mid >> 1 | mid >> 2) & SEGMENTS
        mid &= rows[(seen | seen >> 8 | seen >> 16) & 511]
        seen = (low | low >> 1 | low >> 2) & SEGMENTS
        low &= rows[(seen | seen >> 8 | seen >> 16) & 511]
        if top == 0 or mid == 0 or low == 0:
            return False
        seen = (
            ((top | top >> 9 | top >> 18) & ROW)
            | ((mid | mid >> 9 | mid >> 18) & ROW) << 9
            | ((low | low >> 9 | low >> 18) & ROW) << 18
        )
        kept = (
            columns[(seen & 7) | (seen >> 6 & 56) | (seen >> 12 & 448)]
            | columns[(seen >> 3 & 7) | (seen >> 9 & 56) | (seen >> 15 & 448)] << 3
            | columns[(seen >> 6 & 7) | (seen >> 12 & 56) | (seen >> 18 & 448)] << 6
        )
        if seen & ~kept == 0:
            break
        top &= (kept & ROW) * COLUMNS
        mid &= (kept >> 9 & ROW) * COLUMNS
        low &= (kept >> 18) * COLUMNS
    stack[base + digit] = top
    stack[base + 9 + digit] = mid
    stack[base + 18 + digit] = low
    changed = 0
    for band in range(3):
        mask = top
        if band == 1:
            mask = mid
        elif band == 2:
            mask = low
        placed = single[mask & ROW] | single[mask >> 9 & ROW] << 9 | single[mask >> 18] << 18
        placed &= stack[base + OPEN + band]
        if placed:
            stack[base + OPEN + band] ^= placed
            at = base + 9 * band
            for other in range(9):
                mask = stack[at + other]
                if mask & placed and other != digit:
                    stack[at + other] = mask & ~placed
                    changed |= 1 << other
    stack[base + CHANGED] |= changed
    return True


@kernel
def settle(stack: Any, base: int, tables: Tables) -> int:
    """Propagate a state to its end.

    -1: contradiction; 81: solved; else the cell to branch on, one with two candidates if any.
    """
    while True:
        while stack[base + CHANGED]:
            digit = lowest_bit(stack[base + CHANGED])
            stack[base + CHANGED] &= stack[base + CHANGED] - 1
            if not settle_digit(stack, base, digit, tables):
                return -1
        if stack[base + OPEN] | stack[base + OPEN + 1] | stack[base + OPEN + 2] == 0:
            return 81
        two_at = -1
        three_at = -1
        more_at = -1
        for band in range(3):
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
            if one != ALL:
                return -1
            alone = stack[base + OPEN + band] & ~two
            if alone:
                for digit in range(9):
                    mask = stack[at + digit] & alone
                    while mask:
                        place(stack, base, band, digit, mask & -mask)
                        mask &= mask - 1
            elif two & ~three:
                two_at = 27 * band + lowest_bit(two & ~three)
            elif three & ~four:
                three_at = 27 * band + lowest_bit(three & ~four)
            elif four:
                more_at = 27 * band + lowest_bit(four)
        if stack[base + CHANGED] == 0:
            if two_at >= 0:
                return two_at
            if three_at >= 0:
                return three_at
            return more_at


@kernel
def write(stack: Any, base: int, cells: Any, offset: int) -> None:
    """Write a solved state as 81 digits."""
    for band in range(3):
        for digit in range(9):
            mask = stack[base + 9 * band + digit]
            while mask:
                cells[offset + 27 * band + lowest_bit(mask)] = digit + 1
                mask &= mask - 1


@kernel
def run(stack: Any, limit: int, order: Any, found: Any, tables: Tables) -> tuple[int, int]:
    """Search the puzzle at the bottom of the stack: (solutions up to `limit`, guesses).

    `order`: 729 weights; of a cell's digits the heaviest is tried first; or none at all, for the
    lowest first. `found` takes as many of the solutions as fit, 81 digits each.
    """
    solutions = 0
    guesses = 0
    base = 0
    while base >= 0:
        cell = settle(stack, base, tables)
        if cell < 0:
            base -= STATE
            continue
        if cell == 81:
            if 81 * solutions < len(found):
                write(stack, base, found, 81 * solutions)
            solutions += 1
            if solutions == limit:
                break
            base -= STATE
            continue
        band = cell // 27
        bit = 1 << (cell % 27)
        digit = choose(stack, base, cell, order)
        guesses += 1
        above = base + STATE
        copy(stack, base, above)
        stack[base + 9 * band + digit] &= ~bit
        stack[base + CHANGED] |= 1 << digit
        place(stack, above, band, digit, bit)
        base = above
    return solutions, guesses


@kernel
def choose(stack: Any, base: int, cell: int, order: Any) -> int:
    """The candidate of `cell` to try first."""
    at = base + cell // 27 * 9
    bit = 1 << (cell % 27)
    best = -1
    for digit in range(9):
        if stack[at + digit] & bit:
            if best < 0:
                best = digit
                if len(order) == 0:
                    break
            elif order[9 * cell + digit] > order[9 * cell + best]:
                best = digit
    return best
