"""Units, candidates and links of a grid, naively, with sets of cells and digits."""

from __future__ import annotations

from itertools import pairwise

from solver.logic.deduction import Link

Marks = list[set[int]]
Place = tuple[int, int]
"""A cell and a digit."""


def units_of(cell: int) -> set[int]:
    """0..8 rows, 9..17 columns, 18..26 boxes."""
    row, column = divmod(cell, 9)
    return {row, 9 + column, 18 + row // 3 * 3 + column // 3}


UNITS = [{cell for cell in range(81) if unit in units_of(cell)} for unit in range(27)]


def sees(one: int, other: int) -> bool:
    return one != other and bool(units_of(one) & units_of(other))


def clash(one: Place, other: Place) -> bool:
    """Two placements that no grid holds together."""
    if one[0] == other[0]:
        return one[1] != other[1]
    return one[1] == other[1] and sees(one[0], other[0])


def places(marks: Marks, unit: int, digit: int) -> set[int]:
    return {cell for cell in UNITS[unit] if digit in marks[cell]}


def members(marks: Marks, constraint: int) -> list[Place]:
    """What a constraint takes one of: a cell's digits, or a digit's places in a unit."""
    if constraint < 81:
        return [(constraint, digit) for digit in sorted(marks[constraint])]
    unit, digit = divmod(constraint - 81, 9)
    return [(cell, digit + 1) for cell in sorted(places(marks, unit, digit + 1))]


def union(marks: Marks, cells: tuple[int, ...]) -> set[int]:
    return set().union(*(marks[cell] for cell in cells))


def together(cells: tuple[int, ...]) -> bool:
    """Whether some cells lie in one unit."""
    return bool(set.intersection(*(units_of(cell) for cell in cells)))


def strong(link: Link, marks: Marks) -> bool:
    """Whether one of the two ends must be true: all that a cell, or a digit in a unit, has."""
    ends = {*link.start, *link.end}
    cells = {cell for cell, _ in ends}
    if len(cells) == 1:
        [cell] = cells
        return len(ends) == 2 and {digit for _, digit in ends} == marks[cell]
    if len({digit for _, digit in ends}) > 1:
        return False
    [digit] = {digit for _, digit in ends}
    return any(places(marks, unit, digit) == cells for unit in range(27))


def weak(link: Link) -> bool:
    return all(clash(one, other) for one in link.start for other in link.end)


def linked(links: tuple[Link, ...], marks: Marks, *, first: bool) -> bool:
    """Whether links are joined, in turn strong and weak, and each what it says."""
    return (
        all(link.strong is (first if i % 2 == 0 else not first) for i, link in enumerate(links))
        and all(one.end == other.start for one, other in pairwise(links))
        and all(strong(link, marks) if link.strong else weak(link) for link in links)
    )
