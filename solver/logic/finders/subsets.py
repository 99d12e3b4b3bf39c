"""Locked candidates, and subsets: n cells of a unit with n digits between them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

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


@lru_cache(maxsize=1 << 15)
def _subsets(masks: tuple[int, ...]) -> tuple[tuple[bool, int, tuple[int, ...], int], ...]:
    """(hidden, size, places, digits) of each subset of two to four in a unit, by its nine masks.

    Cells that hold as many digits as they are form a naked subset, and the other blank cells and
    digits a hidden one.
    """
    blank = [place for place in range(9) if masks[place]]
    count = len(blank)
    everything = 0
    for place in blank:
        everything |= masks[place]
    if everything.bit_count() != count:
        return ()
    unions = [0]
    for place in blank:
        unions += [union | masks[place] for union in unions]
    found = []
    closed = [c for c, union in enumerate(unions) if _SIZE[union >> 1] == _SIZE[c]]
    for chosen in closed[1:-1]:
        union, size = unions[chosen], chosen.bit_count()
        if 2 <= size <= 4:
            places = [blank[index] for index in cells_in(chosen)]
            if all(masks[place].bit_count() > 1 for place in places):
                found.append((False, size, tuple(places), union))
        if 2 <= count - size <= 4:
            places = [blank[index] for index in range(count) if not chosen >> index & 1]
            digits = everything & ~union
            if all(sum(masks[p] >> d & 1 for p in places) > 1 for d in DIGITS[digits]):
                found.append((True, count - size, tuple(places), digits))
    return tuple(sorted(found))


_SIZE: Final = tuple(number.bit_count() for number in range(512))


@lru_cache(maxsize=4)
def _by_size(
    masks: tuple[int, ...],
) -> dict[tuple[bool, int], list[tuple[int, tuple[int, ...], int]]]:
    """(hidden, size) -> (unit, cells, digits) of the subsets of some pencil marks."""
    found: dict[tuple[bool, int], list[tuple[int, tuple[int, ...], int]]] = {}
    for unit, cells in enumerate(UNITS):
        for hidden, size, places, digits in _subsets(tuple([masks[cell] for cell in cells])):
            chosen = tuple([cells[place] for place in places])
            found.setdefault((hidden, size), []).append((unit, chosen, digits))
    return found


def subsets(pencil: Pencil, technique: Technique) -> Iterator[Deduction]:
    """The naked or hidden subsets of one size that take something away."""
    hidden = technique in HIDDEN
    size = HIDDEN[technique] if hidden else NAKED[technique]
    masks = pencil.masks
    for unit, chosen, mask in _by_size(tuple(masks)).get((hidden, size), ()):
        board = board_of(chosen) if hidden else seen_by_all(chosen)
        if hits := pencil.hits(board, 0x3FE & ~mask if hidden else mask):
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
