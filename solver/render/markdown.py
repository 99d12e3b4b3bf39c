"""A solution in Markdown: grids as code, steps as a table, the verdict as a list."""

from __future__ import annotations

from solver.board.grid import cell_name
from solver.render.document import Solved
from solver.render.words import verdict, why


def solution_markdown(solved: Solved, *, steps: bool = True) -> str:
    """One section a puzzle, ending in an empty line."""
    solution = solved.solution
    lines = verdict(solution)
    parts = [f"## {_escaped(solved.label)}", f"**{_escaped(lines[0])}**"]
    parts.append(f"```\n{solution.start.grid}\n```")
    if steps and solution.steps:
        rows = ["| # | cell | digit | confidence | violations | why |", "|--:|:--|--:|--:|--:|:--|"]
        rows += [
            f"| {number} | {cell_name(step.cell)} | {step.digit} | {step.confidence:.2f} "
            f"| {len(step.violations)} | {_escaped(why(step))} |"
            for number, step in enumerate(solution.steps, 1)
        ]
        parts.append("\n".join(rows))
    if solution.grid is not None:
        parts.append(f"```\n{solution.grid}\n```")
    if solution.second is not None:
        parts += ["Another solution:", f"```\n{solution.second}\n```"]
    parts.append("\n".join(f"- {_escaped(line)}" for line in lines[1:]))
    return "\n\n".join(parts) + "\n\n"


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#" else c for c in text)
