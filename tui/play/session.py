"""The game around the puzzle: the clock, pausing, the end, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.engine import solution_of
from tui.game import statistics, storage
from tui.play.controller import Controller

if TYPE_CHECKING:
    from tui.play.screen import PlayScreen

LONGEST_TICK: Final = 5.0
"""Seconds; more than these between two ticks, the machine slept, and they don't count."""


class Session(Controller):
    """The clock of a game, and what happens when it is solved."""

    def __init__(self, screen: PlayScreen) -> None:
        super().__init__(screen)
        self._last: float | None = None

    def begin(self) -> None:
        """Start the clock."""
        self.screen.set_interval(1, self.tick)

    def tick(self) -> None:
        """Count the time since the last tick, where the board is in sight and unsolved."""
        now, last = self.app.clock(), self._last
        self._last = now
        counts = self.screen.is_current and not self.state.paused
        if last is None or not counts or self.position.grid.solved:
            return
        self.game.seconds += min(now - last, LONGEST_TICK)
        if int(self.game.seconds) != self.state.seconds:
            self.screen.update(seconds=int(self.game.seconds))

    def do_pause(self) -> None:
        self.screen.update(paused=True, notice="", kind="")
        self.screen.keep()

    def resume(self) -> bool:
        """Go on after a pause; whether there was one."""
        paused = self.state.paused
        if paused:
            self._last = None
            self.screen.update(paused=False, notice="Go on.", kind="")
        return paused

    def do_cancel(self) -> None:
        busy = self.screen.cancel("solve", "check", "hint", "generate", "open", "trace")
        self.screen.policy.then = None
        hint = self.state.hint is not None
        notice = "Stopped." if busy else "" if hint or not self.screen.stopped else "Paused."
        self.screen.update(hint=None, notice=notice, kind="")

    async def do_leave(self) -> None:
        await self.app.action_quit()

    def look_up_solution(self) -> None:
        """Have the solution ready where mistakes are told by it."""
        if self.settings.mistakes == "solution" and self.state.solution is None:
            givens = self.position.givens
            self.screen.ask(
                "solution",
                lambda stop: solution_of(givens, stop),
                lambda solution: self.screen.update(solution=solution),
            )

    def fill_marks_if_wanted(self) -> None:
        """Mark all candidates of the puzzle just opened, where the settings say so."""
        if self.settings.fill_marks:
            self.game.fill_marks()

    def position_changed(self) -> None:
        """Count a puzzle that the player has just solved, and show how it went."""
        game = self.game
        if game.counted or not game.position.grid.solved or not game.own:
            return
        game.counted = True
        try:
            statistics.add(game)
        except storage.StorageError as error:
            self.app.warn_of_storage(error)
        self.screen.keep()
        from tui.screens.statistics import SolvedScreen

        self.app.push_screen(SolvedScreen(game), self._after)

    def _after(self, choice: str | None) -> None:
        if choice == "next":
            self.screen.files.do_next_puzzle()
        elif choice == "library":
            self.screen.files.do_library()
