"""Chains: strong and weak links in turn, so that one of the two ends is true.

One search for all of them, over the links that it is given; the name comes from the shape found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from heapq import merge
from itertools import combinations, repeat
from typing import Final

from solver.board.grid import BOX_OF
from solver.logic.deduction import Deduction, Link
from solver.logic.finders.links import (
    CANDIDATES,
    Graph,
    graph_of,
    link_groups,
    link_units,
    node_of,
    trace,
)
from solver.logic.pencil import DIGITS, PEER_BOARD, Pencil, cells_in
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
    layers = {start: [ends] for start, ends in graph.strong.items()}
    reached = dict(graph.strong)
    for length in range(2, longest + 1):
        found: dict[object, Chain] = {}
        ended = []
        for start, history in layers.items():
            true = 0
            for end in cells_in(history[-1]):
                true |= graph.next(end)
            true &= ~reached[start] | 1 << start
            if not true:
                ended.append(start)
                continue
            history.append(true & ~(1 << start))
            reached[start] |= true
            if length < shortest:
                continue
            common = sees[start] & alive
            for end in cells_in(true >> start << start):
                loop = sees[end] >> start & 1
                if not loop and not sees[end] & common:
                    continue
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


class Batches:
    """Chains found once they are asked for, and kept."""

    def __init__(self, source: Iterator[list[Chain]]) -> None:
        self._source, self._kept = source, list[list[Chain]]()

    def __iter__(self) -> Iterator[list[Chain]]:
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
def _of_digit(digit: int, board: int, grouped: bool) -> tuple[Graph, list[Chain], Batches]:
    """The links of one digit, its chains of two of them, and those of more."""
    where = [0] * 10
    where[digit] = board
    graph = Graph(where)
    link_units(graph, (digit,))
    if grouped:
        link_groups(graph, (digit,))
    return graph, list(_pairs(graph)), Batches(chains(graph, shortest=3))


def _pairs(graph: Graph) -> Iterator[Chain]:
    """All chains of two strong links that take something away."""
    for one, ends in graph.strong.items():
        for near in cells_in(ends):
            for far in cells_in(graph.sees[near] & graph.linked & ~(1 << one)):
                for other in cells_in(graph.strong[far] & ~(1 << near) >> one << one):
                    chain = link_up(graph, (one, near, far, other))
                    if chain.hits:
                        yield chain


GROUPED: Final = frozenset({Technique.EMPTY_RECTANGLE, Technique.GROUPED_X_CHAIN})


def digit_chains(pencil: Pencil, technique: Technique) -> Iterator[Deduction]:
    """Chains of one digit with a certain name, the shortest first."""
    every = [
        _of_digit(digit, pencil.where[digit], technique in GROUPED)
        for digit in range(1, 10)
        if pencil.where[digit]
    ]
    for graph, pairs, _ in every:
        yield from _named(graph, technique, pairs)
    if technique in (Technique.X_CHAIN, Technique.GROUPED_X_CHAIN):
        longer = [zip(repeat(graph), found) for graph, _, found in every]
        for graph, batch in merge(*longer, key=lambda item: len(item[1][0].nodes)):
            yield from _named(graph, technique, batch)


def cell_chains(pencil: Pencil, technique: Technique) -> Iterator[Deduction]:
    """Chains through cells of two candidates: XY-wings, or chains of any length."""
    longest = 3 if technique is Technique.XY_WING else LONGEST
    graph = graph_of(pencil, "cells")
    for batch in chains(graph, longest, shortest=3):
        yield from _named(graph, technique, batch)


def candidate_chains(pencil: Pencil, technique: Technique) -> Iterator[Deduction]:
    """Chains over all links with a certain name, the shortest first."""
    graph = graph_of(pencil, "groups" if technique is Technique.GROUPED_CHAIN else "units")
    for batch in chains(graph):
        yield from _named(graph, technique, batch)


def _named(graph: Graph, technique: Technique, batch: list[Chain]) -> Iterator[Deduction]:
    for chain in batch:
        if (found := deduce(graph, chain)).technique is technique:
            yield found


def w_wings(pencil: Pencil) -> Iterator[Deduction]:
    """Two cells xy apart, and a unit whose two places for y each see one of them: one is x."""
    masks = pencil.masks
    pairs = [cell for cell in range(81) if masks[cell].bit_count() == 2]
    twins = [
        (one, other)
        for one, other in combinations(pairs, 2)
        if masks[one] == masks[other] and not PEER_BOARD[one] >> other & 1
    ]
    if not twins:
        return
    graph = graph_of(pencil, "units")
    for one, other in twins:
        digits = DIGITS[masks[one]]
        for x, y in (digits, digits[::-1]):
            ends = node_of(one, x), node_of(other, x)
            hits = graph.sees[ends[0]] & graph.sees[ends[1]] & graph.alive & CANDIDATES
            near = pencil.where[y] & PEER_BOARD[one] if hits else 0
            for place in cells_in(near):
                links = graph.strong.get(node_of(place, y), 0)
                for far in cells_in(pencil.where[y] & PEER_BOARD[other]):
                    if links >> node_of(far, y) & 1:
                        middle = (one, y), (place, y), (far, y), (other, y)
                        nodes = (ends[0], *(node_of(*each) for each in middle), ends[1])
                        yield deduce(graph, Chain(nodes, hits))
