"""Kernels that breed hard puzzles: a pool whose children take the place of easier ones.

A child takes one to three clues out of its parent, lists solutions of what is left, and puts in
the clue that makes the puzzle unique again and deepest, of some drawn. A child that was taken
before is not taken again, or the pool would soon hold the same few puzzles many times over.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from solver.exact import bands, branching
from solver.exact.compiled import kernel
from solver.exact.depth import depth
from solver.exact.nested import nested
from solver.exact.random import WORD, below
from solver.generator import climb
from solver.generator.tridagon import guardians

SEEN: Final = 1 << 18
"""Places for fingerprints of children that were taken."""
HABITS: Final = climb.Habits(solutions=64, tries=6, rare=16, deep=1)
"""How a child's solutions are listed, and how many clues are tried for it."""


class Terms(NamedTuple):
    """What a pool is bred for; kernels take it as a list or an array."""

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


@kernel
def deepest_clue(words: Any, puzzle: Any, least: int, tries: int, work: Any) -> tuple[int, int]:
    """The deepest of `tries` clues that make `puzzle` unique: (9 * cell + digit - 1, how deep).

    (-1, `least` - 1) where none of them makes it `least` deep.
    """
    stack, found, shared, clues, _ = work
    number = 0
    for clue in range(729):
        if shared[clue] == 1 and puzzle[clue // 9] == 0:
            clues[number] = clue
            number += 1
    deepest = -1
    most = least - 1
    for tried in range(min(tries, number)):
        other = tried + below(words, number - tried)
        clue = clues[other]
        clues[other] = clues[tried]
        puzzle[clue // 9] = clue % 9 + 1
        reached = depth(puzzle, most + 1, stack, found)
        puzzle[clue // 9] = 0
        if reached > most:
            deepest = clue
            most = reached
    return deepest, most


@kernel
def make_child(words: Any, parent: Any, child: Any, least: int, work: Any, habits: Any) -> int:
    """Write a child of `parent` to `child`; its depth, or -1 where none is `least` deep."""
    for cell in range(81):
        child[cell] = parent[cell]
    for _ in range(below(words, 3) + 1):
        child[climb.random_clue(words, child)] = 0
    climb.list_solutions(words, child, work, habits)
    for cell in range(81):
        if parent[cell] and child[cell] == 0:
            work[2][9 * cell + parent[cell] - 1] = 0
    clue, reached = deepest_clue(words, child, least, habits[1], work)
    if clue < 0:
        return -1
    child[clue // 9] = clue % 9 + 1
    if climb.drop_redundant(words, child, work):
        reached = depth(child, least, work[0], work[1])
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
def nested_score(words: Any, puzzle: Any, sample: int, work: Any) -> int:
    """`nested` of a proper puzzle."""
    bands.load(puzzle, work[0])
    branching.run(work[0], 1, work[4], work[1], False)
    return nested(words, puzzle, work[1], sample, work[0], work[2])


@kernel
def breed(
    words: Any,
    pool: Any,
    scores: Any,
    plants: Any,
    kept: Any,
    seen: Any,
    child: Any,
    work: Any,
    habits: Any,
    terms: Any,
) -> int:
    """Breed children of the pool's puzzles, whose scores are `scores`; how many are kept.

    A score is the puzzle's depth, and a share of `nested` where it is deep. A child that scores
    about as much as its parent takes its place, else that of the easiest of four if it is harder.
    `plants[i]` is the tridagon of `pool[i]`, which its children must show; there are no `plants`
    where none is asked for. `kept` is filled from its start.
    """
    number = 0
    for _ in range(terms[0]):
        parent = below(words, len(pool))
        other = below(words, len(pool))
        if scores[other] > scores[parent]:
            parent = other
        lowest = below(words, len(pool))
        for _ in range(3):
            other = below(words, len(pool))
            if scores[other] < scores[lowest]:
                lowest = other
        bar = min(scores[parent] - terms[1], scores[lowest] + 1)
        least = min(bar, terms[2])
        score = make_child(words, pool[parent], child, least, work, habits)
        if score < 0 or (len(plants) > 0 and guardians(child, plants[parent], work[0]) < 0):
            continue
        if not is_new(child, seen):
            continue
        if score >= terms[2]:
            score += nested_score(words, child, terms[3], work) * terms[5] // 100
        at = parent
        if score < scores[parent] - terms[1]:
            at = lowest
            if score <= scores[lowest]:
                continue
        if len(plants) > 0:
            for i in range(15):
                plants[at][i] = plants[parent][i]
        for cell in range(81):
            pool[at][cell] = child[cell]
        scores[at] = score
        if score >= terms[4] and number < len(kept):
            for cell in range(81):
                kept[number][cell] = child[cell]
            number += 1
    return number
