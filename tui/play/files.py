"""Loading and saving puzzles: files, the clipboard, new ones, the library."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from solver.board.words import inert
from solver.formats import FormatError, Record, read_text, to_text
from tui.game import storage
from tui.game.game import Game
from tui.game.making import daily, make
from tui.game.opening import first_of, game_of, open_file, opened, read_some
from tui.play.controller import Controller
from tui.screens.dialogs import FAILURES, AskPath, Choose, choose_level


class Files(Controller):
    """The actions of the group Puzzle."""

    # ---- opening --------------------------------------------------------------------------

    def do_open(self) -> None:
        hint = "A file of puzzles (.sdk, .sdm, .csv and others), or 81 characters."
        if self.app.is_web:
            hint = "81 characters. A file: drop it on the page, or paste its text."
        self.app.push_screen(AskPath("Open", hint, web=self.app.is_web), self._open)

    def _open(self, path: str | None) -> None:
        if path is not None:
            opening = open_text_only if self.app.is_web else open_file
            self.screen.ask(
                "open", lambda _: opening(path), partial(self._opened, path), busy="reading"
            )

    def _opened(self, path: str, game: Game) -> None:
        if game.others:
            self.app.files = (str(Path(path).expanduser()), *self.app.files)
        self.screen.start(game)

    def do_paste(self) -> None:
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
        if self._same_puzzle(records[0]):
            return
        game = game_of(records[0], "pasted")
        first = f"{first_of(len(records))}. " if len(records) > 1 else ""
        self.screen.start(game, first + opened(game))

    def _same_puzzle(self, record: Record) -> bool:
        """Whether a text has a state of the puzzle on the board: play continues from that."""
        position, state = self.position, record.state or record.givens
        if not state.keeps(position.givens):
            return False
        later = position
        for cell in range(81):
            if state[cell] != position.grid[cell]:
                later = later.enter(cell, state[cell]) if state[cell] else later.clear(cell)
        self.screen.go(later, "The same puzzle: this is its state now, and u takes that back."
                       if later != position else "This is the puzzle on the board.")  # fmt: skip
        return True

    # ---- saving ---------------------------------------------------------------------------

    def do_save(self) -> None:
        name = self.game.name if self.game.name.endswith(".sdk") else "puzzle.sdk"
        if self.app.is_web:
            self._deliver(name)
            return
        hint = "Where; the name ends in .sdk. Givens, your play and the metadata go in."
        folder = Path(self.game.folder) if self.game.folder else Path.cwd()
        self.app.push_screen(AskPath("Save", hint, str(folder / name)), self._save)

    def _deliver(self, name: str) -> None:
        """Give the file to the browser."""
        from io import StringIO

        text = StringIO(to_text([self.game.record()], "sdk"))
        self.app.deliver_text(text, save_filename=Path(name).name)
        self.tell(f"Downloaded as {Path(name).name}.", "good")

    def _save(self, answer: str | None) -> None:
        if answer is None:
            return
        try:
            path = Path(answer).expanduser()
            path = path if path.suffix else path.with_suffix(".sdk")
            there = path.exists()
        except FAILURES as error:
            reason = getattr(error, "strerror", None) or str(error)
            self.tell(f"Not saved: {inert(answer)}: {reason.lower()}.", "wrong")
            return
        if path.suffix.lower() != ".sdk":
            self.tell(f"Not saved: {inert(path.name)} doesn't end in .sdk.", "wrong")
        elif there and not self._is_this_puzzle(path):
            choices = (("keep", "what is there, and save under another name"),
                       ("replace", "it by the puzzle on the board"))  # fmt: skip
            self.app.push_screen(
                Choose(f"{inert(path.name)} holds something else", choices),
                partial(self._replace, path),
            )
        else:
            self._write(path)

    def _is_this_puzzle(self, path: Path) -> bool:
        try:
            records = read_some(str(path)) if path.is_file() else []
        except FAILURES:
            return False
        return [record.givens for record in records] == [self.position.givens]

    def _replace(self, path: Path, choice: str | None) -> None:
        if choice == "replace":
            self._write(path)
        elif choice == "keep":
            self.do_save()
        else:
            self.tell("Not saved.")

    def _write(self, path: Path) -> None:
        try:
            storage.write_text(path, to_text([self.game.record()], "sdk"))
        except storage.StorageError as error:
            self.tell(f"Not saved: {error}. Try another folder.", "wrong")
            return
        self.game.name, self.game.folder = path.name, str(path.parent.absolute())
        self.screen.update(name=path.name)
        self.tell(f"Saved as {path}.", "good")

    def do_copy(self) -> None:
        self.app.copy_to_clipboard(self.position.grid.line())
        self.tell("Copied: 81 characters.")

    # ---- other puzzles --------------------------------------------------------------------

    def do_generate(self) -> None:
        self.app.push_screen(choose_level(), self.generate)

    def generate(self, level: str | None) -> None:
        """Make a puzzle at a level, in a thread, and play it."""
        if level is not None:
            what = f"making a puzzle ({level}); this one stays in the library"
            self.screen.make_puzzle(what, partial(make, level), self.screen.start)

    def do_daily(self) -> None:
        self.screen.make_puzzle("making the puzzle of the day", daily, self.screen.start)

    def do_next_puzzle(self) -> None:
        from tui.game.listing import next_puzzle

        level, givens = self.game.level or "easy", self.position.givens
        self.screen.make_puzzle(
            "looking for the next puzzle", partial(next_puzzle, level, givens), self.screen.start
        )

    def do_library(self) -> None:
        """Show the library, at the puzzle on the board."""
        from tui.screens.library import LibraryScreen

        screen = LibraryScreen(self.app.files, self.position.givens)
        self.app.push_screen(screen, self._chosen)

    def _chosen(self, game: Game | None) -> None:
        if game is not None:
            self.screen.start(game)

    def do_model(self) -> None:
        from tui.screens.model import ModelScreen

        self.app.push_screen(ModelScreen(self.position.grid))

    def do_statistics(self) -> None:
        from tui.screens.statistics import StatisticsScreen

        self.app.push_screen(StatisticsScreen())


def open_text_only(text: str) -> Game:
    """The game of the puzzle in a text: what a browser may open. Raises `ValueError`."""
    records = read_text(text, "what was entered", rules=False)
    if not records:
        raise FormatError("no puzzle", "81 characters")
    return game_of(records[0], "entered")
