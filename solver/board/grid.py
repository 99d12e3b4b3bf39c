"""The board: cells, units, peers, an immutable grid, and its violations as values.

Cells are 0..80, row by row; digits 1..9, and 0 for a blank cell. Units are 0..26: rows 0-8,
columns 9-17, boxes 18-26.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from solver.board.svg import grid_svg

BLANKS: Final = "0.Xx*_- "

ROW_OF: Final = tuple(cell // 9 for cell in range(81))
COLUMN_OF: Final = tuple(cell % 9 for cell in range(81))
BOX_OF: Final = tuple(cell // 27 * 3 + cell % 9 // 3 for cell in range(81))
CELL_UNITS: Final = tuple((ROW_OF[c], 9 + COLUMN_OF[c], 18 + BOX_OF[c]) for c in range(81))
UNITS: Final = tuple(
    tuple(cell for cell in range(81) if unit in CELL_UNITS[cell]) for unit in range(27)
)
PEERS: Final = tuple(
    tuple(sorted({peer for unit in CELL_UNITS[cell] for peer in UNITS[unit]} - {cell}))
    for cell in range(81)
)

DIGIT_SETS: Final = tuple(
    frozenset(digit for digit in range(1, 10) if mask >> digit & 1) for mask in range(1 << 10)
)
"""Mask, bit d for digit d -> its digits."""
_DIGIT_OF: Final = {**{str(digit): digit for digit in range(1, 10)}, **dict.fromkeys(BLANKS, 0)}


def unit_name(unit: int) -> str:
    """The name of a unit as people say it: "row 3", "column 1", "box 9"."""
    return f"{('row', 'column', 'box')[unit // 9]} {unit % 9 + 1}"


def cell_name(cell: int) -> str:
    """The name of a cell by row and column: "r3c7"."""
    return f"r{ROW_OF[cell] + 1}c{COLUMN_OF[cell] + 1}"


def _check_cell(cell: int) -> None:
    if not 0 <= cell < 81:
        raise ValueError(f"there is no cell {cell}; cells are 0-80")


class ViolationKind(enum.Enum):
    """What can be wrong with a grid."""

    DUPLICATE = "duplicate"
    """A digit stands twice in a unit."""
    NO_CANDIDATE = "no candidate"
    """A blank cell sees all nine digits."""
    NO_PLACE = "no place"
    """A unit lacks a digit and no blank cell of it can take it."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is wrong with a grid: in which unit, at which cells, with which digit.

    >>> [found] = Grid.parse("1...1...." + "." * 72).violations()
    >>> found.cells, found.digit, str(found)
    ((0, 4), 1, 'two 1s in row 1 (r1c1, r1c5)')
    """

    kind: ViolationKind
    unit: int | None
    cells: tuple[int, ...]
    digit: int | None

    def __str__(self) -> str:
        names = ", ".join(cell_name(cell) for cell in self.cells)
        where = "" if self.unit is None else unit_name(self.unit)
        if self.kind is ViolationKind.DUPLICATE:
            number = _NUMBERS[len(self.cells)]
            return f"{number} {self.digit}s in {where} ({names})"
        if self.kind is ViolationKind.NO_CANDIDATE:
            return f"no digit fits {names}"
        return f"no place for {self.digit} in {where}"


_NUMBERS: Final = {
    2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine",
}  # fmt: skip


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Grid:
    """A Sudoku grid, whole or in part; never changed, so it can be a key or a state of an undo.

    `cells` are 81 digits, 0 for a blank, row by row. Raises `ValueError` where there are not 81
    cells or one is not 0..9.

    >>> grid = Grid.parse("." * 80 + "1").place(0, 9)
    >>> grid[0], grid[80], grid.clues, sorted(grid.candidates(8))
    (9, 1, 2, [2, 3, 4, 5, 6, 7, 8])
    """

    cells: tuple[int, ...]

    def __init__(self, cells: Iterable[int]) -> None:
        values = tuple(cells) if isinstance(cells, bytes) else tuple(map(int, cells))
        if len(values) != 81:
            raise ValueError(f"a grid has 81 cells, not {len(values)}")
        if min(values) < 0 or max(values) > 9:
            cell = next(cell for cell, digit in enumerate(values) if not 0 <= digit <= 9)
            raise ValueError(
                f"{cell_name(cell)} holds {values[cell]}; a cell holds 1-9, or 0 blank"
            )
        object.__setattr__(self, "cells", values)

    @classmethod
    def parse(cls, text: str) -> Grid:
        """The grid written as 81 characters: digits, and `0 . X * _ -` or a space for a blank.

        Raises `ValueError` that names the length or the character and its place.
        """
        line = text.strip("\r\n\t")
        if len(line) != 81:
            line = line.strip()
        if len(line) != 81:
            raise ValueError(f"a grid is 81 characters, not {len(line)}")
        for place, character in enumerate(line):
            if character not in _DIGIT_OF:
                raise ValueError(
                    f"character {place + 1} is {character!r}; expected 1-9, or 0 or . for a blank"
                )
        return cls(_DIGIT_OF[character] for character in line)

    @property
    def clues(self) -> int:
        """How many cells are filled."""
        return 81 - self.cells.count(0)

    @property
    def complete(self) -> bool:
        """Whether no cell is blank."""
        return 0 not in self.cells

    @property
    def solved(self) -> bool:
        """Whether the grid is complete and breaks no rule."""
        return self.complete and not self.violations()

    def line(self, blank: str = ".") -> str:
        """The grid as 81 characters."""
        return "".join(str(digit) if digit else blank for digit in self.cells)

    def array(self) -> npt.NDArray[np.int8]:
        """The grid as a new array, int8 [81]."""
        return np.array(self.cells, dtype=np.int8)

    def place(self, cell: int, digit: int) -> Grid:
        """The grid with `digit` (1..9) in `cell` (0..80), whatever was there."""
        _check_cell(cell)
        if not 1 <= digit <= 9:
            raise ValueError(f"can't place {digit} at {cell_name(cell)}: digits are 1-9")
        return Grid((*self.cells[:cell], digit, *self.cells[cell + 1 :]))

    def clear(self, cell: int) -> Grid:
        """The grid with `cell` (0..80) blank."""
        _check_cell(cell)
        return Grid((*self.cells[:cell], 0, *self.cells[cell + 1 :]))

    def candidates(self, cell: int) -> frozenset[int]:
        """The digits that no filled peer of a blank cell holds; none for a filled cell."""
        return DIGIT_SETS[self.candidate_masks()[cell]]

    def all_candidates(self) -> tuple[frozenset[int], ...]:
        """The candidates of all 81 cells."""
        return tuple(DIGIT_SETS[mask] for mask in self.candidate_masks())

    def candidate_masks(self) -> list[int]:
        """The candidates of all 81 cells as masks: bit d for digit d."""
        held = [0] * 27
        for digit, units in zip(self.cells, CELL_UNITS, strict=True):
            for unit in units:
                held[unit] |= 1 << digit
        return [
            0 if digit else ~(held[row] | held[column] | held[box]) & 0x3FE
            for digit, (row, column, box) in zip(self.cells, CELL_UNITS, strict=True)
        ]

    def keeps(self, givens: Grid) -> bool:
        """Whether every filled cell of `givens` holds the same digit here."""
        return all(g in (0, c) for g, c in zip(givens.cells, self.cells, strict=True))

    def violations(self, *, deep: bool = False) -> tuple[Violation, ...]:
        """What is wrong: digits that stand twice in a unit, unit by unit, digit by digit.

        With `deep`, also blank cells that no digit fits and units without a place for a digit.
        """
        found = [
            Violation(ViolationKind.DUPLICATE, unit, tuple(places), digit)
            for unit, cells in enumerate(UNITS)
            if len(set(digits := [d for cell in cells if (d := self.cells[cell])])) < len(digits)
            for digit in range(1, 10)
            if len(places := [cell for cell in cells if self.cells[cell] == digit]) > 1
        ]
        return (*found, *self._dead_ends()) if deep else tuple(found)

    def _dead_ends(self) -> Iterator[Violation]:
        candidates = self.all_candidates()
        for cell in range(81):
            if not self.cells[cell] and not candidates[cell]:
                yield Violation(ViolationKind.NO_CANDIDATE, None, (cell,), None)
        for unit, cells in enumerate(UNITS):
            held = {self.cells[cell] for cell in cells}
            fits = frozenset[int]().union(*(candidates[cell] for cell in cells))
            for digit in range(1, 10):
                if digit not in held and digit not in fits:
                    yield Violation(ViolationKind.NO_PLACE, unit, cells, digit)

    def __getitem__(self, cell: int) -> int:
        return self.cells[cell]

    def __iter__(self) -> Iterator[int]:
        return iter(self.cells)

    def __len__(self) -> int:
        return 81

    def __repr__(self) -> str:
        return f"Grid.parse({self.line()!r})"

    def __str__(self) -> str:
        lines = []
        for row in range(9):
            digits = self.line()[row * 9 : row * 9 + 9]
            lines.append(" | ".join(" ".join(digits[stack : stack + 3]) for stack in (0, 3, 6)))
            if row in (2, 5):
                lines.append("------+-------+------")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """The grid drawn, for notebooks."""
        return grid_svg(self.cells, self.cells)
