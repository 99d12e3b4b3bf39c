"""The canonical form of a puzzle: the least of all equivalent puzzles, read as 81 digits.

A row can come first if no other row or column, its clues pushed to the right, reads less. For
each such line, every order of the columns that shows it so is tried; digits are named in the
order in which they turn up. The other rows follow one by one: of those that may come next the
least goes next, several that read the same are all tried, and what reads more than the best form
so far is given up.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from solver.board.cells import as_puzzles
from solver.exact.compiled import Room, kernel, lowest_bit, worth_compiling

MORE: Final = 10
"""A digit greater than any."""
SIZES: Final = (81, 81, 100, 9, 18, 9)
"""Of the work arrays: grid, best form, names at each depth, columns, rows, new digits."""
ORDERS: Final = (0o012, 0o021, 0o102, 0o120, 0o201, 0o210)
"""The orders of three things, an octal digit each."""


@kernel
def part(order: int, place: int) -> int:
    """What stands at a place (0, 1, 2) of an order of three."""
    return order >> (6 - 3 * place) & 7


@kernel
def clues_in(grid: Any, row: int, stack: int) -> int:
    """The clues of a row in one of its boxes."""
    clues = 0
    for column in range(3 * stack, 3 * stack + 3):
        if grid[9 * row + column]:
            clues += 1
    return clues


@kernel
def first_row_key(grid: Any, row: int) -> int:
    """A number that is least for the row that reads least: clues of its boxes, fewest first."""
    a = clues_in(grid, row, 0)
    b = clues_in(grid, row, 1)
    c = clues_in(grid, row, 2)
    least = min(a, b, c)
    most = max(a, b, c)
    return 16 * least + 4 * (a + b + c - least - most) + most


@kernel
def shows_least(grid: Any, row: int, stack: int, order: int) -> bool:
    """Whether a box of the first row, its columns in this order, has blanks before clues.

    False, too, for an order that only swaps two blank columns.
    """
    seen = False
    for place in range(3):
        clue = grid[9 * row + 3 * stack + part(order, place)] != 0
        if seen and not clue:
            return False
        seen = clue
    for place in range(2):
        one = part(order, place)
        for later in range(place + 1, 3):
            other = part(order, later)
            if one > other:
                blank = True
                for line in range(9):
                    at = 9 * line + 3 * stack
                    if grid[at + one] or grid[at + other]:
                        blank = False
                        break
                if blank:
                    return False
    return True


@kernel
def read_row(work: Any, row: int, depth: int, limit: int) -> int:
    """Compare a row, under the names at `depth`, with the best form's row: -1, 0 or 1.

    With `limit` 1 the row is written into the best form, and its new digits are named at the
    next depth.
    """
    grid, best, names, columns, _, fresh = work
    at = 10 * depth
    named = names[at]
    new = 0
    result = 0
    for place in range(9):
        digit = grid[9 * row + columns[place]]
        name = 0
        if digit:
            name = names[at + digit]
            if name == 0:
                named += 1
                name = named
                names[at + digit] = name
                fresh[new] = digit
                new += 1
        if limit:
            best[9 * depth + place] = name
        elif name != best[9 * depth + place]:
            result = -1 if name < best[9 * depth + place] else 1
            break
    if limit:
        for i in range(10):
            names[at + 10 + i] = names[at + i]
        names[at + 10] = named
    for i in range(new):
        names[at + fresh[i]] = 0
    return result


@kernel
def next_rows(work: Any, used: int, depth: int) -> int:
    """The rows that read least among those that may come next, as a mask.

    0 where all read more than the best form. Where one reads less, the best form's row becomes
    that row, and the rows after it are forgotten.
    """
    grid, best, _, _, rows, _ = work
    ties = 0
    blank_in = 0
    for row in range(9):
        if used >> row & 1:
            continue
        band = row // 3
        started = used >> (3 * band) & 7
        if depth % 3 and started in (0, 7):
            continue
        if depth % 3 == 0 and started:
            continue
        blank = True
        for column in range(9):
            if grid[9 * row + column]:
                blank = False
                break
        if blank and blank_in >> band & 1:
            continue
        compared = read_row(work, row, depth, 0)
        if compared < 0:
            read_row(work, row, depth, 1)
            for i in range(9 * depth + 9, 81):
                best[i] = MORE
            ties = 0
            blank_in = 0
        if compared <= 0:
            ties |= 1 << row
            if blank:
                blank_in |= 1 << band
    rows[depth] = ties
    return ties


@kernel
def follow(work: Any, first: int) -> None:
    """Take `first` as the first row under the columns in `work`, and try all that can follow."""
    _, best, names, _, rows, _ = work
    for i in range(10):
        names[i] = 0
    if read_row(work, first, 0, 0) > 0:
        return
    if best[0] == MORE:
        read_row(work, first, 0, 1)
    else:
        name_row(work, first, 0)
    used = 1 << first
    rows[9] = first
    depth = 1
    ties = next_rows(work, used, depth)
    while True:
        if ties == 0:
            depth -= 1
            if depth == 0:
                return
            used ^= 1 << rows[9 + depth]
            ties = rows[depth]
            continue
        row = lowest_bit(ties)
        rows[depth] = ties & (ties - 1)
        name_row(work, row, depth)
        rows[9 + depth] = row
        used |= 1 << row
        depth += 1
        ties = 0 if depth == 9 else next_rows(work, used, depth)


@kernel
def name_row(work: Any, row: int, depth: int) -> None:
    """Name the digits of a row for the next depth."""
    grid, _, names, columns, _, _ = work
    at = 10 * depth
    for i in range(10):
        names[at + 10 + i] = names[at + i]
    at += 10
    for place in range(9):
        digit = grid[9 * row + columns[place]]
        if digit and names[at + digit] == 0:
            names[at] += 1
            names[at + digit] = names[at]


@kernel
def try_columns(work: Any, row: int) -> None:
    """Try `row` as the first row under every order of the columns that shows it least."""
    grid, _, _, columns, _, _ = work
    for stacks in ORDERS:
        a = part(stacks, 0)
        b = part(stacks, 1)
        c = part(stacks, 2)
        if not clues_in(grid, row, a) <= clues_in(grid, row, b) <= clues_in(grid, row, c):
            continue
        for in_a in ORDERS:
            if not shows_least(grid, row, a, in_a):
                continue
            for in_b in ORDERS:
                if not shows_least(grid, row, b, in_b):
                    continue
                for in_c in ORDERS:
                    if not shows_least(grid, row, c, in_c):
                        continue
                    for place in range(3):
                        columns[place] = 3 * a + part(in_a, place)
                        columns[3 + place] = 3 * b + part(in_b, place)
                        columns[6 + place] = 3 * c + part(in_c, place)
                    follow(work, row)


@kernel
def canonical_all(puzzles: Any, forms: Any, work: Any) -> None:
    """Write the canonical form of each puzzle."""
    grid, best, _, _, _, _ = work
    for i in range(len(puzzles)):
        puzzle = puzzles[i]
        least = 64
        for turned in range(2):
            turn(puzzle, turned, grid)
            for row in range(9):
                least = min(least, first_row_key(grid, row))
        for cell in range(81):
            best[cell] = MORE
        for turned in range(2):
            turn(puzzle, turned, grid)
            for row in range(9):
                if first_row_key(grid, row) == least:
                    try_columns(work, row)
        for cell in range(81):
            forms[i][cell] = best[cell]


@kernel
def turn(puzzle: Any, turned: int, grid: Any) -> None:
    """Copy a puzzle into `grid`, transposed or not."""
    for cell in range(81):
        grid[cell] = puzzle[cell % 9 * 9 + cell // 9] if turned else puzzle[cell]


def canonical_many(cells: npt.ArrayLike) -> npt.NDArray[np.int8]:
    """The canonical forms, int8 [n, 81], of puzzles int [n, 81] with 0 for a blank.

    Quick for puzzles with one solution; grids with fewer than about ten clues can take long.
    """
    puzzles = as_puzzles(cells)
    forms = np.zeros(puzzles.shape, np.int8)
    room = Room(worth_compiling(len(puzzles)))
    work = tuple(room.zeros(size) for size in SIZES)
    room.run(canonical_all)(room.rows(puzzles), forms, work)
    return forms
