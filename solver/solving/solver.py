"""Solving one puzzle or many: checked answers, with the steps that lead to them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from solver.board.grid import Grid
from solver.formats.record import Record, noted
from solver.logic.order import ORDERS
from solver.policy.session import Policy
from solver.policy.stop import Stop
from solver.solving.answer import Answers, answer_many
from solver.solving.solution import Solution, Status
from solver.solving.start import Start, masks_of, starts_of

if TYPE_CHECKING:
    from solver.logic.explain import Marks
    from solver.logic.hint import Hint
    from solver.logic.steps import Step


class NoHintError(ValueError):
    """There is no next step to tell; `status` says what the puzzle is, None for a wrong state."""

    def __init__(self, message: str, status: Status | None) -> None:
        super().__init__(message)
        self.status = status


class Solver:
    """A policy and the exact engine behind it.

    `model` is a policy file, a loaded `Policy`, or None for the shipped one; `device` is "auto",
    "cpu" or "cuda"; `threads` those of one operator; `order` how steps are told, "logic" or
    "confidence"; `views` how many views the policy tries at most, all that it has by default: with
    fewer it is done sooner, and search has more to do; without `uniqueness` no reason
    counts on the puzzle having one solution. Raises
    `solver.policy.session.ModelError` for a policy that can't be used.

    >>> solver = Solver(device="cpu", order="confidence")
    >>> [solution.status.value for solution in solver.solve_many([[0] * 81, [5] * 81])]
    ['several solutions', 'invalid']
    """

    def __init__(
        self,
        model: str | Path | Policy | None = None,
        device: str = "auto",
        threads: int | None = None,
        order: str = "logic",
        views: int | None = None,
        uniqueness: bool = True,
    ) -> None:
        if order not in ORDERS:
            raise ValueError(f"unknown order {order!r}; choose from {', '.join(ORDERS)}")
        if not isinstance(model, Policy):
            model = Policy.load(model, device, threads, views=views)
        self.policy = model
        self.order = order
        self.uniqueness = uniqueness

    def __repr__(self) -> str:
        policy = self.policy
        return f"Solver({policy.path.name!r}, {policy.views} views, {policy.provider})"

    def solve(self, grid: Grid | str | Iterable[int], stop: Stop | None = None) -> Solution:
        """The answer to one puzzle: a `Grid`, 81 characters, or 81 digits with 0 for a blank.

        Raises `ValueError` where it is none of these, and `StoppedError` soon after `stop` is set.
        """
        return self.solve_many(np.array([as_grid(grid).cells]), stop=stop)[0]

    def solve_many(
        self, puzzles: npt.ArrayLike, batch_size: int | None = None, stop: Stop | None = None
    ) -> list[Solution]:
        """The answers to `puzzles`, integers [n, 81] with 0 for a blank, in batches.

        Raises `ValueError` for another shape or a digit beyond 0..9, and `StoppedError` soon after
        `stop` is set.
        """
        return self._answered(puzzles, None, batch_size, stop)

    def solve_records(
        self, records: Sequence[Record], batch_size: int | None = None, stop: Stop | None = None
    ) -> list[Solution]:
        """The answers to puzzles as files hold them, within their play and their candidates.

        What of these can't be right is left out, and named in `Solution.start.fault`. Raises
        `StoppedError` soon after `stop` is set.
        """
        starts = starts_of(records)
        return self._answered([start.grid.cells for start in starts], starts, batch_size, stop)

    def steps(self, grid: Grid | str | Iterable[int]) -> tuple[Step, ...]:
        """The steps from a puzzle to its answer; see `Solution.steps`."""
        return self.solve(grid).steps

    def hint(
        self,
        grid: Grid | str | Iterable[int],
        state: Grid | None = None,
        stop: Stop | None = None,
        marks: Marks | None = None,
    ) -> Hint:
        """What to do next in `state`, the play so far (by default `grid`, the givens, itself).

        `marks` are the player's pencil marks, 81 collections of digits, None where none were made:
        the hint starts from them, and says first which of them are wrong. Raises `NoHintError`
        where `grid` has no single solution, not even one alone that the play and the marks allow,
        or where `state` is complete and right, and `StoppedError` soon after `stop` is set.
        """
        solution = self._solved_within(as_grid(grid), state, marks, stop)
        if solution.grid is None or solution.status is not Status.SOLVED:
            invalid = solution.status is Status.INVALID
            found = "givens that break a rule" if invalid else solution.status.value
            raise NoHintError(f"no hint: the puzzle has {found}", solution.status)
        now = solution.puzzle if state is None else state
        if not now.keeps(solution.puzzle):
            raise NoHintError("no hint: the play so far changes a given", None)
        if now == solution.grid:
            raise NoHintError("no hint: the puzzle is solved", Status.SOLVED)
        searched = solution.method == "search"
        from solver.logic.hint import hint

        return hint(
            solution.puzzle,
            solution.grid,
            solution.probabilities,
            now,
            marks,
            searched=searched,
            unique=solution.proper,
            uniqueness=self.uniqueness,
            check=None if stop is None else stop.check,
        )

    def _solved_within(
        self, grid: Grid, state: Grid | None, marks: Marks | None, stop: Stop | None
    ) -> Solution:
        """The answer to the givens, or, where they have several, the one that is left within."""
        solution = self.solve(grid, stop)
        if solution.status is not Status.SEVERAL or (state is None and marks is None):
            return solution
        pencil = None
        if marks is not None:
            made = (None if mark is None else frozenset(mark) for mark in marks)
            pencil = noted(state or grid, made)
        [within] = self.solve_records([Record(grid, state, pencil=pencil)], stop=stop)
        return within

    def _answered(
        self,
        puzzles: npt.ArrayLike,
        starts: Sequence[Start] | None,
        batch_size: int | None,
        stop: Stop | None,
    ) -> list[Solution]:
        start = time.perf_counter()
        within = None if starts is None else masks_of(starts)
        answers = answer_many(self.policy, puzzles, batch_size, stop, within)
        seconds = (time.perf_counter() - start) / max(len(answers), 1)
        return [
            self._solution(answers, row, seconds, None if starts is None else starts[row])
            for row in range(len(answers))
        ]

    def _solution(
        self, answers: Answers, row: int, seconds: float, start: Start | None
    ) -> Solution:
        status, said = answers.status[row], answers.prediction
        answered = status in (Status.SOLVED, Status.SEVERAL)
        invalid = status is Status.INVALID
        return Solution(
            puzzle=Grid(answers.puzzles[row]) if start is None else start.givens,
            grid=Grid(answers.grids[row]) if answered else None,
            status=status,
            method=None if invalid else "search" if answers.searched[row] else "policy",
            attempt=None if invalid else Grid(said.grid[row]),
            passes=int(said.passes[row]),
            view=int(said.view[row]),
            confidence=float(answers.confidence[row]),
            probabilities=said.probabilities[row],
            guesses=int(answers.guesses[row]),
            seconds=seconds,
            provider=self.policy.provider,
            second=Grid(answers.second[row]) if status is Status.SEVERAL else None,
            order=self.order,
            uniqueness=self.uniqueness,
            begun=start,
        )


def as_grid(grid: Grid | str | Iterable[int]) -> Grid:
    """A `Grid` from itself, 81 characters or 81 digits; raises `ValueError` for anything else."""
    if isinstance(grid, Grid):
        return grid
    return Grid.parse(grid) if isinstance(grid, str) else Grid(grid)
