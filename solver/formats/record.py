"""What every reader returns and every writer takes: one puzzle with all that came with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from solver.formats.errors import FormatError
from solver.grid import Grid, cell_name

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
    """The candidates left in the blank cells of the grid; None: all that the rules leave."""
    source: str = field(default="", compare=False)
    """The file's name, `<stdin>` or `<text>`."""
    line: int = field(default=0, compare=False)
    """The line (or table row) where the puzzle begins, from 1."""

    @property
    def grid(self) -> Grid:
        """The grid to go on with: the state, or the givens where there is none."""
        return self.givens if self.state is None else self.state


def candidates(grid: Grid) -> Pencil:
    """What the rules leave in each blank cell."""
    return tuple(grid.candidates(cell) for cell in range(81))


def without(grid: Grid, removed: Iterable[tuple[int, int]]) -> Pencil | None:
    """What the rules leave in `grid` without the (cell, digit) pairs; None where that is all."""
    left = {cell: grid.candidates(cell) for cell in range(81)}
    full = tuple(left.values())
    for cell, digit in removed:
        left[cell] -= {digit}
    pencil = tuple(left.values())
    return None if pencil == full else pencil


def over(givens: Grid, played: Grid) -> Grid:
    """The state: `played` over `givens`. Raises `FormatError` where it changes a given."""
    for cell, given in enumerate(givens):
        if given and played[cell] not in (0, given):
            raise FormatError(
                f"{played[cell]} at {cell_name(cell)} in the state", f"the given {given}"
            )
    return Grid(given or digit for given, digit in zip(givens, played, strict=True))
