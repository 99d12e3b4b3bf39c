"""Strong and weak links between candidates, and between groups of them.

A node is an int: (digit - 1) * 81 + cell for a candidate, 729 and up for a group, the candidates
of one digit where a line crosses a box. A set of nodes is an int with their bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, Literal

from solver.logic.pencil import (
    DIGITS,
    PEER_BOARD,
    UNIT_BOARD,
    Candidate,
    Pencil,
    cells_in,
    place_in,
    seen_by,
)

CANDIDATES: Final = (1 << 729) - 1
SEES: Final = tuple(
    (PEER_BOARD[cell] << 81 * digit)
    | sum(1 << 81 * other + cell for other in range(9) if other != digit)
    for digit in range(9)
    for cell in range(81)
)
"""Candidate -> the candidates that can't be true with it."""

WAYS: Final = 64
"""Ways tried for a chain that meets no node twice."""


def node_of(cell: int, digit: int) -> int:
    """The node of a candidate."""
    return 81 * (digit - 1) + cell


class Graph:
    """The links among the candidates of some pencil marks.

    `strong` maps a node to those of which one is true if it is not, and `linked` is the set of
    its keys; `why` gives the constraint behind a strong link; `sees` the nodes that can't be true
    with a node. No link is added after the first use of `next`.
    """

    def __init__(self, where: list[int]) -> None:
        self.where = where
        self.strong: dict[int, int] = {}
        self.why: dict[tuple[int, int], int] = {}
        self.sees: list[int] = list(SEES)
        self.groups: list[tuple[int, int]] = []
        """(digit, board) of each group."""
        self._numbers: dict[tuple[int, int], int] = {}
        self._next: dict[int, int] = {}
        self.linked = 0
        self.alive = 0
        for digit in range(1, 10):
            self.alive |= where[digit] << 81 * (digit - 1)

    def link(self, one: int, other: int, constraint: int) -> None:
        """Add a strong link, unless there is one."""
        if (one, other) not in self.why:
            self.strong[one] = self.strong.get(one, 0) | 1 << other
            self.strong[other] = self.strong.get(other, 0) | 1 << one
            self.why[one, other] = self.why[other, one] = constraint
            self.linked |= 1 << one | 1 << other

    def next(self, node: int) -> int:
        """The nodes that are true where `node` is, by a weak and a strong link."""
        if (found := self._next.get(node)) is None:
            found, strong = 0, self.strong
            near = self.sees[node] & self.linked
            while near:
                low = near & -near
                found |= strong[low.bit_length() - 1]
                near ^= low
            self._next[node] = found
        return found

    def node(self, digit: int, board: int) -> int:
        """The node of a candidate or a group, which is added where it is new."""
        if board & (board - 1) == 0:
            return 81 * (digit - 1) + board.bit_length() - 1
        key = digit, board
        if key not in self._numbers:
            number = self._numbers[key] = 729 + len(self.groups)
            seen = seen_by(board) & self.where[digit]
            self.sees.append(seen << 81 * (digit - 1))
            for cell in cells_in(seen):
                self.sees[node_of(cell, digit)] |= 1 << number
            for index, (theirs, other) in enumerate(self.groups):
                if theirs == digit and not other & ~seen:
                    self.sees[number] |= 1 << 729 + index
                    self.sees[729 + index] |= 1 << number
            self.groups.append(key)
        return self._numbers[key]

    def candidates(self, node: int) -> tuple[Candidate, ...]:
        """The candidates of a node."""
        if node < 729:
            return ((node % 81, node // 81 + 1),)
        digit, board = self.groups[node - 729]
        return tuple((cell, digit) for cell in cells_in(board))


def link_cells(graph: Graph, masks: Sequence[int]) -> None:
    """A strong link in every cell of two candidates."""
    for cell, mask in enumerate(masks):
        if mask.bit_count() == 2:
            one, other = DIGITS[mask]
            graph.link(node_of(cell, one), node_of(cell, other), cell)


def link_units(graph: Graph, digits: Iterable[int]) -> None:
    """A strong link in every unit with two places for a digit."""
    for digit in digits:
        base = 81 * (digit - 1)
        for unit, one, other in pairs_of(graph.where[digit]):
            graph.link(base + one, base + other, place_in(unit, digit))


@lru_cache(maxsize=1 << 13)
def pairs_of(board: int) -> tuple[tuple[int, int, int], ...]:
    """(unit, cell, cell) of each unit where one digit has two places."""
    found = []
    for unit in range(27):
        places = board & UNIT_BOARD[unit]
        if places.bit_count() == 2:
            found.append((unit, (places & -places).bit_length() - 1, places.bit_length() - 1))
    return tuple(found)


def link_groups(graph: Graph, digits: Iterable[int]) -> None:
    """A strong link in every unit whose places for a digit are two groups, or one and a cell."""
    for digit in digits:
        for unit, one, other in _groups(graph.where[digit]):
            graph.link(graph.node(digit, one), graph.node(digit, other), place_in(unit, digit))


@lru_cache(maxsize=1 << 13)
def _groups(board: int) -> tuple[tuple[int, int, int], ...]:
    """(unit, one part, the other) for the links of groups of one digit."""
    found = []
    for unit in range(27):
        places = board & UNIT_BOARD[unit]
        if 3 <= places.bit_count() <= 6:
            found += [(unit, one, places & ~one) for one in _halves(unit, places)]
    return tuple(found)


def _halves(unit: int, places: int) -> Iterator[int]:
    """One of each two parts, each inside a line and a box, that make up the places of a unit."""
    if unit < 18:
        parts = [part for box in range(18, 27) if (part := places & UNIT_BOARD[box])]
        if len(parts) == 2:
            yield parts[0]
        return
    rows = [part for row in range(9) if (part := places & UNIT_BOARD[row])]
    columns = [part for column in range(9, 18) if (part := places & UNIT_BOARD[column])]
    for parts in (rows, columns):
        if len(parts) == 2:
            yield parts[0]
    for row in rows:
        rest = places & ~row
        for column in columns:
            if rest and not rest & ~column:
                yield row
                if row & column and row & ~column:
                    yield row & ~column


@lru_cache(maxsize=8)
def _graph(masks: tuple[int, ...], kind: str) -> Graph:
    graph = Graph(Pencil(masks).where)
    link_cells(graph, masks)
    if kind != "cells":
        link_units(graph, range(1, 10))
    if kind == "groups":
        link_groups(graph, range(1, 10))
    return graph


def graph_of(pencil: Pencil, kind: Literal["cells", "units", "groups"]) -> Graph:
    """The links of some pencil marks: those in cells, also those in units, also of groups."""
    return _graph(tuple(pencil.masks), kind)


def trace(graph: Graph, layers: Sequence[int], end: int, start: int = -1) -> tuple[int, ...]:
    """The nodes of a way, weak and strong links in turn, from the first layer to `end`.

    `layers` are the nodes that are true, each layer because of the one before; `end` is of the
    next. Where a way meets no node twice, and not `start`, it is such a one.
    """
    spoilt: tuple[int, ...] = ()
    ways: list[tuple[int, ...]] = [(end,)]
    for _ in range(WAYS):
        if not ways:
            break
        way = ways.pop()
        if len(way) // 2 == len(layers):
            if len({*way, start}) > len(way):
                return tuple(reversed(way))
            spoilt = spoilt or way
            continue
        near = graph.strong[way[-1]]
        more = [
            (*way, (between & -between).bit_length() - 1, before)
            for before in cells_in(layers[-1 - len(way) // 2])
            if (between := graph.sees[before] & near)
        ]
        ways += reversed(more)
    return tuple(reversed(spoilt or way))
