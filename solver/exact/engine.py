"""The one exact engine: solve, count solutions up to a limit, search led by probabilities.

A few puzzles are searched in plain Python, so that a single answer never waits for a compiler;
more, or one that takes long, by the same source compiled, where numba is installed. Both find the
same. Where `within` is given, masks [81] or [n, 81] with bit d for digit d, only what it allows is
a solution. A search runs in slices of a fraction of a second: between them Ctrl-C is heard, and
`check`, where it is given, may end the search by raising an error. The method is in
`solver.exact.bands` and `solver.exact.branching`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from solver.board.cells import as_puzzle, as_puzzles
from solver.exact.bands import load, restrict
from solver.exact.branching import STACK, resume
from solver.exact.compiled import Room, kernel, worth_compiling
from solver.exact.lanes import Stack

Check = Callable[[], object]
Integers = npt.NDArray[np.int64]

KEPT: Final = 16
"""Solutions that `solutions` keeps at once at most; more take a second search."""
SLICE: Final = 1_000
"""Guesses in a slice of a plain search."""
COMPILED_SLICE: Final = 100_000


def solve(cells: Iterable[int], check: Check | None = None) -> npt.NDArray[np.int8] | None:
    """A solution, int8 [81], of a puzzle of 81 digits with 0 for a blank; None if it has none.

    Raises `ValueError` for cells that are not a grid, as all functions here do.
    """
    found = solutions(cells, 1, check)
    return found[0] if len(found) else None


def count_solutions(cells: Iterable[int], limit: int = 2, check: Check | None = None) -> int:
    """How many solutions a puzzle has, counted up to `limit`."""
    return int(_search(_one(cells), None, limit, 0, check)[1][0])


def contradiction(
    cells: Iterable[int], first: Iterable[int] = (), check: Check | None = None
) -> tuple[int, ...]:
    """Filled cells that can't all stand, each of them needed for that; () with a solution.

    Cells are left out one by one while no solution appears, those of `first` before the others:
    what remains names as few of `first` as that order finds.
    """
    left = [int(digit) for digit in as_puzzle(cells)]
    if count_solutions(left, 1, check):
        return ()
    for cell in dict.fromkeys((*first, *range(81))):
        digit, left[cell] = left[cell], 0
        if digit and count_solutions(left, 1, check):
            left[cell] = digit
    return tuple(cell for cell in range(81) if left[cell])


def solutions(
    cells: Iterable[int],
    limit: int = 2,
    check: Check | None = None,
    within: Iterable[int] | None = None,
) -> npt.NDArray[np.int8]:
    """The solutions of a puzzle, int8 [k, 81], up to `limit` of them."""
    puzzle, allowed = _one(cells), None if within is None else [list(within)]
    kept = min(limit, KEPT)
    found, counts, _ = _search(puzzle, None, kept, kept, check, allowed)
    if kept < limit and counts[0] == kept:
        count = int(_search(puzzle, None, limit, 0, check, allowed)[1][0])
        found, counts, _ = _search(puzzle, None, count, count, check, allowed)
    return found.reshape(-1, 81)[: counts[0]]


def search(
    cells: Iterable[int], order: npt.ArrayLike, check: Check | None = None
) -> tuple[npt.NDArray[np.int8] | None, int]:
    """The first solution found, or None, and the guesses that it took.

    `order`, float [81, 9], weighs each digit in each cell: of a cell's candidates the heaviest is
    tried first. A policy's probabilities serve; weights decide how fast, never what is right.
    """
    weights = np.asarray(order, dtype=np.float64)
    if weights.shape != (81, 9):
        raise ValueError(f"weights have the shape [81, 9], not {list(weights.shape)}")
    found, counts, guesses = _search(_one(cells), weights[None], 1, 1, check)
    return (found[0] if counts[0] else None), int(guesses[0])


def solve_many(
    cells: npt.ArrayLike, check: Check | None = None, within: npt.ArrayLike | None = None
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]:
    """Solve puzzles, int [n, 81]: (solutions int8 [n, 81], how many each has, int8 [n], up to 2).

    A puzzle's row is its first solution, or 0 where there is none.
    """
    found, counts, _ = _search(as_puzzles(cells), None, 2, 1, check, within)
    return found, counts.astype(np.int8)


def guesses_many(cells: npt.ArrayLike, check: Check | None = None) -> Integers:
    """The guesses, int64 [n], that `solve_many` takes for puzzles, int [n, 81]."""
    return _search(as_puzzles(cells), None, 2, 0, check)[2]


def search_many(
    cells: npt.ArrayLike,
    order: npt.ArrayLike,
    check: Check | None = None,
    within: npt.ArrayLike | None = None,
) -> tuple[npt.NDArray[np.int8], Integers]:
    """`search` for puzzles, int [n, 81], and weights, float [n, 81, 9].

    Gives (solutions int8 [n, 81], guesses int64 [n]); the row of a puzzle without a solution is 0.
    """
    puzzles = as_puzzles(cells)
    weights = np.ascontiguousarray(order, dtype=np.float64)
    if weights.shape != (len(puzzles), 81, 9):
        shape = list(weights.shape)
        raise ValueError(f"weights have the shape [{len(puzzles)}, 81, 9], not {shape}")
    found, _, guesses = _search(puzzles, weights, 1, 1, check, within)
    return found, guesses


def _one(cells: Iterable[int]) -> Integers:
    return np.array([as_puzzle(cells)], dtype=np.int64)


def _search(
    puzzles: Integers,
    weights: npt.NDArray[np.float64] | None,
    limit: int,
    kept: int,
    check: Check | None,
    within: npt.ArrayLike | None = None,
) -> tuple[npt.NDArray[np.int8], Integers, Integers]:
    """First solutions, int8 [n, 81 * kept], solutions up to `limit` and guesses, int64 [n]."""
    if limit < 1:
        raise ValueError(f"a limit of solutions is 1 or more, not {limit}")
    number = len(puzzles)
    orders = np.zeros((number, 0)) if weights is None else weights.reshape(number, 729)
    allowed = _masks(within, number)
    found = np.zeros((number, 81 * kept), np.int8)
    counts, guesses = np.zeros(number, np.int64), np.zeros(number, np.int64)
    check = check or (lambda: None)
    room, begin = Room(worth_compiling(number)), 0
    while begin < number:
        run, stack, reached = room.run(search_all), room.stack(STACK), room.numbers([begin, -1])
        rows, masks = room.rows(puzzles), room.rows(allowed)
        size = COMPILED_SLICE if room.compiled else SLICE
        while reached[0] < number:
            run(rows, masks, orders, limit, found, counts, guesses, stack, reached, size)
            check()
            if not room.compiled and worth_compiling(number, int(guesses.sum())):
                room = Room(True)
                break
        begin = int(reached[0])
        counts[begin:] = guesses[begin:] = 0
    return found, counts, guesses


def _masks(within: npt.ArrayLike | None, number: int) -> Integers:
    """What `within` allows, [n, 81], or [n, 0] where it allows everything."""
    if within is None:
        return np.zeros((number, 0), np.int64)
    masks = np.asarray(within, dtype=np.int64)
    if masks.shape != (number, 81):
        raise ValueError(f"masks have the shape [{number}, 81], not {list(masks.shape)}")
    return masks


@kernel
def search_all(
    puzzles: Any,
    allowed: Any,
    orders: Any,
    limit: int,
    found: Any,
    counts: Any,
    guesses: Any,
    stack: Stack,
    reached: Any,
    most: int,
) -> None:
    """Search puzzles, led by their weights where there are any, up to about `most` guesses.

    `reached`: the puzzle to continue with, and where in the stack its search is, or -1 for a new
    search.
    """
    i, at = reached[0], reached[1]
    while i < len(puzzles) and most > 0:
        if at < 0:
            load(puzzles[i], stack)
            if len(allowed[i]):
                restrict(stack, allowed[i])
            at = 0
        order = orders[i]
        at, counts[i], made = resume(
            stack, at, counts[i], limit, order, found[i], len(order) > 0, most
        )
        guesses[i] += made
        most -= made + 1
        if at < 0:
            i += 1
    reached[0], reached[1] = i, at
