"""Chains and forcing chains by their definitions, naively, with sets of cells and digits."""

from __future__ import annotations

from itertools import pairwise, product

from solver.logic.deduction import Deduction
from solver.logic.techniques import Technique
from tests.solver.logic.naive import (
    UNITS,
    Marks,
    Place,
    clash,
    linked,
    members,
    sees,
)

T = Technique


def chain(it: Deduction, marks: Marks) -> bool:
    if not linked(it.links, marks, first=True):
        return False
    pairs = [(it.links[0].start, it.links[-1].end)]
    if it.kind == "loop":
        if it.links[-1].strong or it.links[-1].end != it.links[0].start:
            return False
        pairs = [(link.start, link.end) for link in it.links if not link.strong]
    return all(
        any(all(clash(gone, end) for end in (*one, *other)) for one, other in pairs)
        for gone in it.eliminations
    )


def shape(it: Deduction, marks: Marks) -> bool:
    """Whether a chain has the form that its name says."""
    links = [link for link in it.links if link.strong]
    nodes = [node for link in links for node in (link.start, link.end)]
    grouped = any(len(node) > 1 for node in nodes)
    one_digit = len({digit for node in nodes for _, digit in node}) == 1
    in_cells = all(link.start[0][0] == link.end[0][0] for link in links)
    bases = [
        [u for u in range(27) if {c for c, _ in (*link.start, *link.end)} <= UNITS[u]]
        for link in links
    ]
    inner = {cell for node in nodes[1:3] for cell, _ in node}
    match it.technique:
        case T.SKYSCRAPER | T.TWO_STRING_KITE | T.TURBOT_FISH:
            joint = {unit // 9 for unit in range(27) if inner <= UNITS[unit]}
            lines = any(
                a // 9 == b // 9 < 2 if it.technique is T.SKYSCRAPER else {a // 9, b // 9} == {0, 1}
                for a, b in product(*bases)
            )
            ok = it.technique is T.TURBOT_FISH or (
                lines and bool(joint & ({0, 1} if it.technique is T.SKYSCRAPER else {2}))
            )
            return len(links) == 2 and one_digit and not grouped and ok
        case T.EMPTY_RECTANGLE:
            return len(links) == 2 and one_digit and any(max(base) >= 18 for base in bases)
        case T.XY_WING:
            return in_cells and len(links) == 3
        case T.W_WING:
            twins = marks[nodes[0][0][0]] == marks[nodes[-1][0][0]]
            return len(links) == 3 and twins and len(marks[nodes[0][0][0]]) == 2
        case T.XY_CHAIN:
            return in_cells
        case T.X_CHAIN:
            return one_digit and not grouped
        case T.GROUPED_X_CHAIN:
            return one_digit and grouped
        case T.ALTERNATING_CHAIN:
            return not grouped
        case _:
            return grouped


def forcing_chain(it: Deduction, marks: Marks) -> bool:
    starts = [
        i
        for i, link in enumerate(it.links)
        if link.start[0] in it.cause
        and not link.strong
        and (i == 0 or it.links[i - 1].end == (it.eliminations[0],))
    ]
    branches = [it.links[a:b] for a, b in pairwise([*starts, len(it.links)])]
    return (
        sorted(it.cause)
        in ([*members(marks, c)] and sorted(members(marks, c)) for c in it.premises)
        and [branch[0].start[0] for branch in branches] == list(it.cause)
        and all(
            linked(branch, marks, first=False) and branch[-1].end == it.eliminations
            for branch in branches
        )
    )


def _singles(marks: Marks, start: Place) -> Marks | None:
    """What singles leave after a placement; None where a rule breaks."""
    left = [set(mask) for mask in marks]
    queue, placed = [start], set[Place]()
    while queue:
        cell, digit = queue.pop()
        if (cell, digit) in placed:
            continue
        if digit not in left[cell]:
            return None
        placed.add((cell, digit))
        left[cell] = {digit}
        for peer in range(81):
            if sees(cell, peer):
                left[peer].discard(digit)
        for constraint in range(324):
            had, now = members(marks, constraint), members(left, constraint)
            if had and not now:
                return None
            if len(had) > 0 and len(now) == 1:
                queue += [single for single in now if single not in placed]
    return left


def forcing_net(it: Deduction, marks: Marks) -> bool:
    [gone] = it.eliminations
    if it.kind == "contradiction":
        return _singles(marks, gone) is None
    ends = [_singles(marks, start) for start in it.cause]
    whole = any(sorted(it.cause) == sorted(members(marks, c)) for c in it.premises)
    return whole and all(end is None or gone[1] not in end[gone[0]] for end in ends)
