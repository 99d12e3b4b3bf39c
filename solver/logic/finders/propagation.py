"""Singles after a supposition, until nothing follows or a rule is broken."""

from __future__ import annotations

from typing import Final

from solver.board.grid import CELL_UNITS
from solver.logic.pencil import (
    DIGITS,
    PEER_BOARD,
    UNIT_BOARD,
    Candidate,
    Pencil,
    cells_in,
    place_in,
)

_ROOM: Final = tuple(tuple((unit, UNIT_BOARD[unit]) for unit in CELL_UNITS[c]) for c in range(81))

Placed = list[tuple[Candidate, int]]


def propagate(pencil: Pencil, start: Candidate) -> tuple[Placed, int, int]:
    """The placements that follow from one, each with the constraint behind it (the first: -1).

    Also the constraint that is broken, or -1, and as bits (digit - 1) * 81 + cell the candidates
    that fall.
    """
    masks, where = pencil.masks.copy(), pencil.where.copy()
    placed: Placed = []
    queue = [(start, -1)]
    done = 0
    broken = -1
    for (cell, digit), constraint in queue:
        if done >> cell & 1:
            if not masks[cell] >> digit & 1:
                broken = constraint
                break
            continue
        if not masks[cell] >> digit & 1:
            broken = constraint
            break
        placed.append(((cell, digit), constraint))
        done |= 1 << cell
        touched = [(cell, other) for other in DIGITS[masks[cell] & ~(1 << digit)]]
        touched += [(peer, digit) for peer in cells_in(where[digit] & PEER_BOARD[cell])]
        for at, gone in touched:
            masks[at] &= ~(1 << gone)
            where[gone] &= ~(1 << at)
        broken = _look(masks, where, touched, queue)
        if broken >= 0:
            break
    fallen = 0
    for digit in range(1, 10):
        fallen |= (pencil.where[digit] & ~where[digit]) << 81 * (digit - 1)
    return placed, broken, fallen


def _look(
    masks: list[int],
    where: list[int],
    touched: list[Candidate],
    queue: list[tuple[Candidate, int]],
) -> int:
    """Queue the singles that the loss of some candidates leaves; a constraint broken, or -1."""
    for at, gone in touched:
        mask = masks[at]
        if not mask:
            return at
        if mask & (mask - 1) == 0:
            queue.append(((at, DIGITS[mask][0]), at))
        for unit, board in _ROOM[at]:
            places = where[gone] & board
            if not places:
                return place_in(unit, gone)
            if places & (places - 1) == 0:
                queue.append(((places.bit_length() - 1, gone), place_in(unit, gone)))
    return -1
