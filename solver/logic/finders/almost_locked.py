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
    seen_by_all,
)
from solver.logic.techniques import Technique

LARGEST = 5
"""Cells in a set."""


class AlmostLocked(NamedTuple):
    """A set: its cells, digits, the places of each digit, and what sees all of these."""

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


@lru_cache(maxsize=4)
def _linked(masks: tuple[int, ...]) -> tuple[list[AlmostLocked], list[Common]]:
    """The almost locked sets of some pencil marks, and the pairs of them that are linked."""
    sets = almost_locked_sets(Pencil(masks))
    return sets, list(_commons(sets))


def almost_locked_sets(pencil: Pencil) -> list[AlmostLocked]:
    """All almost locked sets, the smallest first."""
    boards = dict.fromkeys(
        board_of(cells[place] for place in places)
        for cells in UNITS
        for places in _sets(tuple([pencil.masks[cell] for cell in cells]))
    )
    found = []
    for board in sorted(boards, key=lambda board: (board.bit_count(), board)):
        mask = 0
        for cell in cells_in(board):
            mask |= pencil.masks[cell]
        places = {digit: pencil.where[digit] & board for digit in DIGITS[mask]}
        seen = {digit: seen_by_all(cells_in(at)) for digit, at in places.items()}
        found.append(AlmostLocked(board, mask, places, seen))
    return found


Common = tuple[int, int, tuple[int, ...]]
"""The numbers of two sets, and their restricted commons."""


def _commons(sets: list[AlmostLocked]) -> Iterator[Common]:
    """All pairs of sets apart that have a restricted common."""
    for i, one in enumerate(sets):
        board, mask, _, seen = one
        for j in range(i + 1, len(sets)):
            other = sets[j]
            if other.board & board or not other.mask & mask:
                continue
            restricted = [d for d in DIGITS[other.mask & mask] if not other.places[d] & ~seen[d]]
            if restricted:
                yield i, j, tuple(restricted)


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


def als_xz(pencil: Pencil) -> Iterator[Deduction]:
    """Two sets with a restricted common x: another common z is in one of them."""
    sets, commons = _linked(tuple(pencil.masks))
    for i, j, restricted in commons:
        one, other = sets[i], sets[j]
        if one.board.bit_count() + other.board.bit_count() < 3:
            continue
        outside = ~(one.board | other.board)
        hits: dict[Candidate, None] = {}
        twice = len(restricted) > 1
        for digit in DIGITS[one.mask & other.mask]:
            if twice or digit != restricted[0]:
                board = one.seen[digit] & other.seen[digit] & outside
                hits |= dict.fromkeys(pencil.hits(board, 1 << digit))
        if twice:
            for it in (one, other):
                for digit in DIGITS[it.mask]:
                    if digit not in restricted:
                        board = it.seen[digit] & outside
                        hits |= dict.fromkeys(pencil.hits(board, 1 << digit))
        if hits:
            kind = "double" if twice else ""
            yield _deduction(Technique.ALS_XZ, pencil, (one, other), restricted, hits, kind)


def als_xy_wing(pencil: Pencil) -> Iterator[Deduction]:
    """Two sets that each share a restricted common with a third: their common z is in one."""
    sets, commons = _linked(tuple(pencil.masks))
    near: dict[int, list[tuple[int, int]]] = {}
    for i, j, restricted in commons:
        for digit in restricted:
            near.setdefault(i, []).append((j, digit))
            near.setdefault(j, []).append((i, digit))
    for hinge, wings in near.items():
        for (i, x), (j, y) in combinations(wings, 2):
            one, other = sets[i], sets[j]
            common = one.mask & other.mask & ~(1 << x | 1 << y)
            if x == y or i == j or not common or one.board & other.board:
                continue
            outside = ~(one.board | other.board | sets[hinge].board)
            hits: dict[Candidate, None] = {}
            for digit in DIGITS[common]:
                board = one.seen[digit] & other.seen[digit] & outside
                hits |= dict.fromkeys(pencil.hits(board, 1 << digit))
            if hits:
                trio = (sets[hinge], one, other)
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
