"""Wings, remote pairs, and colours of one digit."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, pairwise
from typing import NamedTuple

from solver.logic.deduction import Deduction, Link
from solver.logic.finders.chains import Chain, deduce
from solver.logic.finders.links import graph_of, node_of, pairs_of
from solver.logic.pencil import (
    DIGITS,
    PEER_BOARD,
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


def xy_wings(pencil: Pencil) -> Iterator[Deduction]:
    """A cell xy that sees cells xz and yz, which don't see each other: one of these is z."""
    masks = pencil.masks
    pairs = board_of(cell for cell in range(81) if masks[cell].bit_count() == 2)
    for pivot in cells_in(pairs):
        both = masks[pivot]
        near = [c for c in cells_in(pairs & PEER_BOARD[pivot]) if masks[c] & both not in (0, both)]
        for one, other in combinations(near, 2):
            shared = masks[one] & masks[other]
            if masks[one] ^ masks[other] != both or PEER_BOARD[one] >> other & 1:
                continue
            [z] = DIGITS[shared]
            if hits := pencil.where[z] & PEER_BOARD[one] & PEER_BOARD[other]:
                [x], [y] = DIGITS[masks[one] & both], DIGITS[masks[other] & both]
                way = (one, z), (one, x), (pivot, x), (pivot, y), (other, y), (other, z)
                chain = Chain(tuple(node_of(*each) for each in way), hits << node_of(0, z))
                yield deduce(graph_of(pencil, "cells"), chain)


def w_wings(pencil: Pencil) -> Iterator[Deduction]:
    """Two cells xy apart, and a unit whose two places for y each see one of them: one is x."""
    masks = pencil.masks
    pairs = [cell for cell in range(81) if masks[cell].bit_count() == 2]
    for one, other in combinations(pairs, 2):
        if masks[one] != masks[other] or PEER_BOARD[one] >> other & 1:
            continue
        seen = PEER_BOARD[one] & PEER_BOARD[other]
        digits = DIGITS[masks[one]]
        for x, y in (digits, digits[::-1]):
            hits = pencil.where[x] & seen
            for _, *ends in pairs_of(pencil.where[y]) if hits else ():
                for near, far in (ends, ends[::-1]):
                    if PEER_BOARD[one] >> near & PEER_BOARD[other] >> far & 1:
                        way = (one, x), (one, y), (near, y), (far, y), (other, y), (other, x)
                        chain = Chain(tuple(node_of(*each) for each in way), hits << node_of(0, x))
                        yield deduce(graph_of(pencil, "units"), chain)


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
    for unit, one, other in pairs_of(board):
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


def remote_pairs(pencil: Pencil) -> Iterator[Deduction]:
    """Cells of the same two digits, each seen by the next: the ends of an even number differ."""
    masks = pencil.masks
    twins: dict[int, int] = {}
    for cell, mask in enumerate(masks):
        if mask.bit_count() == 2:
            twins[mask] = twins.get(mask, 0) | 1 << cell
    found = []
    for mask, board in twins.items():
        if board.bit_count() >= 4:
            for start in cells_in(board):
                for way in _ways(board, start):
                    hits = pencil.hits(seen_by_all((start, way[-1])) & ~board, mask)
                    if start < way[-1] and hits:
                        found.append((len(way), way, hits))
    for _, way, hits in sorted(found):
        a, b = DIGITS[masks[way[0]]]
        nodes = [((cell, digit),) for cell, digit in _alternating(way, a, b)]
        yield Deduction(
            Technique.REMOTE_PAIRS,
            way,
            (),
            (a, b),
            way,
            hits,
            cause=tuple((cell, digit) for cell in way[1:-1] for digit in (a, b)),
            effect=tuple((cell, digit) for cell in (way[0], way[-1]) for digit in (a, b)),
            links=tuple(
                Link(one, other, strong=i % 2 == 0)
                for i, (one, other) in enumerate(pairwise(nodes))
            ),
        )


def _ways(board: int, start: int) -> list[tuple[int, ...]]:
    """The shortest ways through the cells of a board to those four or more even cells on."""
    ways: list[tuple[int, ...]] = []
    queue: list[tuple[int, ...]] = [(start,)]
    reached = 1 << start
    for way in queue:
        for cell in cells_in(board & PEER_BOARD[way[-1]] & ~reached):
            reached |= 1 << cell
            queue.append((*way, cell))
            if len(way) >= 3 and len(way) % 2:
                ways.append((*way, cell))
    return ways


def _alternating(way: tuple[int, ...], a: int, b: int) -> list[tuple[int, int]]:
    """The candidates of a chain through cells of two digits."""
    return [
        (cell, digit)
        for index, cell in enumerate(way)
        for digit in ((a, b) if index % 2 == 0 else (b, a))
    ]
