"""A kernel that makes deep puzzles: a pool of them in which harder ones take the place of others.

A chain of swaps that only goes up gets stuck long before a puzzle is deep (`solver._trials`): the
depth of a puzzle says little about that of its neighbours. A pool has time to wait for the few
that are deeper, wherever they come up.
"""

from __future__ import annotations

from typing import Any, Final

from solver._climb import drop_redundant, hardest_swap, hardness, list_solutions, random_clue
from solver._compiled import kernel
from solver._random import below

CLUES: Final = 3
"""Clues that a child lacks of its parent's at most, before it gets others."""
VICTIMS: Final = 4
"""Puzzles drawn, of which the least hard makes room for a child."""


@kernel
def among(puzzle: Any, puzzles: Any) -> bool:
    """Whether a puzzle is one of some."""
    for other in puzzles:
        cell = 0
        while cell < 81 and other[cell] == puzzle[cell]:
            cell += 1
        if cell == 81:
            return True
    return False


@kernel
def drawn(words: Any, hard: Any, number: int, sign: int) -> int:
    """Of `number` puzzles drawn, the hardest one (`sign` 1) or the least hard one (-1)."""
    best = below(words, len(hard))
    for _ in range(number - 1):
        other = below(words, len(hard))
        if sign * hard[other] > sign * hard[best]:
            best = other
    return best


@kernel
def evolve(
    words: Any,
    pool: Any,
    hard: Any,
    steps: int,
    minimum: int,
    kept: Any,
    trial: Any,
    work: Any,
    tables: Any,
    ratings: Any,
    habits: Any,
) -> int:
    """Let puzzles of a pool have children, `steps` times; how many puzzles were kept.

    `hard` says how hard each is, 0 for not known. A child takes the place of one that is no harder.
    Those as hard as `minimum` or harder are written to `kept`, while there is room.
    """
    number = 0
    for _ in range(steps):
        parent = drawn(words, hard, 2, 1)
        for cell in range(81):
            trial[cell] = pool[parent][cell]
        for _ in range(1 + below(words, CLUES)):
            trial[random_clue(words, trial)] = 0
        list_solutions(words, trial, work, tables, habits)
        clue, needed = hardest_swap(words, trial, work, tables, ratings, habits)
        victim = drawn(words, hard, VICTIMS, -1)
        if clue < 0 or needed < hard[victim]:
            continue
        trial[clue // 9] = clue % 9 + 1
        if drop_redundant(words, trial, work, tables):
            needed = hardness(words, trial, work, tables, ratings, habits)
        if needed < hard[victim] or among(trial, pool):
            continue
        for cell in range(81):
            pool[victim][cell] = trial[cell]
        hard[victim] = needed
        if needed >= minimum and number < len(kept):
            for cell in range(81):
                kept[number][cell] = trial[cell]
            number += 1
    return number
