"""Pencil marks: what may still stand in each blank cell, as boards of bits.

A board is an int of 81 bits, bit c for cell c; a mask is an int, bit d for digit d. A Sudoku is
an exact cover, and a constraint of it is an int too: 0..80 is "this cell holds one digit",
81 + unit * 9 + digit - 1 is "this unit holds this digit once".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from solver.board.grid import DIGIT_SETS, PEERS, UNITS, Grid

Candidate = tuple[int, int]
"""(cell 0..80, digit 1..9)"""

CELL_BOARD: Final = tuple(1 << cell for cell in range(81))
UNIT_BOARD: Final = tuple(sum(1 << cell for cell in unit) for unit in UNITS)
PEER_BOARD: Final = tuple(sum(1 << cell for cell in peers) for peers in PEERS)
EVERYWHERE: Final = (1 << 81) - 1
DIGITS: Final = tuple(tuple(sorted(digits)) for digits in DIGIT_SETS)
"""Mask -> its digits."""


def cells_in(board: int) -> list[int]:
    """The cells of a board, in order; of any int, its bits."""
    cells = []
    while board:
        low = board & -board
        cells.append(low.bit_length() - 1)
        board ^= low
    return cells


def board_of(cells: Iterable[int]) -> int:
    """The board of some cells."""
    board = 0
    for cell in cells:
        board |= 1 << cell
    return board


def seen_by_all(cells: Iterable[int]) -> int:
    """The board of the cells that see every one of `cells`."""
    board = EVERYWHERE
    for cell in cells:
        board &= PEER_BOARD[cell]
    return board


@lru_cache(maxsize=1 << 14)
def seen_by(board: int) -> int:
    """The board of the cells that see every cell of a board."""
    return seen_by_all(cells_in(board))


def place_in(unit: int, digit: int) -> int:
    """The constraint "`unit` holds `digit` once"."""
    return 80 + unit * 9 + digit


def members(constraint: int) -> tuple[Candidate, ...]:
    """The nine candidates of which the constraint takes exactly one."""
    if constraint < 81:
        return tuple((constraint, digit) for digit in range(1, 10))
    unit, digit = divmod(constraint - 81, 9)
    return tuple((cell, digit + 1) for cell in UNITS[unit])


def holders(constraint: int, masks: Sequence[int]) -> list[Candidate]:
    """The members of a constraint that are candidates."""
    return [(cell, digit) for cell, digit in members(constraint) if masks[cell] >> digit & 1]


class Pencil:
    """The candidates of a grid: by cell (`masks`, 0 for a filled cell) and by digit (`where`)."""

    __slots__ = ("masks", "where")

    def __init__(self, masks: Sequence[int]) -> None:
        self.masks = list(masks)
        self.where = [0] * 10
        for cell, mask in enumerate(self.masks):
            for digit in DIGITS[mask]:
                self.where[digit] |= 1 << cell

    @classmethod
    def of(cls, grid: Grid, marks: Sequence[Iterable[int] | None] | None = None) -> Pencil:
        """What the rules leave in `grid`, and of these only the `marks` of a cell, unless they are
        None."""
        masks = grid.candidate_masks()
        for cell, noted in enumerate(marks or ()):
            if noted is not None:
                masks[cell] &= sum(1 << int(digit) for digit in noted)
        return cls(masks)

    def copy(self) -> Pencil:
        """Another with the same candidates."""
        twin = Pencil.__new__(Pencil)
        twin.masks, twin.where = self.masks.copy(), self.where.copy()
        return twin

    def has(self, candidate: Candidate) -> bool:
        """Whether a candidate is left."""
        return bool(self.masks[candidate[0]] >> candidate[1] & 1)

    def remove(self, candidates: Iterable[Candidate]) -> None:
        """Rub candidates out; those that are gone already don't matter."""
        for cell, digit in candidates:
            self.masks[cell] &= ~(1 << digit)
            self.where[digit] &= ~(1 << cell)

    def place(self, cell: int, digit: int) -> None:
        """Fill a cell: its candidates go, and the digit's in its peers."""
        for other in DIGITS[self.masks[cell]]:
            self.where[other] &= ~(1 << cell)
        self.masks[cell] = 0
        for peer in cells_in(self.where[digit] & PEER_BOARD[cell]):
            self.masks[peer] &= ~(1 << digit)
        self.where[digit] &= ~PEER_BOARD[cell]

    def hits(self, board: int, mask: int) -> tuple[Candidate, ...]:
        """The candidates of the digits of `mask` in the cells of `board`."""
        return tuple(
            (cell, digit) for digit in DIGITS[mask] for cell in cells_in(self.where[digit] & board)
        )
