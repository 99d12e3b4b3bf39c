"""Watching the policy: Play or Watch, the heat map, and the passes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from textual.timer import Timer

from tui.engine import Watched
from tui.game.state import Mode
from tui.play.controller import Controller

if TYPE_CHECKING:
    from tui.play.screen import PlayScreen

PASS_SECONDS: Final = 0.06
"""How long a pass stays when the grid is watched settling."""
PASSES_SHOWN: Final = 64
"""About this many passes are shown; beyond it, some are left out."""


class Passes(Controller):
    """The actions that show what the policy makes of the board."""

    def __init__(self, screen: PlayScreen) -> None:
        super().__init__(screen)
        self._settling: Timer | None = None

    def do_watch(self) -> None:
        watch = not self.state.watching
        mode = Mode.WATCH if watch else Mode.PLAY
        self.app.change_settings(replace(self.settings, mode=mode.value))
        heat = watch and self.settings.confidence
        self.screen.update(mode=mode, heat=heat, hint=None, notice="", kind="")
        self.position_changed()
        if not watch:
            self.screen.cancel("watch")
            self.tell("Play: the policy is out of sight.")
        elif self.policy_is_there(lambda: None):  # it looks at the board as soon as it is there
            self.tell("Watch: the bars are the policy's digits for the cell under the cursor.")

    def position_changed(self) -> None:
        """Have the policy look at the board, where it is watched."""
        self.stop()
        state, grid, engine = self.state, self.position.grid, self.engine
        seen = state.watched is not None and state.watched.grid == grid
        if state.watching and engine.ready and not grid.complete and not seen:
            self.screen.ask("watch", lambda stop: engine.watch(grid, stop), self._watched)

    def _watched(self, watched: Watched) -> None:
        if watched.grid == self.position.grid:
            last = len(watched.probabilities) - 1
            self.screen.update(watched=watched, shown_pass=last)

    def do_confidence(self) -> None:
        heat = not self.state.heat
        self.screen.update(heat=heat, notice="", kind="")
        if not heat:
            self.tell("The heat map is off.")
        elif self.position.grid.complete:
            self.screen.update(heat=False)
            self.tell("No heat map: no cell is blank.")
        elif self.policy_is_there(lambda: None):
            self.tell("Heat map: what the policy would enter, and how sure it is.")

    # ---- passes ---------------------------------------------------------------------------

    def do_pass_by(self, by: int) -> None:
        self.show_pass(self.state.shown_pass + by)

    def do_pass_to(self, place: int) -> None:
        self.show_pass(0 if place == 0 else 10**6)

    def show_pass(self, shown: int) -> None:
        """Show a pass, counted from 0; the last where there are fewer."""
        course = self.state.course
        if course is None:
            why = "every cell is filled" if self.position.grid.complete else "the policy is at work"
            self.tell(f"No passes to show: {why}.")
        else:
            self.screen.update(shown_pass=max(0, min(shown, len(course) - 1)))

    def do_settle(self) -> None:
        self.show_pass(0)
        if self.state.course is None:
            return
        heat = self.state.heat
        self.screen.update(heat=True)
        self.tell("The grid, pass by pass; any key stops.")
        self._settling = self.screen.set_interval(PASS_SECONDS, lambda: self._settle_on(heat))

    def _settle_on(self, heat: bool) -> None:
        course = self.state.course
        if course is None or self.state.shown_pass >= len(course) - 1:
            self.stop()
            self.screen.update(heat=heat, notice="", kind="")
        else:
            self.show_pass(self.state.shown_pass + 1 + len(course) // PASSES_SHOWN)

    def stop(self) -> bool:
        settling, self._settling = self._settling, None
        if settling is not None:
            settling.stop()
        return settling is not None
