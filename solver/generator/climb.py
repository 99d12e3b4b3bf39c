"""Kernels that make puzzles harder: swap clues, keep one solution, keep what is harder.

One step takes a clue out, lists solutions of what is left (up to some number; while there are
more, a clue on which few of them agree goes in), and looks at the clues that just *one* of the
listed solutions has: each of them alone makes the puzzle unique again, with no further search.
Some of them are rated, the hardest is taken if it is about as hard as the puzzle before or
harder, and clues that have become redundant are removed. Hardness is measured by guesses
(`solver.exact.rating`) or by depth (`solver.exact.depth`).
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from solver.exact import bands, branching
from solver.exact.compiled import kernel
from solver.exact.depth import depth
from solver.exact.random import below
from solver.generator.bench import Bench, Work
from solver.generator.carve import copy_grid, guesses, minimise, shuffle


class Habits(NamedTuple):
    """How a climb takes its steps."""

    solutions: int
    """Solutions that are listed at most."""
    tries: int
    """Swaps that are rated in a step."""
    rare: int
    """Clues drawn, of which the one that fewest solutions share goes in."""
    slack: int = 0
    """A swap may lose up to this many 64ths of the rating."""
    again: int = 1
    """The puzzle itself is rated again every `again` steps: one search is a noisy measure."""
    apart: int = 1
    """Swaps between two puzzles that are kept."""
    deep: int = 0
    """1: a puzzle is as hard as it is deep; 0: as it needs guesses."""


ENDLESS: Final = 1 << 40
ROOM: Final = 64
"""Puzzles kept of one chain at most."""


@kernel
def hardness(words: Any, puzzle: Any, least: int, work: Work, habits: Habits) -> int:
    """How hard a puzzle is, by the measure of the habits; the solutions listed are lost.

    Of a depth below `least`, only that it is below.
    """
    if habits.deep:
        return depth(puzzle, least, work.stack, work.found)
    return guesses(puzzle, words, ENDLESS, work.stack)


@kernel
def random_clue(words: Any, puzzle: Any) -> int:
    """A random filled cell."""
    cell = below(words, 81)
    while puzzle[cell] == 0:
        cell = below(words, 81)
    return cell


@kernel
def list_solutions(words: Any, puzzle: Any, work: Work, habits: Habits) -> int:
    """Add clues to `puzzle` until it has fewer solutions than are listed; how many it has.

    `found` then holds them, and `shared[9 * cell + digit - 1]` how many of them have that clue.
    """
    found, shared = work.found, work.shared
    while True:
        bands.load(puzzle, work.stack)
        listed = branching.run(work.stack, habits.solutions, work.none, found, True)[0]
        for i in range(729):
            shared[i] = 0
        for solution in range(listed):
            for cell in range(81):
                shared[9 * cell + found[81 * solution + cell] - 1] += 1
        if listed < habits.solutions:
            return listed
        rarest = -1
        drawn = 0
        while rarest < 0 or drawn < habits.rare:
            cell = below(words, 81)
            clue = 9 * cell + found[81 * below(words, listed) + cell] - 1
            drawn += 1
            if shared[clue] < listed and (rarest < 0 or shared[clue] < shared[rarest]):
                rarest = clue
        puzzle[rarest // 9] = rarest % 9 + 1


@kernel
def hardest_swap(
    words: Any, puzzle: Any, least: int, work: Work, habits: Habits
) -> tuple[int, int]:
    """The hardest of some clues that make `puzzle` unique: (9 * cell + digit - 1, how hard).

    (-1, `least` - 1) where none of them makes it as hard as `least`.
    """
    clues = work.clues
    number = 0
    for clue in range(729):
        if work.shared[clue] == 1 and puzzle[clue // 9] == 0:
            clues[number] = clue
            number += 1
    hardest = -1
    most = least - 1
    for tried in range(min(habits.tries, number)):
        other = tried + below(words, number - tried)
        clue = clues[other]
        clues[other] = clues[tried]
        puzzle[clue // 9] = clue % 9 + 1
        needed = hardness(words, puzzle, most + 1, work, habits)
        puzzle[clue // 9] = 0
        if needed > most:
            hardest = clue
            most = needed
    return hardest, most


@kernel
def drop_redundant(words: Any, puzzle: Any, work: Work) -> bool:
    """Make a unique puzzle minimal, clues in random order; whether a clue went."""
    number = 0
    for cell in range(81):
        if puzzle[cell]:
            work.clues[number] = cell
            number += 1
    cells = work.clues[:number]
    shuffle(words, cells)
    minimise(puzzle, cells, 1, work.stack, work.none)
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
    work: Work,
    habits: Habits,
) -> tuple[int, int]:
    """Take `steps` steps from `puzzle` (minimal, rated `rated`), which becomes the last.

    Puzzles rated `minimum` or more are written to `kept[number]` and on while there
    is room. Returns (the last puzzle's rating, number of kept puzzles).
    """
    swaps = 0
    for step in range(steps):
        if step % habits.again == habits.again - 1:
            rated = hardness(words, puzzle, 0, work, habits)
        copy_grid(puzzle, trial)
        out = random_clue(words, trial)
        digit = trial[out]
        trial[out] = 0
        list_solutions(words, trial, work, habits)
        work.shared[9 * out + digit - 1] = 0
        clue, needed = hardest_swap(words, trial, 0, work, habits)
        if clue < 0 or 64 * needed < rated * (64 - below(words, habits.slack + 1)):
            continue
        trial[clue // 9] = clue % 9 + 1
        if drop_redundant(words, trial, work):
            needed = hardness(words, trial, 0, work, habits)
        copy_grid(trial, puzzle)
        rated = needed
        swaps += 1
        if rated >= minimum and swaps >= habits.apart and number < len(kept):
            copy_grid(puzzle, kept[number])
            number += 1
            swaps = 0
    return rated, number


def chain(
    bench: Bench, puzzle: Any, rated: int, steps: int, habits: Habits, minimum: int
) -> tuple[int, npt.NDArray[np.int64]]:
    """Take steps from a minimal puzzle, rated by the habits; `puzzle` becomes the last.

    Gives the rating of that, and the puzzles on the way rated `minimum` or more, int64 [k, 81].
    """
    kept = bench.boards(ROOM)
    rated, number = bench.run(climb)(
        bench.words, puzzle, rated, steps, minimum, kept, 0, bench.trial, bench.work, habits
    )
    return rated, np.asarray(kept, dtype=np.int64)[:number]
