"""The next step in three grades: where to look, at which cell and why, and what to write."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solver.board.grid import BOX_OF, Grid, cell_name, unit_name
from solver.exact.engine import Check
from solver.logic.explain import Marks
from solver.logic.pencil import Candidate
from solver.logic.steps import Step, steps_to
from solver.logic.words import listed

GRADES = 3


@dataclass(frozen=True, slots=True, repr=False)
class Hint:
    """What to do next: `grades` says it in three ways, each giving more away than the last.

    `step` is the placement, or None where `wrong` names cells whose digits must go first, or
    `missing` the pencil marks that were rubbed out in error.
    """

    step: Step | None
    wrong: tuple[int, ...]
    grades: tuple[str, str, str]
    missing: tuple[Candidate, ...] = ()

    def __str__(self) -> str:
        return self.grades[-1]

    def __repr__(self) -> str:
        return f"Hint({str(self)!r})"


def hint(
    puzzle: Grid,
    answer: Grid,
    probabilities: npt.NDArray[np.float32],
    state: Grid | None = None,
    marks: Marks | None = None,
    *,
    searched: bool = False,
    unique: bool = True,
    uniqueness: bool = True,
    check: Check | None = None,
) -> Hint:
    """The easiest next step to `answer`, the one solution, from `state` (default: the puzzle).

    `probabilities` float32 [81, 9] are the policy's, `searched` says that search corrected it. It
    starts from the pencil `marks` of the cells in which any were made; `unique`,
    `uniqueness` and `check` are as in `steps_to`.
    Wrong digits in `state` come first, then marks that lack the digit of the answer. Raises
    `ValueError` where `state` changes a given or nothing is left to do.
    """
    grid = puzzle if state is None else state
    if not grid.keeps(puzzle):
        raise ValueError("no hint: the play so far changes a given")
    wrong = tuple(c for c in range(81) if grid[c] not in (0, answer[c]))
    if wrong:
        return _about_wrong(wrong, grid)
    if grid.complete:
        raise ValueError("no hint: the puzzle is solved")
    missing = tuple(
        (cell, answer[cell])
        for cell, noted in enumerate(marks or ())
        if not grid[cell] and noted is not None and answer[cell] not in set(noted)
    )
    if missing:
        return _about_missing(missing)
    steps = steps_to(
        grid,
        answer,
        probabilities,
        searched=searched,
        marks=marks,
        unique=unique,
        uniqueness=uniqueness,
        check=check,
    )
    return _about_step(next(steps))


def _about_wrong(wrong: tuple[int, ...], grid: Grid) -> Hint:
    count = "One digit is" if len(wrong) == 1 else f"{len(wrong)} digits are"
    places = ", ".join(cell_name(cell) for cell in wrong)
    boxes = ", ".join(sorted({unit_name(18 + BOX_OF[cell]) for cell in wrong}))
    digits = ", ".join(f"{grid[cell]} from {cell_name(cell)}" for cell in wrong)
    return Hint(
        None,
        wrong,
        (f"{count} wrong: look at {boxes}.", f"{count} wrong: {places}.", f"Take away {digits}."),
    )


def _about_missing(missing: tuple[Candidate, ...]) -> Hint:
    """The grades of marks rubbed out in error."""
    count = "A pencil mark is" if len(missing) == 1 else f"{len(missing)} pencil marks are"
    boxes = listed(sorted({unit_name(18 + BOX_OF[cell]) for cell, _ in missing}))
    places = listed([cell_name(cell) for cell, _ in missing])
    back = listed([f"{digit} at {cell_name(cell)}" for cell, digit in missing])
    return Hint(
        None,
        (),
        (
            f"{count} missing: look at {boxes}.",
            f"{count} missing: {places}.",
            f"Put back {back}.",
        ),
        missing,
    )


def _about_step(step: Step) -> Hint:
    """The grades of a placement; a logical one names its unit or cell, never more than needed."""
    reason, cell = step.reason, cell_name(step.cell)
    box = unit_name(18 + BOX_OF[step.cell])
    where = box if reason.unit is None else unit_name(reason.unit)
    if not reason.logical:
        how = "No simple pattern is left here"
        doubt = f"; {step.doubt}" if step.doubt else ""
        surest = "The policy is surest at"
        if step.depth:
            surest = "Search found the digits; of these the policy is surest at"
        return Hint(
            step,
            (),
            (
                f"{how}. Look at {box}.",
                f"{how}. {surest} {cell}.",
                f"Write {step.digit} at {cell}: {reason} ({step.confidence:.2f}{doubt}).",
            ),
        )
    why = " ".join(reason.sentences)
    if not reason.after:
        return Hint(
            step,
            (),
            (
                f"Look at {where} for {reason.technique.with_article}.",
                f"There is {reason.technique.with_article} at {cell}.",
                f"Write {step.digit} at {cell}: {reason}. {why}",
            ),
        )
    first = " ".join(reason.after[0].sentences)
    technique = reason.technique
    several = technique.with_article[0] == technique.value[0] and technique.value.endswith("s")
    return Hint(
        step,
        (),
        (
            f"Look for {technique.with_article}; {'they help' if several else 'it helps'} "
            f"in {where}.",
            f"{first} It leads to {cell}.",
            f"Write {step.digit} at {cell}: {reason}. {why}",
        ),
    )
