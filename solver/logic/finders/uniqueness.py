"""What follows from the puzzle having one solution: unique rectangles and BUG+1.

Two digits alone in the four cells of a rectangle over two boxes could be swapped: such a grid has
two solutions. So one of the other candidates in the four cells, the guardians, is true.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from typing import Final

from solver.board.grid import CELL_UNITS
from solver.logic.deduction import Deduction
from solver.logic.finders.links import SEES, node_of, pairs_of
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
ROWS: Final = tuple(combinations(range(9), 2))


@lru_cache(maxsize=1 << 15)
def _rectangles(top: int, bottom: int, columns: int) -> tuple[Corners, ...]:
    """The rectangles over two boxes in two rows, each corner beside the next, in some columns."""
    return tuple(
        (9 * top + left, 9 * top + right, 9 * bottom + right, 9 * bottom + left)
        for left, right in combinations(cells_in(columns), 2)
        if (top // 3 == bottom // 3) != (left // 3 == right // 3)
    )


def unique_rectangles(pencil: Pencil) -> Iterator[Deduction]:
    """Rectangles of two digits whose guardians take something away.

    Corners may have lost one of the two digits: nothing but that no corner is given counts.
    """
    masks = pencil.masks
    blank = [sum(bool(masks[9 * row + place]) << place for place in range(9)) for row in range(9)]
    for top, bottom in ROWS:
        for corners in _rectangles(top, bottom, blank[top] & blank[bottom]):
            a, b, c, d = held = [masks[cell] for cell in corners]
            for both in _pairs(a, b, c, d):
                roof = sum(mask & ~both != 0 for mask in held)
                extra = (a | b | c | d) & ~both
                alike = extra & (extra - 1) == 0
                if roof == 1 or (roof and alike):
                    yield from _by_guardians(pencil, corners, both)
                elif roof == 2:
                    yield from _by_subset(pencil, corners, both)
                if roof > 1:
                    yield from _by_pairs(pencil, corners, both)


def _guardians(pencil: Pencil, corners: Corners, both: int) -> tuple[Candidate, ...]:
    """The other candidates in the corners, of which one is true."""
    return tuple((c, digit) for c in corners for digit in DIGITS[pencil.masks[c] & ~both])


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


def _by_guardians(pencil: Pencil, corners: Corners, both: int) -> Iterator[Deduction]:
    """What all guardians, of one cell or one digit, see goes: types 1, 2 and 5."""
    guardians = _guardians(pencil, corners, both)
    if hits := _seen(pencil, guardians):
        cells = {cell for cell, _ in guardians}
        lines = len({c // 9 for c in cells}) == 1 or len({c % 9 for c in cells}) == 1
        kind = "type 1" if len(cells) == 1 else "type 2" if lines else "type 5"
        yield _rectangle(corners, DIGITS[both], guardians, hits, kind)


def _seen(pencil: Pencil, candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The candidates that can't be true with any of some."""
    seen = -1
    for cell, digit in candidates:
        seen &= SEES[node_of(cell, digit)]
    found = ((node % 81, node // 81 + 1) for node in cells_in(seen))
    return tuple(candidate for candidate in sorted(found) if pencil.has(candidate))


def _by_subset(pencil: Pencil, corners: Corners, both: int) -> Iterator[Deduction]:
    """Guardians in two cells of a unit are one cell of a naked subset there: type 3."""
    masks = pencil.masks
    roof = sorted(cell for cell in corners if masks[cell] & ~both)
    extra = (masks[roof[0]] | masks[roof[1]]) & ~both
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
                    guardians = _guardians(pencil, corners, both)
                    pair = DIGITS[both]
                    yield _rectangle(corners, pair, guardians, hits, "type 3", chosen, chosen)


def _by_pairs(pencil: Pencil, corners: Corners, both: int) -> Iterator[Deduction]:
    """A digit that would force all four corners goes: types 4 and 6, and the hidden one."""
    pair, masks = DIGITS[both], pencil.masks
    narrow = [place for place in range(4) if not masks[corners[place]] & ~both]
    pairs = [_unit_of(pencil.where[digit]) for digit in pair]
    if len(narrow) < 2:
        linked = [
            place in narrow
            or (place + 1) % 4 in narrow
            or any(1 << corners[place] | 1 << corners[(place + 1) % 4] in of for of in pairs)
            for place in range(4)
        ]
        if sum(linked) < 3:
            return
    apart = len(narrow) == 2 and narrow[1] - narrow[0] == 2
    found: dict[tuple[str, object], tuple[list[Candidate], list[int]]] = {}
    for place in range(4):
        for digit in pair:
            if (premises := _forced(pencil, corners, both, place, digit)) is None:
                continue
            plain = len(narrow) == 2 and place not in narrow
            kind = "hidden" if not plain else "type 6" if apart else "type 4"
            group = digit if kind == "type 6" else premises
            hits, needed = found.setdefault((kind, group), ([], []))
            hits.append((corners[place], digit))
            needed.extend(premise for premise in premises if premise not in needed)
    guardians = _guardians(pencil, corners, both) if found else ()
    for (kind, _), (hits, needed) in found.items():
        yield _rectangle(corners, pair, guardians, tuple(hits), kind, tuple(sorted(needed)))


@lru_cache(maxsize=1 << 13)
def _unit_of(board: int) -> dict[int, int]:
    """The two places of a digit in a unit, as a board -> the first such unit."""
    return {1 << one | 1 << other: unit for unit, one, other in reversed(pairs_of(board))}


def _forced(
    pencil: Pencil, corners: Corners, both: int, place: int, digit: int
) -> tuple[int, ...] | None:
    """The constraints by which `digit` in one corner forces the rest; None where it doesn't."""
    masks = pencil.masks
    if not masks[corners[place]] >> digit & 1:
        return None
    total = sum(DIGITS[both])
    held = {place: digit}
    used: list[int] = []
    queue = [place]
    for here in queue:
        other = total - held[here]
        for near in ((here + 1) % 4, (here - 1) % 4):
            if near in held:
                continue
            two = corners[near]
            if not masks[two] >> other & 1:
                return None
            if not masks[two] & ~both:
                used.append(two)
            else:
                unit = _unit_of(pencil.where[other]).get(1 << corners[here] | 1 << two)
                if unit is None:
                    continue
                used.append(place_in(unit, other))
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
