"""The one exact engine: solve, count solutions up to a limit, search led by probabilities.

Functions for one puzzle run plain Python, so that a single answer never waits for a compiler;
those for many are the same source, compiled where numba is installed and there are more than a
few. The method is in `solver.exact.bands` and `solver.exact.branching`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from solver.board.cells import as_puzzle, as_puzzles
from solver.exact.bands import load
from solver.exact.branching import STACK, run
from solver.exact.compiled import compiled, kernel, worth_compiling
from solver.exact.lanes import Stack, new_stack

__all__ = [
    "contradiction",
    "count_solutions",
    "guesses_many",
    "search",
    "search_many",
    "solutions",
    "solve",
    "solve_many",
]

_FEW: Final = 16
"""Up to so many solutions are kept at once by `solutions`; more take a second run."""


def solve(cells: Iterable[int]) -> npt.NDArray[np.int8] | None:
    """A solution, int8 [81], of a puzzle of 81 digits with 0 for a blank; None if it has none.

    Raises `ValueError` for cells that are not a grid, as all functions here do.
    """
    found = solutions(cells, limit=1)
    return found[0] if len(found) else None


def count_solutions(cells: Iterable[int], limit: int = 2) -> int:
    """How many solutions a puzzle has, counted up to `limit`."""
    return _run(cells, limit, [], [])[0]


def contradiction(cells: Iterable[int], first: Iterable[int] = ()) -> tuple[int, ...]:
    """Filled cells that can't all stand, each of them needed for that; () with a solution.

    Cells are left out one by one while no solution appears, those of `first` before the others:
    what remains names as few of `first` as that order finds.
    """
    left = [int(digit) for digit in as_puzzle(cells)]
    if count_solutions(left, limit=1):
        return ()
    for cell in dict.fromkeys((*first, *range(81))):
        digit, left[cell] = left[cell], 0
        if digit and count_solutions(left, limit=1):
            left[cell] = digit
    return tuple(cell for cell in range(81) if left[cell])


def solutions(cells: Iterable[int], limit: int = 2) -> npt.NDArray[np.int8]:
    """The solutions of a puzzle, int8 [k, 81], up to `limit` of them."""
    puzzle = as_puzzle(cells)
    kept = min(limit, _FEW)
    found = [0] * (81 * kept)
    count = _run(puzzle, kept, [], found)[0]
    if kept < limit and count == kept:
        count = _run(puzzle, limit, [], [])[0]
        found = [0] * (81 * count)
        _run(puzzle, count, [], found)
    return np.array(found[: 81 * count], dtype=np.int8).reshape(count, 81)


def search(cells: Iterable[int], order: npt.ArrayLike) -> tuple[npt.NDArray[np.int8] | None, int]:
    """The first solution found, or None, and the guesses that it took.

    `order`, float [81, 9], weighs each digit in each cell: of a cell's candidates the heaviest is
    tried first. A policy's probabilities serve; weights decide how fast, never what is right.
    """
    weights = np.asarray(order, dtype=np.float64)
    if weights.shape != (81, 9):
        raise ValueError(f"weights have the shape [81, 9], not {list(weights.shape)}")
    found = [0] * 81
    count, guesses = _run(cells, 1, weights.ravel().tolist(), found)
    return (np.array(found, dtype=np.int8) if count else None), guesses


def _run(cells: Iterable[int], limit: int, order: list[float], found: list[int]) -> tuple[int, int]:
    puzzle = as_puzzle(cells)
    if limit < 1:
        raise ValueError(f"a limit of solutions is 1 or more, not {limit}")
    stack = new_stack(STACK, compiled=False)
    load(puzzle, stack)
    return run(stack, limit, order, found, steady=len(order) > 0)


def solve_many(
    cells: npt.ArrayLike,
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]:
    """Solve puzzles, int [n, 81]: (solutions int8 [n, 81], how many each has, int8 [n], up to 2).

    A puzzle's row is its first solution, or 0 where there is none. More than a few are solved by
    compiled code, with the same result.
    """
    found, counts, _ = _solved(cells)
    return found.astype(np.int8), counts.astype(np.int8)


def guesses_many(cells: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """The guesses, int64 [n], that `solve_many` takes for puzzles, int [n, 81]."""
    return _solved(cells)[2]


Cells = npt.NDArray[np.int64]


def _solved(cells: npt.ArrayLike) -> tuple[Cells, Cells, Cells]:
    """First solutions, int64 [n, 81], the number of solutions up to 2, and guesses, int64 [n]."""
    puzzles = as_puzzles(cells)
    found = np.zeros_like(puzzles)
    counts, guesses = np.zeros(len(puzzles), np.int64), np.zeros(len(puzzles), np.int64)
    none = np.zeros(0, np.int64)
    if worth_compiling(len(puzzles)):
        _solve_all(puzzles, found, counts, guesses, none, new_stack(STACK, compiled=True))
    else:
        stack = new_stack(STACK, compiled=False)
        solve_all(puzzles.tolist(), found, counts, guesses, none, stack)
    return found, counts, guesses


@kernel
def solve_all(puzzles: Any, found: Any, counts: Any, guesses: Any, none: Any, stack: Stack) -> None:
    """Solve each puzzle and count its solutions up to 2, and the guesses."""
    for i in range(len(puzzles)):
        load(puzzles[i], stack)
        counts[i], guesses[i] = run(stack, 2, none, found[i], False)


_solve_all = compiled(solve_all)


def search_many(
    cells: npt.ArrayLike, order: npt.ArrayLike
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int64]]:
    """`search` for puzzles, int [n, 81], and weights, float [n, 81, 9].

    Gives (solutions int8 [n, 81], guesses int64 [n]); the row of a puzzle without a solution is 0.
    More than a few are searched by compiled code, with the same result.
    """
    puzzles = as_puzzles(cells)
    weights = np.ascontiguousarray(order, dtype=np.float64)
    if weights.shape != (len(puzzles), 81, 9):
        shape = list(weights.shape)
        raise ValueError(f"weights have the shape [{len(puzzles)}, 81, 9], not {shape}")
    found = np.zeros_like(puzzles)
    guesses = np.zeros(len(puzzles), dtype=np.int64)
    flat = weights.reshape(len(puzzles), 729)
    if worth_compiling(len(puzzles)):
        _search_all(puzzles, flat, found, guesses, new_stack(STACK, compiled=True))
    else:
        stack = new_stack(STACK, compiled=False)
        search_all(puzzles.tolist(), flat, found, guesses, stack)
    return found.astype(np.int8), guesses


@kernel
def search_all(puzzles: Any, order: Any, found: Any, guesses: Any, stack: Stack) -> None:
    """Find each puzzle's first solution, led by its weights."""
    for i in range(len(puzzles)):
        load(puzzles[i], stack)
        guesses[i] = run(stack, 1, order[i], found[i], True)[1]


_search_all = compiled(search_all)
