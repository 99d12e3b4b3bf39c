"""Editing the board: moving, entering, marking, undoing, checking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from solver.board.grid import Grid, cell_name
from solver.board.words import plural
from tui.engine import Verdict, check, solution_of
from tui.game.position import Position, change
from tui.play.controller import Controller


class Editing(Controller):
    """The actions of the groups Move and Enter, and the checks."""

    def do_move(self, rows: int, columns: int) -> None:
        row, column = divmod(self.state.cursor, 9)
        cell = (row + rows) % 9 * 9 + (column + columns) % 9
        self.screen.update(cursor=cell, notice="", kind="")

    def do_move_to(self, row: int | None, column: int) -> None:
        row = self.state.cursor // 9 if row is None else row
        self.screen.update(cursor=row * 9 + column, notice="", kind="")

    def do_read_on(self, by: int) -> None:
        self.screen.read_on(by)

    # ---- entries and marks ----------------------------------------------------------------

    def do_digit(self, digit: int) -> None:
        if self.state.pencil:
            self.do_mark(digit)
            return
        cell, position = self.state.cursor, self.position
        if position.grid[cell] != digit:
            self.screen.go(self._entered(cell, digit))

    def _entered(self, cell: int, digit: int) -> Position:
        """The digit entered; a step that foresaw it counts as played."""
        position = self.position
        entered = position.enter(cell, digit, rub=self.settings.rub_marks)
        if position.trace is not None and position.step < len(position.trace.steps):
            due = position.trace.steps[position.step]
            if (due.cell, due.digit) == (cell, digit):
                return entered.made_by_hand(position)
        return entered

    def do_mark(self, digit: int) -> None:
        if self.state.heated is not None:
            self.screen.update(heat=False)  # marks can't be seen under the heat map
        cell, automatic = self.state.cursor, self.state.automatic
        self.screen.go(self.position.mark(cell, digit, automatic=automatic))

    def do_clear(self) -> None:
        self.screen.go(self.position.clear(self.state.cursor))

    def do_pencil(self) -> None:
        pencil = not self.state.pencil
        notice = "Pencil mode: digits become marks." if pencil else "Digits are entered."
        self.screen.update(pencil=pencil, notice=notice, kind="")

    def do_fill_marks(self) -> None:
        before = self.position
        filled = before.fill_marks()
        count = sum(a != b for a, b in zip(before.marks, filled.marks, strict=True))
        kept = any(before.marks)
        said = f"Candidates marked in {plural(count, 'cell')}{'; your marks stay' if kept else ''}."
        self.screen.go(filled, said if count else "Every blank cell has marks; ^e clears them.")

    def do_auto_marks(self) -> None:
        on = not self.settings.auto_marks
        self.app.change_settings(replace(self.settings, auto_marks=on))
        said = "Automatic marks: all candidates but those you rub out." if on else "Your own marks."
        self.tell(said)

    def do_clear_marks(self) -> None:
        self.screen.go(self.position.clear_marks(), "No marks left.")

    def do_restart(self) -> None:
        self.screen.go(self.position.restart(), "The givens alone; u brings the rest back.")

    # ---- back and forth -------------------------------------------------------------------

    def do_undo(self) -> None:
        self._through_time(self.game.undo, "Undone", "Nothing to undo.")

    def do_redo(self) -> None:
        self._through_time(self.game.redo, "Redone", "Nothing to redo.")

    def _through_time(self, move: object, done: str, none: str) -> None:
        before = self.position
        assert callable(move)
        if not move():
            self.tell(none)
            return
        cell, what = change(before, self.position)
        self.screen.moved(f"{done}: {what}." if what else f"{done}.", cursor=cell)

    def do_checkpoint(self) -> None:
        self.game.set_checkpoint()
        self.screen.keep()
        self.tell(f"Checkpoint {len(self.game.checkpoints)} set; , comes back to it.")

    def do_to_checkpoint(self) -> None:
        position = self.game.last_checkpoint()
        if position is None:
            self.tell("No other checkpoint; . sets one.")
            return
        cell, _ = change(self.position, position)
        number = len(self.game.checkpoints)
        self.screen.go(position, f"Back at checkpoint {number}; u undoes that.", cursor=cell)

    # ---- checks ---------------------------------------------------------------------------

    def do_check(self) -> None:
        grid, givens = self.position.grid, self.position.givens
        self.game.checks += 1
        self.screen.ask(
            "check", lambda stop: check(grid, givens, stop), self._checked, busy="checking"
        )

    def _checked(self, verdict: Verdict) -> None:
        self.screen.update(checks=self.game.checks)
        text, kind = verdict_text(verdict, self.position)
        more = " X goes back to the last right position." if verdict.mistakes else ""
        self.tell(text + more, kind)

    def do_last_right(self) -> None:
        givens = self.position.givens
        self.screen.ask(
            "check", lambda stop: solution_of(givens, stop), self._back_to_right, busy="looking"
        )

    def _back_to_right(self, solution: Grid | None) -> None:
        if solution is None:
            self.tell("The puzzle has no single solution to tell right from wrong by.", "wrong")
            return
        position = self.game.last_right(solution)
        if position is None or position == self.position:
            self.tell("Every digit here is right.", "good")
            return
        cell, _ = change(self.position, position)
        self.screen.go(position, "Back at the last right position; u undoes that.", cursor=cell)


def named(cells: Sequence[int], most: int = 6) -> str:
    """The names of cells, and how many more there are than are named."""
    more = f" and {len(cells) - most} more" if len(cells) > most else ""
    return ", ".join(cell_name(cell) for cell in cells[:most]) + more


def verdict_text(verdict: Verdict, position: Position) -> tuple[str, str]:
    """What a check found, in one line, and whether it is good news."""
    if verdict.violations:
        count = len(verdict.violations) - 1
        more = f", and {count} more" if count else ""
        return f"Contradiction: {verdict.violations[0]}{more}", "wrong"
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
