"""A grid drawn as SVG, its digits coloured by confidence."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Sequence
from html import escape
from typing import Final

CELL: Final = 48
MARGIN: Final = 16
SIZE: Final = 9 * CELL + 2 * MARGIN
FONT: Final = "font-family='Helvetica, Arial, sans-serif'"
INK, GIVEN, RULE, HAIR = "#16202c", "#e9edf2", "#16202c", "#aab4c0"

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
    return MARGIN + cell % 9 * CELL, MARGIN + cell // 9 * CELL


def rules() -> list[str]:
    lines = []
    for thick in (False, True):
        for at in range(10):
            if (at % 3 == 0) is not thick:
                continue
            place, end = MARGIN + at * CELL, MARGIN + 9 * CELL
            look = f"stroke='{RULE if thick else HAIR}' stroke-width='{2.5 if thick else 1}'"
            lines.append(f"<path d='M{place} {MARGIN}V{end}M{MARGIN} {place}H{end}' {look}/>")
    return lines


def digit(cell: int, value: int, color: str, *, bold: bool, lift: int = 0) -> str:
    x, y = corner(cell)
    weight = "700" if bold else "400"
    return (
        f"<text x='{x + CELL // 2}' y='{y + 34 - lift}' font-size='28' font-weight='{weight}' "
        f"fill='{color}' text-anchor='middle'>{value}</text>"
    )


def square(cell: int, fill: str, title: str = "") -> str:
    x, y = corner(cell)
    inner = f"<title>{escape(title)}</title>" if title else ""
    return f"<rect x='{x}' y='{y}' width='{CELL}' height='{CELL}' fill='{fill}'>{inner}</rect>"


def page(body: list[str], title: str, height: int = SIZE) -> str:
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


def grid_svg(
    grid: Iterable[int],
    givens: Iterable[int],
    confidences: Sequence[float | None] = (None,) * 81,
    marked: Collection[int] = (),
    title: str = "Sudoku",
) -> str:
    """The grid: givens bold on grey, the other digits in the colour of their confidence (0..1).

    The cells `marked` are framed in red.
    """
    body = []
    for cell, (value, given, sure) in enumerate(zip(grid, givens, confidences, strict=True)):
        note = "given" if given else "" if sure is None else f"{sure:.3f}"
        body.append(square(cell, GIVEN if given else "#ffffff", note))
        if value:
            color = INK if sure is None else text_color(sure)
            body.append(digit(cell, value, color, bold=bool(given)))
    return page([*body, *rules(), *map(frame, marked)], title)


def frame(cell: int) -> str:
    """A red frame around a cell."""
    x, y = corner(cell)
    return (
        f"<rect x='{x + 2}' y='{y + 2}' width='{CELL - 4}' height='{CELL - 4}' fill='none' "
        f"stroke='{hexed(_RAMP[0][1])}' stroke-width='3'/>"
    )


def text_color(confidence: float) -> str:
    """The ramp, darkened where its middle would be too pale to read on white."""
    red, green, blue = ramp(confidence)
    pale = max(0.0, (0.299 * red + 0.587 * green + 0.114 * blue - 120) / 255)
    return hexed((round(red * (1 - pale)), round(green * (1 - pale)), round(blue * (1 - pale))))
