"""What the policy does on the board: steps, playing them, hints, confidence pass by pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from textual import on
from textual.timer import Timer

from solver.board.grid import Grid, cell_name
from solver.logic.hint import GRADES, Hint
from solver.logic.steps import Step
from solver.solving.solution import Solution, Status
from tui.engine import Watched
from tui.game import Game, Trace
from tui.hints import Told
from tui.screens.base import GameScreen
from tui.screens.dialogs import AskText
from tui.settings import SPEEDS
from tui.widgets.slider import PassSlider
from tui.widgets.steps import StepList

PASS_SECONDS = 0.06
"""How long a pass stays when the grid is watched settling."""
PASSES_SHOWN = 64
"""About so many passes are shown then; of more, some are left out."""
NO_STEPS = {
    Status.NO_SOLUTION: "No solution from here; x says why.",
    Status.INVALID: "No steps: the board contradicts itself; x says where.",
}


class PolicyPlay(GameScreen):
    """The actions of the groups Policy and Confidence."""

    def __init__(self, game: Game) -> None:
        super().__init__(game)
        self._playing: Timer | None = None
        self._settling: Timer | None = None
        self._then: list[Callable[[], None]] = []
        self._hints_wanted = 0

    # ---- steps ----------------------------------------------------------------------------

    def _can_step(self) -> bool:
        """Whether steps from here are known or can be found; if not, it is said why."""
        if self.position.trace is not None:
            return True
        if not self.sudoku.engine.ready:
            self.tell(self.sudoku.engine.why_not, "wrong")
        elif self.position.grid.complete:
            self.tell("No step is left: every cell is filled.")
        else:
            return True
        return False

    def _with_trace(self, then: Callable[[], None]) -> bool:
        """Whether steps from here are known; if not, they are found, and `then` is called."""
        if not self._can_step():
            return False
        if self.position.trace is not None:
            return True
        if self.is_asking("solve"):
            self._then.append(then)
        else:
            self._then = [then]
            grid, engine = self.position.grid, self.sudoku.engine

            def found(solution: Solution) -> None:
                self._traced(grid, solution)

            self.ask("solve", lambda stop: engine.solve(grid, stop), found, busy="solving")
        return False

    def _traced(self, grid: Grid, solution: Solution) -> None:
        if grid != self.position.grid:
            return
        if not solution.steps:
            self.tell(NO_STEPS.get(solution.status, "No step from here."), "wrong")
            return
        self.game.amend(self.position.follow(Trace(grid, solution)))
        self.tell(_how(solution), "" if solution.status is Status.SOLVED else "wrong")
        for then in self._then:
            then()

    def action_next_step(self) -> None:
        if self._with_trace(self.action_next_step) and not self._at_the_end():
            self._jump(self.position.step + 1)

    def action_previous_step(self) -> None:
        if self.position.trace is not None and self.position.step:
            self._jump(self.position.step - 1)
        else:
            self.tell("No step to take back here; u takes back any change.")

    def _at_the_end(self) -> bool:
        """Whether no step is left to play; if so, this is said."""
        trace = self.position.trace
        at_the_end = trace is not None and self.position.step >= len(trace.steps)
        if at_the_end:
            self.tell("That was the last step; b goes back, g jumps.")
        return at_the_end

    def action_solve(self) -> None:
        if self._with_trace(self.action_solve):
            assert self.position.trace is not None
            self._jump(len(self.position.trace.steps))

    def action_jump(self) -> None:
        if not self._can_step():
            return
        trace = self.position.trace
        # asked at once: a dialog that came when the steps are found would take keys meant for
        # the board
        hint = f"A number from 0 to {len(trace.steps)}." if trace else "A number; 0 is the start."
        dialog = AskText("Jump to step", hint, str(self.position.step))
        self.app.push_screen(dialog, self._jump_to)

    def _jump_to(self, answer: str | None) -> None:
        if answer is None or not self._with_trace(partial(self._jump_to, answer)):
            return
        assert self.position.trace is not None
        last = len(self.position.trace.steps)
        if answer.isdecimal() and int(answer) <= last:
            self._jump(int(answer))
        else:
            self.tell(f"{answer!r} is no step; steps go from 0 to {last}.", "wrong")

    @on(StepList.Chosen)
    def _step_chosen(self, event: StepList.Chosen) -> None:
        self._jump(event.step)

    def _jump(self, step: int) -> None:
        position = self.position
        assert position.trace is not None
        steps = position.trace.steps
        step = max(0, min(step, len(steps)))
        if step == position.step:
            return
        if step:
            self.board.cursor = steps[step - 1].cell
        later = position.at_step(step)
        if later.grid.solved:
            self.go(later, f"Solved: {_how(position.trace.solution)}", "good")
        else:
            self.go(later, told(steps[step - 1], step) if step else "")

    # ---- playing --------------------------------------------------------------------------

    def action_play(self) -> None:
        if self._playing is not None:
            self.stop_playing()
            self.tell("Paused.")
        elif self._with_trace(self.action_play) and not self._at_the_end():
            self._start_playing()

    def _start_playing(self) -> None:
        self.stop_playing()
        self._playing = self.set_interval(1 / self.sudoku.settings.speed, self._play_on)
        self.tell("Playing; enter pauses.")
        self._play_on()

    def _play_on(self) -> None:
        trace = self.position.trace
        if trace is not None:
            self._jump(self.position.step + 1)
        if trace is None or self.position.step >= len(trace.steps):
            self.stop_playing()

    def stop_playing(self) -> bool:
        """Pause; whether it was playing."""
        playing, self._playing = self._playing, None
        if playing is not None:
            playing.stop()
        return playing is not None

    def action_speed(self, by: int) -> None:
        settings = self.sudoku.settings
        place = max(0, min(SPEEDS.index(settings.speed) + by, len(SPEEDS) - 1))
        self.sudoku.change_settings(replace(settings, speed=SPEEDS[place]))
        if self._playing is not None:
            self._start_playing()
        self.tell(f"{SPEEDS[place]:g} steps a second.")

    def action_cancel(self) -> None:
        stopped = self.stop_playing() | self.stop_settling()
        if self.cancel("solve", "check", "hint", "generate", "open"):
            self.tell("Stopped.")
        elif stopped:
            self.tell("Paused.")
        else:
            self.hint = None
            self.notice = ("", "")
            self.show_board()
            self.show_status()

    # ---- hints ----------------------------------------------------------------------------

    def action_hint(self) -> None:
        engine, position = self.sudoku.engine, self.position
        self._hints_wanted += 1
        if self.hint is not None:
            self._give(self.hint.more())
        elif self.is_asking("hint"):
            return
        elif not engine.ready:
            self.tell(engine.why_not, "wrong")
        else:

            def found(hint: Hint) -> None:
                if position.grid == self.position.grid:
                    self._give(Told(hint, min(GRADES, self._hints_wanted)))

            self._hints_wanted = 1
            givens, grid = position.givens, position.grid
            self.ask("hint", lambda stop: engine.hint(givens, grid, stop), found, busy="thinking")

    def _give(self, hint: Told) -> None:
        if hint.grade > 1:
            self.board.cursor = hint.cells[0]
        self.hint = hint
        self.show_board()
        self.show_status()

    # ---- confidence -----------------------------------------------------------------------

    def position_changed(self) -> None:
        self.cancel("solve", "hint", "check")  # asked of a board that is no more
        self.stop_settling()
        self.watch_policy()

    def watch_policy(self) -> None:
        """Have the policy look at the board; its answer is shown when it comes."""
        grid, engine = self.position.grid, self.sudoku.engine
        if not engine.ready or grid.complete or self.course_of == grid:
            return
        self.ask("watch", lambda stop: engine.watch(grid, stop), self._watched)

    def _watched(self, watched: Watched) -> None:
        if watched.grid != self.position.grid:
            return
        self.course, self.course_of = watched.probabilities, watched.grid
        self.shown_pass = len(watched.probabilities) - 1
        self.show_board()
        self.show_cell()

    def action_confidence(self) -> None:
        self.heat = not self.heat
        self.show_board()
        if self.heat and not self.sudoku.engine.ready:
            self.tell(self.sudoku.engine.why_not, "wrong")
        else:
            self.tell("Heat map: what the policy would enter, and how sure it is." * self.heat)

    def action_pass_by(self, by: int) -> None:
        self.stop_settling()
        self._show_pass(self.shown_pass + by)

    def action_pass_to(self, place: int) -> None:
        self.stop_settling()
        self._show_pass(0 if place == 0 else 10**6)

    @on(PassSlider.Slid)
    def _slid(self, event: PassSlider.Slid) -> None:
        self.stop_settling()
        self._show_pass(event.shown)

    def _show_pass(self, shown: int) -> None:
        if self.now is None or self.course is None:
            return
        self.shown_pass = max(0, min(shown, len(self.course) - 1))
        self.show_board()
        self.show_cell()

    def action_settle(self) -> None:
        if self.stop_settling() or self.now is None:
            return
        self.heat = True
        self._show_pass(0)
        self._settling = self.set_interval(PASS_SECONDS, self._settle_on)
        self.tell("The grid as the passes go on; esc stops.")

    def _settle_on(self) -> None:
        if self.course is None or self.shown_pass >= len(self.course) - 1:
            self.stop_settling()
            self.tell("")
        else:
            self._show_pass(self.shown_pass + 1 + len(self.course) // PASSES_SHOWN)

    def stop_settling(self) -> bool:
        """Stop running through the passes; whether it ran."""
        settling, self._settling = self._settling, None
        if settling is not None:
            settling.stop()
        return settling is not None


def told(step: Step, number: int) -> str:
    """A step in words: cell, digit, confidence, why, and what else the policy thought of."""
    other = ""
    if step.runner_up is not None and step.runner_up[1] >= 0.01:
        other = f" (next: {step.runner_up[0]}, {step.runner_up[1]:.0%})"
    place = f"Step {number}: {cell_name(step.cell)} = {step.digit}"
    return f"{place}, {step.confidence:.0%}{other}. Why: {step.reason}."


def _how(solution: Solution) -> str:
    """How an answer was reached, in one line."""
    if solution.status is Status.NO_SOLUTION:
        return "No solution from here: these steps show where the policy's own attempt breaks."
    if solution.status is Status.SEVERAL:
        return "This has several solutions; these steps lead to one of them."
    by = "the policy alone" if solution.method == "policy" else "search led by the policy"
    return f"{len(solution.steps)} steps, found by {by} in {solution.seconds * 1000:.0f} ms."
