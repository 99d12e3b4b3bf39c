"""The techniques by their definitions, naively, with sets of cells and digits.

A second opinion on what the finders give; it shares no code with them but the record itself.
"""

from __future__ import annotations

from itertools import combinations, pairwise, product

from solver.logic.deduction import Deduction
from solver.logic.techniques import HIDDEN, KINDS, NAKED, Technique
from solver.logic.words import CHAINS
from tests.solver.logic.definitions_of_chains import chain, forcing_chain, forcing_net, shape
from tests.solver.logic.naive import (
    UNITS,
    Marks,
    Place,
    clash,
    members,
    places,
    sees,
    strong,
    together,
    union,
    units_of,
)

T = Technique


def holds(it: Deduction, marks: Marks) -> bool:
    """Whether a deduction is what its technique is defined as, and takes away no more."""
    if not it.eliminations or any(digit not in marks[cell] for cell, digit in it.eliminations):
        return False
    technique = it.technique
    if technique is T.LOCKED_CANDIDATES:
        return _locked(it, marks)
    if technique in NAKED or technique in HIDDEN:
        return _subset(it, marks)
    if technique in KINDS:
        return _fish(it, marks)
    if technique is T.REMOTE_PAIRS:
        return _remote(it, marks)
    if technique in CHAINS:
        return chain(it, marks) and shape(it, marks)
    return _OTHERS[technique](it, marks)


def _locked(it: Deduction, marks: Marks) -> bool:
    (unit, other), [digit] = it.units, it.digits
    rest = {(cell, digit) for cell in UNITS[other] - UNITS[unit]}
    return places(marks, unit, digit) <= UNITS[other] and set(it.eliminations) <= rest


def _subset(it: Deduction, marks: Marks) -> bool:
    size, digits = len(it.cells), set(it.digits)
    if not (size == len(digits) and together(it.cells)):
        return False
    if it.technique in NAKED:
        gone = all(
            digit in digits and all(sees(cell, at) for at in it.cells)
            for cell, digit in it.eliminations
        )
        return NAKED[it.technique] == size and union(marks, it.cells) == digits and gone
    held = set().union(*(places(marks, it.units[0], digit) for digit in digits))
    gone = all(cell in held and digit not in digits for cell, digit in it.eliminations)
    return HIDDEN[it.technique] == size and held == set(it.cells) and gone


