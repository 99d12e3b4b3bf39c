"""What a hand does on the board: move, enter, clear, mark, undo, check."""

from __future__ import annotations

from textual import on

from tui.engine import Verdict, check
from tui.game import Position
from tui.screens.base import GameScreen
from tui.widgets.board import Board
from tui.words import named


class Editing(GameScreen):
    """The actions of the groups Move and Enter, and the check."""

    def action_move(self, rows: int, columns: int) -> None:
        self.board.move(rows, columns)
        self.tell("")

    @on(Board.Pointed)
    def _pointed(self) -> None:
        self.tell("")

    @on(Board.Moved)
    def _cursor_moved(self) -> None:
        self.show_board()
        self.show_cell()

    def action_digit(self, digit: int) -> None:
        cell, position = self.board.cursor, self.position
        try:
            if self.pencil:
                self.go(position.mark(cell, digit))
            elif position.grid[cell] != digit:
                self.go(self._entered(cell, digit))
        except ValueError as error:
            self.tell(str(error), "wrong")

    def _entered(self, cell: int, digit: int) -> Position:
        """The digit entered; a step that foresaw it counts as played."""
        position = self.position
        entered = position.enter(cell, digit, rub=self.sudoku.settings.rub_marks)
        if position.trace is not None and position.step < len(position.trace.steps):
            due = position.trace.steps[position.step]
            if (due.cell, due.digit) == (cell, digit):
                return entered.at_same_trace(position.trace, position.step + 1)
        return entered

    def action_clear(self) -> None:
        try:
            self.go(self.position.clear(self.board.cursor))
        except ValueError as error:
            self.tell(str(error), "wrong")

    def action_pencil(self) -> None:
        self.pencil = not self.pencil
        self.show_title()
        self.tell("Pencil mode: digits become marks." if self.pencil else "Digits are entered.")

    def action_fill_marks(self) -> None:
        self.go(self.position.fill_marks(), "All candidates marked.")

    def action_clear_marks(self) -> None:
        self.go(self.position.clear_marks(), "No marks left.")

    def action_restart(self) -> None:
        self.go(self.position.restart(), "The givens alone; u brings the rest back.")

    def action_undo(self) -> None:
        if self.game.undo():
            self.moved("Taken back.")
        else:
            self.tell("Nothing to take back.")

    def action_redo(self) -> None:
        if self.game.redo():
            self.moved("Made again.")
        else:
            self.tell("Nothing to make again.")

    def action_check(self) -> None:
        grid, givens = self.position.grid, self.position.givens
        self.ask("check", lambda _: check(grid, givens), self._checked, busy="checking")

    def _checked(self, verdict: Verdict) -> None:
        self.tell(*verdict_text(verdict, self.position))


def verdict_text(verdict: Verdict, position: Position) -> tuple[str, str]:
    """What a check found, in one line, and whether it is good news."""
    if verdict.violations:
        more = len(verdict.violations) - 1
        return f"Contradiction: {verdict.violations[0]}" + (
            f", and {more} more" * (more > 0)
        ), "wrong"
    if verdict.solutions == 1:
        return "Solved, and right." if position.grid.complete else "One solution from here.", "good"
    if verdict.solutions > 1:
        return f"Several solutions: two of them differ at {named(verdict.differ, 4)}.", "wrong"
    if verdict.mistakes:
        wrong = named(verdict.mistakes)
        return f"No solution from here; not what the puzzle's solution has: {wrong}.", "wrong"
    given = all(position.givens[cell] for cell in verdict.clash)
    who = "these givens" if given else "these entries"
    return f"No solution: {who} can't all stand: {named(verdict.clash)}.", "wrong"
