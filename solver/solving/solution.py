"""The answer to one puzzle, and how it was reached."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from solver import exact
from solver.board.grid import Grid
from solver.board.svg import grid_svg
from solver.exact.engine import Check
from solver.solving.start import Start

if TYPE_CHECKING:
    from solver.logic.steps import Step


class Status(enum.Enum):
    """What became of a puzzle."""

    SOLVED = "solved"
    """It has one solution, found."""
    NO_SOLUTION = "no solution"
    SEVERAL = "several solutions"
    INVALID = "invalid"
    """Its givens break a rule already."""


Method = Literal["policy", "search"]


@dataclass(frozen=True, repr=False)
class Solution:
    """The answer to one puzzle, and how it was reached.

    `puzzle` are the givens, `start` where the solve began: at the play and the candidates that came
    with them, or at the givens alone. `grid` is None where there is no solution; `second` is
    another solution where there are several. `method` is "search" where the policy's own grid,
    `attempt`, was not right (None for a puzzle whose givens break a rule: nothing was tried).
    `confidence` is the lowest probability that the policy gives to a digit of the answer;
    `probabilities` float32 [81, 9] are all it said, after `passes` passes in the view `view`.
    `guesses` counts those of the search. `seconds` is the time it took, or its share of the batch's
    time.
    """

    puzzle: Grid
    grid: Grid | None
    status: Status
    method: Method | None
    attempt: Grid | None
    passes: int
    view: int
    confidence: float
    probabilities: npt.NDArray[np.float32] = field(repr=False, compare=False)
    guesses: int
    seconds: float = field(compare=False)
    provider: str
    second: Grid | None = None
    order: str = "logic"
    uniqueness: bool = True
    begun: Start | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        grid = None if self.grid is None else self.grid.line()
        return (
            f"Solution({self.status.value!r}, grid={grid!r}, method={self.method!r}, "
            f"confidence={self.confidence:.2f}, passes={self.passes})"
        )

    def __str__(self) -> str:
        """The answer, or the policy's attempt, drawn under its verdict."""
        by = f" by {self.method}" if self.status is Status.SOLVED else ""
        return f"{self.status.value}{by}\n{self.shown}"

    @property
    def start(self) -> Start:
        """Where the solve began."""
        return self.begun or Start(self.puzzle, self.puzzle)

    @cached_property
    def proper(self) -> bool:
        """Whether the givens alone, without play and candidates, have exactly one solution."""
        if self.start.plain:
            return self.status is Status.SOLVED
        return exact.count_solutions(self.puzzle) == 1

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps from the puzzle to the answer.

        Where there are several solutions they end with the last that is true of all of them.
        Without a solution they follow the policy's own attempt, surest cell first, so that one
        sees where it breaks a rule.
        """
        return self._steps(None)

    def find_steps(self, check: Check | None = None) -> None:
        """Have `steps` ready; what `check`, called before each technique, raises ends this."""
        if "steps" not in self.__dict__:
            self.__dict__["steps"] = self._steps(check)

    def _steps(self, check: Check | None) -> tuple[Step, ...]:
        answer = self.grid if self.grid is not None else self.attempt
        if answer is None or not answer.complete:
            return ()
        order = self.order if self.grid is not None else "confidence"
        searched = self.grid is not None and self.method == "search"
        if self.status is Status.SEVERAL:
            order, searched = "logic", False
        from solver.logic.steps import steps_to

        steps = steps_to(
            self.start.grid,
            answer,
            self.probabilities,
            order=order,
            searched=searched,
            marks=self.start.marks,
            unique=self.status is Status.SOLVED and self.proper,
            uniqueness=self.uniqueness,
            check=check,
        )
        if self.status is Status.SEVERAL:
            steps = takewhile(lambda step: step.reason.logical, steps)
        return tuple(steps)

    @property
    def logic_share(self) -> tuple[int, int]:
        """How many of the steps a person's logic explains, and how many there are."""
        from solver.logic.steps import logic_share

        return logic_share(self.steps)

    @property
    def shown(self) -> Grid:
        """The answer, or the policy's attempt where there is none, or the puzzle itself."""
        return self.grid or self.attempt or self.puzzle

    @property
    def confidences(self) -> list[float | None]:
        """81 values: the probability of each digit shown, None for one known before or empty."""
        return [
            None
            if self.start.grid[cell] or not digit
            else float(self.probabilities[cell, digit - 1])
            for cell, digit in enumerate(self.shown)
        ]

    @property
    def least_sure(self) -> int | None:
        """The cell of the answer to whose digit the policy gives the lowest probability."""
        known = {c: sure for c, sure in enumerate(self.confidences) if sure is not None}
        return min(known, key=known.__getitem__) if known and self.grid is not None else None

    @property
    def differing(self) -> tuple[int, ...]:
        """The cells in which two solutions differ; none where there are not two."""
        if self.grid is None or self.second is None:
            return ()
        return tuple(cell for cell in range(81) if self.grid[cell] != self.second[cell])

    @property
    def clashing(self) -> tuple[int, ...]:
        """The givens that break a rule."""
        if self.status is not Status.INVALID:
            return ()
        return tuple(sorted({c for broken in self.puzzle.violations() for c in broken.cells}))

    def svg(self) -> str:
        """The grid as SVG, its digits coloured by confidence; clashing givens and the cells in
        which two solutions differ are marked."""
        marked = self.clashing or self.differing
        title = f"Sudoku, {self.status.value}"
        return grid_svg(self.shown, self.puzzle, self.confidences, marked, title)

    def _repr_html_(self) -> str:
        """The solved grid with its verdict, for notebooks."""
        return f"<figure>{self.svg()}<figcaption>{self.status.value}</figcaption></figure>"
