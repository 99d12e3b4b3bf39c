"""Chains: strong and weak links in turn, so that one of the two ends is true.

One search for all of them, over the links that it is given; the name comes from the shape found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from heapq import merge
from operator import itemgetter
from typing import Final

from solver.board.grid import BOX_OF
from solver.logic.deduction import Deduction, Link
from solver.logic.finders.links import (
    CANDIDATES,
    Graph,
    graph_of,
    link_groups,
    link_units,
    pairs_of,
    trace,
)
from solver.logic.pencil import (
    PEER_BOARD,
    UNIT_BOARD,
    Pencil,
    cells_in,
    seen_by,
)
from solver.logic.techniques import Technique

LONGEST: Final = 12
"""Strong links in a chain at most."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The nodes of a chain, a strong link first, and what it takes away.

    A `loop` comes back to its start by a weak link.
    """

    nodes: tuple[int, ...]
    hits: int
    loop: bool = False


def chains(graph: Graph, longest: int = LONGEST, shortest: int = 2) -> Iterator[list[Chain]]:
    """The chains that take something away, for each number of strong links from `shortest` up.

    From each node supposed false, all that must be true is found layer by layer; a node reached
    so, or the start itself, is true: what sees both goes.
    """
    sees, alive = graph.sees, graph.alive & CANDIDATES
    after = {node: graph.next(node) for node in graph.strong}
    useful: dict[int, int] = {}
    layers = {start: [ends] for start, ends in graph.strong.items()}
    reached = dict(graph.strong)
    for length in range(2, longest + 1):
        found: dict[object, Chain] = {}
        ended = []
        for start, history in layers.items():
            true = 0
            for end in cells_in(history[-1]):
                true |= after[end]
            true &= ~reached[start] | 1 << start
            if not true:
                ended.append(start)
                continue
            history.append(true & ~(1 << start))
            reached[start] |= true
            if length < shortest:
                continue
            if start not in useful:
                useful[start] = sees[start]
                for hit in cells_in(sees[start] & alive):
                    useful[start] |= sees[hit]
            for end in cells_in((true & useful[start]) >> start << start):
                loop = sees[end] >> start & 1
                lasso = start == end
                nodes = (start, *trace(graph, history[:-1], end, -1 if lasso else start))
                if len(set(nodes)) >= len(nodes) - lasso:
                    chain = link_up(graph, nodes)
                    if chain.hits:
                        found[frozenset(nodes) if loop else nodes] = chain
        for start in ended:
            del layers[start]
        if found:
            yield list(found.values())
        if not layers:
            return


Named = dict[Technique, list[Deduction]]


class Batches:
    """Deductions of longer and longer chains, found once they are asked for, and kept."""

    def __init__(self, source: Iterator[tuple[int, Named]]) -> None:
        self._source, self._kept = source, list[tuple[int, Named]]()

    def __iter__(self) -> Iterator[tuple[int, Named]]:
        index = 0
        while index < len(self._kept) or self._more():
            yield self._kept[index]
            index += 1

    def _more(self) -> bool:
        batch = next(self._source, None)
        if batch is not None:
            self._kept.append(batch)
        return batch is not None


def link_up(graph: Graph, nodes: tuple[int, ...]) -> Chain:
    """The chain of some nodes: one end is true, or, in a loop, one end of each weak link."""
    sees, alive = graph.sees, graph.alive & CANDIDATES
    if not sees[nodes[-1]] >> nodes[0] & 1:
        return Chain(nodes, sees[nodes[0]] & sees[nodes[-1]] & alive)
    hits = 0
    for index in range(1, len(nodes), 2):
        hits |= sees[nodes[index]] & sees[nodes[(index + 1) % len(nodes)]]
    return Chain(nodes, hits & alive, loop=True)


def deduce(graph: Graph, chain: Chain) -> Deduction:
    """The deduction of a chain, named by its shape."""
    nodes = [graph.candidates(node) for node in chain.nodes]
    links = [Link(nodes[i], nodes[i + 1], strong=i % 2 == 0) for i in range(len(nodes) - 1)]
    if chain.loop:
        links.append(Link(nodes[-1], nodes[0], strong=False))
    pairs = zip(chain.nodes[::2], chain.nodes[1::2], strict=True)
    premises = tuple(dict.fromkeys(graph.why[pair] for pair in pairs))
    inner = [candidate for node in nodes[1:-1] for candidate in node]
    ends = nodes[0] + nodes[-1] if nodes[0] != nodes[-1] else nodes[0]
    everything = dict.fromkeys((*nodes[0], *inner, *nodes[-1]))
    return Deduction(
        shape(graph, chain, premises),
        tuple(dict.fromkeys(cell for cell, _ in everything)),
        tuple((premise - 81) // 9 for premise in premises if premise >= 81),
        tuple(sorted({digit for _, digit in everything})),
        premises,
        tuple(sorted((node % 81, node // 81 + 1) for node in cells_in(chain.hits))),
        cause=tuple(dict.fromkeys(c for c in inner if c not in ends)),
        effect=ends,
        links=tuple(links),
        kind="loop" if chain.loop else "",
    )


def shape(graph: Graph, chain: Chain, premises: tuple[int, ...]) -> Technique:
    """What a chain is called."""
    nodes = chain.nodes
    grouped = any(node >= 729 for node in nodes)
    digits = {graph.candidates(node)[0][1] for node in nodes}
    units = [(premise - 81) // 9 for premise in premises if premise >= 81]
    length = len(nodes) // 2
    if len(digits) == 1:
        if length == 2 and not chain.loop and len(units) == 2:
            return _pair_of_links(graph, nodes, units, grouped)
        return Technique.GROUPED_X_CHAIN if grouped else Technique.X_CHAIN
    if grouped:
        return Technique.GROUPED_CHAIN
    cells = [premise for premise in premises if premise < 81]
    if not units and len({node // 81 for node in nodes}) == 2 and length > 2:
        same = {frozenset((a // 81, b // 81)) for a, b in zip(nodes[::2], nodes[1::2], strict=True)}
        if len(same) == 1:
            return Technique.REMOTE_PAIRS
    if not units:
        wing = len(cells) == length == 3 and not chain.loop
        return Technique.XY_WING if wing else Technique.XY_CHAIN
    if length == 3 and len(units) == 1 and len(cells) == 2 and len(digits) == 2:
        middle = nodes[2] // 81 == nodes[3] // 81
        if middle and nodes[0] // 81 == nodes[5] // 81 and not chain.loop:
            return Technique.W_WING
    return Technique.ALTERNATING_CHAIN


def _pair_of_links(
    graph: Graph, nodes: tuple[int, ...], units: list[int], grouped: bool
) -> Technique:
    """Two strong links of one digit: parallel lines, a row and a column, or with a box."""
    kinds = sorted(unit // 9 for unit in units)
    if grouped:
        lone = [unit for unit in units if unit < 18]
        box = 2 in kinds and len(lone) == 1
        line_nodes = nodes[2:] if units[0] >= 18 else nodes[:2]
        plain = all(node < 729 for node in line_nodes)
        return Technique.EMPTY_RECTANGLE if box and plain else Technique.GROUPED_X_CHAIN
    one, other = (graph.candidates(node)[0][0] for node in nodes[1:3])
    if kinds in ([0, 0], [1, 1]):
        across = one % 9 == other % 9 if kinds == [0, 0] else one // 9 == other // 9
        return Technique.SKYSCRAPER if across else Technique.TURBOT_FISH
    if kinds == [0, 1]:
        in_box = BOX_OF[one] == BOX_OF[other]
        return Technique.TWO_STRING_KITE if in_box else Technique.TURBOT_FISH
    return Technique.TURBOT_FISH


@lru_cache(maxsize=1 << 13)
def _of_digit(digit: int, board: int, grouped: bool) -> tuple[Named, Batches]:
    """The chains of one digit of two strong links, by name, and those of more, by their length."""
    where = [0] * 10
    where[digit] = board
    graph = Graph(where)
    link_units(graph, (digit,))
    if grouped:
        link_groups(graph, (digit,))
    longer = ((len(batch[0].nodes), _named(graph, batch)) for batch in chains(graph, shortest=3))
    return _named(graph, _pairs(graph)), Batches(longer)


def _named(graph: Graph, found: Iterable[Chain]) -> Named:
    """The deductions of some chains, by their names."""
    named: Named = {}
    for chain in found:
        deduction = deduce(graph, chain)
        named.setdefault(deduction.technique, []).append(deduction)
    return named


def _pairs(graph: Graph) -> Iterator[Chain]:
    """All chains of two strong links that take something away."""
    for one, ends in graph.strong.items():
        for near in cells_in(ends):
            for far in cells_in(graph.sees[near] & graph.linked & ~(1 << one)):
                for other in cells_in(graph.strong[far] & ~(1 << near) >> one << one):
                    chain = link_up(graph, (one, near, far, other))
                    if chain.hits:
                        yield chain


@lru_cache(maxsize=1 << 13)
def _may_be_rectangle(board: int) -> bool:
    """Whether two groups that share out a box meet a line of two places, to some end."""
    for unit, *ends in pairs_of(board):
        if unit >= 18:
            break
        for near, far in (ends, ends[::-1]):
            across = UNIT_BOARD[9 + near % 9 if unit < 9 else near // 9]
            for box in _BESIDE[unit < 9][BOX_OF[near]]:
                rest = board & box & ~across
                if board & box & across and rest and seen_by(rest) & PEER_BOARD[far] & board:
                    return True
    return False


_BESIDE: Final = tuple(
    tuple(
        tuple(UNIT_BOARD[18 + other] for other in range(9) if other != box and by[other] == by[box])
        for box in range(9)
    )
    for by in ([box // 3 for box in range(9)], [box % 3 for box in range(9)])
)
"""Across or down -> box -> the other two boxes there."""


GROUPED: Final = frozenset({Technique.EMPTY_RECTANGLE, Technique.GROUPED_X_CHAIN})


def digit_chains(pencil: Pencil, technique: Technique) -> Iterator[Deduction]:
    """Chains of one digit with a certain name, the shortest first."""
    grouped = technique in GROUPED
    every = [
        _of_digit(digit, board, grouped)
        for digit, board in enumerate(pencil.where)
        if board and (technique is not Technique.EMPTY_RECTANGLE or _may_be_rectangle(board))
    ]
    for pairs, _ in every:
        yield from pairs.get(technique, ())
    if technique in (Technique.X_CHAIN, Technique.GROUPED_X_CHAIN):
        for _, named in merge(*(longer for _, longer in every), key=itemgetter(0)):
            yield from named.get(technique, ())


def xy_chains(pencil: Pencil) -> Iterator[Deduction]:
    """Chains through cells of two candidates, the shortest first."""
    graph = graph_of(pencil, "cells")
    for batch in chains(graph, shortest=3):
        yield from _named(graph, batch).get(Technique.XY_CHAIN, ())


def candidate_chains(pencil: Pencil, technique: Technique) -> Iterator[Deduction]:
    """Chains over all links with a certain name, the shortest first."""
    graph = graph_of(pencil, "groups" if technique is Technique.GROUPED_CHAIN else "units")
    for batch in chains(graph):
        yield from _named(graph, batch).get(technique, ())
