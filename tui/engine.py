"""The interface's access to the solver: the policy in use, and every question to it.

All of it is called from threads (see `tui.asking`), so that no question holds up a key. The
policy answers one question at a time; one that is stopped gives way at once to the next.
What is heavy in `solver` is imported here, where it is first needed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from solver.board.grid import Grid, Violation
from solver.exact import count_solutions
from solver.policy.stop import Stop

if TYPE_CHECKING:
    from solver.logic.hint import Hint
    from solver.policy.session import Policy
    from solver.solving.solution import Solution
    from solver.solving.solver import Solver
    from tui.game.position import Position

Load = Callable[[str], "Policy"]
BATCH = 4
"""Puzzles a run where many are asked for."""


@dataclass(frozen=True, eq=False)
class Watched:
    """What the policy made of a grid: float32 [passes,81,9]."""

    grid: Grid
    probabilities: npt.NDArray[np.float32]


@dataclass(frozen=True)
class Verdict:
    """What a check found: contradictions, the number of solutions up to 2, where two differ,
    which entries are not the digits of the puzzle's one solution, and which cells can't all stay
    where no rule is broken yet (givens, if the puzzle itself has no solution; else entries)."""

    violations: tuple[Violation, ...] = ()
    solutions: int = 0
    differ: tuple[int, ...] = ()
    mistakes: tuple[int, ...] = ()
    clash: tuple[int, ...] = ()


def load_policy(path: str) -> Policy:
    """The policy in a file; the shipped one for "". Raises `solver.policy.session.ModelError`.

    It leaves one processor to the event loop, so that keys don't wait for it.
    """
    from solver.policy.providers import default_threads
    from solver.policy.session import Policy

    return Policy.load(path or None, threads=max(1, default_threads() - 1))


def check(grid: Grid, givens: Grid, stop: Stop) -> Verdict:
    """Whether `grid`, a state of the puzzle `givens`, leads to one solution, none or several."""
    from solver import exact

    if violations := grid.violations():
        return Verdict(violations=violations)
    found = exact.solutions(grid.cells, 2, stop.check)
    if len(found) == 0:
        of_puzzle = exact.solutions(givens.cells, 2, stop.check)
        if len(of_puzzle) == 1:
            right = of_puzzle[0]
            wrong = tuple(c for c in range(81) if grid[c] not in (0, int(right[c])))
            return Verdict(mistakes=wrong)
        if violations := grid.violations(deep=True):
            return Verdict(violations=violations)
        entered = tuple(c for c in range(81) if grid[c] and not givens[c])
        if len(of_puzzle) == 0:
            return Verdict(clash=exact.contradiction(givens.cells, check=stop.check))
        clash = exact.contradiction(grid.cells, entered, stop.check)
        return Verdict(clash=tuple(cell for cell in clash if cell in entered))
    if len(found) == 1:
        return Verdict(solutions=1)
    return Verdict(solutions=2, differ=tuple(map(int, np.flatnonzero(found[0] != found[1]))))


def solution_of(givens: Grid, stop: Stop) -> Grid | None:
    """The one solution of a puzzle; None where it has none or several."""
    from solver import exact

    found = exact.solutions(givens.cells, 2, stop.check)
    return Grid(found[0]) if len(found) == 1 else None


class Engine:
    """The policy in use. Until one is loaded, `ready` is False and `why_not` says why."""

    def __init__(self, load: Load = load_policy) -> None:
        self._load = load
        self._turn = threading.Lock()
        self._solver: Solver | None = None
        self.why_not = "The policy is still being loaded."
        self.latency: float | None = None
        """Seconds of the last inference."""

    @property
    def ready(self) -> bool:
        """Whether there is a policy to ask."""
        return self._solver is not None

    @property
    def policy(self) -> Policy | None:
        """The policy in use."""
        return None if self._solver is None else self._solver.policy

    def load(self, path: str = "") -> Engine:
        """An engine with the policy in `path`, or the shipped one for "".

        Raises `solver.policy.session.ModelError`; this engine stays as it was.
        """
        from solver.solving.solver import Solver

        other = Engine(self._load)
        other._solver = Solver(self._load(str(Path(path).expanduser()) if path else ""))
        return other

    def clock(self, seconds: float) -> str:
        """A time, as the model screen shows it."""
        return f"{seconds * 1000:.1f} ms"

    @contextmanager
    def _asking(self, stop: Stop) -> Iterator[Solver]:
        if self._solver is None:
            raise ValueError(self.why_not)
        with self._turn:
            stop.check()
            start = time.perf_counter()
            yield self._solver
            self.latency = time.perf_counter() - start

    def watch(self, grid: Grid, stop: Stop) -> Watched:
        """What the policy makes of a grid, pass by pass."""
        from solver.policy.session import ModelError

        cells = np.array(grid.cells)
        solvable = count_solutions(grid.cells, 1, stop.check)
        views = None if solvable else 1  # all others would be in vain
        with self._asking(stop) as solver:
            try:
                probabilities = solver.policy.watch(cells, stop, views)
            except ModelError:  # a file without the output that gives single passes
                probabilities = solver.policy.predict(
                    cells[None], stop=stop, views=views
                ).probabilities
        return Watched(grid, probabilities)

    def solve(self, grid: Grid, stop: Stop, uniqueness: bool = True) -> Solution:
        """The answer from this grid on, its steps included, which may count on `uniqueness`."""
        with self._asking(stop) as solver:
            solution = replace(solver.solve(grid, stop), uniqueness=uniqueness)
        solution.find_steps(stop.check)
        return solution

    def solve_many(
        self, grids: Sequence[Grid], stop: Stop, each: Callable[[int, Solution], None]
    ) -> None:
        """Answer many puzzles; `each` is given every one's number and answer, as they come."""
        for start in range(0, len(grids), BATCH):
            batch = np.array([grid.cells for grid in grids[start : start + BATCH]])
            with self._asking(stop) as solver:
                solutions = solver.solve_many(batch, stop=stop)
            for number, solution in enumerate(solutions, start):
                each(number, solution)

    def hint(self, position: Position, stop: Stop, uniqueness: bool = True) -> Hint:
        """What to do next, for a reason that may count on `uniqueness`.

        Raises `ValueError` where there is nothing to do.
        """
        with self._asking(stop) as solver:
            solver.uniqueness = uniqueness
            marks = [noted or None for noted in position.noted]
            return solver.hint(position.givens, position.grid, stop, marks)
