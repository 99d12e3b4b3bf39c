"""All that the board's screen shows, as one value that its widgets watch."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from solver.board.grid import Grid, Violation
from tui.engine import Watched
from tui.game.hints import Told
from tui.game.position import Marks, Position
from tui.settings import Settings


class Mode(enum.Enum):
    """Play shows nothing of the solution; Watch shows the policy at work."""

    PLAY = "play"
    WATCH = "watch"


MISTAKES: Final = ("off", "rules", "solution")
"""What counts as a mistake: nothing, a broken rule, or also a digit that isn't the solution's."""


@dataclass(frozen=True, eq=False)
class State:
    """What is on the screen. Nothing changes it: the screen replaces it by another."""

    position: Position
    settings: Settings = field(default_factory=Settings)
    name: str = ""
    level: str = ""
    cursor: int = 40
    mode: Mode = Mode.PLAY
    pencil: bool = False
    heat: bool = False
    hint: Told | None = None
    watched: Watched | None = None
    shown_pass: int = 0
    notice: str = ""
    kind: str = ""
    """"" for news, "wrong", "good": the look of the notice."""
    busy: str = ""
    playing: bool = False
    paused: bool = False
    seconds: int = 0
    hints: int = 0
    checks: int = 0
    solution: Grid | None = None
    """The puzzle's one solution, where mistakes are shown by it."""

    @property
    def automatic(self) -> bool:
        """Whether the marks are all candidates but those struck."""
        return self.settings.auto_marks

    @property
    def marks(self) -> Marks:
        """The marks to show."""
        return self.position.shown_marks(automatic=self.automatic)

    @property
    def violations(self) -> tuple[Violation, ...]:
        """The broken rules to tell of: none where mistakes are off."""
        return () if self.settings.mistakes == "off" else self.position.violations

    @cached_property
    def mistakes(self) -> frozenset[int]:
        """The cells whose digit is not the solution's, where this is shown."""
        if self.settings.mistakes != "solution" or self.solution is None:
            return frozenset()
        grid, right = self.position.grid, self.solution
        return frozenset(cell for cell in range(81) if grid[cell] not in (0, right[cell]))

    @property
    def watching(self) -> bool:
        """Whether the policy is shown."""
        return self.mode is Mode.WATCH

    @property
    def course(self) -> npt.NDArray[np.float32] | None:
        """The policy's probabilities for this grid, float32 [passes,81,9], in Watch alone."""
        if not self.watching or self.watched is None or self.watched.grid != self.position.grid:
            return None
        return self.watched.probabilities

    @property
    def heated(self) -> npt.NDArray[np.float32] | None:
        """The probabilities of the pass shown, float32 [81,9], where the heat map is on."""
        course = self.course
        if not self.heat or course is None:
            return None
        now: npt.NDArray[np.float32] = course[min(self.shown_pass, len(course) - 1)]
        return now

    @property
    def wrong(self) -> str:
        """The first mistake and how many more there are; empty where there is none."""
        if violations := self.violations:
            more = f" (and {len(violations) - 1} more)" if len(violations) > 1 else ""
            return f"{violations[0]}{more}"
        if self.mistakes:
            count = len(self.mistakes)
            return f"{count} {'digit is' if count == 1 else 'digits are'} not the solution's"
        return ""


def clock(seconds: float) -> str:
    """A time as a clock shows it: 5:07, 1:02:33."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
