"""The steps from a puzzle to its answer: in which order, how sure, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solver.board.grid import Grid, Violation, cell_name
from solver.exact.engine import Check
from solver.logic.explain import Explainer, Marks
from solver.logic.finders.registry import FINDERS, QUICK, SAFE
from solver.logic.order import ORDERS
from solver.logic.reason import Reason, rank
from solver.logic.techniques import Technique


@dataclass(frozen=True, slots=True, repr=False)
class Step:
    """One digit placed.

    `confidence` is the probability (0..1) that the policy gives the digit in its cell;
    `runner_up` the likeliest other digit and its probability; `violations` what is wrong with the
    grid once the digit stands; `depth` how many digits stand that no logic gave, of a puzzle
    that the policy alone did not solve.
    """

    cell: int
    digit: int
    confidence: float
    reason: Reason
    runner_up: tuple[int, float] | None = None
    violations: tuple[Violation, ...] = ()
    depth: int = 0

    def __str__(self) -> str:
        return f"{cell_name(self.cell)} = {self.digit}: {self.reason}"

    def __repr__(self) -> str:
        return f"Step({str(self)!r}, confidence={self.confidence:.2f})"

    @property
    def doubt(self) -> str:
        """The runner-up in words; nothing where there is none."""
        if self.runner_up is None:
            return ""
        digit, likely = self.runner_up
        return f"{'the policy preferred' if self.disputed else 'next best'} {digit} at {likely:.2f}"

    @property
    def disputed(self) -> bool:
        """Whether the policy gives another digit a higher probability."""
        return self.runner_up is not None and self.runner_up[1] > self.confidence


def steps_to(
    puzzle: Grid,
    answer: Grid,
    probabilities: npt.NDArray[np.float32],
    *,
    order: str = "logic",
    searched: bool = False,
    marks: Marks | None = None,
    unique: bool = True,
    uniqueness: bool = True,
    check: Check | None = None,
) -> Iterator[Step]:
    """The steps that fill the blanks of `puzzle` with the digits of `answer`, one by one.

    In the order "logic" the step whose reason is the easiest to see comes first, and where no
    person's logic is enough, the cell of which the policy is surest. In the order "confidence"
    that is so among the cells of which the policy is surest, to a percent. A step without a
    logical reason is the policy's where it is the policy's first choice, and the search's where
    not; `searched` says that the policy's own grid was wrong, and then such steps count in depth.
    `probabilities` is float [81, 9]; `marks` are the pencil marks from which the logic starts, by
    default all candidates. In the order "confidence", or where `answer` is not known to be the
    only one (`unique`), logic goes no further than wings, and doesn't count on one solution.
    Without `uniqueness` it never counts on that: no unique rectangles, no BUG+1. What
    `check`, called before each technique, raises ends the search. Raises `ValueError` for an
    unknown order.
    """
    if order not in ORDERS:
        raise ValueError(f"unknown order {order!r}; choose from {', '.join(ORDERS)}")
    thorough = unique and order == "logic"
    finders = (FINDERS if uniqueness else SAFE) if thorough else QUICK
    explainer = Explainer(finders, marks, check)
    blanks = {cell for cell in range(81) if not puzzle[cell]}
    sure = {cell: float(probabilities[cell, answer[cell] - 1]) for cell in blanks}
    grid, depth = puzzle, 0
    while blanks:
        wanted = _surest(blanks, sure) if order == "confidence" else blanks
        logical = {
            cell: reason
            for (cell, digit), reason in explainer.reasons(grid, wanted).items()
            if digit == answer[cell]
        }
        if logical:
            cell = min(logical, key=lambda c: (rank(logical[c]), -sure[c], c))
            reason = logical[cell]
        else:
            cell = max(wanted, key=lambda c: (sure[c], -c))
            depth += searched
            first = sure[cell] >= float(probabilities[cell].max())
            reason = Reason(Technique.POLICY if first else Technique.SEARCH, depth=depth)
        blanks.remove(cell)
        grid = grid.place(cell, answer[cell])
        yield Step(
            cell,
            answer[cell],
            sure[cell],
            reason,
            runner_up(probabilities[cell], answer[cell]),
            grid.violations(),
            depth,
        )


def _surest(blanks: set[int], sure: dict[int, float]) -> set[int]:
    """The blanks of which the policy is surest, to a percent."""
    percent = {cell: int(sure[cell] * 100) for cell in blanks}
    best = max(percent.values())
    return {cell for cell in blanks if percent[cell] == best}


def runner_up(probabilities: npt.NDArray[np.float32], digit: int) -> tuple[int, float]:
    """The likeliest digit other than `digit`, and its probability; `probabilities` is [9]."""
    others = probabilities.copy()
    others[digit - 1] = -1.0
    best = int(others.argmax())
    return best + 1, float(others[best])


def logic_share(steps: tuple[Step, ...]) -> tuple[int, int]:
    """How many of the steps a person's logic explains, and how many there are."""
    return sum(step.reason.logical for step in steps), len(steps)
