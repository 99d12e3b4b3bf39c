"""A solution as text for a terminal or a pipe: puzzle, steps, solved grid, verdict."""

from __future__ import annotations

import shutil
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from solver.board.grid import Grid, cell_name
from solver.board.words import plural
from solver.render.words import verdict, why
from solver.solving.solution import Solution, Status

if TYPE_CHECKING:
    from solver.logic.steps import Step

RESET: Final = "\x1b[0m"
BOLD: Final = "\x1b[1m"
DIM: Final = "\x1b[2m"
SHADES: Final = ("\x1b[31m", "\x1b[33m", "\x1b[36m", "\x1b[32m")
"""Colours for confidences below 0.5, 0.8, 0.95, and from there on."""


def shade(confidence: float) -> str:
    """The colour of a confidence."""
    return SHADES[sum(confidence >= bound for bound in (0.5, 0.8, 0.95))]


@dataclass(frozen=True, slots=True)
class Style:
    """How text may look: the width in columns, and whether colours are understood."""

    width: int = 80
    color: bool = False

    @classmethod
    def of_terminal(cls, color: bool) -> Style:
        """As wide as the terminal, from 40 to 100 columns."""
        columns = shutil.get_terminal_size((80, 24)).columns
        return cls(width=max(40, min(columns, 100)), color=color)

    def paint(self, text: str, code: str) -> str:
        """`text` in a colour, where colours are understood."""
        return f"{code}{text}{RESET}" if self.color and code else text


def draw_grid(grid: Grid, style: Style, looks: dict[int, str] | None = None) -> str:
    """A grid in eleven lines; `looks` gives cells their colour."""
    places = iter(range(81))
    out = []
    for character in str(grid):
        if character.isdigit() or character == ".":
            code = (looks or {}).get(next(places), "")
            out.append(style.paint(character, code))
        else:
            out.append(character)
    return textwrap.indent("".join(out), "  ")


def puzzle_text(solution: Solution, style: Style) -> str:
    """The puzzle and the play so far: givens bold, those that break a rule red."""
    looks = {cell: BOLD if digit else DIM for cell, digit in enumerate(solution.puzzle)}
    looks |= dict.fromkeys(solution.start.played, "")
    looks |= dict.fromkeys(solution.clashing, SHADES[0])
    return draw_grid(solution.start.grid, style, looks)


def puzzle_title(solution: Solution) -> str:
    """What the puzzle's drawing shows: "Puzzle, 30 givens, 4 digits placed"."""
    parts = [f"Puzzle, {plural(solution.puzzle.clues, 'given')}"]
    if played := len(solution.start.played):
        parts.append(f"{plural(played, 'digit')} placed")
    if solution.start.marks is not None:
        parts.append("candidates from the file")
    return ", ".join(parts)


def answer_text(solution: Solution, grid: Grid, style: Style) -> str:
    """The solved grid: givens bold, the rest coloured by confidence."""
    looks = {}
    for cell in range(81):
        if solution.puzzle[cell]:
            looks[cell] = BOLD
        elif grid[cell]:
            looks[cell] = shade(float(solution.probabilities[cell, grid[cell] - 1]))
    looks |= dict.fromkeys(solution.differing, SHADES[0])
    return draw_grid(grid, style, looks)


def step_text(number: int, step: Step, style: Style) -> str:
    """One step: number, cell and digit, confidence, and why."""
    sure = f"{step.confidence:4.2f}"
    lead = f"{number:3d}  {cell_name(step.cell)} = {step.digit}  {sure}  "
    wrapped = textwrap.wrap(why(step), style.width - len(lead)) or [""]
    first = lead.replace(f"  {sure}  ", f"  {style.paint(sure, shade(step.confidence))}  ")
    pad = " " * len(lead)
    return "\n".join([first + wrapped[0], *(pad + line for line in wrapped[1:])])


def solution_text(solution: Solution, style: Style, *, steps: bool = True) -> str:
    """Everything about one solution, ending in a newline."""
    wrapped = [
        textwrap.fill(line, style.width, break_long_words=False) for line in verdict(solution)
    ]
    parts = [] if solution.status is Status.SOLVED else [style.paint(wrapped[0], BOLD)]
    parts += [puzzle_title(solution), puzzle_text(solution, style)]
    if steps and solution.steps:
        if solution.grid is None:
            parts.append("The policy's attempt, surest cell first")
        header = "  #  cell      sure  why (sure: the policy's probability, 0 to 1)"
        lines = [step_text(n, step, style) for n, step in enumerate(solution.steps, 1)]
        parts.append("\n".join([style.paint(header, DIM), *lines]))
    if solution.grid is not None:
        name = "Solution" if solution.second is None else "One of several solutions"
        parts += [name, answer_text(solution, solution.grid, style)]
    if solution.second is not None:
        other = [d if c in solution.differing else 0 for c, d in enumerate(solution.second)]
        parts += ["Another, where it differs", draw_grid(Grid(other), style)]
    parts.append("\n".join(wrapped if solution.status is Status.SOLVED else wrapped[1:]))
    return "\n\n".join(filter(None, parts)) + "\n"
