"""The colours of the board: each can be read, and told from the others."""

from __future__ import annotations

import math
from itertools import combinations

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from textual.color import Color

from tui import themes


def linear(colour: Color) -> list[float]:
    """Red, green and blue by how much light there is of each, 0 to 1."""
    return [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in colour.normalized
    ]


def contrast(first: Color, second: Color) -> float:
    """How far apart two colours are in lightness, as WCAG has it: 1 to 21."""
    dark, light = sorted(
        sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True))
        for c in (first, second)
    )
    return (light + 0.05) / (dark + 0.05)


GROUNDS = {
    "background": "own policy search marks done", "given-ground": "given done",
    "lined": "own marks", "lined-given": "given", "same-ground": "given own",
    "unit-ground": "given own", "wrong-ground": "wrong-text", "cursor-ground": "cursor-text",
    "pattern-ground": "pattern-text", "effect-ground": "effect-text",
    "struck-ground": "struck-text",
    "target-ground": "target-text", "hint-ground": "given own marks", "cold": "guess",
    "hot": "guess", "differ-ground": "differ-text",
}  # fmt: skip
"""What may stand on each ground of the board."""


@pytest.mark.parametrize("theme", themes.ALL, ids=lambda theme: theme.name)
@pytest.mark.parametrize(
    ("system", "least"), [(ColorSystem.TRUECOLOR, 4.5), (ColorSystem.STANDARD, 2.0)]
)
def test_what_stands_on_the_board_can_be_read_in_16_colours_too(theme, system, least) -> None:
    def shown(name: str) -> Color:
        text = theme.variables.get(name) or getattr(theme, name)
        found = RichColor.parse(text).downgrade(system)
        return Color(*found.get_truecolor(DEFAULT_TERMINAL_THEME))

    for ground, texts in GROUNDS.items():
        for text in texts.split():
            assert contrast(shown(text), shown(ground)) >= least, (text, ground)


VISIONS = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "no green": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "no blue": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}
"""Linear RGB seen without a kind of cone (Machado, Oliveira and Fernandes, 2009)."""


def seen(colour: Color, vision: str) -> tuple[float, float, float]:
    """A colour in L*a*b*, in which equal distances look about equally far apart."""
    r, g, b = (
        min(max(sum(k * part for k, part in zip(row, linear(colour), strict=True)), 0.0), 1.0)
        for row in VISIONS[vision]
    )
    x, y, z = (
        part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116
        for part in (
            (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
            0.2126 * r + 0.7152 * g + 0.0722 * b,
            (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
        )
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("theme", themes.ALL, ids=lambda theme: theme.name)
@pytest.mark.parametrize("vision", VISIONS)
def test_the_parts_of_a_hint_differ_for_colour_blind_people_too(theme, vision) -> None:
    parts = ("hint", "pattern", "effect", "struck", "target")
    grounds = [seen(Color.parse(theme.variables[f"{part}-ground"]), vision) for part in parts]
    assert min(math.dist(a, b) for a, b in combinations(grounds, 2)) > 25
