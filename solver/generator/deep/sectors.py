"""Kernels that plant a locked set over many sectors and take clues out around it.

Some rows and columns cross in a block of cells. The nine digits are split in two parts: one is
given wherever a solved grid has it in these rows outside the block, the other wherever it has it
in these columns outside the block. The block's cells then hold just as many of each part as is
left for them: a multi-sector locked set (David P. Bird, the New Sudoku Players' Forum). Clues that
are not needed go afterwards, those of the set last, so a puzzle shows the set nearly whole. Such
puzzles are no deeper than others, but their children soon are.
"""

from __future__ import annotations

from typing import Any, Final

from solver.exact.compiled import kernel
from solver.exact.random import below
from solver.generator.bench import Work
from solver.generator.carve import is_unique, minimise, random_grid, shuffle

SIZES: Final = (
    (4, 4, 4),
    (4, 4, 5),
    (5, 4, 5),
    (5, 4, 4),
    (4, 5, 4),
    (5, 5, 4),
    (5, 5, 5),
    (3, 4, 4),
)
"""Rows and columns of the block, and digits that are given in the rows."""
PLACES: Final = 50
"""Blocks drawn in a solved grid."""


@kernel
def draw(words: Any, chosen: Any, number: int) -> None:
    """Choose `number` of nine: 1 in `chosen`, the others 0."""
    for i in range(9):
        chosen[i] = 0
    left = number
    while left:
        i = below(words, 9)
        if chosen[i] == 0:
            chosen[i] = 1
            left -= 1


@kernel
def plant_set(
    words: Any, puzzle: Any, grid: Any, rows: Any, columns: Any, among: Any, work: Work
) -> bool:
    """Fill `puzzle` with a minimal one around a set in the solved `grid`; False where the clues
    that the set allows leave several solutions. `among` marks the rows' digits."""
    stack, clues, none = work.stack, work.clues, work.none
    number = 0
    planted = 0
    for turn in range(2):
        planted = number
        for cell in range(81):
            row = rows[cell // 9]
            column = columns[cell % 9]
            of_rows = among[grid[cell] - 1]
            puzzle[cell] = grid[cell]
            if row == column:
                belongs = False
                puzzle[cell] = 0 if row else grid[cell]
            else:
                belongs = row == of_rows
                puzzle[cell] = grid[cell] if belongs else 0
            if puzzle[cell] and belongs == (turn == 1):
                clues[number] = cell
                number += 1
    if not is_unique(puzzle, stack, none):
        return False
    others, of_set = clues[:planted], clues[planted:number]
    shuffle(words, others)
    shuffle(words, of_set)
    minimise(puzzle, others, 1, stack, none)
    minimise(puzzle, of_set, 1, stack, none)
    return True


@kernel
def plant_sets(
    words: Any, puzzles: Any, grid: Any, marks: Any, size: Any, tries: int, work: Work
) -> int:
    """Fill `puzzles` with what `plant_set` makes of blocks of `size`, `tries` from each; how many
    solved grids were drawn. `marks` is room for three times nine marks."""
    rows, columns, among = marks[0], marks[1], marks[2]
    number = 0
    grids = 0
    while number < len(puzzles):
        random_grid(words, grid, work)
        grids += 1
        for _ in range(PLACES):
            draw(words, rows, size[0])
            draw(words, columns, size[1])
            draw(words, among, size[2])
            for _ in range(tries):
                puzzle = puzzles[number]
                if not plant_set(words, puzzle, grid, rows, columns, among, work):
                    break
                number += 1
                if number == len(puzzles):
                    return grids
    return grids
