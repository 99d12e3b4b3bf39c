"""Why a digit goes into a cell, as pictures: one board per deduction, and one for the digit.

Cause, effect and target have three colours of Okabe and Ito's palette, which colour-blind people
tell apart, and a shape each: a disc, a square and a struck ring.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from textwrap import wrap
from typing import Final

from solver.board.grid import UNITS, Grid, cell_name
from solver.board.svg import CELL, GIVEN, INK, MARGIN, SIZE, corner, digit, page, rules, square
from solver.logic.deduction import Deduction, Node
from solver.logic.explain import Marks
from solver.logic.pencil import DIGITS, Candidate, Pencil
from solver.logic.steps import Step

CAUSE, EFFECT, TARGET = "#0072b2", "#e69f00", "#d55e00"
SHADE: Final = "#eef4f9"
LINE: Final = 18
"""Pixels from line to line of a text."""
LEGEND: Final = (
    (CAUSE, "cause: the pattern"),
    (EFFECT, "effect: one of these is true"),
    (TARGET, "target: ruled out"),
)


def step_svg(grid: Grid, step: Step, marks: Marks | None = None) -> str:
    """The reason for a step from `grid`, with the pencil `marks` where any were made, as SVG."""
    pencil, panels = Pencil.of(grid, marks), []
    for deduction in step.reason.after:
        panels.append((_board(grid, pencil, deduction), " ".join(deduction.sentences)))
        pencil.remove(deduction.eliminations)
    told = step.reason.sentences[2 * len(step.reason.after) :]
    panels.append((_placed(grid, pencil, step), " ".join(told)))
    body, top = [*_legend()], 2 * LINE
    for drawn, sentence in panels:
        body += [f"<g transform='translate(0 {top})'>", *drawn, "</g>"]
        top += SIZE
        for line in wrap(sentence, 62):
            body.append(_text(MARGIN, top, line))
            top += LINE
    title = f"{step.digit} at {cell_name(step.cell)}: {step.reason}"
    return page(body, title, top + MARGIN)


def _legend() -> list[str]:
    body, x = [], MARGIN
    for color, words in LEGEND:
        body += [_shape(x + 6, LINE, color), _text(x + 18, LINE + 4, words, 12)]
        x += 24 + 6 * len(words)
    return body


def _text(x: int, y: int, words: str, size: int = 14) -> str:
    return f"<text x='{x}' y='{y}' font-size='{size}' fill='{INK}'>{escape(words)}</text>"


def _spot(candidate: Candidate) -> tuple[int, int]:
    """Where a candidate stands in its cell, in pixels."""
    (x, y), (row, column) = corner(candidate[0]), divmod(candidate[1] - 1, 3)
    return x + 9 + 15 * column, y + 9 + 15 * row


def _shape(x: int, y: int, color: str) -> str:
    if color == CAUSE:
        return f"<circle cx='{x}' cy='{y}' r='7.5' fill='{color}'/>"
    if color == EFFECT:
        return f"<rect x='{x - 7}' y='{y - 7}' width='14' height='14' fill='{color}'/>"
    return (
        f"<circle cx='{x}' cy='{y}' r='6.5' fill='#ffffff' stroke='{color}' stroke-width='2'/>"
        f"<path d='M{x - 6} {y + 6}L{x + 6} {y - 6}' stroke='{color}' stroke-width='2'/>"
    )


def _marks(pencil: Pencil, colors: dict[Candidate, str]) -> list[str]:
    """All candidates, those with a colour on their shape."""
    body = []
    for cell, mask in enumerate(pencil.masks):
        for value in DIGITS[mask]:
            x, y = _spot((cell, value))
            color = colors.get((cell, value))
            if color is not None:
                body.append(_shape(x, y, color))
            ink = "#ffffff" if color == CAUSE else INK
            weight = 400 if color is None else 700
            body.append(
                f"<text x='{x}' y='{y + 4}' font-size='11' font-weight='{weight}' fill='{ink}' "
                f"text-anchor='middle'>{value}</text>"
            )
    return body


def _grounds(grid: Grid, shaded: Iterable[int]) -> list[str]:
    shades = set(shaded)
    return [
        square(cell, GIVEN if value else SHADE if cell in shades else "#ffffff")
        for cell, value in enumerate(grid)
    ]


def _digits(grid: Grid) -> list[str]:
    return [digit(c, value, INK, bold=False) for c, value in enumerate(grid) if value]


def _board(grid: Grid, pencil: Pencil, it: Deduction) -> list[str]:
    """A deduction: its units shaded, its links drawn, its candidates in colour."""
    colors = dict.fromkeys(it.cause, CAUSE) | dict.fromkeys(it.effect, EFFECT)
    colors |= dict.fromkeys(it.eliminations, TARGET)
    shaded = {cell for unit in it.units for cell in UNITS[unit]}
    links = [_link(link.start, link.end, strong=link.strong) for link in it.links]
    marks = _marks(pencil, colors)
    return [*_grounds(grid, shaded), *rules(), *links, *_digits(grid), *marks]


def _link(start: Node, end: Node, *, strong: bool) -> str:
    """A line from the middle of a node to that of the next: whole if strong, dashed if weak."""
    ends = []
    for node in (start, end):
        spots = [_spot(candidate) for candidate in node]
        ends += [sum(x for x, _ in spots) // len(spots), sum(y for _, y in spots) // len(spots)]
    look = "stroke-width='2.5'" if strong else "stroke-width='1.5' stroke-dasharray='4 3'"
    x1, y1, x2, y2 = ends
    return f"<path d='M{x1} {y1}L{x2} {y2}' stroke='{INK}' opacity='0.6' {look}/>"


def _placed(grid: Grid, pencil: Pencil, step: Step) -> list[str]:
    """The digit to write, and the filled cells that leave it no other place."""
    unit = step.reason.unit
    shaded = () if unit is None else UNITS[unit]
    frames = []
    for cell, color in [*((c, CAUSE) for c, _ in step.reason.blockers), (step.cell, EFFECT)]:
        x, y = corner(cell)
        frames.append(
            f"<rect x='{x + 2}' y='{y + 2}' width='{CELL - 4}' height='{CELL - 4}' fill='none' "
            f"stroke='{color}' stroke-width='3'/>"
        )
    after = pencil.copy()
    after.masks[step.cell] = 0
    marks = _marks(after, {})
    written = digit(step.cell, step.digit, INK, bold=True)
    return [*_grounds(grid, shaded), *rules(), *_digits(grid), *marks, *frames, written]
