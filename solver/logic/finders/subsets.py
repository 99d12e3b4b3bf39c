"""Locked candidates, and subsets: n cells of a unit with n digits between them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

from solver.board.grid import CELL_UNITS, UNITS
from solver.logic.deduction import Deduction
from solver.logic.pencil import (
    DIGITS,
    UNIT_BOARD,
    Pencil,
    board_of,
    cells_in,
    place_in,
    seen_by_all,
)
from solver.logic.techniques import HIDDEN, NAKED, Technique


@lru_cache(maxsize=1 << 14)
def _locked(board: int) -> tuple[tuple[int, int, int, int], ...]:
    """(unit, other unit, board of the places, board of the hits) of one digit."""
    found = []
    for unit in (*range(18, 27), *range(18)):
        places = board & UNIT_BOARD[unit]
        if not places or places & (places - 1) == 0:
            continue
        first = places.bit_length() - 1
        for other in CELL_UNITS[first]:
            if other == unit or (other < 18 and unit < 18) or places & ~UNIT_BOARD[other]:
                continue
            if hits := board & UNIT_BOARD[other] & ~places:
                found.append((unit, other, places, hits))
    return tuple(found)


def locked_candidates(pencil: Pencil) -> Iterator[Deduction]:
    """A digit whose places in one unit all lie in another: it leaves the rest of the other."""
    for digit in range(1, 10):
        for unit, other, places, hits in _locked(pencil.where[digit]):
            cells = tuple(cells_in(places))
            yield Deduction(
                Technique.LOCKED_CANDIDATES,
                cells,
                (unit, other),
                (digit,),
                (place_in(unit, digit),),
                tuple((cell, digit) for cell in cells_in(hits)),
                cause=tuple((cell, digit) for cell in cells),
            )


@lru_cache(maxsize=1 << 16)
def _subsets(masks: tuple[int, ...]) -> tuple[tuple[bool, tuple[int, ...], int], ...]:
    """(hidden, places in the unit, mask of digits) of each subset of two to four, smallest first.

    `masks` are the nine masks of the unit.
    """
    blank = [place for place in range(9) if masks[place]]
    spots: dict[int, int] = {}
    for place in blank:
        for digit in DIGITS[masks[place]]:
            spots[digit] = spots.get(digit, 0) | 1 << place
    found: list[tuple[bool, tuple[int, ...], int]] = []
    for size in range(2, min(4, len(blank) - 1) + 1):
        narrow = [place for place in blank if 2 <= masks[place].bit_count() <= size]
        for chosen in combinations(narrow, size):
            union = 0
            for place in chosen:
                union |= masks[place]
            if union.bit_count() == size:
                found.append((False, chosen, union))
        rare = [digit for digit, board in spots.items() if 2 <= board.bit_count() <= size]
        for digits in combinations(sorted(rare), size):
            union = 0
            for digit in digits:
                union |= spots[digit]
            mask = sum(1 << digit for digit in digits)
            places = tuple(cells_in(union))
            if len(places) == size:
                found.append((True, places, mask))
    return tuple(found)


def subsets(pencil: Pencil, technique: Technique) -> Iterator[Deduction]:
    """The naked or hidden subsets of one size that take something away."""
    hidden = technique in HIDDEN
    size = HIDDEN[technique] if hidden else NAKED[technique]
    masks = pencil.masks
    for unit, cells in enumerate(UNITS):
        for kind, places, mask in _subsets(tuple([masks[cell] for cell in cells])):
            if kind is not hidden or len(places) != size:
                continue
            chosen = tuple(cells[place] for place in places)
            board = board_of(chosen) if hidden else seen_by_all(chosen)
            if not (hits := pencil.hits(board, 0x3FE & ~mask if hidden else mask)):
                continue
            premises = tuple(place_in(unit, d) for d in DIGITS[mask]) if hidden else chosen
            yield Deduction(
                technique,
                chosen,
                (unit,),
                DIGITS[mask],
                premises,
                hits,
                cause=tuple((c, d) for c in chosen for d in DIGITS[masks[c] & mask]),
            )
