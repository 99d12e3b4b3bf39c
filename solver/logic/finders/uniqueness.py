"""What follows from the puzzle having one solution: unique rectangles and BUG+1.

Two digits alone in the four cells of a rectangle over two boxes could be swapped: such a grid has
two solutions. So one of the other candidates in the four cells, the guardians, is true.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
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
    cells_in,
    place_in,
    seen_by_all,
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


_SIDES: Final = {
    corners: tuple(
        tuple(set(CELL_UNITS[corners[place]]) & set(CELL_UNITS[corners[(place + 1) % 4]]))
        for place in range(4)
    )
    for corners in RECTANGLES
}
"""Rectangle -> the units that hold each corner and the next."""


def unique_rectangles(pencil: Pencil) -> Iterator[Deduction]:
    """Rectangles of two digits whose guardians take something away.

    Corners may have lost one of the two digits: nothing but that no corner is given counts.
    """
    masks = pencil.masks
    for corners in RECTANGLES:
        i, j, k, m = corners
        a, b, c, d = masks[i], masks[j], masks[k], masks[m]
        if not (a and b and c and d):
            continue
        for both in _pairs(a, b, c, d):
            pair = DIGITS[both]
            guardians = tuple((x, e) for x in corners for e in DIGITS[masks[x] & ~both])
            if guardians:
                yield from _by_guardians(pencil, corners, pair, guardians)
                yield from _by_subset(pencil, corners, pair, guardians)
                yield from _by_pairs(pencil, corners, pair, guardians)


@lru_cache(maxsize=1 << 16)
def _pairs(a: int, b: int, c: int, d: int) -> list[int]:
    """The masks of two digits that the corners can hold in turn: all of them, or one just these."""
    shared = a & b & c & d
    found = {1 << x | 1 << y for x, y in combinations(DIGITS[shared], 2)}
    for both in (a, b, c, d):
        if both.bit_count() == 2:
            x, y = (1 << digit for digit in DIGITS[both])
            if (a & c & x and b & d & y) or (a & c & y and b & d & x):
                found.add(both)
    return sorted(found)


def _rectangle(
    corners: Corners,
    pair: tuple[int, ...],
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
    pencil: Pencil, corners: Corners, pair: tuple[int, ...], guardians: tuple[Candidate, ...]
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
    pencil: Pencil, corners: Corners, pair: tuple[int, ...], guardians: tuple[Candidate, ...]
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
    done = set()
    for unit in set(CELL_UNITS[roof[0]]) & set(CELL_UNITS[roof[1]]):
        others = [c for c in cells_in(UNIT_BOARD[unit]) if masks[c] and c not in corners]
        for size in (1, 2, 3):
            if len(others) <= size:
                break
            for chosen in combinations(others, size):
                union = extra
                for cell in chosen:
                    union |= masks[cell]
                if union.bit_count() != size + 1 or chosen in done:
                    continue
                done.add(chosen)
                if hits := pencil.hits(seen_by_all((*roof, *chosen)), union):
                    yield _rectangle(corners, pair, guardians, hits, "type 3", chosen, chosen)


def _by_pairs(
    pencil: Pencil, corners: Corners, pair: tuple[int, ...], guardians: tuple[Candidate, ...]
) -> Iterator[Deduction]:
    """A digit that would force all four corners goes: types 4 and 6, and the hidden one."""
    both = 1 << pair[0] | 1 << pair[1]
    narrow = [place for place in range(4) if not pencil.masks[corners[place]] & ~both]
    if len(narrow) == 3:
        return
    apart = len(narrow) == 2 and narrow[1] - narrow[0] == 2
    found: dict[tuple[str, object], tuple[list[Candidate], list[int]]] = {}
    for place in range(4):
        for digit in pair:
            if (premises := _forced(pencil, corners, pair, place, digit)) is None:
                continue
            plain = len(narrow) == 2 and place not in narrow
            kind = "hidden" if not plain else "type 6" if apart else "type 4"
            group = digit if kind == "type 6" else premises
            hits, needed = found.setdefault((kind, group), ([], []))
            hits.append((corners[place], digit))
            needed.extend(premise for premise in premises if premise not in needed)
    for (kind, _), (hits, needed) in found.items():
        yield _rectangle(corners, pair, guardians, tuple(hits), kind, tuple(sorted(needed)))


def _forced(
    pencil: Pencil, corners: Corners, pair: tuple[int, ...], place: int, digit: int
) -> tuple[int, ...] | None:
    """The constraints by which `digit` in one corner forces the rest; None where it doesn't."""
    masks = pencil.masks
    if not masks[corners[place]] >> digit & 1:
        return None
    both = 1 << pair[0] | 1 << pair[1]
    held = {place: digit}
    used: list[int] = []
    queue = [place]
    for here in queue:
        other = sum(pair) - held[here]
        for near, side in (((here + 1) % 4, here), ((here - 1) % 4, (here - 1) % 4)):
            if near in held:
                continue
            two = corners[near]
            if not masks[two] >> other & 1:
                return None
            if not masks[two] & ~both:
                used.append(two)
            else:
                ends = 1 << corners[here] | 1 << two
                where = pencil.where[other]
                units = [u for u in _SIDES[corners][side] if where & UNIT_BOARD[u] == ends]
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
