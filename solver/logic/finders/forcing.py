"""Forcing chains and nets: what is so whichever candidate of a cell or a unit is true.

A chain uses one fact for each step; a net all facts found so far, as singles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from solver.logic.deduction import Deduction, Link, Node, conflict
from solver.logic.finders.links import CANDIDATES, Graph, link_all, node_of
from solver.logic.finders.propagation import propagate
from solver.logic.pencil import Candidate, Pencil, cells_in, holders
from solver.logic.techniques import Technique


def forcing_chains(pencil: Pencil) -> Iterator[Deduction]:
    """Each candidate of a cell or unit leads, by a chain, to the end of the same candidate."""
    graph = link_all(pencil, grouped=True)
    alive = graph.alive & CANDIDATES
    falls = {node: _falls(graph, node) for node in cells_in(alive)}
    found = []
    for constraint in range(324):
        places = holders(constraint, pencil.masks)
        if not 3 <= len(places) <= 5:
            continue
        common = alive
        for cell, digit in places:
            common &= falls[node_of(cell, digit)]
            if not common:
                break
        for target in cells_in(common):
            branches = [_branch(graph, node_of(*place), target) for place in places]
            found.append((sum(map(len, branches)), constraint, target, branches))
    if found:
        _, constraint, target, branches = min(found)
        yield _woven(graph, constraint, target, branches)


def _falls(graph: Graph, node: int) -> int:
    """The candidates that must be false, by chains of links, where `node` is true."""
    fallen = frontier = graph.sees[node]
    risen = 1 << node
    while frontier:
        ups = 0
        for low in cells_in(frontier):
            ups |= graph.strong.get(low, 0)
        ups &= ~risen
        risen |= ups
        frontier = 0
        for up in cells_in(ups):
            frontier |= graph.sees[up]
        frontier &= ~fallen
        fallen |= frontier
    return fallen


def _branch(graph: Graph, node: int, target: int) -> tuple[int, ...]:
    """The nodes of the shortest chain from `node`, true, to `target`, false."""
    layers = [(1 << node, graph.sees[node])]
    risen, fallen = 1 << node, graph.sees[node]
    while not layers[-1][1] >> target & 1:
        ups = 0
        for low in cells_in(layers[-1][1]):
            ups |= graph.strong.get(low, 0)
        ups &= ~risen
        risen |= ups
        downs = 0
        for up in cells_in(ups):
            downs |= graph.sees[up]
        downs &= ~fallen
        fallen |= downs
        layers.append((ups, downs))
    nodes = [target]
    for depth in range(len(layers) - 1, -1, -1):
        up = layers[depth][0] & graph.sees[nodes[-1]]
        nodes.append((up & -up).bit_length() - 1)
        if depth:
            down = layers[depth - 1][1] & graph.strong[nodes[-1]]
            nodes.append((down & -down).bit_length() - 1)
    return tuple(reversed(nodes))


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
    tried: dict[Candidate, _Supposition] = {}
    best: Deduction | None = None
    for start in every:
        tried[start] = it = _suppose(pencil, start)
        if it.broken >= 0:
            net = _contradiction(pencil, it)
            if best is None or len(net.premises) < len(best.premises):
                best = net
    if best is not None:
        yield best
        return
    for constraint in range(324):
        places = holders(constraint, pencil.masks)
        if len(places) < 2:
            continue
        common = CANDIDATES
        for place in places:
            common &= tried[place].fallen
        if common:
            yield _verity(pencil, constraint, [tried[p] for p in places], common)
            return


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


def _verity(pencil: Pencil, constraint: int, ways: list[_Supposition], common: int) -> Deduction:
    targets = [(node % 81, node // 81 + 1) for node in cells_in(common)]
    target = targets[0]
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
