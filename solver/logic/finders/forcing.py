"""Forcing chains and nets: what is so whichever candidate of a cell or a unit is true.

A chain uses one fact for each step; a net all facts found so far, as singles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from solver.logic.deduction import Deduction, Link, Node, conflict
from solver.logic.finders.links import CANDIDATES, Graph, graph_of, node_of, trace
from solver.logic.finders.propagation import propagate
from solver.logic.pencil import Candidate, Pencil, cells_in, holders
from solver.logic.techniques import Technique


def forcing_chains(pencil: Pencil) -> Iterator[Deduction]:
    """Each candidate of a cell or unit leads, by a chain, to the end of the same candidate."""
    graph = graph_of(pencil, "groups")
    alive = graph.alive & CANDIDATES
    known: dict[int, _Reach] = {}
    found = []
    for constraint in range(324):
        places = [node_of(*place) for place in holders(constraint, pencil.masks)]
        if len(places) < 3:
            continue
        common = alive
        for node in places:
            if node not in known:
                known[node] = _Reach(graph, node)
            common &= known[node].fallen[-1]
            if not common:
                break
        for target in cells_in(common):
            length = sum(known[node].depth(target) for node in places)
            found.append((length, len(places), constraint, target))
    for _, _, constraint, target in sorted(found):
        places = [node_of(*place) for place in holders(constraint, pencil.masks)]
        branches = [known[node].branch(graph, target) for node in places]
        yield _woven(graph, constraint, target, branches)


class _Reach:
    """What follows, by chains, where a node is true: layer by layer, what is true and false."""

    def __init__(self, graph: Graph, node: int) -> None:
        self.true = [1 << node]
        self.fallen = [graph.sees[node]]
        """What has fallen up to each layer."""
        risen = 1 << node
        while True:
            after = 0
            for up in cells_in(self.true[-1]):
                after |= graph.next(up)
            after &= ~risen
            if not after:
                return
            risen |= after
            down = self.fallen[-1]
            for up in cells_in(after):
                down |= graph.sees[up]
            self.true.append(after)
            self.fallen.append(down)

    def depth(self, target: int) -> int:
        """The strong links of the shortest chain to the end of a candidate."""
        return next(depth for depth, down in enumerate(self.fallen) if down >> target & 1)

    def branch(self, graph: Graph, target: int) -> tuple[int, ...]:
        """The nodes of that chain, from the node, true, to the target, false."""
        depth = self.depth(target)
        last = self.true[depth] & graph.sees[target]
        end = (last & -last).bit_length() - 1
        return (*trace(graph, self.true[:depth], end), target)


def _woven(
    graph: Graph, constraint: int, target: int, branches: list[tuple[int, ...]]
) -> Deduction:
    premises, links = {constraint: None}, []
    inner: dict[Candidate, None] = {}
    for branch in branches:
        nodes = [graph.candidates(node) for node in branch]
        for index in range(len(branch) - 1):
            strong = index % 2 == 1
            links.append(Link(nodes[index], nodes[index + 1], strong))
            if strong:
                premises[graph.why[branch[index], branch[index + 1]]] = None
        inner |= dict.fromkeys(c for node in nodes[1:-1] for c in node)
    starts = tuple((node % 81, node // 81 + 1) for node, *_ in branches)
    return Deduction(
        Technique.FORCING_CHAIN,
        tuple(dict.fromkeys(cell for cell, _ in (*starts, *inner))),
        () if constraint < 81 else ((constraint - 81) // 9,),
        (target // 81 + 1,),
        tuple(premises),
        ((target % 81, target // 81 + 1),),
        cause=starts,
        effect=tuple(c for c in inner if c not in starts),
        links=tuple(links),
    )


@dataclass(slots=True)
class _Supposition:
    """What singles make of a candidate supposed true."""

    start: Candidate
    placed: list[tuple[Candidate, int]] = field(default_factory=list)
    """(candidate, constraint that leaves no other), in order; the start has none."""
    broken: int = -1
    """The constraint that can't be met any more."""
    fallen: int = 0


def _suppose(pencil: Pencil, start: Candidate) -> _Supposition:
    """Place a candidate and all singles that follow, until a contradiction or the end."""
    placed, broken, left = propagate(pencil, start)
    return _Supposition(start, placed, broken, left)


def forcing_nets(pencil: Pencil) -> Iterator[Deduction]:
    """A candidate that singles lead to a contradiction, or the same end of all of a cell's."""
    every = [(cell, digit) for digit in range(1, 10) for cell in cells_in(pencil.where[digit])]
    tried = {start: _suppose(pencil, start) for start in every}
    broken = [_contradiction(pencil, it) for it in tried.values() if it.broken >= 0]
    yield from sorted(broken, key=lambda net: len(net.premises))
    for constraint in range(324):
        places = holders(constraint, pencil.masks)
        if len(places) < 2:
            continue
        common = CANDIDATES
        for place in places:
            common &= tried[place].fallen
        for node in cells_in(common):
            target = node % 81, node // 81 + 1
            yield _verity(pencil, constraint, [tried[place] for place in places], target)


def _needed(pencil: Pencil, it: _Supposition, gone: list[Candidate]) -> list[tuple[Candidate, int]]:
    """The placements of a supposition that take the candidates `gone` away, in order."""
    order = {candidate: index for index, (candidate, _) in enumerate(it.placed)}
    needed: set[int] = set()
    queue = list(gone)
    limits = [len(it.placed)] * len(queue)
    while queue:
        candidate, limit = queue.pop(), limits.pop()
        index = next(i for i in range(limit) if conflict(it.placed[i][0], candidate))
        if index in needed:
            continue
        needed.add(index)
        placed, constraint = it.placed[index]
        if constraint >= 0:
            others = [c for c in holders(constraint, pencil.masks) if c != placed]
            queue += others
            limits += [order[placed]] * len(others)
    return [it.placed[index] for index in sorted(needed)]


def _contradiction(pencil: Pencil, it: _Supposition) -> Deduction:
    path = _needed(pencil, it, holders(it.broken, pencil.masks))
    return _net(pencil, it.broken, [path], (it.start,), "contradiction")


def _verity(
    pencil: Pencil, constraint: int, ways: list[_Supposition], target: Candidate
) -> Deduction:
    paths = [_needed(pencil, way, [target]) for way in ways]
    return _net(pencil, constraint, paths, (target,), "verity")


def _net(
    pencil: Pencil,
    constraint: int,
    paths: list[list[tuple[Candidate, int]]],
    hits: tuple[Candidate, ...],
    kind: str,
) -> Deduction:
    steps = [step for path in paths for step in path]
    premises = dict.fromkeys([c for _, c in steps if c >= 0] + [constraint])
    placed = dict.fromkeys(candidate for candidate, _ in steps)
    links = []
    for path in paths:
        nodes: list[Node] = [(candidate,) for candidate, _ in path]
        links += [Link(a, b, True) for a, b in pairwise(nodes)]
    return Deduction(
        Technique.FORCING_NET,
        tuple(dict.fromkeys(cell for cell, _ in placed)),
        () if constraint < 81 else ((constraint - 81) // 9,),
        tuple(sorted({digit for _, digit in hits})),
        tuple(premises),
        hits,
        cause=tuple(holders(constraint, pencil.masks)),
        effect=tuple(c for c in placed if c not in hits),
        links=tuple(links),
        kind=kind,
    )
