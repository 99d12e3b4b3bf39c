"""The library: puzzles shipped, those named on the command line, and those of a folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.css.query import NoMatches
from textual.message import Message
from textual.widgets import Footer, Input

from solver.board.words import plural
from solver.policy.stop import Stop
from tui import actions
from tui.asking import Asking
from tui.game import Game
from tui.listing import COLUMNS, Row, listing, matches, rate_all, sort_key
from tui.opening import game_of
from tui.screens.dialogs import AskText
from tui.settings import absolute
from tui.widgets.lines import StatusLine, TitleBar
from tui.widgets.puzzles import PuzzleTable

if TYPE_CHECKING:
    from solver.solving.solution import Solution
    from tui.app import SudokuApp


class LibraryScreen(Asking):
    """Choose a puzzle; dismissed with its game, or None."""

    ACTIONS = "library"
    BINDINGS: ClassVar[list[BindingType]] = actions.bindings("library", "over")

    class Learned(Message):
        """More is known of a row."""

        def __init__(self, row: Row) -> None:
            self.row = row
            super().__init__()

    def __init__(self, files: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._files = files
        self._rows: dict[str, Row] = {}
        self._sort = 0
        self._words = ""
        self._problems: list[str] = []

    @property
    def sudoku(self) -> SudokuApp:
        """The app, by its own type."""
        return cast("SudokuApp", self.app)

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield Input(placeholder="words of name, level or state", id="filter", compact=True)
        yield PuzzleTable(id="puzzles")
        yield StatusLine()
        yield Footer(compact=True)

    def on_mount(self) -> None:
        self.query_one(PuzzleTable).focus()
        self._list()

    def _list(self) -> None:
        folder, files = self.sudoku.settings.folder, self._files
        self._problems = []
        self.ask(
            "list",
            lambda stop: listing(files, folder, stop, self._problems.append),
            self._listed,
            busy="reading the puzzles",
        )

    def _listed(self, rows: list[Row]) -> None:
        self._rows = {row.key: row for row in rows}
        self._show()
        if self._problems:
            more = f" (and {len(self._problems) - 1} more)" * (len(self._problems) > 1)
            self._tell(f"Left out: {self._problems[0]}{more}", "wrong")
        self.ask("rate", lambda stop: rate_all(rows, stop, self._learn), lambda _: self._show())

    def _learn(self, row: Row) -> None:
        """Called in the thread."""
        self.post_message(self.Learned(row))

    def on_library_screen_learned(self, event: LibraryScreen.Learned) -> None:
        known = self._rows.get(event.row.key)
        if known is None:
            return
        row = replace(
            known,
            rating=known.rating if event.row.rating is None else event.row.rating,
            policy=event.row.policy or known.policy,
        )
        self._rows[row.key] = row
        self.query_one(PuzzleTable).renew(row)

    def _shown(self) -> Iterator[Row]:
        rows = (row for row in self._rows.values() if matches(row, self._words))
        yield from sorted(rows, key=sort_key(list(COLUMNS)[self._sort]))

    def _show(self) -> None:
        self.query_one(PuzzleTable).show(self._shown())
        self._show_title()

    def _show_title(self) -> None:
        folder = self.sudoku.settings.folder
        title = self.query_one(TitleBar)
        title.left = "Library" + (f"  shipped puzzles and {folder}" if folder else "")
        by = list(COLUMNS)[self._sort].lower()
        title.right = f"{plural(len(self.query_one(PuzzleTable).rows), 'puzzle')}, by {by}"

    def _tell(self, text: str, kind: str = "") -> None:
        status = self.query_one(StatusLine)
        status.text, status.kind = text, kind

    def asking_changed(self) -> None:
        try:
            if self.busy:
                self._tell(f"{self.busy} … esc stops it", "busy")
            elif self.query_one(StatusLine).kind == "busy":
                self._tell("⏎ plays the puzzle under the cursor.")
        except NoMatches:
            return

    # ---- actions --------------------------------------------------------------------------

    @on(PuzzleTable.Chosen)
    def _chosen(self, event: PuzzleTable.Chosen) -> None:
        self._leave(game_of(event.row.entry.record, event.row.name))

    def _leave(self, game: Game | None) -> None:
        self.cancel()
        self.dismiss(game)

    def action_back(self) -> None:
        filter_ = self.query_one("#filter", Input)
        if self.cancel("try", "generate"):
            self._tell("Stopped.")
        elif filter_.has_focus or filter_.value:
            filter_.value = ""
            filter_.remove_class("-open")
            self.query_one(PuzzleTable).focus()
        else:
            self._leave(None)

    def action_filter(self) -> None:
        filter_ = self.query_one("#filter", Input)
        filter_.add_class("-open")
        filter_.focus()

    @on(Input.Changed, "#filter")
    def _filter_changed(self, event: Input.Changed) -> None:
        self._words = event.value
        self._show()

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        self.query_one(PuzzleTable).focus()

    def action_sort(self) -> None:
        self._sort_by((self._sort + 1) % len(COLUMNS))

    @on(PuzzleTable.SortBy)
    def _heading_clicked(self, event: PuzzleTable.SortBy) -> None:
        self._sort_by(event.column)

    def _sort_by(self, column: int) -> None:
        self._sort = column
        self._show()

    def action_folder(self) -> None:
        hint = (
            "Its puzzles, and those of the folders in it, are listed with the shipped ones. "
            "Empty: the shipped ones alone."
        )
        dialog = AskText("Folder", hint, self.sudoku.settings.folder, empty=True)
        self.app.push_screen(dialog, self._folder)

    def _folder(self, answer: str | None) -> None:
        if answer is None:
            return
        folder = absolute(answer)
        if folder and not Path(folder).is_dir():
            self._tell(f"{answer} is no folder; give one that holds files of puzzles.", "wrong")
            return
        self.sudoku.change_settings(replace(self.sudoku.settings, folder=folder))
        self._list()

    def action_try_policy(self) -> None:
        engine, rows = self.sudoku.engine, list(self._shown())
        if not engine.ready:
            self._tell(engine.why_not, "wrong")
            return

        def each(number: int, solution: Solution) -> None:
            how = solution.method if solution.status.value == "solved" else solution.status.value
            self._learn(replace(rows[number], policy=str(how)))

        def question(stop: Stop) -> None:
            engine.solve_many([row.entry.record.givens for row in rows], stop, each)

        def done(_: None) -> None:
            alone = sum(row.policy == "policy" for row in self._shown())
            self._tell(f"{alone} of {len(rows)} solved by the policy alone.", "good")

        self.ask("try", question, done, busy=f"the policy tries {plural(len(rows), 'puzzle')}")

    def action_new_puzzle(self) -> None:
        from tui.screens.play import choose_level

        self.app.push_screen(choose_level(), self._level)

    def _level(self, level: str | None) -> None:
        if level is not None:
            from tui.making import make

            self.ask(
                "generate", lambda stop: make(level, stop), self._leave, busy="making a puzzle"
            )

    def asking_failed(self, error: str) -> None:
        self._tell(error, "wrong")
