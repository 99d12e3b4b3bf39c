"""What follows from the puzzle having one solution: unique rectangles and BUG+1.

Two digits alone in the four cells of a rectangle over two boxes could be swapped: such a grid has
two solutions. So one of the other candidates in the four cells, the guardians, is true.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from solver.board.grid import BOX_OF, CELL_UNITS
from solver.logic.deduction import Deduction
from solver.logic.finders.links import SEES, node_of
from solver.logic.pencil import (
    DIGITS,
    UNIT_BOARD,
    Candidate,
    Pencil,
    board_of,
    cells_in,
    place_in,
)
from solver.logic.techniques import Technique

Corners = tuple[int, int, int, int]
RECTANGLES: Final[tuple[Corners, ...]] = tuple(
    corners
    for top, bottom in combinations(range(9), 2)
    for left, right in combinations(range(9), 2)
    for corners in [(9 * top + left, 9 * top + right, 9 * bottom + right, 9 * bottom + left)]
    if len({BOX_OF[cell] for cell in corners}) == 2
)
"""The four cells, each beside the next, of the rectangles that lie in two boxes."""


def unique_rectangles(pencil: Pencil) -> Iterator[Deduction]:
    """Rectangles of two digits whose guardians take something away."""
    masks = pencil.masks
    for corners in RECTANGLES:
        a, b, c, d = corners
        shared = masks[a] & masks[b] & masks[c] & masks[d]
        if shared.bit_count() < 2:
            continue
        for pair in combinations(DIGITS[shared], 2):
            both = 1 << pair[0] | 1 << pair[1]
            guardians = tuple((x, e) for x in corners for e in DIGITS[masks[x] & ~both])
            if guardians:
                yield from _by_guardians(pencil, corners, pair, guardians)
                yield from _by_subset(pencil, corners, pair, guardians)
                yield from _by_pairs(pencil, corners, pair, guardians)


def _rectangle(
    corners: Corners,
    pair: tuple[int, int],
    guardians: tuple[Candidate, ...],
    hits: tuple[Candidate, ...],
    kind: str,
    premises: tuple[int, ...] = (),
    cells: tuple[int, ...] = (),
) -> Deduction:
    units = tuple((premise - 81) // 9 for premise in premises if premise >= 81)
    cause = tuple((cell, digit) for cell in corners for digit in pair)
    return Deduction(
        Technique.UNIQUE_RECTANGLE,
        corners + cells,
        units,
        pair,
        tuple(dict.fromkeys((*corners, *premises))),
        hits,
        cause=tuple(candidate for candidate in cause if candidate not in hits),
        effect=guardians,
        guardians=guardians,
        kind=kind,
    )


def _by_guardians(
    pencil: Pencil, corners: Corners, pair: tuple[int, int], guardians: tuple[Candidate, ...]
) -> Iterator[Deduction]:
    """What all guardians see goes: types 1, 2 and 5."""
    cells = {cell for cell, _ in guardians}
    digits = {digit for _, digit in guardians}
    if len(cells) > 1 and len(digits) > 1:
        return
    if hits := _seen(pencil, guardians):
        lines = len({c // 9 for c in cells}) == 1 or len({c % 9 for c in cells}) == 1
        kind = "type 1" if len(cells) == 1 else "type 2" if lines else "type 5"
        yield _rectangle(corners, pair, guardians, hits, kind)


def _seen(pencil: Pencil, candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The candidates that can't be true with any of some."""
    seen = -1
    for cell, digit in candidates:
        seen &= SEES[node_of(cell, digit)]
    found = ((node % 81, node // 81 + 1) for node in cells_in(seen))
    return tuple(candidate for candidate in sorted(found) if pencil.has(candidate))


def _by_subset(
    pencil: Pencil, corners: Corners, pair: tuple[int, int], guardians: tuple[Candidate, ...]
) -> Iterator[Deduction]:
    """Guardians in two cells of a unit are one cell of a naked subset there: type 3."""
    roof = sorted({cell for cell, _ in guardians})
    if len(roof) != 2:
        return
    extra = 0
    for _, digit in guardians:
        extra |= 1 << digit
    if extra.bit_count() < 2:
        return
    masks = pencil.masks
    for unit in set(CELL_UNITS[roof[0]]) & set(CELL_UNITS[roof[1]]):
        others = [c for c in cells_in(UNIT_BOARD[unit]) if masks[c] and c not in corners]
        for size in (1, 2, 3):
            if len(others) <= size:
                break
            for chosen in combinations(others, size):
                union = extra
                for cell in chosen:
                    union |= masks[cell]
                if union.bit_count() != size + 1:
                    continue
                rest = UNIT_BOARD[unit] & ~board_of((*roof, *chosen))
                if hits := pencil.hits(rest, union):
                    yield _rectangle(corners, pair, guardians, hits, "type 3", chosen, chosen)


def _by_pairs(
    pencil: Pencil, corners: Corners, pair: tuple[int, int], guardians: tuple[Candidate, ...]
) -> Iterator[Deduction]:
    """A digit that would force all four corners goes: types 4 and 6, and the hidden one."""
    masks = pencil.masks
    narrow = [place for place in range(4) if masks[corners[place]].bit_count() == 2]
    if len(narrow) == 3:
        return
    apart = len(narrow) == 2 and narrow[1] - narrow[0] == 2
    kind = "hidden" if len(narrow) != 2 else "type 6" if apart else "type 4"
    found: dict[tuple[int, ...], list[Candidate]] = {}
    for place in range(4):
        for digit in pair:
            if place not in narrow or len(narrow) < 2:
                premises = _forced(pencil, corners, pair, place, digit)
                if premises is not None:
                    found.setdefault(premises, []).append((corners[place], digit))
    for premises, hits in found.items():
        yield _rectangle(corners, pair, guardians, tuple(hits), kind, premises)


def _forced(
    pencil: Pencil, corners: Corners, pair: tuple[int, int], place: int, digit: int
) -> tuple[int, ...] | None:
    """The constraints by which `digit` in one corner forces the rest; None where it doesn't."""
    held = {place: digit}
    used: list[int] = []
    queue = [place]
    for here in queue:
        other = sum(pair) - held[here]
        for near in ((here + 1) % 4, (here - 1) % 4):
            if near in held:
                continue
            one, two = corners[here], corners[near]
            ends = 1 << one | 1 << two
            if pencil.masks[two].bit_count() == 2:
                used.append(two)
            else:
                shared = set(CELL_UNITS[one]) & set(CELL_UNITS[two])
                units = [u for u in shared if pencil.where[other] & UNIT_BOARD[u] == ends]
                if not units:
                    continue
                used.append(place_in(min(units), other))
            held[near] = other
            queue.append(near)
    return tuple(sorted(used)) if len(held) == 4 else None


def bug(pencil: Pencil) -> Iterator[Deduction]:
    """All blank cells hold two candidates but one, which holds three: its odd one is true.

    Without that, every digit would have two places in every unit, and the grid two solutions.
    """
    masks = pencil.masks
    wide = [cell for cell in range(81) if masks[cell].bit_count() > 2]
    if len(wide) != 1 or masks[wide[0]].bit_count() != 3:
        return
    cell = wide[0]
    odd = []
    for digit in range(1, 10):
        for unit in range(27):
            count = (pencil.where[digit] & UNIT_BOARD[unit]).bit_count()
            if count not in (0, 2):
                if count != 3 or unit not in CELL_UNITS[cell]:
                    return
                odd.append(digit)
    if len(odd) != 3 or len(set(odd)) != 1 or not masks[cell] >> odd[0] & 1:
        return
    hits = tuple((cell, digit) for digit in DIGITS[masks[cell]] if digit != odd[0])
    guardian = (cell, odd[0])
    blank = tuple(c for c in range(81) if masks[c])
    yield Deduction(
        Technique.BUG,
        (cell,),
        (),
        (odd[0],),
        blank,
        hits,
        cause=(),
        effect=(guardian,),
        guardians=(guardian,),
    )
