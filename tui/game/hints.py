"""A hint told in four grades: where to look, the pattern, what follows from it, and the digit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from solver.board.grid import BOX_OF, UNITS, cell_name
from solver.logic.hint import Hint
from tui.game.position import Candidate, Position

LAST_TOLD: Final = 3
"""The grade that tells everything; the next press writes the digit."""


@dataclass(frozen=True)
class Lesson:
    """A hint as the board draws it and the panel says it.

    `look` are the cells of the unit to look at, `pattern` the candidates that the reason stands
    on, `effect` those of them of which one must be true, `removals` those it rules out, `target`
    the digit it leads to; `wrong` are entries that must go first, and `missing` marks that were
    rubbed out in error. `texts` are what the panel says at each grade.
    """

    technique: str
    look: frozenset[int]
    pattern: frozenset[Candidate] = frozenset()
    removals: frozenset[Candidate] = frozenset()
    target: Candidate | None = None
    wrong: tuple[int, ...] = ()
    missing: tuple[Candidate, ...] = ()
    texts: tuple[str, str, str] = ("", "", "")
    effect: frozenset[Candidate] = frozenset()

    def corrected(self, position: Position) -> tuple[Position, tuple[int, ...]]:
        """A position without the wrong digits and with the missing marks, and their cells."""
        for cell in self.wrong:
            position = position.clear(cell)
        if self.missing:
            position = position.unstrike(self.missing)
        return position, (*self.wrong, *(cell for cell, _ in self.missing))


def lesson(hint: Hint) -> Lesson:
    """The lesson of a hint that the solver gives."""
    step = hint.step
    if step is None:
        cells = {*hint.wrong, *(cell for cell, _ in hint.missing)}
        boxes = {BOX_OF[cell] for cell in cells}
        look = frozenset(cell for cell in range(81) if BOX_OF[cell] in boxes)
        name = "wrong digit" if hint.wrong else "missing mark"
        return Lesson(
            name, look, frozenset(hint.missing), wrong=hint.wrong, missing=hint.missing,
            texts=hint.grades,
        )  # fmt: skip
    reason = step.reason
    unit = 18 + BOX_OF[step.cell] if reason.unit is None else reason.unit
    first, second, third = hint.grades
    if reason.after:
        second = " ".join(reason.after[0].sentences)
    if reason.logical:
        third = " ".join(reason.sentences)
    effect = frozenset(pair for each in reason.after for pair in each.effect)
    pattern = effect.union(*(each.cause for each in reason.after))
    removals = frozenset(pair for each in reason.after for pair in each.eliminations)
    looks = frozenset(cell for each in reason.after[:1] for u in each.units for cell in UNITS[u])
    return Lesson(
        reason.technique.value,
        looks or frozenset(UNITS[unit]),
        pattern or frozenset(reason.blockers),
        removals - pattern,
        (step.cell, step.digit),
        texts=(first, second, third),
        effect=effect,
    )


@dataclass(frozen=True)
class Told:
    """A lesson, told up to `grade`: 1 the unit, 2 the pattern, 3 what follows."""

    lesson: Lesson
    grade: int = 1

    def more(self) -> Told:
        """The next grade; the last one stays."""
        return replace(self, grade=min(LAST_TOLD, self.grade + 1))

    @property
    def all_told(self) -> bool:
        """Whether the next press writes the digit."""
        return self.grade == LAST_TOLD

    @property
    def text(self) -> str:
        """What to say."""
        return self.lesson.texts[self.grade - 1]

    @property
    def next_keys(self) -> tuple[tuple[str, str], ...]:
        """What the keys `t` and `a` do now, in words."""
        lesson, keys = self.lesson, []
        if not self.all_told:
            keys.append(("hint", "tells more"))
        elif lesson.target is not None:
            cell, digit = lesson.target
            keys.append(("hint", f"writes {digit} at {cell_name(cell)}"))
        elif lesson.wrong:
            keys.append(("hint", "clears the mistakes"))
        elif lesson.missing:
            keys.append(("hint", "puts marks back"))
        if lesson.removals and self.all_told:
            keys.append(("apply", "rubs marks out"))
        keys.append(("cancel", "puts it away"))
        return tuple(keys)

    # ---- what is drawn, by grade ----------------------------------------------------------

    @property
    def look(self) -> frozenset[int]:
        """The cells to tint as the unit to look at."""
        return self.lesson.look

    @cached_property
    def pattern(self) -> frozenset[int]:
        """The cells of the pattern."""
        if self.grade < 2:
            return frozenset()
        return frozenset(cell for cell, _ in self.lesson.pattern) | frozenset(self.lesson.wrong)

    @property
    def pattern_digits(self) -> frozenset[Candidate]:
        """The candidates of the pattern."""
        return self.lesson.pattern if self.grade >= 2 else frozenset()

    @property
    def effect_digits(self) -> frozenset[Candidate]:
        """The candidates of the pattern of which one must be true."""
        return self.lesson.effect if self.grade >= 2 else frozenset()

    @property
    def removals(self) -> frozenset[Candidate]:
        """The candidates that are ruled out."""
        return self.lesson.removals if self.all_told else frozenset()

    @property
    def target(self) -> Candidate | None:
        """The cell and digit that it leads to."""
        return self.lesson.target if self.all_told else None
