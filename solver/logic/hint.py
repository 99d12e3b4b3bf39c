"""The next step in three grades: where to look, at which cell and why, and what to write."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solver.board.grid import BOX_OF, Grid, cell_name, unit_name
from solver.logic.explain import describe
from solver.logic.steps import Step, steps_to
from solver.logic.techniques import Technique

GRADES = 3


@dataclass(frozen=True, slots=True)
class Hint:
    """What to do next: `grades` says it in three ways, each giving more away than the last.

    `step` is the placement, or None where `wrong` names cells whose digits must go first.
    """

    step: Step | None
    wrong: tuple[int, ...]
    grades: tuple[str, str, str]

    def __str__(self) -> str:
        return self.grades[-1]


def hint(
    puzzle: Grid,
    answer: Grid,
    probabilities: npt.NDArray[np.float32],
    state: Grid | None = None,
    *,
    searched: bool = False,
) -> Hint:
    """The easiest next step to `answer`, the one solution, from `state` (default: the puzzle).

    `probabilities` float32 [81, 9] are the policy's, `searched` says that search corrected it.
    Where `state` holds wrong digits, the hint is about them. Raises `ValueError` where `state`
    changes a given or nothing is left to do.
    """
    grid = puzzle if state is None else state
    if not grid.keeps(puzzle):
        raise ValueError("no hint: the play so far changes a given")
    wrong = tuple(c for c in range(81) if grid[c] not in (0, answer[c]))
    if wrong:
        return _about_wrong(wrong, grid)
    if grid.complete:
        raise ValueError("no hint: the puzzle is solved")
    return _about_step(
        next(steps_to(grid, answer, probabilities, order="logic", searched=searched))
    )


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


def _about_step(step: Step) -> Hint:
    """The grades of a placement; a logical one names its unit or cell, never more than needed."""
    reason, cell = step.reason, cell_name(step.cell)
    name = reason.technique.value
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
    if reason.technique in (Technique.NAKED_SINGLE, Technique.HIDDEN_SINGLE):
        return Hint(
            step,
            (),
            (
                f"Look at {where} for a {name}.",
                f"There is a {name} at {cell}.",
                f"Write {step.digit} at {cell}: {reason}.",
            ),
        )
    first = describe(reason.after[0])
    several = reason.technique is Technique.LOCKED_CANDIDATES
    article = "" if several else "an " if name[0] == "X" else "a "
    return Hint(
        step,
        (),
        (
            f"Look for {article}{name}; {'they help' if several else 'it helps'} in {where}.",
            f"First {first}. It leads to {cell}.",
            f"Write {step.digit} at {cell}: {reason}.",
        ),
    )
