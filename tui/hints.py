"""A hint being told: so much of it, and the cells that it is about."""

from __future__ import annotations

from dataclasses import dataclass, replace

from solver.board.grid import BOX_OF, UNITS
from solver.logic.hint import GRADES, Hint


@dataclass(frozen=True)
class Told:
    """A hint, told up to `grade` (1: where to look, 2: the cell, 3: what to write and why)."""

    hint: Hint
    grade: int = 1

    @property
    def cells(self) -> tuple[int, ...]:
        """The cells to tint: a unit at first, then those of the hint."""
        step, wrong = self.hint.step, self.hint.wrong
        if self.grade > 1:
            return wrong if step is None else (step.cell,)
        if step is None:
            boxes = {BOX_OF[cell] for cell in wrong}
            return tuple(cell for cell in range(81) if BOX_OF[cell] in boxes)
        unit = step.reason.unit
        return UNITS[18 + BOX_OF[step.cell] if unit is None else unit]

    def more(self) -> Told:
        """The next grade; the last one stays."""
        return replace(self, grade=min(GRADES, self.grade + 1))

    def __str__(self) -> str:
        more = "" if self.grade == GRADES else "  (t: more)"
        return self.hint.grades[self.grade - 1] + more
