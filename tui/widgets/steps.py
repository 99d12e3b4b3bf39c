"""The list of steps: number, cell, digit, confidence, why; those played, and those to come."""

from __future__ import annotations

from rich.text import Text
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from solver.board.grid import cell_name
from solver.logic.steps import Step
from tui.game import Trace


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

    def on_mount(self) -> None:
        self.set_options(_invitation())

    def show(self, trace: Trace | None, step: int) -> None:
        """Show a trace that has been played as far as `step`."""
        if trace is not self._trace:
            self._trace = trace
            steps = trace.steps if trace else ()
            options = [Option(_prompt(i, s, step)) for i, s in enumerate(steps, 1)]
            self.set_options(options or _invitation())
        elif step != self._step:
            low, high = sorted((max(self._step, 0), step))
            for number in {*range(low + 1, high + 1), self._step, step} - {0}:
                self._renew(number, step)
        self._step = step
        if trace and step:
            self.highlighted = step - 1

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
    lines = ("n  one step", "⏎  play the steps, pause", "s  solve at once", "t  a hint, in grades")
    return [Option(f"  {line}", disabled=True) for line in lines]
