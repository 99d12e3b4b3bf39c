"""Why a digit goes into a cell: the shortest chain of a person's patterns that forces it.

A reason is true by construction: it names one constraint with one candidate left (the single),
and the patterns that took the others away, each of which follows from its own premises.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from solver.board.grid import Grid, cell_name, unit_name
from solver.logic.techniques import (
    FINDERS,
    Candidate,
    Finder,
    Pattern,
    Technique,
    candidate_masks,
    follows,
    members,
    singles,
)

_RANK: Final = {technique: rank for rank, technique in enumerate(Technique)}
LOGIC: Final = frozenset(Technique) - {Technique.POLICY, Technique.SEARCH}
"""The techniques by which people solve."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step is taken.

    `technique` is the hardest thing it needs; `single` is the constraint that forces the digit
    (as `solver.logic.techniques` counts them; None where policy or search decided), and `after`
    the patterns that leave it one candidate, in the order in which they are found. `depth` counts
    the digits that no logic gave, this one included, where search had to correct the policy.
    """

    technique: Technique
    single: int | None = None
    after: tuple[Pattern, ...] = ()
    depth: int = 0

    @property
    def logical(self) -> bool:
        """Whether a person's logic is enough."""
        return self.single is not None

    @property
    def unit(self) -> int | None:
        """The unit of a hidden single."""
        return None if self.single is None or self.single < 81 else (self.single - 81) // 9

    def __str__(self) -> str:
        if self.single is None:
            deep = f", depth {self.depth}" if self.technique is Technique.SEARCH else ""
            return self.technique.value + deep
        last = "naked single" if self.unit is None else f"hidden single in {unit_name(self.unit)}"
        return "; ".join([*map(describe, self.after), last])


def names(cells: Sequence[int]) -> str:
    """Cells by name: "r1c2, r1c5"."""
    return ", ".join(map(cell_name, cells))


def _lines(units: Sequence[int]) -> str:
    plural = f"{unit_name(units[0]).split()[0]}s"
    return f"{plural} {', '.join(str(unit % 9 + 1) for unit in units)}"


def describe(pattern: Pattern) -> str:
    """A pattern in words: "locked candidates: 5 in box 3 only in row 1 (not r1c2)"."""
    digits = ", ".join(map(str, pattern.digits))
    units = [unit_name(unit) for unit in pattern.units]
    match pattern.technique:
        case Technique.LOCKED_CANDIDATES:
            what = f": {digits} in {units[0]} only in {units[1]}"
        case Technique.NAKED_PAIR | Technique.NAKED_TRIPLE:
            what = f" {digits} in {names(pattern.cells)}"
        case Technique.HIDDEN_PAIR | Technique.HIDDEN_TRIPLE:
            what = f" {digits} in {units[0]}, {names(pattern.cells)}"
        case Technique.XY_WING:
            pivot, *pincers = pattern.cells
            what = f" on {digits}, pivot {cell_name(pivot)}, pincers {names(pincers)}"
        case _:
            half = len(pattern.units) // 2
            what = f" on {digits}, {_lines(pattern.units[:half])}, {_lines(pattern.units[half:])}"
    return f"{pattern.technique.value}{what} (not {_removed(pattern.eliminations)})"


def _removed(eliminations: Sequence[Candidate]) -> str:
    """Eliminations in short: "2 r1c2, r3c4; 5 r3c4"."""
    by_digit: dict[int, list[int]] = {}
    for cell, digit in eliminations:
        by_digit.setdefault(digit, []).append(cell)
    return "; ".join(f"{digit} {names(cells)}" for digit, cells in sorted(by_digit.items()))


