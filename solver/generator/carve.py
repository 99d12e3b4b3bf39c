"""Kernels that make puzzles: random grids, minimal puzzles, and chains of swaps to harder ones."""

from __future__ import annotations

from typing import Any, Final

from solver.exact import bands, branching, rating
from solver.exact.compiled import kernel
from solver.exact.random import below, draw
from solver.generator.bench import Work

BATCH: Final = 32
"""Clues that are taken out together at first; halved each time the puzzle comes apart."""
FULL: Final = 76
"""Clues of the fullest mixed puzzle."""


@kernel
def random_grid(words: Any, grid: Any, work: Work) -> None:
    """Fill `grid` with a random solved grid: search from nothing, digits in random order."""
    order = work.shared
    for i in range(729):
        order[i] = draw(words)
    for cell in range(81):
        grid[cell] = 0
    bands.load(grid, work.stack)
    branching.run(work.stack, 1, order, grid, True)


@kernel
def copy_grid(grid: Any, to: Any) -> None:
    """Copy the 81 cells of a grid."""
    for cell in range(81):
        to[cell] = grid[cell]


@kernel
def shuffle(words: Any, values: Any) -> None:
    """Put `values` into random order (Fisher and Yates)."""
    for last in range(len(values) - 1, 0, -1):
        other = below(words, last + 1)
        held = values[last]
        values[last] = values[other]
        values[other] = held


@kernel
def has_other(cells: Any, cell: int, digit: int, stack: Any, none: Any) -> bool:
    """Whether a puzzle without its clue `digit` in `cell` has a solution with another digit there.

    `cells` must not hold that clue any more.
    """
    bands.load(cells, stack)
    bands.remove(stack, 0, cell, digit - 1)
    return branching.run(stack, 1, none, none, False)[0] > 0


@kernel
def is_unique(cells: Any, stack: Any, none: Any) -> bool:
    """Whether a puzzle has exactly one solution."""
    bands.load(cells, stack)
    return branching.run(stack, 2, none, none, False)[0] == 1


@kernel
def minimise(puzzle: Any, cells: Any, batch: int, stack: Any, none: Any) -> None:
    """Take out each of `cells`, in turn, that leaves one solution.

    Starts with `batch` clues at a time. A part of a puzzle's clues can only have more solutions,
    so taking out in batches gives the same puzzle as one by one.
    """
    held = list(cells)
    start = 0
    while start < len(cells):
        size = min(batch, len(cells) - start)
        for i in range(start, start + size):
            held[i] = puzzle[cells[i]]
            puzzle[cells[i]] = 0
        if size == 1:
            fits = held[start] == 0 or not has_other(puzzle, cells[start], held[start], stack, none)
        else:
            fits = is_unique(puzzle, stack, none)
        if not fits:
            for i in range(start, start + size):
                puzzle[cells[i]] = held[i]
            if size > 1:
                batch = size // 2
                continue
        start += size


@kernel
def minimal_puzzle(words: Any, puzzle: Any, work: Work) -> None:
    """Fill `puzzle` with a random minimal puzzle, and the start of `found` with its solution."""
    random_grid(words, puzzle, work)
    order = work.clues[:81]
    for cell in range(81):
        work.found[cell] = puzzle[cell]
        order[cell] = cell
    shuffle(words, order)
    minimise(puzzle, order, BATCH, work.stack, work.none)


@kernel
def minimal_puzzles(words: Any, puzzles: Any, work: Work) -> None:
    """Fill `puzzles` with random minimal puzzles."""
    for i in range(len(puzzles)):
        minimal_puzzle(words, puzzles[i], work)


@kernel
def mixed_puzzles(words: Any, puzzles: Any, work: Work) -> None:
    """Fill `puzzles` with minimal ones that got back some clues: any number, up to `FULL`."""
    found = work.found
    for i in range(len(puzzles)):
        puzzle = puzzles[i]
        minimal_puzzle(words, puzzle, work)
        clues = 0
        for cell in range(81):
            if puzzle[cell]:
                clues += 1
        more = below(words, FULL + 1 - clues)
        while more:
            cell = below(words, 81)
            if puzzle[cell] == 0:
                puzzle[cell] = found[cell]
                more -= 1


@kernel
def guesses(puzzle: Any, words: Any, most: int, stack: Any) -> int:
    """The guesses of one search with singles alone, at most `most`."""
    bands.load(puzzle, stack)
    return rating.count_guesses(stack, words, most)[1]
