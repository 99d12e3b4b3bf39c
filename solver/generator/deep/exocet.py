"""Kernels that plant an exocet and take clues out around it.

Two cells of a line in a box, the base, hold two of three or four digits. In the same band each of
the other boxes has a target, off the base's line, and the targets' lines differ. Three lines cross
the band: one by the base's third cell, one by each target. Outside the band these digits stand in
at most two rows of them; then the targets hold what the base holds (David P. Bird's Junior Exocet,
the New Sudoku Players' Forum). Two thirds of the hardest puzzles known show one.

The cells that these digits may take are left blank. All others are clues; those that are not
needed go afterwards, first the ones that the pattern can do without.
"""

from __future__ import annotations

from typing import Any, Final

from solver.exact.bands import OPEN, load, place_of, settle
from solver.exact.compiled import kernel
from solver.exact.lanes import Stack, get, lane
from solver.exact.random import below
from solver.generator.bench import Work
from solver.generator.carve import is_unique, minimise, random_grid, shuffle

PLACES: Final = 50
"""Places drawn in a solved grid."""
PLANT: Final = 21
"""Numbers of a plant: the nine rows and nine columns in the order that makes the base the first two
cells of the first row, its third cell the next, and the targets stand in the second and third row;
whether to turn the grid; the targets' columns."""


@kernel
def draw_lines(words: Any, plant: Any, start: int) -> None:
    """Write 0 to 8 from `start` on in random order, the three of a band together."""
    first = below(words, 3)
    second = (first + 1 + below(words, 2)) % 3
    for i, band in enumerate((first, second, 3 - first - second)):
        at = below(words, 3)
        step = 1 + below(words, 2)
        for j in range(3):
            plant[start + 3 * i + j] = 3 * band + (at + step * j) % 3


@kernel
def place_at(plant: Any, row: int, column: int) -> int:
    """The cell where a row and a column of the plant cross."""
    first: int = plant[row]
    second: int = plant[9 + column]
    return 9 * second + first if plant[18] else 9 * first + second


@kernel
def find_exocet(words: Any, grid: Any, plant: Any, among: Any) -> bool:
    """Draw a place for an exocet in a solved grid: fill `plant`; False where there is none there.

    `among` marks its digits: the two of the base, and one or two that the base could hold.
    """
    draw_lines(words, plant, 0)
    draw_lines(words, plant, 9)
    plant[18] = below(words, 2)
    for i in range(9):
        among[i] = 0
    one = grid[place_at(plant, 0, 0)]
    two = grid[place_at(plant, 0, 1)]
    among[one - 1] = among[two - 1] = 1
    left = right = 0
    for column in range(3, 9):
        if grid[place_at(plant, 1, column)] == one:
            left = column
        if grid[place_at(plant, 2, column)] == two:
            right = column
    plant[19], plant[20] = left, right
    if left // 3 == right // 3:
        return False
    for _ in range(1 + below(words, 2)):
        digit = below(words, 9) + 1
        seen = 0
        for row in range(3, 9):
            for column in (2, left, right):
                seen += grid[place_at(plant, row, column)] == digit
        aside = grid[place_at(plant, 2, left)] == digit or grid[place_at(plant, 1, right)] == digit
        if among[digit - 1] or seen > 2 or aside:
            return False
        among[digit - 1] = 1
    return True


@kernel
def may_hold(stack: Stack, cell: int, digit: int) -> int:
    """1 where the loaded puzzle's `cell` has `digit`, 0 to 8, as a candidate, else 0."""
    return lane(get(stack, cell // 27), digit) >> place_of(cell) & 1


@kernel
def shows_exocet(puzzle: Any, plant: Any, stack: Stack) -> bool:
    """Whether propagation leaves the exocet `plant` in `puzzle`."""
    left, right = plant[19], plant[20]
    load(puzzle, stack)
    if settle(stack, 0) != OPEN:
        return False
    number = first = second = one = two = 0
    for digit in range(9):
        there = may_hold(stack, place_at(plant, 0, 0), digit)
        beside = may_hold(stack, place_at(plant, 0, 1), digit)
        first += there
        second += beside
        if not there | beside:
            continue
        number += 1
        one += may_hold(stack, place_at(plant, 1, left), digit)
        two += may_hold(stack, place_at(plant, 2, right), digit)
        if may_hold(stack, place_at(plant, 2, left), digit):
            return False
        if may_hold(stack, place_at(plant, 1, right), digit):
            return False
        if not is_covered(plant, digit, stack):
            return False
    return 2 < number < 5 and first > 1 and second > 1 and one > 0 and two > 0


@kernel
def is_covered(plant: Any, digit: int, stack: Stack) -> bool:
    """Whether two lines hold all places of `digit` where the crossing lines leave the band."""
    left, right = plant[19], plant[20]
    rows = columns = 0
    off_middle = off_left = off_right = 0
    for row in range(3, 9):
        seen = may_hold(stack, place_at(plant, row, 2), digit)
        seen |= may_hold(stack, place_at(plant, row, left), digit) << 1
        seen |= may_hold(stack, place_at(plant, row, right), digit) << 2
        rows += seen > 0
        columns |= seen
        off_middle += (seen & 6) > 0
        off_left += (seen & 5) > 0
        off_right += (seen & 3) > 0
    return rows < 3 or columns != 7 or off_middle < 2 or off_left < 2 or off_right < 2


@kernel
def plant_exocet(words: Any, puzzle: Any, plant: Any, grid: Any, among: Any, work: Work) -> bool:
    """Fill `puzzle` with a minimal one that shows the exocet `plant` of the solved `grid`; False
    where it doesn't, or where the clues that the exocet allows leave several solutions."""
    stack, clues, none = work.stack, work.clues, work.none
    left, right = plant[19], plant[20]
    number = 0
    others = 0
    for turn in range(2):
        others = number
        for row in range(9):
            for column in range(9):
                cell = place_at(plant, row, column)
                crossing = column in (2, left, right)
                of_digits = among[grid[cell] - 1] == 1
                blank = of_digits and (row < 3 or crossing)
                beside = (row == 2 and column == left) or (row == 1 and column == right)
                needed = beside or (row > 2 and (crossing or of_digits))
                puzzle[cell] = 0 if blank else grid[cell]
                if not blank and needed == (turn == 1):
                    clues[number] = cell
                    number += 1
    if not is_unique(puzzle, stack, none):
        return False
    for part in (clues[:others], clues[others:number]):
        shuffle(words, part)
        minimise(puzzle, part, 1, stack, none)
    return shows_exocet(puzzle, plant, stack)


@kernel
def plant_exocets(
    words: Any, puzzles: Any, plants: Any, grid: Any, among: Any, tries: int, work: Work
) -> int:
    """Fill `puzzles` and `plants` with what `plant_exocet` makes, `tries` at a place; how many
    there are, always all. `among` is room for nine marks."""
    number = 0
    while number < len(puzzles):
        random_grid(words, grid, work)
        for _ in range(PLACES):
            if not find_exocet(words, grid, plants[number], among):
                continue
            for _ in range(tries):
                if plant_exocet(words, puzzles[number], plants[number], grid, among, work):
                    if number + 1 < len(puzzles):
                        for i in range(PLANT):
                            plants[number + 1][i] = plants[number][i]
                    number += 1
                    if number == len(puzzles):
                        return number
    return number
