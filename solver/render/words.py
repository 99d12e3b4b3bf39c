"""The sentences about a solution, shared by the text, Markdown and HTML forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.board.grid import cell_name
from solver.board.words import plural
from solver.render.document import broken_rules
from solver.solving.solution import Solution, Status

if TYPE_CHECKING:
    from solver.logic.steps import Step

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
    """Passes, view, time and device."""
    view = f" in view {solution.view + 1}, with a digit supposed" if solution.view else ""
    device = "GPU" if solution.provider.startswith("CUDA") else "CPU"
    return (
        f"{plural(solution.passes, 'pass', 'passes')}{view}, "
        f"{solution.seconds:.3f} s on the {device}"
    )


def verdict(solution: Solution) -> list[str]:
    """What became of the puzzle and how, a sentence a line, the most important first."""
    match solution.status:
        case Status.INVALID:
            return [f"No solution: the givens break the rules: {_listed(solution)}."]
        case Status.NO_SOLUTION:
            dead = solution.puzzle.violations(deep=True)
            why_not = str(dead[0]) if dead else "every way to fill the blanks breaks a rule"
            return [f"No solution: {why_not}.", f"{cost(solution)}."]
        case Status.SEVERAL:
            return [_several(solution), f"{cost(solution)}."]
        case Status.SOLVED:
            only = f"Solved and checked: this is the only solution{_within(solution)}."
            lines = [only, *_how(solution)]
    logical, steps = solution.logic_share
    if steps:
        lines.append(f"Logic alone explains {logical} of {plural(steps, 'step')}.")
    return [*lines, f"{cost(solution)}."]


def _within(solution: Solution) -> str:
    """What the solution is the only one of, where that isn't the givens alone."""
    if solution.proper:
        return ""
    if solution.start.marks is None:
        return " that the play in the file leaves"
    return " that the candidates in the file leave"


def _several(solution: Solution) -> str:
    assert solution.second is not None
    cells = solution.differing
    return (
        "Several solutions; this is one of them. Another has "
        f"{solution.second[cells[0]]} at {cell_name(cells[0])} and differs in "
        f"{plural(len(cells), 'cell')}."
    )


def _how(solution: Solution) -> list[str]:
    """Who found the solution, and where the policy was least sure."""
    cell = solution.least_sure
    doubt = "" if cell is None else f"{cell_name(cell)}: {solution.confidence:.2f}"
    if solution.method == "policy":
        return [f"The policy found it; it was least sure of {doubt}."] if doubt else []
    count = len(broken_rules(solution))
    where = f", in {plural(count, 'place')}: {_listed(solution)}" if count else ""
    return [
        f"Search found it, with {plural(solution.guesses, 'guess', 'guesses')}.",
        f"The policy's own grid breaks the rules{where}.",
    ]
