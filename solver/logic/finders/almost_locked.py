"""Almost locked sets: n cells of a unit with n + 1 digits; and Sue de Coq.

A digit is a restricted common of two sets where all its places in one see all in the other: it
can be in only one of them, and the other set is locked then.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from solver.board.grid import UNITS
from solver.logic.deduction import Deduction
from solver.logic.pencil import (
    DIGITS,
    UNIT_BOARD,
    Candidate,
    Pencil,
    board_of,
    cells_in,
    seen_by,
)
from solver.logic.techniques import Technique

LARGEST = 8
"""Cells in a set."""


class AlmostLocked(NamedTuple):
    """A set: its cells, digits, the places of each digit, and the candidates that see all these."""

    board: int
    mask: int
    places: dict[int, int]
    seen: dict[int, int]


@lru_cache(maxsize=1 << 14)
def _sets(masks: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """The places in a unit of the almost locked sets in it, by the masks of its nine cells."""
    blank = [place for place in range(9) if masks[place]]
    found = []
    for size in range(1, min(LARGEST, len(blank) - 1) + 1):
        usable = [place for place in blank if masks[place].bit_count() <= size + 1]
        for chosen in combinations(usable, size):
            union = 0
            for place in chosen:
                union |= masks[place]
            if union.bit_count() == size + 1:
                found.append(chosen)
    return tuple(found)


def almost_locked_sets(pencil: Pencil) -> list[AlmostLocked]:
    """All almost locked sets, the smallest first."""
    masks = pencil.masks
    boards = {
        board_of(cells[place] for place in places)
        for cells in UNITS
        for places in _sets(tuple([masks[cell] for cell in cells]))
    }
    found = []
    for board in sorted(boards, key=lambda board: (board.bit_count(), board)):
        mask = 0
        for cell in cells_in(board):
            mask |= masks[cell]
        places = {digit: pencil.where[digit] & board for digit in DIGITS[mask]}
        seen = {d: seen_by(at) & pencil.where[d] for d, at in places.items()}
        found.append(AlmostLocked(board, mask, places, seen))
    return found


class _Index:
    """The almost locked sets of some pencil marks, by what they hold and see.

    A set of sets is an int with the bits of their numbers.
    """

    def __init__(self, pencil: Pencil) -> None:
        self.sets = almost_locked_sets(pencil)
        holding = [0] * 10
        touching = [[0] * 81 for _ in range(10)]
        reaching = [[0] * 81 for _ in range(10)]
        covering = [0] * 81
        for number, it in enumerate(self.sets):
            bit = 1 << number
            for cell in cells_in(it.board):
                covering[cell] |= bit
            for digit, places in it.places.items():
                holding[digit] |= bit
                for cell in cells_in(places):
                    touching[digit][cell] |= bit
                for cell in cells_in(it.seen[digit]):
                    reaching[digit][cell] |= bit
        self.near: list[dict[int, int]] = []
        """Set -> digit -> the sets apart with which the digit is a restricted common."""
        self.share: list[dict[int, int]] = []
        """Set -> digit -> the sets that see, by their places for it, a candidate it sees."""
        known: dict[tuple[int, int], tuple[int, int]] = {}
        for it in self.sets:
            apart = ~_all(covering, it.board)
            near, share = {}, {}
            for digit, seen in it.seen.items():
                if not seen:
                    continue
                if (digit, seen) not in known:
                    unseen = pencil.where[digit] & ~seen
                    known[digit, seen] = (
                        holding[digit] & ~_all(touching[digit], unseen),
                        _all(reaching[digit], seen),
                    )
                bound, share[digit] = known[digit, seen]
                near[digit] = bound & apart
            self.near.append(near)
            self.share.append(share)


def _all(sets: list[int], board: int) -> int:
    """The sets of any of the cells of a board."""
    found = 0
    while board:
        low = board & -board
        found |= sets[low.bit_length() - 1]
        board ^= low
    return found


@lru_cache(maxsize=4)
def _index(masks: tuple[int, ...]) -> _Index:
    return _Index(Pencil(masks))


def _deduction(
    technique: Technique,
    pencil: Pencil,
    sets: tuple[AlmostLocked, ...],
    restricted: tuple[int, ...],
    hits: dict[Candidate, None],
    kind: str = "",
) -> Deduction:
    cells = tuple(cell for it in sets for cell in cells_in(it.board))
    targets = {digit for _, digit in hits}
    parts = [
        tuple((c, d) for c in cells_in(it.board) for d in DIGITS[pencil.masks[c]]) for it in sets
    ]
    effect = tuple(c for part in parts for c in part if c[1] in targets)
    return Deduction(
        technique,
        cells,
        (),
        restricted,
        cells,
        tuple(sorted(hits)),
        cause=tuple(c for part in parts for c in part if c[1] not in targets),
        effect=effect,
        kind=kind,
    )


def _common(one: AlmostLocked, other: AlmostLocked, mask: int) -> dict[Candidate, None]:
    """The candidates of the digits of `mask` that see all their places in both sets."""
    hits: dict[Candidate, None] = {}
    for digit in DIGITS[mask]:
        hits |= dict.fromkeys((c, digit) for c in cells_in(one.seen[digit] & other.seen[digit]))
    return hits


def als_xz(pencil: Pencil) -> Iterator[Deduction]:
    """Two sets with a restricted common x: another common z is in one of them."""
    index = _index(tuple(pencil.masks))
    for i, one in enumerate(index.sets):
        near, share = index.near[i], index.share[i]
        found = once = 0
        for x, linked in near.items():
            useful = once & linked
            for z, sharing in share.items():
                if z != x:
                    useful |= linked & sharing
            once |= linked
            found |= useful
        for j in cells_in(found >> i << i):
            other = index.sets[j]
            if one.board.bit_count() + other.board.bit_count() < 3:
                continue
            restricted = tuple(digit for digit, linked in near.items() if linked >> j & 1)
            twice = len(restricted) > 1
            mask = one.mask & other.mask
            hits = _common(one, other, mask if twice else mask & ~(1 << restricted[0]))
            if twice:
                for it in (one, other):
                    outside = ~(one.board | other.board)
                    for digit in DIGITS[it.mask]:
                        if digit not in restricted:
                            board = it.seen[digit] & outside
                            hits |= dict.fromkeys((c, digit) for c in cells_in(board))
            if hits:
                kind = "double" if twice else ""
                yield _deduction(Technique.ALS_XZ, pencil, (one, other), restricted, hits, kind)


def als_xy_wing(pencil: Pencil) -> Iterator[Deduction]:
    """Two sets that each share a restricted common with a third: their common z is in one."""
    index = _index(tuple(pencil.masks))
    for hinge, near in enumerate(index.near):
        for x, wings in near.items():
            for i in cells_in(wings):
                one = index.sets[i]
                for y, others in near.items():
                    if x == y:
                        continue
                    found = 0
                    for z, sharing in index.share[i].items():
                        if z not in (x, y):
                            found |= others & sharing
                    for j in cells_in(found >> i + 1 << i + 1):
                        other = index.sets[j]
                        common = one.mask & other.mask & ~(1 << x | 1 << y)
                        hits = _common(one, other, common)
                        for cell, digit in list(hits):
                            if index.sets[hinge].board >> cell & 1:
                                del hits[cell, digit]
                        if hits:
                            trio = (index.sets[hinge], one, other)
                            yield _deduction(Technique.ALS_XY_WING, pencil, trio, (x, y), hits)


def sue_de_coq(pencil: Pencil) -> Iterator[Deduction]:
    """Two or three cells where a line crosses a box, with sets in both that share out their digits.

    All the cells together have as many digits as cells, and those of the line's set and of the
    box's set differ; so each digit is inside, and leaves the rest of the line or of the box.
    """
    masks = pencil.masks
    for box in range(18, 27):
        for line in range(18):
            shared = [c for c in cells_in(UNIT_BOARD[box] & UNIT_BOARD[line]) if masks[c]]
            for size in (2, 3):
                for middle in combinations(shared, size):
                    union = _union(masks, middle)
                    if union.bit_count() >= size + 2:
                        yield from _around(pencil, line, box, middle, union)


def _union(masks: list[int], cells: tuple[int, ...]) -> int:
    union = 0
    for cell in cells:
        union |= masks[cell]
    return union


def _around(
    pencil: Pencil, line: int, box: int, middle: tuple[int, ...], union: int
) -> Iterator[Deduction]:
    masks = pencil.masks
    crossing = UNIT_BOARD[line] & UNIT_BOARD[box]
    sides = []
    for unit in (line, box):
        free = [c for c in cells_in(UNIT_BOARD[unit] & ~crossing) if masks[c] & union]
        sides.append(
            [
                (chosen, mask)
                for size in (1, 2, 3, 4)
                for chosen in combinations(free, size)
                if (mask := _union(masks, chosen)).bit_count() <= size + 2
            ]
        )
    for in_line, line_mask in sides[0]:
        for in_box, box_mask in sides[1]:
            cells = middle + in_line + in_box
            everything = union | line_mask | box_mask
            if line_mask & box_mask or everything.bit_count() != len(cells):
                continue
            away = ~board_of(cells)
            hits = dict.fromkeys(
                pencil.hits(UNIT_BOARD[line] & away, (union | line_mask) & ~box_mask)
                + pencil.hits(UNIT_BOARD[box] & away, (union | box_mask) & ~line_mask)
            )
            if hits:
                yield Deduction(
                    Technique.SUE_DE_COQ,
                    cells,
                    (line, box),
                    DIGITS[everything],
                    cells,
                    tuple(sorted(hits)),
                    cause=tuple((c, d) for c in middle for d in DIGITS[masks[c]]),
                    effect=tuple((c, d) for c in in_line + in_box for d in DIGITS[masks[c]]),
                )
