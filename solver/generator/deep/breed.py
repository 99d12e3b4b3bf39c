"""Kernels that breed hard puzzles: a pool whose children take the place of easier ones.

A child takes one to three clues out of its parent, lists solutions of what is left, and puts in
the clue that makes the puzzle unique again and deepest, of some drawn. A child that was taken
before is not taken again, or the pool would soon hold the same few puzzles many times over.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from solver.exact import bands, branching
from solver.exact.compiled import kernel
from solver.exact.lanes import Stack
from solver.exact.nested import nested
from solver.exact.random import WORD, below
from solver.generator import climb
from solver.generator.bench import Work
from solver.generator.carve import copy_grid
from solver.generator.deep.exocet import PLANT, shows_exocet
from solver.generator.deep.tridagon import guardians

SEEN: Final = 1 << 18
"""Places for fingerprints of children that were taken."""
HABITS: Final = climb.Habits(solutions=64, tries=6, rare=16, deep=1)
"""How a child's solutions are listed, and how many clues are tried for it."""

NOTHING: Final = 0
TRIDAGON: Final = 1
EXOCET: Final = 2


class Terms(NamedTuple):
    """What a pool is bred for."""

    children: int
    """Children that are made."""
    loss: int
    """A child may score so much less than its parent and yet take its place."""
    deep: int
    """The least depth at which what nested trials leave is added to a child's score."""
    sample: int
    """Candidates that are drawn for that."""
    keep: int
    """The least score of a child that is kept."""
    weight: int = 100
    """Hundredths of what nested trials leave that are added to the depth."""
    shown: int = NOTHING
    """What children must show of their parent's: `NOTHING`, its `TRIDAGON` or its `EXOCET`."""


@kernel
def make_child(
    words: Any, parent: Any, child: Any, least: int, work: Work, habits: climb.Habits
) -> int:
    """Write a child of `parent` to `child`; its depth, or -1 where none is `least` deep."""
    copy_grid(parent, child)
    for _ in range(below(words, 3) + 1):
        child[climb.random_clue(words, child)] = 0
    climb.list_solutions(words, child, work, habits)
    for cell in range(81):
        if parent[cell] and child[cell] == 0:
            work.shared[9 * cell + parent[cell] - 1] = 0
    clue, reached = climb.hardest_swap(words, child, least, work, habits)
    if clue < 0:
        return -1
    child[clue // 9] = clue % 9 + 1
    if climb.drop_redundant(words, child, work):
        reached = climb.hardness(words, child, least, work, habits)
        if reached < least:
            return -1
    return reached


@kernel
def is_new(puzzle: Any, seen: Any) -> bool:
    """Whether the fingerprint of a puzzle isn't in `seen`, where it is from now on.

    A place holds the last fingerprint that fell on it, so old ones are forgotten.
    """
    first = 1
    second = 1
    for cell in range(81):
        first = ((first ^ puzzle[cell]) * 0x01000193 + cell) & WORD
        second = ((second + puzzle[cell]) * 0x2C1B3C6D ^ first >> 7) & WORD
    place = (first ^ first >> 15) & (len(seen) - 1)
    if seen[place] == second:
        return False
    seen[place] = second
    return True


@kernel
def nested_score(words: Any, puzzle: Any, sample: int, work: Work) -> int:
    """`nested` of a proper puzzle."""
    bands.load(puzzle, work.stack)
    branching.run(work.stack, 1, work.none, work.found, False)
    return nested(words, puzzle, work.found, sample, work.stack, work.shared)


@kernel
def shows(puzzle: Any, plant: Any, what: int, stack: Stack) -> bool:
    """Whether a puzzle shows the planted tridagon or exocet."""
    if what == TRIDAGON:
        return guardians(puzzle, plant, stack) >= 0
    return shows_exocet(puzzle, plant, stack)


@kernel
def breed(
    words: Any,
    pool: Any,
    scores: Any,
    plants: Any,
    kept: Any,
    seen: Any,
    child: Any,
    work: Work,
    habits: climb.Habits,
    terms: Terms,
) -> int:
    """Breed children of the pool's puzzles, whose scores are `scores`; how many are kept.

    A score is the puzzle's depth, and a share of `nested` where it is deep. A child that scores
    about as much as its parent takes its place, else that of the easiest of four if it is harder.
    `plants[i]` is the pattern of `pool[i]`, where its children must show it. `kept` is filled from
    its start.
    """
    number = 0
    for _ in range(terms.children):
        parent = below(words, len(pool))
        other = below(words, len(pool))
        if scores[other] > scores[parent]:
            parent = other
        lowest = below(words, len(pool))
        for _ in range(3):
            other = below(words, len(pool))
            if scores[other] < scores[lowest]:
                lowest = other
        bar = min(scores[parent] - terms.loss, scores[lowest] + 1)
        least = min(bar, terms.deep)
        score = make_child(words, pool[parent], child, least, work, habits)
        if score < 0 or (terms.shown and not shows(child, plants[parent], terms.shown, work.stack)):
            continue
        if not is_new(child, seen):
            continue
        if score >= terms.deep:
            score += nested_score(words, child, terms.sample, work) * terms.weight // 100
        at = parent
        if score < scores[parent] - terms.loss:
            at = lowest
            if score <= scores[lowest]:
                continue
        if terms.shown:
            for i in range(PLANT):
                plants[at][i] = plants[parent][i]
        copy_grid(child, pool[at])
        scores[at] = score
        if score >= terms.keep and number < len(kept):
            copy_grid(child, kept[number])
            number += 1
    return number
