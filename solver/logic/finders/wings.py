"""The XYZ-wing, and colours of one digit; the other wings are chains (`chains`)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from solver.logic.deduction import Deduction, Link
from solver.logic.pencil import (
    DIGITS,
    PEER_BOARD,
    UNIT_BOARD,
    Pencil,
    board_of,
    cells_in,
    place_in,
    seen_by_all,
)
from solver.logic.techniques import Technique


def xyz_wings(pencil: Pencil) -> Iterator[Deduction]:
    """A cell xyz that sees cells xz and yz: one of the three is z, so what sees all is not."""
    masks = pencil.masks
    pairs = board_of(cell for cell in range(81) if masks[cell].bit_count() == 2)
    for pivot in range(81):
        if masks[pivot].bit_count() != 3:
            continue
        near = [c for c in cells_in(pairs & PEER_BOARD[pivot]) if not masks[c] & ~masks[pivot]]
        for one, other in combinations(near, 2):
            if masks[one] == masks[other]:
                continue
            shared = masks[one] & masks[other]
            cells = (pivot, one, other)
            if hits := pencil.hits(seen_by_all(cells), shared):
                [digit] = DIGITS[shared]
                yield Deduction(
                    Technique.XYZ_WING,
                    cells,
                    (),
                    DIGITS[masks[pivot]],
                    cells,
                    hits,
                    cause=tuple((c, d) for c in cells for d in DIGITS[masks[c]] if d != digit),
                    effect=tuple((cell, digit) for cell in cells),
                )


class _Colours(NamedTuple):
    edges: tuple[tuple[int, int, int], ...]
    """(cell, cell, unit) of the pairs used."""
    one: int
    other: int
    hits: int
    kind: str


@lru_cache(maxsize=1 << 14)
def _colours(board: int) -> tuple[_Colours, ...]:
    """The colourings of one digit that take something away."""
    pairs: dict[int, list[tuple[int, int]]] = {}
    for unit in range(27):
        places = board & UNIT_BOARD[unit]
        if places.bit_count() == 2:
            one, other = cells_in(places)
            pairs.setdefault(one, []).append((other, unit))
            pairs.setdefault(other, []).append((one, unit))
    found, done = [], 0
    for first in sorted(pairs):
        if done >> first & 1:
            continue
        colour, edges, queue = {first: 0}, [], [first]
        for cell in queue:
            for other, unit in pairs[cell]:
                if other not in colour:
                    colour[other] = 1 - colour[cell]
                    edges.append((cell, other, unit))
                    queue.append(other)
        sides = [board_of(c for c in queue if colour[c] == side) for side in (0, 1)]
        done |= sides[0] | sides[1]
        if len(queue) < 4:
            continue
        sight = [_sight(side) for side in sides]
        for side in (0, 1):
            if sides[side] & sight[side]:
                wrong, right = sides[side], sides[1 - side]
                found.append(_Colours(tuple(edges), right, wrong, wrong, "wrap"))
        if hits := board & sight[0] & sight[1] & ~sides[0] & ~sides[1]:
            found.append(_Colours(tuple(edges), sides[0], sides[1], hits, "trap"))
    return tuple(found)


def _sight(board: int) -> int:
    """The cells that some cell of a board sees."""
    seen = 0
    for cell in cells_in(board):
        seen |= PEER_BOARD[cell]
    return seen


def simple_colouring(pencil: Pencil) -> Iterator[Deduction]:
    """Pairs of places of a digit in two colours, one of which is all true.

    A candidate that sees both colours is false (a trap); a colour that sees itself is (a wrap).
    """
    for digit in range(1, 10):
        for it in _colours(pencil.where[digit]):
            one, other = cells_in(it.one), cells_in(it.other)
            yield Deduction(
                Technique.SIMPLE_COLOURING,
                tuple(sorted(one + other)),
                tuple(unit for _, _, unit in it.edges),
                (digit,),
                tuple(place_in(unit, digit) for _, _, unit in it.edges),
                tuple((cell, digit) for cell in cells_in(it.hits)),
                cause=tuple((cell, digit) for cell in one),
                effect=tuple((cell, digit) for cell in other),
                links=tuple(Link(((a, digit),), ((b, digit),), True) for a, b, _ in it.edges),
                kind=it.kind,
            )