class _Pencil:
    """Candidates under elimination, with the pattern that took each away."""

    def __init__(self, grid: Grid) -> None:
        self.filled = grid.cells
        self.masks = candidate_masks(grid)
        self.patterns: list[Pattern] = []
        self.removed_by: dict[Candidate, int] = {}

    def apply(self, pattern: Pattern) -> None:
        for cell, digit in pattern.eliminations:
            self.masks[cell] &= ~(1 << digit)
            self.removed_by[cell, digit] = len(self.patterns)
        self.patterns.append(pattern)

    def replay(self, pattern: Pattern) -> bool:
        """Apply a pattern of an earlier grid as far as it holds here; whether it does."""
        if any(self.filled[cell] for cell in pattern.cells):
            return False
        hits = tuple((c, d) for c, d in pattern.eliminations if self.masks[c] >> d & 1)
        if not all(follows(hit, pattern.premises, self.masks) for hit in hits):
            return False
        if hits:
            self.apply(replace(pattern, eliminations=hits))
        return True

    def chain(self, constraint: int) -> tuple[Pattern, ...]:
        """The eliminations that leave `constraint` its one candidate, and what they stand on."""
        needed = {c for c in members(constraint) if c in self.removed_by}
        kept: list[Pattern] = []
        for index in range(len(self.patterns) - 1, -1, -1):
            pattern = self.patterns[index]
            used = tuple(c for c in pattern.eliminations if c in needed)
            if not used:
                continue
            kept.append(replace(pattern, eliminations=used))
            needed.update(
                candidate
                for premise in pattern.premises
                for candidate in members(premise)
                if self.removed_by.get(candidate, index) < index
            )
        return tuple(reversed(kept))

    def reasons(self, wanted: Collection[int] | None) -> dict[Candidate, Reason]:
        found = {}
        for candidate, constraint in singles(self.masks, self.filled).items():
            if wanted is None or candidate[0] in wanted:
                after = self.chain(constraint)
                last = Technique.NAKED_SINGLE if constraint < 81 else Technique.HIDDEN_SINGLE
                hardest = max([last, *(p.technique for p in after)], key=_RANK.__getitem__)
                found[candidate] = Reason(hardest, constraint, after)
        return found


class Explainer:
    """Finds reasons along one solve; patterns found for a grid are tried first on the next.

    `finders` are the ways of taking candidates away that a person knows, from easy to hard.
    """

    def __init__(self, finders: Sequence[Finder] = FINDERS) -> None:
        self._known: list[Pattern] = []
        self._finders = finders

    def reasons(self, grid: Grid, wanted: Collection[int] | None = None) -> dict[Candidate, Reason]:
        """(cell, digit) -> reason for the placements that logic forces now, in `wanted` cells only.

        The easiest logic that forces any is used, one pattern after the other. An empty answer
        says that these techniques force nothing there.
        """
        pencil = _Pencil(grid)
        if found := pencil.reasons(wanted):
            return found
        self._known = [pattern for pattern in self._known if pencil.replay(pattern)]
        while True:
            if found := pencil.reasons(wanted):
                return found
            pattern = next(patterns(pencil.masks, pencil.filled, self._finders), None)
            if pattern is None:
                return {}
            pencil.apply(pattern)
            self._known.append(pattern)


def patterns(
    masks: Sequence[int], filled: Sequence[int], finders: Sequence[Finder] = FINDERS
) -> Iterator[Pattern]:
    """All patterns that take a candidate away, from easy to hard."""
    for find in finders:
        yield from find(masks, filled)


def reasons(grid: Grid, wanted: Collection[int] | None = None) -> dict[Candidate, Reason]:
    """(cell, digit) -> reason for the placements that logic forces in `grid`; see `Explainer`.

    >>> from solver.board.grid import Grid
    >>> row = "1234567.." + "." * 72
    >>> reasons(Grid.parse(row))
    {}
    """
    return Explainer().reasons(grid, wanted)


def rank(reason: Reason) -> tuple[int, int]:
    """How hard a reason is to see: by its technique, then by how many patterns it needs."""
    return _RANK[reason.technique], len(reason.after)
