"""The patterns by which people solve: each finds what follows from a few of the 324 constraints.

A Sudoku is an exact cover: 81 constraints "this cell holds one digit" and 243 "this unit holds
this digit once". A constraint is an int: 0..80 is a cell; 81 + unit * 9 + digit - 1 is a digit in
a unit. Every pattern here is a handful of constraints, its premises, that can't all hold
together with any of the candidates it takes away. `follows` checks just that, for any pattern.

Candidates are 81 bit masks, bit d for digit d; a filled cell has its one digit.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from solver.board.grid import BOX_OF, CELL_UNITS, COLUMN_OF, PEERS, ROW_OF, UNITS, Grid

Candidate = tuple[int, int]
"""(cell 0..80, digit 1..9)"""
_SEES: Final = tuple(frozenset(peers) for peers in PEERS)
_DIGITS: Final = tuple(
    tuple(digit for digit in range(1, 10) if mask >> digit & 1) for mask in range(1024)
)


class Technique(enum.Enum):
    """Why a step is taken; the first ten are a person's, from easy to hard."""

    NAKED_SINGLE = "naked single"
    HIDDEN_SINGLE = "hidden single"
    LOCKED_CANDIDATES = "locked candidates"
    NAKED_PAIR = "naked pair"
    HIDDEN_PAIR = "hidden pair"
    NAKED_TRIPLE = "naked triple"
    HIDDEN_TRIPLE = "hidden triple"
    X_WING = "X-wing"
    XY_WING = "XY-wing"
    SWORDFISH = "swordfish"
    POLICY = "policy"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern found: what it is, where, the premises it stands on, and what it takes away."""

    technique: Technique
    cells: tuple[int, ...]
    units: tuple[int, ...]
    digits: tuple[int, ...]
    premises: tuple[int, ...]
    eliminations: tuple[Candidate, ...]


def place_in(unit: int, digit: int) -> int:
    """The constraint "`unit` holds `digit` once"."""
    return 80 + unit * 9 + digit


def members(constraint: int) -> tuple[Candidate, ...]:
    """The nine candidates of which the constraint takes exactly one."""
    if constraint < 81:
        return tuple((constraint, digit) for digit in range(1, 10))
    unit, digit = divmod(constraint - 81, 9)
    return tuple((cell, digit + 1) for cell in UNITS[unit])


def holders(constraint: int, masks: Sequence[int]) -> list[Candidate]:
    """The members of a constraint that are candidates."""
    return [(cell, digit) for cell, digit in members(constraint) if masks[cell] >> digit & 1]


def candidate_masks(grid: Grid) -> list[int]:
    """81 masks: for a blank cell the digits that no filled peer holds, for others their digit."""
    taken = [0] * 27
    for cell, digit in enumerate(grid.cells):
        for unit in CELL_UNITS[cell]:
            taken[unit] |= 1 << digit
    masks = []
    for cell, digit in enumerate(grid.cells):
        row, column, box = CELL_UNITS[cell]
        free = ~(taken[row] | taken[column] | taken[box]) & 0x3FE
        masks.append(1 << digit if digit else free)
    return masks


def conflict(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates can't both be right."""
    if one[0] == other[0]:
        return one[1] != other[1]
    return one[1] == other[1] and other[0] in _SEES[one[0]]


def follows(elimination: Candidate, premises: Sequence[int], masks: Sequence[int]) -> bool:
    """Whether the premises can't all hold where `elimination` is right, by trying all ways."""

    def possible(chosen: tuple[Candidate, ...], left: Sequence[int]) -> bool:
        if not left:
            return True
        return any(
            possible((*chosen, holder), left[1:])
            for holder in holders(left[0], masks)
            if not any(conflict(holder, other) for other in chosen)
        )

    return not possible((elimination,), premises)


def _hits(
    masks: Sequence[int], cells: Iterator[int] | Sequence[int], digits: int
) -> tuple[Candidate, ...]:
    """The candidates of `digits` (a mask) in `cells`."""
    return tuple((cell, digit) for cell in cells for digit in _DIGITS[masks[cell] & digits])


def _seen_by_all(cells: Sequence[int]) -> list[int]:
    return sorted(frozenset.intersection(*(_SEES[cell] for cell in cells)))


def _open_cells(masks: Sequence[int], filled: Sequence[int], unit: int) -> list[int]:
    return [cell for cell in UNITS[unit] if not filled[cell] and masks[cell]]


def locked_candidates(masks: Sequence[int], filled: Sequence[int]) -> Iterator[Pattern]:
    """A digit whose places in one unit all lie in another: it leaves the rest of the other."""
    for unit in (*range(18, 27), *range(18)):
        cells = _open_cells(masks, filled, unit)
        for digit in range(1, 10):
            places = [cell for cell in cells if masks[cell] >> digit & 1]
            if not 2 <= len(places) <= 3:
                continue
            groups = (ROW_OF, COLUMN_OF) if unit >= 18 else (BOX_OF,)
            for base, group in zip((0, 9) if unit >= 18 else (18,), groups, strict=True):
                if any(group[cell] != group[places[0]] for cell in places):
                    continue
                other = base + group[places[0]]
                rest = [c for c in UNITS[other] if not filled[c] and c not in places]
                if hits := _hits(masks, rest, 1 << digit):
                    yield Pattern(
                        Technique.LOCKED_CANDIDATES,
                        tuple(places),
                        (unit, other),
                        (digit,),
                        (place_in(unit, digit),),
                        hits,
                    )


