"""The confidence over a solved grid, drawn as SVG."""

from __future__ import annotations

from typing import Final

from solver.board.svg import (
    CELL,
    GIVEN,
    INK,
    MARGIN,
    SIZE,
    corner,
    digit,
    hexed,
    ink_on,
    page,
    ramp,
    rules,
    square,
)
from solver.solving.solution import Solution

LEGEND: Final = 76


def heatmap_svg(solution: Solution) -> str:
    """The confidence over the grid: each cell in its colour, with digit and probability."""
    grid, body = solution.shown, []
    for cell, sure in enumerate(solution.confidences):
        if sure is None:
            body.append(square(cell, GIVEN, "given"))
            if grid[cell]:
                body.append(digit(cell, grid[cell], INK, bold=True))
            continue
        color = ramp(sure)
        ink = ink_on(color)
        x, y = corner(cell)
        body += [
            square(cell, hexed(color), f"{sure:.4f}"),
            digit(cell, grid[cell], ink, bold=False, lift=6),
            f"<text x='{x + CELL // 2}' y='{y + 43}' font-size='11' fill='{ink}' "
            f"text-anchor='middle'>{sure:.2f}</text>",
        ]
    return page(body + rules() + _legend(), "Confidence of the policy", SIZE + LEGEND)


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
