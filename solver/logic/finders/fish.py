"""Fish: n lines whose places for a digit lie in n crossing lines, but for fins in one box."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from typing import Final, NamedTuple

from solver.logic.deduction import Deduction
from solver.logic.pencil import Pencil, cells_in, place_in
from solver.logic.techniques import KINDS, Technique

PLAIN, FINNED, SASHIMI = range(3)


class _Fish(NamedTuple):
    kind: int
    base: tuple[int, ...]
    """Units."""
    cover: tuple[int, ...]
    body: int
    """Board of the places in the cover lines."""
    fins: int
    hits: int


BANDS: Final = (0o007, 0o070, 0o700)
"""The lines, or places in a line, of each three boxes side by side."""
_DOWN: Final = tuple(sum(1 << 9 * place for place in cells_in(mask)) for mask in range(512))
"""Mask of rows -> board of these in column 1."""


def _lines(board: int) -> tuple[list[int], list[int]]:
    """The nine rows and the nine columns of a board as masks of nine places."""
    columns = [0] * 9
    for cell in cells_in(board):
        columns[cell % 9] |= 1 << cell // 9
    return [board >> 9 * line & 511 for line in range(9)], columns


@lru_cache(maxsize=1 << 14)
def _fishes(board: int, size: int) -> tuple[_Fish, ...]:
    """The fish of one digit that take something away."""
    found: list[_Fish] = []
    rows, columns = _lines(board)
    for lines, cross in ((rows, columns), (columns, rows)):
        usable = [n for n in range(9) if 2 <= lines[n].bit_count() <= size + 2]
        for base in combinations(usable, size):
            union = 0
            for line in base:
                union |= lines[line]
            extra = union.bit_count() - size
            if extra == 0:
                found += _fish(lines, base, union, 0, lines is columns)
            elif extra in (1, 2):
                for fins in _fins(cross, base, union, extra):
                    found += _fish(lines, base, union & ~fins, fins, lines is columns)
    return tuple(found)


def _fins(cross: list[int], base: tuple[int, ...], union: int, extra: int) -> Iterator[int]:
    """The places whose candidates in the base lines are all in one box, where that may help."""
    lines = 0
    for line in base:
        lines |= 1 << line
    for stack in BANDS:
        places = union & stack
        if places.bit_count() <= extra:
            continue
        for chosen in combinations(cells_in(places), extra):
            fins = with_fins = 0
            for place in chosen:
                fins |= 1 << place
                with_fins |= cross[place] & lines
            band = next(band for band in BANDS if band & with_fins)
            targets = 0
            for place in cells_in(places & ~fins):
                targets |= cross[place]
            if not with_fins & ~band and targets & band & ~lines:
                yield fins


def _board(line: int, mask: int, columns: bool) -> int:
    """The board of the places `mask` of a line."""
    return _DOWN[mask] << line if columns else mask << 9 * line


def _fish(
    lines: list[int], base: tuple[int, ...], cover: int, finned: int, columns: bool
) -> list[_Fish]:
    """The fish with these base lines, cover lines and lines of fins, where it is one."""
    targets, reach = [n for n in range(9) if n not in base], cover
    kind = PLAIN
    if finned:
        with_fins = [n for n in base if lines[n] & finned]
        if not all(lines[n] & cover for n in with_fins):
            return []
        sashimi = any((lines[n] & cover).bit_count() == 1 for n in with_fins)
        kind = SASHIMI if sashimi else FINNED
        band = with_fins[0] // 3
        targets = [n for n in targets if n // 3 == band]
        reach = cover & next(stack for stack in BANDS if stack & finned)
    hits = body = fins = 0
    for n in targets:
        hits |= _board(n, lines[n] & reach, columns)
    if not hits:
        return []
    for n in base:
        body |= _board(n, lines[n] & cover, columns)
        fins |= _board(n, lines[n] & finned, columns)
    across = 0 if columns else 9
    bases = tuple(9 - across + n for n in base)
    return [_Fish(kind, bases, tuple(across + n for n in cells_in(cover)), body, fins, hits)]


def fish(pencil: Pencil, technique: Technique) -> Iterator[Deduction]:
    """The fish of one size and kind."""
    size, kind = KINDS[technique]
    for digit in range(1, 10):
        for it in _fishes(pencil.where[digit], size):
            if it.kind != kind:
                continue
            body, fins = cells_in(it.body), cells_in(it.fins)
            yield Deduction(
                technique,
                tuple(sorted(body + fins)),
                (*it.base, *it.cover),
                (digit,),
                tuple(place_in(unit, digit) for unit in it.base),
                tuple((cell, digit) for cell in cells_in(it.hits)),
                cause=tuple((cell, digit) for cell in body),
                effect=tuple((cell, digit) for cell in fins),
            )
