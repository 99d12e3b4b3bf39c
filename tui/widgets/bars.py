"""The nine probabilities of one cell, as bars, each with its course over the passes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from rich.segment import Segment
from rich.style import Style
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.game.state import State
from tui.widgets.drawing import BLOCKS

EIGHTHS = " ▏▎▍▌▋▊▉█"


@dataclass(frozen=True)
class Course:
    """A cell's probabilities, float [passes,9], the pass shown, and what the rules leave open.

    `probabilities` is None before the policy has answered.
    """

    probabilities: npt.NDArray[np.float32] | None = field(default=None, compare=False)
    shown: int = 0
    candidates: frozenset[int] = frozenset()
    digit: int = 0
    of: tuple[object, int] = (None, -1)
    """What these are the probabilities of: the policy's answer, and the cell."""


def course_of(state: State) -> Course:
    """The course of the cell under the cursor."""
    cell, position, course = state.cursor, state.position, state.course
    return Course(
        None if course is None else course[:, cell],
        state.shown_pass,
        position.grid.candidates(cell),
        position.grid[cell],
        (None if course is None else state.watched, cell),
    )


class Bars(Widget):
    """Nine lines: digit, bar, percentage, course. Digits that the rules exclude are crossed out."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"bars--{name}"
        for name in ("digit", "best", "excluded", "faint", "fill", "track", "course")
    }
    ALLOW_SELECT = False

    course: reactive[Course] = reactive(Course)

    def on_mount(self) -> None:
        self.watch(self.screen, "state", self._show)

    def _show(self, state: State) -> None:
        self.course = course_of(state)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        ground = self.rich_style
        if y >= 9:
            return Strip.blank(width, ground)
        strip = Strip(
            [Segment(text, ground + self._style(look)) for text, look in self._row(y, width)]
        )
        return strip.adjust_cell_length(width, ground)

    def _style(self, look: str) -> Style:
        return self.get_component_rich_style(f"bars--{look}", partial=True)

    def _row(self, index: int, width: int) -> list[tuple[str, str]]:
        course, digit = self.course, index + 1
        open_ = digit in course.candidates or digit == course.digit
        if course.probabilities is None:
            return [(" ", "track"), (str(digit), "digit" if open_ else "excluded")]
        now = course.probabilities[course.shown]
        best = int(now.argmax()) == index
        look = "best" if best else "digit" if open_ else "excluded"
        spark = 12 if width >= 36 else 8 if width >= 30 else 4
        room = max(3, width - 3 - 7 - spark - 1)
        filled = bar(float(now[index]), room)
        return [
            (" ", "track"),
            (str(digit), look),
            (" ", "track"),
            (filled, "fill"),
            ("·" * (room - len(filled)), "track"),
            (f"{now[index]:7.1%}", "faint" if look == "excluded" else look),
            (" ", "track"),
            (sparkline(course.probabilities[:, index], spark), "course"),
        ]


def bar(share: float, width: int) -> str:
    """A bar of `share` of `width`, to the eighth of a character; nothing shows as nothing."""
    eighths = round(share * width * 8)
    full, rest = divmod(eighths, 8)
    return "█" * full + (EIGHTHS[rest] if rest else "")


def sparkline(values: npt.NDArray[np.float32], width: int) -> str:
    """The course of values 0..1 in `width` characters; the last value comes last."""
    places = np.linspace(0, len(values) - 1, width).round().astype(int)
    return "".join(BLOCKS[round(float(values[place]) * 8)] for place in places)
