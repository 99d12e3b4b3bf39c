"""Kernels that plant a tridagon in a solved grid and take clues out around it.

A tridagon (denis_berthier and eleven, the New Sudoku Players' Forum): four boxes in a square, in
each of them three cells in three rows and three columns, and three digits, so placed that the
twelve cells can't hold these digits alone. Each box's cells make a permutation of three rows to
three columns; the digits fit only if an even number of the four permutations are odd. So one cell
at least holds another digit, a guardian, which no short chain shows.
"""

from __future__ import annotations

from typing import Any, Final

from solver.exact import bands
from solver.exact.compiled import kernel
from solver.exact.lanes import Stack, get, lane
from solver.exact.random import below
from solver.generator.bench import Work
from solver.generator.carve import is_unique, random_grid, shuffle

MOST: Final = 7
"""Guardians that a planted tridagon has at most."""


@kernel
def guardians(puzzle: Any, plant: Any, stack: Stack) -> int:
    """Candidates beside the three digits in the twelve cells, after propagation.

    -1 where there are more than `MOST`, -2 where one of the 36 others is gone. `plant` is the
    twelve cells and the three digits, 0 to 8.
    """
    bands.load(puzzle, stack)
    bands.settle(stack, 0)
    total = 0
    whole = True
    for i in range(12):
        cell = plant[i]
        for digit in range(9):
            there = lane(get(stack, cell // 27), digit) >> bands.place_of(cell) & 1
            if digit == plant[12] or digit == plant[13] or digit == plant[14]:
                whole = whole and there == 1
            else:
                total += there
    if total > MOST:
        return -1
    return total if whole else -2


@kernel
def box_cells(grid: Any, box: int, plant: Any, at: int, left_out: int) -> int:
    """Write to `plant[at]` and on the cells of the plant's digits in a box, by rows.

    With `left_out` 0 to 2, the cell of that digit is replaced by the one in the row and the column
    that the others leave. Gives the permutation's parity, or -1 where rows or columns repeat.
    """
    corner = box // 3 * 27 + box % 3 * 3
    rows = 0
    columns = 0
    for i in range(3):
        plant[at + i] = -1
    for i in range(3):
        if i != left_out:
            for k in range(9):
                if grid[corner + k // 3 * 9 + k % 3] == plant[12 + i] + 1:
                    rows |= 1 << (k // 3)
                    columns |= 1 << (k % 3)
                    plant[at + k // 3] = k % 3
    for row in range(3):
        if plant[at + row] < 0 and left_out >= 0:
            for column in range(3):
                if rows == 7 - (1 << row) and columns == 7 - (1 << column):
                    plant[at + row] = column
                    rows |= 1 << row
                    columns |= 1 << column
    if rows != 7 or columns != 7:
        return -1
    first, second, third = plant[at], plant[at + 1], plant[at + 2]
    for row in range(3):
        plant[at + row] += corner + 9 * row
    inversions: int = (first > second) + (first > third) + (second > third)
    return inversions & 1


@kernel
def find_plant(words: Any, grid: Any, plant: Any) -> bool:
    """Draw a place for a tridagon in a solved grid: fill `plant`; False where there is none there.

    Three of the four boxes hold the three digits in its cells, the fourth two of them.
    """
    top = below(words, 3)
    left = below(words, 3)
    guarded = below(words, 4)
    left_out = below(words, 3)
    plant[12] = below(words, 9)
    plant[13] = (plant[12] + 1 + below(words, 8)) % 9
    plant[14] = plant[13]
    while plant[14] == plant[12] or plant[14] == plant[13]:
        plant[14] = below(words, 9)
    odd = 0
    for i in range(4):
        band = (top + i // 2) % 3
        stack = (left + i % 2) % 3
        without = -1
        if i == guarded:
            without = left_out
        parity = box_cells(grid, 3 * band + stack, plant, 3 * i, without)
        if parity < 0:
            return False
        odd += parity
    return odd % 2 == 1


@kernel
def plant_one(words: Any, puzzle: Any, plant: Any, grid: Any, work: Work) -> bool:
    """Fill `puzzle` and `plant` with a proper puzzle that shows its tridagon; False where
    it doesn't. `grid` is the solved grid; its clues are taken out in random order while at most
    `MOST` guardians are left."""
    stack, clues, none = work.stack, work.clues, work.none
    number = 0
    for cell in range(81):
        puzzle[cell] = grid[cell]
        inside = False
        for i in range(12):
            inside = inside or plant[i] == cell
        beside = False  # of the bands and stacks of the four boxes
        for i in range(0, 12, 3):
            if plant[i] // 27 == cell // 27 or plant[i] % 9 // 3 == cell % 9 // 3:
                beside = True
        digit = grid[cell] - 1
        among = digit == plant[12] or digit == plant[13] or digit == plant[14]
        if inside or (beside and among):
            puzzle[cell] = 0
        else:
            clues[number] = cell
            number += 1
    if not is_unique(puzzle, stack, none):
        return False
    order = clues[:number]
    shuffle(words, order)
    for cell in order:
        held = puzzle[cell]
        puzzle[cell] = 0
        if guardians(puzzle, plant, stack) == -1 or not is_unique(puzzle, stack, none):
            puzzle[cell] = held
    return guardians(puzzle, plant, stack) >= 0


@kernel
def plant_many(words: Any, puzzles: Any, plants: Any, grid: Any, tries: int, work: Work) -> int:
    """Fill `puzzles` and `plants` with what `plant_one` makes, `tries` from each place found; how
    many there are, always all."""
    number = 0
    while number < len(puzzles):
        random_grid(words, grid, work)
        for _ in range(4096):
            if find_plant(words, grid, plants[number]):
                for _ in range(tries):
                    if plant_one(words, puzzles[number], plants[number], grid, work):
                        if number + 1 < len(puzzles):
                            for i in range(15):
                                plants[number + 1][i] = plants[number][i]
                        number += 1
                        if number == len(puzzles):
                            return number
                break
    return number