def naked_subsets(size: int, technique: Technique) -> Finder:
    """`size` cells of a unit with `size` digits between them: no cell seeing all takes those."""

    def find(masks: Sequence[int], filled: Sequence[int]) -> Iterator[Pattern]:
        for unit in range(27):
            cells = _open_cells(masks, filled, unit)
            if len(cells) <= size:
                continue
            narrow = [c for c in cells if 2 <= masks[c].bit_count() <= size]
            for chosen in combinations(narrow, size):
                union = 0
                for cell in chosen:
                    union |= masks[cell]
                if union.bit_count() != size:
                    continue
                rest = [cell for cell in _seen_by_all(chosen) if not filled[cell]]
                if hits := _hits(masks, rest, union):
                    yield Pattern(technique, chosen, (unit,), _DIGITS[union], chosen, hits)

    return find


def hidden_subsets(size: int, technique: Technique) -> Finder:
    """`size` digits with `size` places between them in a unit: those cells take nothing else."""

    def find(masks: Sequence[int], filled: Sequence[int]) -> Iterator[Pattern]:
        for unit in range(27):
            cells = _open_cells(masks, filled, unit)
            if len(cells) <= size:
                continue
            places = {}
            for digit in range(1, 10):
                found = frozenset(cell for cell in cells if masks[cell] >> digit & 1)
                if 2 <= len(found) <= size:
                    places[digit] = found
            for digits in combinations(places, size):
                union = frozenset().union(*(places[digit] for digit in digits))
                if len(union) != size:
                    continue
                chosen = tuple(sorted(union))
                others = 0x3FE & ~sum(1 << digit for digit in digits)
                if hits := _hits(masks, chosen, others):
                    premises = tuple(place_in(unit, digit) for digit in digits)
                    yield Pattern(technique, chosen, (unit,), digits, premises, hits)

    return find


def fish(size: int, technique: Technique) -> Finder:
    """`size` lines whose places for a digit lie in `size` crossing lines: it leaves the rest."""

    def find(masks: Sequence[int], filled: Sequence[int]) -> Iterator[Pattern]:
        for digit in range(1, 10):
            for base, across in ((0, COLUMN_OF), (9, ROW_OF)):
                lines = {}
                for unit in range(base, base + 9):
                    cells = _open_cells(masks, filled, unit)
                    found = [cell for cell in cells if masks[cell] >> digit & 1]
                    if 2 <= len(found) <= size:
                        lines[unit] = found
                for chosen in combinations(lines, size):
                    places = [cell for unit in chosen for cell in lines[unit]]
                    covers = sorted({9 - base + across[cell] for cell in places})
                    if len(covers) != size:
                        continue
                    rest = [
                        cell
                        for cover in covers
                        for cell in UNITS[cover]
                        if not filled[cell] and cell not in places
                    ]
                    if hits := _hits(masks, rest, 1 << digit):
                        yield Pattern(
                            technique,
                            tuple(sorted(places)),
                            (*chosen, *covers),
                            (digit,),
                            tuple(place_in(unit, digit) for unit in chosen),
                            hits,
                        )

    return find


def xy_wings(masks: Sequence[int], filled: Sequence[int]) -> Iterator[Pattern]:
    """A cell xy that sees cells xz and yz: one of these is z, so what sees both is not."""
    pairs = [cell for cell in range(81) if not filled[cell] and masks[cell].bit_count() == 2]
    for pivot in pairs:
        near = [cell for cell in pairs if cell in _SEES[pivot] and masks[cell] != masks[pivot]]
        for one, other in combinations(near, 2):
            common = masks[one] & masks[other]
            if common.bit_count() != 1 or common & masks[pivot]:
                continue
            if masks[pivot] & masks[one] == masks[pivot] & masks[other]:
                continue
            if (masks[one] | masks[other]) != (masks[pivot] | common):
                continue
            rest = [cell for cell in _seen_by_all((one, other)) if not filled[cell]]
            if hits := _hits(masks, rest, common):
                yield Pattern(
                    Technique.XY_WING,
                    (pivot, one, other),
                    (),
                    _DIGITS[common],
                    (pivot, one, other),
                    hits,
                )


Finder = Callable[[Sequence[int], Sequence[int]], Iterator[Pattern]]

FINDERS: Final[tuple[Finder, ...]] = (
    locked_candidates,
    naked_subsets(2, Technique.NAKED_PAIR),
    hidden_subsets(2, Technique.HIDDEN_PAIR),
    naked_subsets(3, Technique.NAKED_TRIPLE),
    hidden_subsets(3, Technique.HIDDEN_TRIPLE),
    fish(2, Technique.X_WING),
    xy_wings,
    fish(3, Technique.SWORDFISH),
)
"""What takes candidates away, from easy to hard; each is given masks and the filled cells."""


def singles(masks: Sequence[int], filled: Sequence[int]) -> dict[Candidate, int]:
    """Every placement that one constraint forces, with that constraint.

    Naked singles come before hidden ones, boxes before lines.
    """
    found: dict[Candidate, int] = {}
    for cell in range(81):
        if not filled[cell] and masks[cell].bit_count() == 1:
            found[cell, _DIGITS[masks[cell]][0]] = cell
    for unit in (*range(18, 27), *range(18)):
        once = twice = 0
        for cell in UNITS[unit]:
            twice |= once & masks[cell]
            once |= masks[cell]
        for digit in _DIGITS[once & ~twice]:
            cell = next(c for c in UNITS[unit] if masks[c] >> digit & 1)
            if not filled[cell]:
                found.setdefault((cell, digit), place_in(unit, digit))
    return found
