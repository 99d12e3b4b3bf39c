"""A puzzle as readers return it and writers take it: givens, play, pencil, solution, metadata."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from solver.board.grid import Grid, cell_name
from solver.formats.errors import FormatError

Pencil = tuple[frozenset[int], ...]
"""81 sets of candidates, empty for a filled cell."""


@dataclass(frozen=True, slots=True)
class Record:
    """One puzzle as a file holds it.

    Two records are equal when they hold the same, wherever they were read.
    """

    givens: Grid
    state: Grid | None = None
    """The play so far: the givens and the digits placed; None where the file holds none."""
    solution: Grid | None = None
    metadata: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Text by key: author, description, comment, date, source, level, url, or a CSV column."""
    pencil: Pencil | None = None
    """The candidates left in the blank cells of the grid; None: all that the rules leave.

    An empty set is a blank cell that no candidate is left for, never one without notes."""
    source: str = field(default="", compare=False)
    """The file's name, `<stdin>` or `<text>`."""
    line: int = field(default=0, compare=False)
    """The line (or table row) where the puzzle begins, from 1."""
    unread: tuple[str, ...] = field(default=(), compare=False)
    """What else the file says of the puzzle, by name, that a record has no place for."""

    @property
    def grid(self) -> Grid:
        """The grid to continue from: the state, or the givens where there is none."""
        return self.givens if self.state is None else self.state

    @property
    def candidates(self) -> Pencil:
        """The pencil, or all that the rules leave where there is none."""
        return self.grid.all_candidates() if self.pencil is None else self.pencil

    def allows(self, solution: Iterable[int]) -> bool:
        """Whether the play and the pencil leave a solution of the givens possible."""
        marks = self.pencil or (None,) * 81
        return all(
            digit == placed or (placed == 0 and (mark is None or digit in mark))
            for digit, placed, mark in zip(solution, self.grid, marks, strict=True)
        )


def noted(grid: Grid, marks: Iterable[frozenset[int] | None]) -> Pencil | None:
    """The pencil of a grid in which a person made notes in some cells.

    A blank cell without a note (None) has all that the rules leave. None where that is all.
    """
    full = grid.all_candidates()
    pencil = tuple(
        fits if digit or mark is None else mark
        for digit, fits, mark in zip(grid, full, marks, strict=True)
    )
    return None if pencil == full else pencil


def without(
    grid: Grid, removed: Iterable[tuple[int, int]], pencil: Pencil | None = None
) -> Pencil | None:
    """`pencil`, or what the rules leave in `grid`, without the (cell, digit) pairs.

    None where that is all that the rules leave.
    """
    full = grid.all_candidates()
    left = list(full if pencil is None else pencil)
    for cell, digit in removed:
        left[cell] -= {digit}
    return None if tuple(left) == full else tuple(left)


def over(givens: Grid, played: Grid) -> Grid:
    """The state: `played` over `givens`. Raises `FormatError` where it changes a given."""
    for cell, given in enumerate(givens):
        if given and played[cell] not in (0, given):
            raise FormatError(
                f"{played[cell]} at {cell_name(cell)} in the state", f"the given {given}"
            )
    return Grid(given or digit for given, digit in zip(givens, played, strict=True))
