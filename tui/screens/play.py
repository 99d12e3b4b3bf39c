"""The board's screen, whole: files, the library, the model, and what happens at the start."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType

from solver.formats import FormatError, Record, read_text, to_text
from tui import actions, storage
from tui.engine import Engine
from tui.game import Game
from tui.opening import game_of, open_file, opened
from tui.screens.dialogs import AskText, Choose
from tui.screens.editing import Editing
from tui.screens.policy import PolicyPlay
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
        self.show()
        self.tell(*self.with_violations(self._note))
        self.load_policy(self.sudoku.settings.model)

    # ---- the policy in use ----------------------------------------------------------------

    def load_policy(self, path: str) -> None:
        """Load a policy in a thread; until it is there, everything else works."""
        engine = self.sudoku.engine
        self.ask("load", lambda _: engine.load(path), self.use, failed=self._unusable)

    def use(self, engine: Engine) -> None:
        """Play with this policy from now on."""
        self.cancel("watch", "solve", "hint")
        self.sudoku.engine = engine
        self.course = self.course_of = None
        self.show()
        self.watch_policy()

    def _unusable(self, error: str) -> None:
        self.sudoku.engine.why_not = f"No policy: {error}. m opens another; by hand all works."
        self.tell(self.sudoku.engine.why_not, "wrong")

    def settings_changed(self) -> None:
        """Show what new settings change."""
        self.show_steps_title()

    # ---- opening --------------------------------------------------------------------------

    def start(self, game: Game, notice: str = "") -> None:
        """Play another game; the one before it has been kept."""
        self.cancel("solve", "check", "hint", "watch")
        self.stop_playing()
        self.game = game
        position = game.position
        if self.sudoku.settings.fill_marks and not any(position.marks):
            game.amend(position.fill_marks())
        self.course = self.course_of = None
        self.board.cursor = next((c for c in range(81) if not position.grid[c]), 0)
        self.moved(notice or opened(game))

    def open_record(self, record: Record, name: str) -> None:
        """Play a puzzle, from where it was left."""
        self.start(game_of(record, name))

    def action_open(self) -> None:
        hint = "A file of puzzles: .sdk .sdm .ss .sdx .csv .opensudoku …, or 81 characters."
        self.app.push_screen(AskText("Open", hint), self._open)

    def _open(self, path: str | None) -> None:
        if path is not None:
            self.ask("open", lambda _: open_file(path), self.start, busy="reading")

    @on(Board.Pasted)
    def _pasted(self, event: Board.Pasted) -> None:
        self.open_text(event.text)

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
        self.open_record(records[0], "pasted")

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
            return
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
