"""Diagnosis of a puzzle's clues: redundant, missing or contradicting ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from solver.board.grid import Grid
from solver.exact import contradiction, count_solutions, search_many, solutions, solve_many
from solver.exact.engine import Check

Clue = tuple[int, int]
"""(cell 0..80, digit 1..9)"""

ALL: Final = 4096
"""Solutions of a puzzle that are looked through for the fewest clues."""
SAMPLES: Final = 24
"""Random solutions that a clue is chosen by where there are more."""
CHUNK: Final = 8192
"""Puzzles that go through the exact engine together."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The solutions of a puzzle up to a limit, and what its clues lack or have too many of.

    `solutions` are int8 [k, 81]; `more` says whether there are others. Of several solutions,
    `missing` holds sets of clues each of which leaves one: all the sets of one clue, or else of
    two, or else (`fewest` is False) one larger set in which each is needed. Of one solution,
    `spare` are the clues that could go, each by itself, and `together` some that all could. Of
    none, `conflict` are clues that can't all stand, each of them needed for that.
    """

    solutions: npt.NDArray[np.int8]
    more: bool = False
    missing: tuple[tuple[Clue, ...], ...] = ()
    fewest: bool = True
    spare: tuple[Clue, ...] = ()
    together: tuple[Clue, ...] = ()
    conflict: tuple[Clue, ...] = ()


def diagnose(puzzle: Grid, limit: int = 20, check: Check | None = None) -> Diagnosis:
    """All solutions of a puzzle up to `limit`, and which clues to add, to take out or to doubt.

    >>> found = diagnose(Grid.parse(
    ...     "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8...."
    ... ))
    >>> len(found.solutions), found.missing[0]
    (2, ((6, 1),))
    """
    found = solutions(puzzle.cells, limit + 1, check)
    kept, more = found[:limit], len(found) > limit
    if len(found) == 0:
        cells = contradiction(puzzle.cells)
        return Diagnosis(kept, conflict=_clues(puzzle.cells, cells))
    if len(found) > 1:
        missing, fewest = missing_clues(puzzle, check)
        return Diagnosis(kept, more, missing, fewest)
    spare = [cell for cell in range(81) if puzzle[cell] and _spare(list(puzzle.cells), cell, check)]
    left = list(puzzle.cells)
    gone = [cell for cell in spare if _spare(left, cell, check)]
    return Diagnosis(kept, spare=_clues(puzzle.cells, spare), together=_clues(puzzle.cells, gone))


def _spare(cells: list[int], cell: int, check: Check | None) -> bool:
    """Take a clue out where one solution is left without it; whether that was so."""
    digit, cells[cell] = cells[cell], 0
    if count_solutions(cells, 2, check) == 1:
        return True
    cells[cell] = digit
    return False


def _clues(cells: Sequence[int], where: Sequence[int]) -> tuple[Clue, ...]:
    return tuple((cell, int(cells[cell])) for cell in where)


def missing_clues(
    puzzle: Grid, check: Check | None = None
) -> tuple[tuple[tuple[Clue, ...], ...], bool]:
    """Sets of clues each of which leaves one of several solutions, and whether they are smallest.

    All sets of one clue, or else all of two, where there are at most `ALL` solutions; else one set,
    found greedily, without a clue in it that could go.
    """
    found = solutions(puzzle.cells, ALL + 1, check)
    if len(found) <= ALL:
        holds = np.zeros((len(found), 729), np.float32)
        places = 9 * np.arange(81) + found - 1
        np.put_along_axis(holds, places.astype(np.int64), 1, axis=1)
        alone = np.flatnonzero(holds.sum(0) == 1)
        if len(alone):
            return tuple(((int(at) // 9, int(at) % 9 + 1),) for at in alone), True
        first, second = np.nonzero(np.triu(holds.T @ holds == 1))
        if len(first):
            pairs = zip(first.tolist(), second.tolist(), strict=True)
            return tuple(tuple((at // 9, at % 9 + 1) for at in pair) for pair in pairs), True
    return (_greedy(puzzle, found[0], check),), False


def _greedy(puzzle: Grid, solution: npt.NDArray[np.int8], check: Check | None) -> tuple[Clue, ...]:
    """Clues of a solution that leave it alone, none of them spare.

    Each is the one in which random solutions that are left differ most from it.
    """
    rng = np.random.default_rng(0)
    cells, added = list(puzzle.cells), list[int]()
    while count_solutions(cells, 2, check) > 1:
        others = search_many([cells] * SAMPLES, rng.random((SAMPLES, 81, 9)), check)[0]
        differs = (others != solution).sum(0)
        if not differs.any():
            differs = (solutions(cells, 2, check) != solution).sum(0)
        cell = int(differs.argmax())
        cells[cell] = int(solution[cell])
        added.append(cell)
    needed = [cell for cell in added if not _spare(cells, cell, check)]
    return _clues(cells, sorted(needed))


def redundant_clues(
    cells: npt.NDArray[np.int8], counts: npt.NDArray[np.int8]
) -> npt.NDArray[np.bool_]:
    """Which clues of puzzles [n, 81] could go and leave one solution: bool [n, 81].

    Of puzzles with one solution; all False where `counts` [n] is not 1.
    """
    rows, places = np.nonzero((cells > 0) & (counts == 1)[:, None])
    redundant = np.zeros(cells.shape, dtype=np.bool_)
    for start in range(0, len(rows), CHUNK):
        some = slice(start, start + CHUNK)
        without = cells[rows[some]]
        without[np.arange(len(without)), places[some]] = 0
        redundant[rows[some], places[some]] = solve_many(without)[1] == 1
    return redundant
