"""Fish: n lines whose places for a digit lie in n crossing lines, but for fins in one box."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

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


def _lines(board: int, columns: bool) -> list[int]:
    """The nine rows (or columns) of a board as masks of nine places."""
    if not columns:
        return [board >> 9 * line & 511 for line in range(9)]
    lines = [0] * 9
    for cell in cells_in(board):
        lines[cell % 9] |= 1 << cell // 9
    return lines


def _board(line: int, mask: int, columns: bool) -> int:
    """The board of the places `mask` of a line."""
    if not columns:
        return mask << 9 * line
    return sum(1 << 9 * place + line for place in cells_in(mask))


@lru_cache(maxsize=1 << 14)
def _fishes(board: int, size: int) -> tuple[_Fish, ...]:
    """The fish of one digit that take something away."""
    found = []
    for columns in (False, True):
        lines = _lines(board, columns)
        usable = [n for n in range(9) if 2 <= lines[n].bit_count() <= size + 2]
        for base in combinations(usable, size):
            union = 0
            for line in base:
                union |= lines[line]
            extra = union.bit_count() - size
            if extra == 0:
                found += _fish(lines, base, union, 0, columns)
            elif extra in (1, 2):
                for stack in (7, 56, 448):
                    for fins in combinations(cells_in(union & stack), extra):
                        finned = sum(1 << place for place in fins)
                        found += _fish(lines, base, union & ~finned, finned, columns)
    return tuple(found)


def _fish(
    lines: list[int], base: tuple[int, ...], cover: int, finned: int, columns: bool
) -> list[_Fish]:
    """The fish with these base lines, cover lines and lines of fins, where it is one."""
    targets, reach = (n for n in range(9) if n not in base), cover
    kind = PLAIN
    if finned:
        with_fins = [n for n in base if lines[n] & finned]
        band = with_fins[0] // 3
        if any(n // 3 != band for n in with_fins):
            return []
        if any(not lines[n] & cover for n in with_fins):
            return []
        sashimi = any((lines[n] & cover).bit_count() == 1 for n in with_fins)
        kind = SASHIMI if sashimi else FINNED
        stack = next(stack for stack in (7, 56, 448) if stack & finned)
        targets = (n for n in range(3 * band, 3 * band + 3) if n not in base)
        reach = cover & stack
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
