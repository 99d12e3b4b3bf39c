"""Why a step is taken: the single that forces the digit, and the deductions that lead to it."""

from __future__ import annotations

from dataclasses import dataclass

from solver.board.grid import (
    CELL_UNITS,
    UNITS,
    Grid,
    cell_name,
    unit_name,
)
from solver.logic.deduction import Deduction
from solver.logic.pencil import PEER_BOARD, Candidate, board_of
from solver.logic.techniques import RANK, Technique
from solver.logic.words import describe, listed


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step is taken.

    `technique` is the hardest thing it needs; `single` is the constraint that forces the digit
    (as `solver.logic.pencil` counts them; None where policy or search decided), `how` what that
    single is called, and `after` the deductions that leave it one candidate, in order. `blockers`
    are the filled cells, with their digits, that leave the rest of the single no room: with the
    deductions, the cause to draw. `depth` counts the digits that no logic gave, this one
    included, where search had to correct the policy.
    """

    technique: Technique
    single: int | None = None
    after: tuple[Deduction, ...] = ()
    depth: int = 0
    how: Technique | None = None
    placement: Candidate | None = None
    blockers: tuple[Candidate, ...] = ()

    @property
    def logical(self) -> bool:
        """Whether a person's logic is enough."""
        return self.single is not None

    @property
    def unit(self) -> int | None:
        """The unit of a full house or a hidden single."""
        return None if self.single is None or self.single < 81 else (self.single - 81) // 9

    def __str__(self) -> str:
        if self.single is None or self.how is None:
            deep = f", depth {self.depth}" if self.technique is Technique.SEARCH else ""
            return f"{self.technique.value}{deep}"
        return "; ".join([*map(describe, self.after), self._last()])

    @property
    def sentences(self) -> tuple[str, ...]:
        """Two sentences for each deduction, then two for the digit."""
        if self.placement is None:
            return (f"No technique of people gives this digit: it is the {self}'s.",)
        told = [sentence for deduction in self.after for sentence in deduction.sentences]
        return (*told, *self._single_sentences())

    def _last(self) -> str:
        """The single in brief, with its cause where it is one cell's."""
        assert self.how is not None
        assert self.placement is not None
        if self.unit is not None:
            name = "full house" if self.how is Technique.FULL_HOUSE else "hidden single"
            return f"{name} in {unit_name(self.unit)}"
        if fits := self._fits():
            return f"naked single, only {self.placement[1]} fits: {fits}"
        return "naked single"

    def _fits(self) -> str:
        """What leaves a cell no other digit: "row 4 has 9, column 3 has 5, 6, box 2 has 8"."""
        assert self.placement is not None
        cell, _ = self.placement
        by_unit: dict[int, list[int]] = {}
        for at, digit in self.blockers:
            unit = next(unit for unit in CELL_UNITS[cell] if at in UNITS[unit])
            by_unit.setdefault(unit, []).append(digit)
        return ", ".join(
            f"{unit_name(unit)} has {', '.join(map(str, sorted(digits)))}"
            for unit, digits in sorted(by_unit.items())
        )

    def _single_sentences(self) -> tuple[str, str]:
        assert self.placement is not None
        cell, digit = self.placement
        name = cell_name(cell)
        rest = " and what was ruled out above" if self.after else ""
        if self.unit is None:
            cause = f"{self._fits()}{rest}" if self.blockers else "all else was ruled out"
            return f"Only {digit} fits {name}: {cause}.", f"So write {digit} there."
        unit = unit_name(self.unit)
        if self.how is Technique.FULL_HOUSE:
            return (
                f"{name} is the last blank cell of {unit}.",
                f"The digit that {unit} lacks is {digit}, so write it there.",
            )
        seen = listed([cell_name(at) for at, _ in self.blockers])
        cause = f" because of the {digit} at {seen}{rest}" if seen else rest and f" after{rest[4:]}"
        return (
            f"In {unit}, {digit} has no other place than {name}{cause}.",
            f"Every unit needs each digit, so write {digit} there.",
        )


def blockers(grid: Grid, constraint: int, candidate: Candidate) -> tuple[Candidate, ...]:
    """The filled cells that leave a single no other candidate, as few as a glance needs.

    For a cell, one for each digit that it sees; for a digit in a unit, those that see the unit's
    other blank cells.
    """
    cell, digit = candidate
    if constraint < 81:
        held = list(grid)
        found: dict[int, int] = {}
        for unit in CELL_UNITS[cell]:
            for at in UNITS[unit]:
                if held[at]:
                    found.setdefault(held[at], at)
        return tuple((at, other) for other, at in sorted(found.items()))
    left = board_of(at for at in UNITS[(constraint - 81) // 9] if not grid[at] and at != cell)
    sights = [(at, PEER_BOARD[at]) for at, held in enumerate(grid) if held == digit]
    chosen = []
    while left and sights:
        at, seen = max(sights, key=lambda sight: ((sight[1] & left).bit_count(), -sight[0]))
        if not seen & left:
            break
        chosen.append(at)
        left &= ~seen
    return tuple((at, digit) for at in sorted(chosen))


def rank(reason: Reason) -> tuple[int, int, int]:
    """How hard a reason is to see: by technique, by deductions, by the single at the end."""
    return RANK[reason.technique], len(reason.after), RANK[reason.how] if reason.how else 0
