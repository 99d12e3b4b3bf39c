"""The public functions that take puzzles as files, text or grids."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike

from solver import exact
from solver.board.grid import Grid
from solver.formats import read_puzzles
from solver.solving import clues
from solver.solving.solver import as_grid


def load(source: str | PathLike[str]) -> list[Grid]:
    """The puzzles (givens) of a file in any known format, of `-` for stdin, or of 81 characters.

    Raises `solver.formats.FormatError` (a `ValueError`) for what can't be read, with the file, the
    line, the column, what was found and what was expected; `OSError` for a file that can't be
    opened.

    >>> [grid] = load("." * 80 + "1")
    >>> grid[80]
    1
    """
    return [record.givens for record in read_puzzles(str(source))]


def count_solutions(grid: Grid | str | Iterable[int], limit: int = 2) -> int:
    """How many solutions a puzzle has, counted up to `limit`; the puzzle as `Solver.solve`'s.

    >>> count_solutions("12345678." + "." * 72)
    2
    """
    return int(exact.count_solutions(as_grid(grid).array(), limit))


def diagnose(grid: Grid | str | Iterable[int], limit: int = 20) -> clues.Diagnosis:
    """All solutions of a puzzle up to `limit`, and which clues to add, take out or doubt.

    >>> diagnose("11" + "." * 79).conflict
    ((0, 1), (1, 1))
    """
    return clues.diagnose(as_grid(grid), limit)


def rate(grid: Grid | str | Iterable[int], seed: int = 0) -> int:
    """The guesses that a solver with naked and hidden singles needs to prove the one solution.

    0: singles alone solve the puzzle. The same `seed` gives the same rating. Raises `ValueError`
    where the puzzle has not exactly one solution.

    >>> rate("53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79")
    0
    """
    return exact.rate(as_grid(grid), seed)
