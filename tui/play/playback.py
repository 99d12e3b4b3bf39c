"""The policy's steps: found, played, walked through, jumped to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from textual.timer import Timer

from solver.board.grid import Grid, cell_name
from solver.board.words import plural
from solver.logic.steps import Step
from solver.solving.solution import Solution, Status
from tui.actions import keys_of
from tui.game import storage
from tui.game.position import Trace
from tui.play.controller import Controller
from tui.screens.dialogs import AskText
from tui.settings import SPEEDS

if TYPE_CHECKING:
    from tui.play.screen import PlayScreen

NO_STEPS: Final = {
    Status.NO_SOLUTION: "No solution from here; x says why.",
    Status.INVALID: "No steps: the board contradicts itself; x says where.",
}


class Playback(Controller):
    """The actions that walk through the steps."""

    def __init__(self, screen: PlayScreen) -> None:
        super().__init__(screen)
        self._timer: Timer | None = None
        self._then: list[Callable[[], None]] = []

    # ---- finding them ---------------------------------------------------------------------

    def _can_step(self, then: Callable[[], object]) -> bool:
        """Whether steps from here are known or can be found; if not, it is said why."""
        if self.position.trace is not None:
            return True
        if self.position.grid.complete:
            self.tell("No step is left: every cell is filled.")
            return False
        return self.policy_is_there(then)

    def with_trace(self, then: Callable[[], None]) -> bool:
        """Whether steps from here are known; if not, they are found, and `then` is called."""
        if not self._can_step(then):
            return False
        if self.position.trace is not None:
            return True
        if self.screen.is_asking("solve"):
            self._then.append(then)
        else:
            self._then = [then]
            grid, engine, unique = self.position.grid, self.engine, self.settings.uniqueness
            self.screen.ask(
                "solve", lambda stop: engine.solve(grid, stop, unique), partial(self._traced, grid),
                busy="solving",
            )  # fmt: skip
        return False

    def _traced(self, grid: Grid, solution: Solution) -> None:
        if grid != self.position.grid:
            return
        if not solution.steps:
            self.tell(NO_STEPS.get(solution.status, "No step from here."), "wrong")
            return
        self.game.amend(self.position.follow(Trace(grid, solution)))
        self.screen.update(position=self.position)
        self.tell(how(solution), "" if solution.status is Status.SOLVED else "wrong")
        for then in self._then:
            then()

    def resume_trace(self) -> None:
        """Follow again the steps that were followed when the game was left."""
        followed = storage.followed(self.position.givens)
        if followed is None or self.position.trace is not None or not self.engine.ready:
            return
        start, step, rubbed = followed
        engine, position, unique = self.engine, self.position, self.settings.uniqueness

        def found(solution: Solution) -> None:
            trace = Trace(start, solution)
            grid = start
            for each in trace.steps[:step]:
                grid = grid.place(each.cell, each.digit)
            if self.position == position and grid == position.grid and step <= len(trace.steps):
                self.game.amend(replace(position, trace=trace, step=step, rubbed=rubbed[:step]))
                self.screen.update(position=self.position)

        self.screen.ask("trace", lambda stop: engine.solve(start, stop, unique), found)

    # ---- walking --------------------------------------------------------------------------

    def do_next_step(self) -> None:
        if self.with_trace(self.do_next_step) and not self._at_the_end():
            self.jump(self.position.step + 1)

    def do_previous_step(self) -> None:
        if self.position.trace is not None and self.position.step:
            self.jump(self.position.step - 1)
        else:
            self.tell("No step to take back here; u takes back any change.")

    def _at_the_end(self) -> bool:
        """Whether no step is left to play; if so, this is said."""
        trace = self.position.trace
        at_the_end = trace is not None and self.position.step >= len(trace.steps)
        if at_the_end:
            self.tell("That was the last step; b goes back, g jumps.")
        return at_the_end

    def do_solve(self) -> None:
        if self.with_trace(self.do_solve):
            assert self.position.trace is not None
            self.jump(len(self.position.trace.steps))

    def do_jump(self) -> None:
        if not self._can_step(self.do_jump):
            return
        trace = self.position.trace
        # asked at once: a dialog that came when the steps are found would take keys meant for
        # the board
        hint = f"A number from 0 to {len(trace.steps)}." if trace else "A number; 0 is the start."
        dialog = AskText("Jump to step", hint, str(self.position.step))
        self.app.push_screen(dialog, self._jump_to)

    def _jump_to(self, answer: str | None) -> None:
        if answer is None or not self.with_trace(partial(self._jump_to, answer)):
            return
        assert self.position.trace is not None
        last = len(self.position.trace.steps)
        if answer.isdecimal() and int(answer) <= last:
            self.jump(int(answer))
        else:
            self.tell(f"{answer!r} is no step; steps go from 0 to {last}.", "wrong")

    def jump(self, step: int) -> None:
        """Play the steps as far as `step`, or back to it."""
        position = self.position
        assert position.trace is not None
        steps = position.trace.steps
        step = max(0, min(step, len(steps)))
        if step == position.step:
            return
        cursor = steps[step - 1].cell if step else None
        later = position.at_step(step)
        if later.grid.solved:
            notice, kind = f"Solved: {how(position.trace.solution)}", "good"
        else:
            notice, kind = told(steps[step - 1], step) if step else "", ""
        self.screen.go(later, notice, kind, cursor=cursor)

    # ---- playing --------------------------------------------------------------------------

    def do_play(self) -> None:
        if self.with_trace(self.do_play) and not self._at_the_end():
            self._start()

    def do_pause_steps(self) -> None:
        self.stop()
        self.tell("Paused.")

    def _start(self) -> None:
        self.stop()
        self._timer = self.screen.set_interval(1 / self.settings.speed, self._play_on)
        self.screen.update(playing=True)
        self._play_on()

    def _play_on(self) -> None:
        trace = self.position.trace
        if trace is not None:
            self.jump(self.position.step + 1)
        if trace is None or self.position.step >= len(trace.steps):
            self.stop()

    def stop(self) -> bool:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.stop()
            self.screen.update(playing=False)
        return timer is not None

    def do_speed(self, by: int) -> None:
        place = max(0, min(SPEEDS.index(self.settings.speed) + by, len(SPEEDS) - 1))
        self.app.change_settings(replace(self.settings, speed=SPEEDS[place]))
        if self._timer is not None:
            self._start()
        self.tell(f"{SPEEDS[place]:g} steps a second.")


def told(step: Step, number: int) -> str:
    """A step in words: cell, digit, confidence, why, and what else the policy thought of."""
    other = ""
    if step.runner_up is not None and step.runner_up[1] >= 0.01:
        other = f" (next: {step.runner_up[0]}, {step.runner_up[1]:.0%})"
    place = f"Step {number}: {cell_name(step.cell)} = {step.digit}"
    return f"{place}, {step.confidence:.0%}{other}. Why: {step.reason}."


def how(solution: Solution) -> str:
    """How an answer was reached, in one line."""
    if solution.status is Status.NO_SOLUTION:
        return "No solution from here: these steps show where the policy's own attempt breaks."
    if solution.status is Status.SEVERAL:
        return "This has several solutions; these steps lead to one of them."
    by = "the policy alone" if solution.method == "policy" else "search led by the policy"
    back = keys_of("previous_step")
    steps, ms = plural(len(solution.steps), "step"), solution.seconds * 1000
    return f"{steps}, found by {by} in {ms:.0f} ms. {back} goes back."
