"""The list of steps: number, cell, digit, confidence, why; those played, and those to come."""

from __future__ import annotations

from rich.text import Text
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from solver.board.grid import cell_name
from solver.logic.steps import Step
from tui.actions import keys_of
from tui.game.position import Position, Trace


class StepList(OptionList):
    """The steps of a trace; choosing one jumps there."""

    class Chosen(Message):
        """Play up to and with this step, counted from 1."""

        def __init__(self, step: int) -> None:
            self.step = step
            super().__init__()

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, compact=True)
        self._trace: Trace | None = None
        self._step = -1
        self._shown = False
        self.can_focus = False

    def on_mount(self) -> None:
        self.watch(self.screen, "state", lambda state: self.show(state.position))

    def show(self, position: Position) -> None:
        """Show the trace of a position, and how far it has been played."""
        trace, step = position.trace, position.step
        if trace is not self._trace or not self._shown:
            self._trace, self._shown = trace, True
            steps = trace.steps if trace else ()
            options = [Option(_prompt(i, s, step)) for i, s in enumerate(steps, 1)]
            self.set_options(options or _invitation())
            self.can_focus = bool(options)
        elif step != self._step:
            low, high = sorted((max(self._step, 0), step))
            for number in {*range(low + 1, high + 1), self._step, step} - {0}:
                self._renew(number, step)
        if trace and step and step != self._step:
            self.highlighted = step - 1
        self._step = step

    def _renew(self, number: int, step: int) -> None:
        steps = self._trace.steps if self._trace else ()
        if 1 <= number <= len(steps):
            prompt = _prompt(number, steps[number - 1], step)
            self.replace_option_prompt_at_index(number - 1, prompt)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Chosen(event.option_index + 1))


def _prompt(number: int, step: Step, played: int) -> Text:
    sign = "▸" if number == played else " "
    flag = "! " if step.violations else ""
    place = f"{sign}{number:>2} {cell_name(step.cell)}={step.digit} {step.confidence:>4.0%} "
    why = str(step.reason).replace(" in ", ", ", 1)
    return Text(place + flag + why, style="" if number <= played else "dim")


def _invitation() -> list[Option]:
    lines = (("next_step", "one step"), ("play", "play them, pause"), ("solve", "all at once"))
    return [Option(f"  {keys_of(name)}  {text}", disabled=True) for name, text in lines]
