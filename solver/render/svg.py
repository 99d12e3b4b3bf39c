"""Grids drawn as SVG: a solution with its digits shaded by confidence, and the confidence alone."""

from __future__ import annotations

import itertools
from html import escape
from typing import Final

from solver.grid import COLUMN_OF, ROW_OF, Grid
from solver.solve import Solution

CELL: Final = 48
MARGIN: Final = 16
SIZE: Final = 9 * CELL + 2 * MARGIN
FONT: Final = "font-family='Helvetica, Arial, sans-serif'"
INK, GIVEN, RULE, HAIR = "#16202c", "#e9edf2", "#16202c", "#aab4c0"
LEGEND: Final = 76

_RAMP: Final = (
    (0.0, (168, 22, 40)),
    (0.25, (238, 116, 72)),
    (0.5, (254, 220, 118)),
    (0.75, (126, 190, 202)),
    (1.0, (30, 92, 162)),
)
"""Confidence -> red, green, blue: red for doubt, over yellow, to blue for certainty."""


def ramp(confidence: float) -> tuple[int, int, int]:
    """The colour of a confidence (0..1), between the nearest two of the ramp."""
    value = min(max(confidence, 0.0), 1.0)
    for (low, dark), (high, light) in itertools.pairwise(_RAMP):
        if value <= high:
            share = (value - low) / (high - low)
            red, green, blue = (
                round(d + share * (e - d)) for d, e in zip(dark, light, strict=True)
            )
            return red, green, blue
    raise AssertionError(value)


def ink_on(color: tuple[int, int, int]) -> str:
    """Black or white, whichever reads better on `color`."""
    red, green, blue = color
    return "#ffffff" if 0.299 * red + 0.587 * green + 0.114 * blue < 140 else INK


def hexed(color: tuple[int, int, int]) -> str:
    """A colour as #rrggbb."""
    return "#%02x%02x%02x" % color  # noqa: UP031


def corner(cell: int) -> tuple[int, int]:
    """The upper left corner of a cell, in pixels."""
    return MARGIN + COLUMN_OF[cell] * CELL, MARGIN + ROW_OF[cell] * CELL


def _rules() -> list[str]:
    lines = []
    for thick in (False, True):
        for at in range(10):
            if (at % 3 == 0) is not thick:
                continue
            place, end = MARGIN + at * CELL, MARGIN + 9 * CELL
            look = f"stroke='{RULE if thick else HAIR}' stroke-width='{2.5 if thick else 1}'"
            lines.append(f"<path d='M{place} {MARGIN}V{end}M{MARGIN} {place}H{end}' {look}/>")
    return lines


def _digit(cell: int, digit: int, color: str, *, bold: bool, lift: int = 0) -> str:
    x, y = corner(cell)
    weight = "700" if bold else "400"
    return (
        f"<text x='{x + CELL // 2}' y='{y + 34 - lift}' font-size='28' font-weight='{weight}' "
        f"fill='{color}' text-anchor='middle'>{digit}</text>"
    )


def _square(cell: int, fill: str, title: str = "") -> str:
    x, y = corner(cell)
    inner = f"<title>{escape(title)}</title>" if title else ""
    return f"<rect x='{x}' y='{y}' width='{CELL}' height='{CELL}' fill='{fill}'>{inner}</rect>"


def _page(body: list[str], title: str, height: int = SIZE) -> str:
    return "\n".join(
        [
            f"<svg xmlns='http://www.w3.org/2000/svg' width='{SIZE}' height='{height}' "
            f"viewBox='0 0 {SIZE} {height}' role='img' {FONT}>",
            f"<title>{escape(title)}</title>",
            f"<rect width='{SIZE}' height='{height}' fill='#ffffff'/>",
            *body,
            "</svg>",
        ]
    )


def confidences(solution: Solution) -> list[float | None]:
    """81 values: the probability of each digit shown, None for a given or an empty cell."""
    shown = solution.grid if solution.grid is not None else solution.attempt
    if shown is None:
        return [None] * 81
    return [
        None
        if solution.puzzle[cell] or not shown[cell]
        else float(solution.probabilities[cell, shown[cell] - 1])
        for cell in range(81)
    ]


def shown_grid(solution: Solution) -> Grid:
    """The answer, or the policy's attempt where there is none, or the puzzle itself."""
    return solution.grid or solution.attempt or solution.puzzle


def solution_svg(solution: Solution) -> str:
    """The grid: givens bold on grey, the other digits in the colour of their confidence."""
    grid, body = shown_grid(solution), []
    for cell, sure in enumerate(confidences(solution)):
        given = bool(solution.puzzle[cell])
        title = "given" if given else "" if sure is None else f"{sure:.3f}"
        body.append(_square(cell, GIVEN if given else "#ffffff", title))
        if grid[cell]:
            color = INK if sure is None else _text_color(sure)
            body.append(_digit(cell, grid[cell], color, bold=given))
    return _page(body + _rules(), f"Sudoku, {solution.status.value}")


def _text_color(confidence: float) -> str:
    """The ramp, darkened where its middle would be too pale to read on white."""
    red, green, blue = ramp(confidence)
    pale = max(0.0, (0.299 * red + 0.587 * green + 0.114 * blue - 120) / 255)
    return hexed((round(red * (1 - pale)), round(green * (1 - pale)), round(blue * (1 - pale))))


def heatmap_svg(solution: Solution) -> str:
    """The confidence over the grid: each cell in its colour, with digit and probability."""
    grid, body = shown_grid(solution), []
    for cell, sure in enumerate(confidences(solution)):
        if sure is None:
            body.append(_square(cell, GIVEN, "given"))
            if grid[cell]:
                body.append(_digit(cell, grid[cell], INK, bold=True))
            continue
        color = ramp(sure)
        ink = ink_on(color)
        x, y = corner(cell)
        body += [
            _square(cell, hexed(color), f"{sure:.4f}"),
            _digit(cell, grid[cell], ink, bold=False, lift=6),
            f"<text x='{x + CELL // 2}' y='{y + 43}' font-size='11' fill='{ink}' "
            f"text-anchor='middle'>{sure:.2f}</text>",
        ]
    return _page(body + _rules() + _legend(), "Confidence of the policy", SIZE + LEGEND)


def _legend() -> list[str]:
    """A bar of the ramp with its ends and middle, and what grey means."""
    top, width, steps = SIZE, 9 * CELL, 48
    bar = [
        f"<rect x='{MARGIN + i * width // steps}' y='{top}' width='{width // steps + 1}' "
        f"height='14' fill='{hexed(ramp(i / (steps - 1)))}'/>"
        for i in range(steps)
    ]
    anchors = ((0, "start"), (0.5, "middle"), (1, "end"))
    marks = [
        f"<text x='{MARGIN + share * width:.0f}' y='{top + 30}' font-size='12' fill='{INK}' "
        f"text-anchor='{anchor}'>{share:g}</text>"
        for share, anchor in anchors
    ]
    note = "probability that the policy gives the digit; grey: given"
    caption = f"<text x='{MARGIN}' y='{top + 52}' font-size='13' fill='{INK}'>{note}</text>"
    return [*bar, *marks, caption]