def _fish(it: Deduction, marks: Marks) -> bool:
    size, kind = KINDS[it.technique]
    base, cover, [digit] = it.units[:size], it.units[size:], it.digits
    fins = {cell for cell, _ in it.effect}
    ground = set().union(*(UNITS[unit] for unit in cover))
    body = set().union(*(places(marks, unit, digit) for unit in base)) - fins
    lean = any(len(places(marks, unit, digit) & ground) < 2 for unit in base)
    return (
        len(base) == len(cover) == size
        and {unit // 9 for unit in (*base, *cover)} == {0, 1}
        and len({unit // 9 for unit in base}) == 1
        and body <= ground
        and not fins & ground
        and (kind == 0) is (not fins)
        and (not fins or any(fins <= UNITS[box] for box in range(18, 27)))
        and (kind == 2) is (bool(fins) and lean)
        and all(
            gone == digit
            and cell in ground
            and not any(cell in UNITS[unit] for unit in base)
            and all(sees(cell, fin) for fin in fins)
            for cell, gone in it.eliminations
        )
    )


def _remote(it: Deduction, marks: Marks) -> bool:
    return (
        len(it.cells) >= 4
        and len(it.cells) % 2 == 0
        and len(set(it.cells)) == len(it.cells)
        and all(marks[cell] == set(it.digits) for cell in it.cells)
        and len(it.digits) == 2
        and all(sees(one, other) for one, other in pairwise(it.cells))
        and all(
            digit in it.digits and sees(cell, it.cells[0]) and sees(cell, it.cells[-1])
            for cell, digit in it.eliminations
        )
    )


def _xyz_wing(it: Deduction, marks: Marks) -> bool:
    pivot, one, other = it.cells
    shared = marks[one] & marks[other]
    return (
        len(marks[pivot]) == 3
        and len(marks[one]) == len(marks[other]) == 2
        and marks[one] | marks[other] == marks[pivot]
        and sees(pivot, one)
        and sees(pivot, other)
        and all(d in shared and all(sees(c, at) for at in it.cells) for c, d in it.eliminations)
    )


def _colouring(it: Deduction, marks: Marks) -> bool:
    one, other = set(it.cause), set(it.effect)
    joined = all(
        strong(link, marks) and {link.start[0] in one, link.end[0] in one} == {True, False}
        for link in it.links
    )
    edges = [{link.start[0], link.end[0]} for link in it.links]
    reached = {it.cause[0]}
    for _ in edges:
        reached = reached.union(*(edge for edge in edges if edge & reached))
    if not joined or reached != one | other:
        return False
    if it.kind == "wrap":
        return set(it.eliminations) <= other and any(clash(a, b) for a, b in combinations(other, 2))
    return all(
        any(clash(gone, a) for a in one) and any(clash(gone, b) for b in other)
        for gone in it.eliminations
    )


def _possible(ways: list[list[Place]], chosen: Place) -> bool:
    """Whether one of each way can stand together with a placement, by trying all."""
    return any(
        not any(clash(a, b) for a, b in combinations((chosen, *choice), 2))
        for choice in product(*([c for c in way if not clash(c, chosen)] for way in ways))
    )


def _rectangle(it: Deduction, marks: Marks) -> bool:
    corners = it.cells[:4]
    others = {(cell, digit) for cell in corners for digit in marks[cell] - set(it.digits)}
    ways = [list(it.guardians), *(members(marks, premise) for premise in it.premises)]
    return (
        len(set(corners)) == 4
        and all(
            len({unit for cell in corners for unit in units_of(cell) if unit // 9 == kind}) == 2
            for kind in range(3)
        )
        and set(it.guardians) == others
        and len(it.digits) == 2
        and not any(_possible(ways, gone) for gone in it.eliminations)
    )


def _bug(it: Deduction, marks: Marks) -> bool:
    [(cell, digit)] = it.guardians
    left = [set(mask) for mask in marks]
    left[cell].discard(digit)
    return (
        all(len(mask) in (0, 2) for mask in left)
        and all(len(places(left, u, d)) in (0, 2) for u in range(27) for d in range(1, 10))
        and all(at == cell and gone != digit for at, gone in it.eliminations)
    )


def _almost(marks: Marks, cells: tuple[int, ...]) -> bool:
    return bool(cells) and together(cells) and len(union(marks, cells)) == len(cells) + 1


def _spots(marks: Marks, cells: tuple[int, ...], digit: int) -> list[Place]:
    return [(cell, digit) for cell in cells if digit in marks[cell]]


def _restricted(marks: Marks, one: tuple[int, ...], other: tuple[int, ...], digit: int) -> bool:
    spots = _spots(marks, one, digit), _spots(marks, other, digit)
    return all(spots) and all(clash(a, b) for a, b in product(*spots))


def _seen(marks: Marks, gone: Place, *sets: tuple[int, ...]) -> bool:
    """Whether a candidate clashes with all of its digit in some sets, each of which holds it."""
    spots = [_spots(marks, cells, gone[1]) for cells in sets]
    return all(spots) and all(clash(gone, spot) for some in spots for spot in some)


def _als_xz(it: Deduction, marks: Marks) -> bool:
    return any(_two_sets(it, marks, it.cells[:n], it.cells[n:]) for n in range(1, len(it.cells)))


def _two_sets(it: Deduction, marks: Marks, one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    if not (_almost(marks, one) and _almost(marks, other)):
        return False
    if not all(_restricted(marks, one, other, digit) for digit in it.digits):
        return False
    if len(it.digits) == 1:
        return all(
            gone[1] not in it.digits and _seen(marks, gone, one, other) for gone in it.eliminations
        )
    return len(it.digits) == 2 and all(
        _seen(marks, gone, one, other)
        or (gone[1] not in it.digits and (_seen(marks, gone, one) or _seen(marks, gone, other)))
        for gone in it.eliminations
    )


def _als_xy(it: Deduction, marks: Marks) -> bool:
    cells, (x, y) = it.cells, it.digits
    for m, n in combinations(range(1, len(cells)), 2):
        hinge, one, other = cells[:m], cells[m:n], cells[n:]
        if (
            x != y
            and all(_almost(marks, part) for part in (hinge, one, other))
            and _restricted(marks, hinge, one, x)
            and _restricted(marks, hinge, other, y)
            and all(
                gone[1] not in (x, y) and _seen(marks, gone, one, other) for gone in it.eliminations
            )
        ):
            return True
    return False


def _sue_de_coq(it: Deduction, marks: Marks) -> bool:
    line, box = it.units
    middle = tuple({cell: None for cell, _ in it.cause})
    sides = [tuple(c for c in it.cells if c in UNITS[u] and c not in middle) for u in (line, box)]
    digits = [
        union(marks, (*middle, *side)) - union(marks, other) for side, other in (sides, sides[::-1])
    ]
    return (
        all(cell in UNITS[line] & UNITS[box] for cell in middle)
        and len(union(marks, it.cells)) == len(it.cells)
        and not union(marks, sides[0]) & union(marks, sides[1])
        and all(
            cell not in it.cells
            and any(
                cell in UNITS[u] and d in some for u, some in zip(it.units, digits, strict=True)
            )
            for cell, d in it.eliminations
        )
    )


_OTHERS = {
    T.XYZ_WING: _xyz_wing,
    T.SIMPLE_COLOURING: _colouring,
    T.UNIQUE_RECTANGLE: _rectangle,
    T.BUG: _bug,
    T.ALS_XZ: _als_xz,
    T.ALS_XY_WING: _als_xy,
    T.SUE_DE_COQ: _sue_de_coq,
    T.FORCING_CHAIN: forcing_chain,
    T.FORCING_NET: forcing_net,
}
