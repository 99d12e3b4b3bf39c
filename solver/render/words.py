"""The sentences about a solution, shared by the text, Markdown and HTML forms."""

from __future__ import annotations

from solver.board.grid import cell_name
from solver.board.words import plural
from solver.render.document import broken_rules
from solver.solving.solver import Solution, Status, Step

SHOWN = 3
"""Violations that a sentence lists before it counts the rest."""


def why(step: Step) -> str:
    """The reason of a step, with what the policy thinks where that says more."""
    text = str(step.reason)
    if not step.reason.logical and step.doubt:
        text += f"; {step.doubt}"
    if new := [str(v) for v in step.violations if step.cell in v.cells]:
        text += f"; now {'; '.join(new)}"
    return text


def _listed(solution: Solution) -> str:
    broken = broken_rules(solution)
    shown = "; ".join(map(str, broken[:SHOWN]))
    more = f"; and {len(broken) - SHOWN} more" if len(broken) > SHOWN else ""
    return shown + more


def cost(solution: Solution) -> str:
    """Passes, view, time and provider."""
    supposing = " with a digit supposed" if solution.view else ""
    return (
        f"{plural(solution.passes, 'pass', 'passes')}, view {solution.view}{supposing}, "
        f"{solution.seconds:.3f} s, {solution.provider}"
    )


def differing(solution: Solution) -> list[int]:
    """The cells in which two solutions differ; none where there is one."""
    if solution.grid is None or solution.second is None:
        return []
    pairs = zip(solution.grid, solution.second, strict=True)
    return [cell for cell, (one, other) in enumerate(pairs) if one != other]


def verdict(solution: Solution) -> list[str]:
    """What became of the puzzle and how, a sentence a line."""
    lines = []
    if solution.status is Status.INVALID:
        return [f"No solution: the givens break the rules: {_listed(solution)}."]
    if solution.status is Status.NO_SOLUTION:
        dead = solution.puzzle.violations(deep=True)
        lines.append(
            "No solution: "
            + (f"{dead[0]}." if dead else "the search tried everything that the givens allow.")
        )
    elif solution.method == "policy":
        lines.append(f"Solved by the policy, least confidence {solution.confidence:.2f}.")
    else:
        lines.append(f"Solved by search, {plural(solution.guesses, 'guess', 'guesses')}.")
    if solution.method == "search":
        count = len(broken_rules(solution))
        lines.append(
            f"The policy's own grid breaks the rules in {plural(count, 'place')}"
            + (f": {_listed(solution)}." if count else ".")
        )
    if cells := differing(solution):
        assert solution.second is not None
        lines.append(
            f"More than one solution; another has {solution.second[cells[0]]} at "
            f"{cell_name(cells[0])} and differs in {plural(len(cells), 'cell')}."
        )
    logical, steps = solution.logic_share
    if solution.grid is not None and steps:
        lines.append(f"A person's logic was enough for {logical} of {plural(steps, 'step')}.")
    lines.append(cost(solution) + ".")
    return lines
