"""Strong and weak links between candidates, and between groups of them.

A node is an int: (digit - 1) * 81 + cell for a candidate, 729 and up for a group, the candidates
of one digit where a line crosses a box. A set of nodes is an int with their bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from solver.logic.pencil import (
    DIGITS,
    PEER_BOARD,
    UNIT_BOARD,
    Candidate,
    Pencil,
    cells_in,
    place_in,
    seen_by_all,
)

CANDIDATES: Final = (1 << 729) - 1
SEES: Final = tuple(
    (PEER_BOARD[cell] << 81 * digit)
    | sum(1 << 81 * other + cell for other in range(9) if other != digit)
    for digit in range(9)
    for cell in range(81)
)
"""Candidate -> the candidates that can't be true with it."""


def node_of(cell: int, digit: int) -> int:
    """The node of a candidate."""
    return 81 * (digit - 1) + cell


class Graph:
    """The links among the candidates of some pencil marks.

    `strong` maps a node to those of which one is true if it is not; `why` gives the constraint
    behind a strong link; `sees` the nodes that can't be true with a node.
    """

    def __init__(self, where: list[int]) -> None:
        self.where = where
        self.strong: dict[int, int] = {}
        self.why: dict[tuple[int, int], int] = {}
        self.sees: list[int] = list(SEES)
        self.groups: list[tuple[int, int]] = []
        """(digit, board) of each group."""
        self._numbers: dict[tuple[int, int], int] = {}
        self.alive = 0
        for digit in range(1, 10):
            self.alive |= where[digit] << 81 * (digit - 1)

    def link(self, one: int, other: int, constraint: int) -> None:
        """Add a strong link, unless there is one."""
        if (one, other) not in self.why:
            self.strong[one] = self.strong.get(one, 0) | 1 << other
            self.strong[other] = self.strong.get(other, 0) | 1 << one
            self.why[one, other] = self.why[other, one] = constraint

    def node(self, digit: int, board: int) -> int:
        """The node of a candidate or a group, which is added where it is new."""
        if board & (board - 1) == 0:
            return 81 * (digit - 1) + board.bit_length() - 1
        key = digit, board
        if key not in self._numbers:
            number = self._numbers[key] = 729 + len(self.groups)
            seen = seen_by_all(cells_in(board)) & self.where[digit]
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


def link_cells(graph: Graph, masks: list[int]) -> None:
    """A strong link in every cell of two candidates."""
    for cell, mask in enumerate(masks):
        if mask.bit_count() == 2:
            one, other = DIGITS[mask]
            graph.link(node_of(cell, one), node_of(cell, other), cell)


def link_units(graph: Graph, digits: Iterable[int]) -> None:
    """A strong link in every unit with two places for a digit."""
    for digit in digits:
        board, base = graph.where[digit], 81 * (digit - 1)
        for unit in range(27):
            places = board & UNIT_BOARD[unit]
            if places.bit_count() == 2:
                high, low = places.bit_length() - 1, (places & -places).bit_length() - 1
                graph.link(base + low, base + high, place_in(unit, digit))


def link_groups(graph: Graph, digits: Iterable[int]) -> None:
    """A strong link in every unit whose places for a digit are two groups, or one and a cell."""
    for digit in digits:
        for unit in range(27):
            places = graph.where[digit] & UNIT_BOARD[unit]
            if 3 <= places.bit_count() <= 6:
                for one in _halves(unit, places):
                    graph.link(
                        graph.node(digit, one),
                        graph.node(digit, places & ~one),
                        place_in(unit, digit),
                    )


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


def link_all(pencil: Pencil, *, grouped: bool) -> Graph:
    """All links of some pencil marks."""
    graph = Graph(pencil.where)
    link_cells(graph, pencil.masks)
    link_units(graph, range(1, 10))
    if grouped:
        link_groups(graph, range(1, 10))
    return graph
