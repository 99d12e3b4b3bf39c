"""Two policies on the same puzzle: what each answered, pass by pass, and where they differ."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from solver.board.grid import Grid
from solver.board.words import plural
from solver.policy.stop import Stop
from solver.solving.solution import Solution
from tui.engine import Engine
from tui.game.position import Author
from tui.play.editing import named
from tui.widgets.drawing import Heat, View


@dataclass(frozen=True, eq=False)
class Compared:
    """A policy's answer to the puzzle, and its probabilities, float32 [passes,81,9]."""

    engine: Engine
    solution: Solution
    probabilities: npt.NDArray[np.float32]

    def at(self, shown: int) -> tuple[Grid, npt.NDArray[np.float32]]:
        """The policy's own grid and its probabilities after a pass, counted from 0.

        Where there are fewer passes it is the last one's; that is the answer, before any search.
        """
        solution = self.solution
        if shown >= len(self.probabilities) - 1:
            return solution.attempt or solution.puzzle, solution.probabilities
        now: npt.NDArray[np.float32] = self.probabilities[shown]
        digits = zip(solution.puzzle, now.argmax(1) + 1, strict=True)
        return Grid(given or int(best) for given, best in digits), now


def compare(engines: Sequence[Engine], grid: Grid, stop: Stop) -> list[Compared]:
    """What these policies make of a puzzle. The first run's warming up is left out of the time."""
    found = []
    for engine in engines:
        probabilities = engine.watch(grid, stop).probabilities
        start = time.perf_counter()
        solution = engine.solve(grid, stop)
        solution = replace(solution, seconds=time.perf_counter() - start)
        found.append(Compared(engine, solution, probabilities))
    return found


def differences(first: Grid, second: Grid) -> tuple[int, ...]:
    """The cells in which two grids differ."""
    return tuple(cell for cell in range(81) if first[cell] != second[cell])


def differ_text(apart: Sequence[int]) -> str:
    """Where two grids differ, in one line."""
    if not apart:
        return "They agree in every cell."
    return f"They differ in {plural(len(apart), 'cell')}: {named(apart)}."


def pass_text(pair: Sequence[Compared], shown: int) -> str:
    """Which pass of each is shown."""
    passes = [len(each.probabilities) for each in pair]
    at = [f"{min(shown + 1, count)} of {count}" for count in passes]
    return f"Pass {at[0]}." if len(set(at)) == 1 else f"Pass {' and '.join(at)}."


def facts(engine: Engine) -> dict[str, str]:
    """What there is to say of a policy; empty where none is loaded."""
    policy = engine.policy
    if policy is None:
        return {}
    latency = "–" if engine.latency is None else engine.clock(engine.latency)
    return {
        "File": policy.path.name,
        "Hash": policy.hash[:16],
        "Views": str(policy.views),
        "Passes": f"up to {policy.passes}",
        "Provider": policy.provider.removesuffix("ExecutionProvider"),
        "Last inference": latency,
    }


def answer_facts(compared: Compared) -> dict[str, str]:
    """What there is to say of a policy's answer."""
    solution, engine = compared.solution, compared.engine
    assert engine.policy is not None
    return {
        "Hash": engine.policy.hash[:16],
        "This puzzle": f"{solution.status.value} by {solution.method or 'nobody'}",
        "Right cells": right_cells(solution),
        "Least sure": f"{solution.confidence:.1%}",
        "Took": f"{plural(solution.passes, 'pass', 'passes')}, {engine.clock(solution.seconds)}",
    }


def told(facts: dict[str, str]) -> str:
    """Facts as lines."""
    width = max(map(len, facts), default=0) + 1
    return "\n".join(f"{name:<{width}}{value}" for name, value in facts.items())


def right_cells(solution: Solution) -> str:
    """How many of the blanks the policy's own grid has right, where the solution is known."""
    attempt, right = solution.attempt, solution.grid
    if attempt is None or right is None:
        return "–"
    blanks = [cell for cell in range(81) if not solution.puzzle[cell]]
    return f"{sum(attempt[cell] == right[cell] for cell in blanks)} of {len(blanks)}"


def views(pair: Sequence[Compared], shown: int) -> list[View]:
    """The boards of two policies after a pass: confidence, faults, and where they differ."""
    found = [each.at(shown) for each in pair]
    apart = frozenset(differences(found[0][0], found[1][0]))
    return [
        View(
            cells=each.solution.puzzle.cells,
            authors=tuple(Author.GIVEN if given else None for given in each.solution.puzzle),
            wrong=frozenset(cell for fault in grid.violations() for cell in fault.cells),
            heat=Heat(probabilities),
            differ=apart,
        )
        for each, (grid, probabilities) in zip(pair, found, strict=True)
    ]
