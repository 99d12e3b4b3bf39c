"""The board's screen, whole: files, the library, the model, and what happens at the start."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.binding import BindingType

from solver.formats import FormatError, read_text, to_text
from tui import actions, storage
from tui.engine import Engine
from tui.game import Game
from tui.opening import first_of, game_of, open_file, opened, read_some
from tui.screens.dialogs import AskText, Choose
from tui.screens.editing import Editing
from tui.screens.policy import PolicyPlay
from tui.settings import absolute
from tui.widgets.board import Board


class PlayScreen(Editing, PolicyPlay):
    """The screen that the program begins with and comes back to."""

    ACTIONS = "play"
    BINDINGS: ClassVar[list[BindingType]] = actions.bindings("play")

    def __init__(self, game: Game, note: str = "") -> None:
        super().__init__(game)
        self._note = note

    def on_mount(self) -> None:
        self.heat = self.sudoku.settings.confidence
        first = self.position.grid.cells.index(0) if not self.position.grid.complete else 0
        self.board.set_reactive(Board.cursor, first)
        self._fill_marks_if_wanted()
        self.show()
        self.tell(*self.with_violations(self._note))
        self.load_policy(self.sudoku.first_model)

    # ---- the policy in use ----------------------------------------------------------------

    def load_policy(self, path: str, *, keep: bool = False) -> None:
        """Load a policy in a thread; until it is there, everything else works.

        With `keep`, it is the one to begin with from now on, if it is usable.
        """
        engine = self.sudoku.engine
        use = partial(self.use_from_now_on, path) if keep else self.use
        self.ask("load", lambda _: engine.load(path), use, failed=self._unusable)

    def use_from_now_on(self, path: str, engine: Engine) -> None:
        """Play with the policy in `path` now, and begin with it from now on."""
        self.use(engine)
        self.sudoku.change_settings(replace(self.sudoku.settings, model=absolute(path)))
        self.tell("This policy plays from now on.", "good")

    def use(self, engine: Engine) -> None:
        """Play with this policy from now on."""
        self.cancel("watch", "solve", "hint")
        self.sudoku.engine = engine
        self.course = self.course_of = None
        self.show()
        self.watch_policy()

    def _unusable(self, error: str) -> None:
        engine = self.sudoku.engine
        if engine.ready:
            self.tell(f"{error}. The policy in use stays.", "wrong")
            return
        engine.why_not = f"No policy: {error}. m, then o, opens another; by hand all works."
        self.tell(engine.why_not, "wrong")

    def settings_changed(self) -> None:
        """Show what new settings change."""
        self.show_steps_title()

    # ---- opening --------------------------------------------------------------------------

    def start(self, game: Game, notice: str = "") -> None:
        """Play another game; the one before it has been kept."""
        self.cancel("solve", "check", "hint", "watch")
        self.stop_playing()
        self.game = game
        self._fill_marks_if_wanted()
        self.course = self.course_of = None
        self.board.cursor = next((c for c in range(81) if not self.position.grid[c]), 0)
        self.moved(notice or opened(game))

    def _fill_marks_if_wanted(self) -> None:
        """Mark all candidates of the puzzle just opened, where the settings say so."""
        if self.sudoku.settings.fill_marks and not any(self.position.marks):
            self.game.amend(self.position.fill_marks())

    def action_open(self) -> None:
        hint = "A file of puzzles: .sdk .sdm .ss .sdx .csv .opensudoku …, or 81 characters."
        self.app.push_screen(AskText("Open", hint), self._open)

    def _open(self, path: str | None) -> None:
        if path is not None:
            self.ask("open", lambda _: open_file(path), partial(self._opened, path), busy="reading")

    def _opened(self, path: str, game: Game) -> None:
        if game.others:
            self.sudoku.files = (str(Path(path).expanduser()), *self.sudoku.files)
        self.start(game)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.open_text(event.text)

    def action_paste(self) -> None:
        if self.app.clipboard:
            self.open_text(self.app.clipboard)
        else:
            self.tell("Nothing was copied here; paste with your terminal's own key.")

    def open_text(self, text: str) -> None:
        """Play the puzzle in a text; what is on the board stays if there is none in it."""
        try:
            records = read_text(text, "what was pasted", rules=False)
            if not records:
                raise FormatError("no puzzle", "81 characters or a file of puzzles")
        except FormatError as error:
            self.tell(f"Not opened: {error}", "wrong")
            return
        game = game_of(records[0], "pasted")
        first = f"{first_of(len(records))}. " if len(records) > 1 else ""
        self.start(game, first + opened(game))

    # ---- saving ---------------------------------------------------------------------------

    def action_save(self) -> None:
        name = self.game.name if self.game.name.endswith(".sdk") else "puzzle.sdk"
        hint = "Where; the name ends in .sdk. Givens, your play and the metadata go in."
        self.app.push_screen(AskText("Save", hint, str(Path.cwd() / name)), self._save)

    def _save(self, answer: str | None) -> None:
        if answer is None:
            return
        path = Path(answer).expanduser()
        path = path if path.suffix else path.with_suffix(".sdk")
        if path.suffix.lower() != ".sdk":
            self.tell(f"Not saved: {path.name} doesn't end in .sdk.", "wrong")
        elif path.exists() and not self._is_this_puzzle(path):
            choices = (("keep", "what is there, and save under another name"),
                       ("replace", "it by the puzzle on the board"))  # fmt: skip
            self.app.push_screen(
                Choose(f"{path.name} holds something else", choices), partial(self._replace, path)
            )
        else:
            self._write(path)

    def _is_this_puzzle(self, path: Path) -> bool:
        try:
            records = read_some(str(path))
        except (ValueError, OSError):
            return False
        return [record.givens for record in records] == [self.position.givens]

    def _replace(self, path: Path, choice: str | None) -> None:
        if choice == "replace":
            self._write(path)
        elif choice == "keep":
            self.action_save()
        else:
            self.tell("Not saved.")

    def _write(self, path: Path) -> None:
        try:
            storage.write_text(path, to_text([self.game.record()], "sdk"))
        except storage.StorageError as error:
            self.tell(f"Not saved: {error}. Try another folder.", "wrong")
            return
        self.game.name = path.name
        self.show_title()
        self.tell(f"Saved as {path}.", "good")

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self.position.grid.line())
        self.tell("Copied: 81 characters.")

    # ---- other screens --------------------------------------------------------------------

    def action_generate(self) -> None:
        self.app.push_screen(choose_level(), self.generate)

    def generate(self, level: str | None) -> None:
        """Make a puzzle at a level, in a thread, and play it."""
        if level is not None:
            from tui.making import make

            self.ask("generate", lambda stop: make(level, stop), self.start, busy="making a puzzle")

    def action_library(self) -> None:
        from tui.screens.library import LibraryScreen

        self.app.push_screen(LibraryScreen(self.sudoku.files), self._chosen)

    def _chosen(self, game: Game | None) -> None:
        if game is not None:
            self.start(game)

    def action_model(self) -> None:
        from tui.screens.model import ModelScreen

        self.app.push_screen(ModelScreen(self.position.grid))


def choose_level() -> Choose:
    """The dialog that asks for a level."""
    from tui.making import LEVELS_TEXT

    return Choose("Make a puzzle", tuple(LEVELS_TEXT.items()))
