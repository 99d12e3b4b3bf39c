"""Kernels that make puzzles harder: swap clues, keep one solution, keep what is harder.

One step takes a clue out, lists solutions of what is left (up to some number; while there are
more, a clue on which few of them agree goes in), and looks at the clues that just *one* of the
listed solutions has: each of them alone makes the puzzle unique again, with no further search.
Some of them are rated, the hardest is taken if it is about as hard as the puzzle before or
harder, and clues that have become redundant go. How hard a puzzle is, is said by the guesses that
it needs (`solver.exact.rating`) or by its depth (`solver.exact.depth`).
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from solver.exact import bands, branching
from solver.exact.compiled import kernel
from solver.exact.depth import depth
from solver.exact.random import below
from solver.generator.carve import guesses, minimise, shuffle

SOLUTIONS: Final = 96
"""Solutions that are ever listed at most."""


class Habits(NamedTuple):
    """How a climb goes about its steps; kernels take them as a list or an array."""

    solutions: int
    """Solutions that are listed at most."""
    tries: int
    """Swaps that are rated in a step."""
    rare: int
    """Clues drawn, of which the one that fewest solutions share goes in."""
    slack: int = 0
    """A swap may lose up to this many 64ths of the rating."""
    again: int = 1
    """The puzzle itself is rated anew once in so many steps: one search is a noisy measure."""
    apart: int = 1
    """Swaps between two puzzles that are kept."""
    deep: int = 0
    """1: a puzzle is as hard as it is deep; 0: as it needs guesses."""


ENDLESS: Final = 1 << 40


@kernel
def hardness(words: Any, puzzle: Any, work: Any, habits: Any) -> int:
    """How hard a puzzle is, by the measure of the habits; the solutions listed are lost."""
    if habits[6]:
        return depth(puzzle, 0, work[0], work[1])
    return guesses(puzzle, words, ENDLESS, work[0])


@kernel
def random_clue(words: Any, puzzle: Any) -> int:
    """A random filled cell."""
    cell = below(words, 81)
    while puzzle[cell] == 0:
        cell = below(words, 81)
    return cell


@kernel
def list_solutions(words: Any, puzzle: Any, work: Any, habits: Any) -> int:
    """Add clues to `puzzle` until it has fewer solutions than are listed; how many it has.

    `found` then holds them, and `shared[9 * cell + digit - 1]` how many of them have that clue.
    """
    stack, found, shared, _, none = work
    while True:
        bands.load(puzzle, stack)
        listed = branching.run(stack, habits[0], none, found, True)[0]
        for i in range(729):
            shared[i] = 0
        for solution in range(listed):
            for cell in range(81):
                shared[9 * cell + found[81 * solution + cell] - 1] += 1
        if listed < habits[0]:
            return listed
        rarest = -1
        drawn = 0
        while rarest < 0 or drawn < habits[2]:
            cell = below(words, 81)
            clue = 9 * cell + found[81 * below(words, listed) + cell] - 1
            drawn += 1
            if shared[clue] < listed and (rarest < 0 or shared[clue] < shared[rarest]):
                rarest = clue
        puzzle[rarest // 9] = rarest % 9 + 1


@kernel
def hardest_swap(words: Any, puzzle: Any, work: Any, habits: Any) -> tuple[int, int]:
    """The hardest of some clues that make `puzzle` unique: (9 * cell + digit - 1, how hard).

    (-1, -1) where there is none.
    """
    _, _, shared, clues, _ = work
    number = 0
    for clue in range(729):
        if shared[clue] == 1 and puzzle[clue // 9] == 0:
            clues[number] = clue
            number += 1
    hardest = -1
    most = -1
    for tried in range(min(habits[1], number)):
        other = tried + below(words, number - tried)
        clue = clues[other]
        clues[other] = clues[tried]
        puzzle[clue // 9] = clue % 9 + 1
        needed = hardness(words, puzzle, work, habits)
        puzzle[clue // 9] = 0
        if needed > most:
            hardest = clue
            most = needed
    return hardest, most


@kernel
def drop_redundant(words: Any, puzzle: Any, work: Any) -> bool:
    """Make a unique puzzle minimal, clues in random order; whether a clue went."""
    stack, _, _, clues, none = work
    number = 0
    for cell in range(81):
        if puzzle[cell]:
            clues[number] = cell
            number += 1
    cells = clues[:number]
    shuffle(words, cells)
    minimise(puzzle, cells, 1, stack, none)
    left = 0
    for cell in range(81):
        if puzzle[cell]:
            left += 1
    return left < number


@kernel
def climb(
    words: Any,
    puzzle: Any,
    rated: int,
    steps: int,
    minimum: int,
    kept: Any,
    number: int,
    trial: Any,
    work: Any,
    habits: Any,
) -> tuple[int, int]:
    """Take `steps` steps from `puzzle` (minimal, rated `rated`), which becomes the last.

    Puzzles rated `minimum` or more are written to `kept[number]` and on while there
    is room. Returns (the last puzzle's rating, number of kept puzzles).
    """
    swaps = 0
    for step in range(steps):
        if step % habits[4] == habits[4] - 1:
            rated = hardness(words, puzzle, work, habits)
        for cell in range(81):
            trial[cell] = puzzle[cell]
        out = random_clue(words, trial)
        digit = trial[out]
        trial[out] = 0
        list_solutions(words, trial, work, habits)
        work[2][9 * out + digit - 1] = 0
        clue, needed = hardest_swap(words, trial, work, habits)
        if clue < 0 or 64 * needed < rated * (64 - below(words, habits[3] + 1)):
            continue
        trial[clue // 9] = clue % 9 + 1
        if drop_redundant(words, trial, work):
            needed = hardness(words, trial, work, habits)
        for cell in range(81):
            puzzle[cell] = trial[cell]
        rated = needed
        swaps += 1
        if rated >= minimum and swaps >= habits[5] and number < len(kept):
            for cell in range(81):
                kept[number][cell] = puzzle[cell]
            number += 1
            swaps = 0
    return rated, number
