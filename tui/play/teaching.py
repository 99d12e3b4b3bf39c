"""Hints: asked for, told grade by grade, drawn, written, applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.logic.hint import Hint
from tui.game.hints import LAST_TOLD, Told, lesson
from tui.game.position import Position
from tui.play.controller import Controller

if TYPE_CHECKING:
    from tui.play.screen import PlayScreen


class Teaching(Controller):
    """The actions that give a hint and use it."""

    def __init__(self, screen: PlayScreen) -> None:
        super().__init__(screen)
        self._wanted = 0
        """How often a hint was asked for while it was being found."""

    def do_hint(self) -> None:
        told = self.state.hint
        if told is not None:
            if self.screen.read_on():
                return
            if told.all_told:
                self._write(told)
            else:
                self._tell(told.more())
            return
        asked = self.screen.is_asking("hint")
        self._wanted = self._wanted + 1 if asked or self.screen.policy.then else 1
        if not asked and self.policy_is_there(self._ask):
            self._ask()

    def _ask(self) -> None:
        engine, position, unique = self.engine, self.position, self.settings.uniqueness
        self.game.hints += 1
        self.screen.ask(
            "hint",
            lambda stop: engine.hint(position, stop, unique),
            lambda hint: self._found(position, hint),
            busy="thinking",
        )

    def _found(self, position: Position, hint: Hint) -> None:
        if position == self.position:
            self._tell(Told(lesson(hint), max(1, min(LAST_TOLD, self._wanted))))

    def _tell(self, told: Told) -> None:
        self.screen.update(hint=told, hints=self.game.hints, heat=False, notice="", kind="")

    def _write(self, told: Told) -> None:
        """Do what the hint says: write its digit, or take the wrong ones away."""
        position = self.position
        if told.lesson.target is not None:
            cell, digit = told.lesson.target
            position = position.enter(cell, digit, rub=self.settings.rub_marks)
            self.screen.go(position, "Written as the hint said; u takes it back.", cursor=cell)
            return
        position, cells = told.lesson.corrected(position)
        self.screen.go(position, "Corrected as the hint said; u takes it back.", cursor=cells[0])

    def do_apply(self) -> None:
        told = self.state.hint
        if told is None:
            self.tell("a applies a hint; t gives one.")
        elif not told.lesson.removals:
            self.tell("This hint rules out no marks; t tells more.")
        else:
            removals = sorted(told.lesson.removals)
            count = len(removals)
            where = f"{count} {'mark' if count == 1 else 'marks'}"
            self.screen.go(self.position.strike(removals), f"Ruled out by the hint: {where}.")
