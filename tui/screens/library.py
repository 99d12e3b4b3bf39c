"""The library: puzzles shipped, those named on the command line, and those of a folder."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Footer, Input, Static

from solver.board.grid import Grid
from solver.board.words import plural
from solver.policy.stop import Stop
from tui import actions
from tui.game import storage
from tui.game.game import Game
from tui.game.listing import COLUMNS, Row, level_all, listing, matches, rate_all, sort_key
from tui.game.making import daily, make
from tui.game.opening import game_of
from tui.game.position import Position
from tui.screens.dialogs import FAILURES, AskPath, choose_level
from tui.screens.telling import Telling
from tui.settings import absolute
from tui.widgets.board import Board
from tui.widgets.drawing import View
from tui.widgets.lines import StatusLine, TitleBar
from tui.widgets.puzzles import PuzzleTable

if TYPE_CHECKING:
    from solver.solving.solution import Solution


class LibraryScreen(Telling):
    """Choose a puzzle; dismissed with its game, or None."""

    IDLE = "⏎ plays the puzzle under the cursor."

    ACTIONS = "library"
    BINDINGS: ClassVar[list[BindingType]] = actions.bindings("library", "over")

    class Learned(Message):
        """More is known of a row."""

        def __init__(self, row: Row) -> None:
            self.row = row
            super().__init__()

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012

    def __init__(self, files: tuple[str, ...] = (), at: Grid | None = None) -> None:
        """`at` is the puzzle to begin at."""
        super().__init__()
        self._files = files
        self._at = at
        self._rows: dict[str, Row] = {}
        self._problems: list[str] = []

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield Input(placeholder="words of name, level or state", id="filter", compact=True)
        with Horizontal(id="shelf"):
            yield PuzzleTable(id="puzzles")
            with Vertical(id="preview"):
                yield Board(margin=0, id="preview-board")
                yield Static(id="preview-text", markup=False)
        yield StatusLine()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        words = self.sudoku.settings.filter
        filter_ = self.query_one("#filter", Input)
        with filter_.prevent(Input.Changed):
            filter_.value = words
        filter_.set_class(bool(words), "-open")
        self.query_one(PuzzleTable).focus()
        self._list()

    @property
    def _words(self) -> str:
        return self.query_one("#filter", Input).value

    @property
    def _order(self) -> str:
        """The column to sort by, with a minus before it for downwards."""
        order = self.sudoku.settings.sort
        return order if order.removeprefix("-") in COLUMNS else "Name"

    def _list(self) -> None:
        folder, files = self.sudoku.folder, self._files
        self._problems = []
        self.ask("list", lambda stop: listing(files, folder, stop, self._problems.append),
                 self._listed, busy="reading the puzzles")  # fmt: skip

    def _listed(self, rows: list[Row]) -> None:
        self._rows = {row.key: row for row in rows}
        self._find(rate_all, level_all)
        if self._at is not None:
            self.query_one(PuzzleTable).go_to(self._at)
            self._at = None
        self.sudoku.say_problems()
        if self._problems:
            more = f" (and {len(self._problems) - 1} more)" * (len(self._problems) > 1)
            self._tell(f"Left out: {self._problems[0]}{more}", "wrong")

    def _find(self, *finders: Callable[..., object]) -> None:
        """Show the rows in their order, and find out more of them in a thread."""
        self._show()
        rows, seen = list(self._rows.values()), self.query_one(PuzzleTable).in_sight
        if finders:
            self.ask("rate", lambda stop: finders[0](rows, stop, self._learn, seen),
                     lambda _: self._find(*finders[1:]))  # fmt: skip

    def _learn(self, row: Row) -> None:
        """Called in the thread."""
        self.post_message(self.Learned(row))

    def on_library_screen_learned(self, event: LibraryScreen.Learned) -> None:
        known = self._rows.get(event.row.key)
        if known is None:
            return
        new = event.row
        rating = known.rating if new.rating is None else new.rating
        found, policy = new.found or known.found, new.policy or known.policy
        self._rows[new.key] = row = replace(known, rating=rating, found=found, policy=policy)
        self.query_one(PuzzleTable).renew(row)

    def _shown(self) -> Iterator[Row]:
        rows = (row for row in self._rows.values() if matches(row, self._words))
        order = self._order
        down = order.startswith("-")
        yield from sorted(rows, key=sort_key(order.removeprefix("-")), reverse=down)

    def _show(self) -> None:
        table = self.query_one(PuzzleTable)
        table.order = self._order
        table.show(self._shown())
        self._show_title()

    def _show_title(self) -> None:
        folder = self.sudoku.folder
        title = self.query_one(TitleBar)
        title.left = "Library" + (f"  shipped puzzles and {folder}" if folder else "")
        down = ", downwards" * self._order.startswith("-")
        by = self._order.removeprefix("-").lower()
        title.right = f"{plural(len(self.query_one(PuzzleTable).rows), 'puzzle')}, by {by}{down}"

    # ---- actions --------------------------------------------------------------------------

    @on(PuzzleTable.Pointed)
    def _pointed(self, event: PuzzleTable.Pointed) -> None:
        row = event.row
        self.query_one("#preview").set_class(row is None, "-empty")
        if row is not None:
            position = storage.saved_position(row.givens) or Position.start(row.givens)
            self.query_one("#preview-board", Board).view = View(
                position.grid.cells, position.authors, numbers=False
            )
            facts = [row.name, row.level, row.state or "not begun", row.played]
            self.query_one("#preview-text", Static).update(
                "\n".join(textwrap.fill(fact, 37) for fact in facts if fact)
            )

    @on(PuzzleTable.Chosen)
    def _chosen(self, event: PuzzleTable.Chosen) -> None:
        row = event.row
        game = game_of(row.entry.record, row.name)
        if not row.kept:
            game.folder = str(row.entry.path.parent.absolute())
        if not game.level and row.level:
            game.metadata["level"] = row.level
        self._leave(game)

    def _leave(self, game: Game | None) -> None:
        self.cancel()
        words = self._words
        if words != self.sudoku.settings.filter:
            self.sudoku.change_settings(replace(self.sudoku.settings, filter=words))
        self.dismiss(game)

    def action_back(self) -> None:
        filter_ = self.query_one("#filter", Input)
        if self.cancel("try", "generate"):
            self._tell("Stopped.")
        elif filter_.has_focus:
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
    def _filter_changed(self) -> None:
        self._show()

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        self.query_one(PuzzleTable).focus()

    def action_sort(self) -> None:
        columns = list(COLUMNS)
        place = columns.index(self._order.removeprefix("-"))
        self._sort_by(columns[(place + 1) % len(columns)])

    def action_reverse(self) -> None:
        order = self._order
        self._sort_by(order[1:] if order.startswith("-") else f"-{order}")

    @on(PuzzleTable.SortBy)
    def _heading_clicked(self, event: PuzzleTable.SortBy) -> None:
        self._sort_by(f"-{event.column}" if event.column == self._order else event.column)

    def _sort_by(self, order: str) -> None:
        self.sudoku.change_settings(replace(self.sudoku.settings, sort=order))
        self._show()

    def action_folder(self) -> None:
        if self.sudoku.is_web:
            self._tell("In a browser the library has the shipped puzzles and your own games.")
            return
        hint = (
            "Its puzzles, and those of the folders in it, are listed with the shipped ones. "
            "Empty: the shipped ones alone."
        )
        self.app.push_screen(AskPath("Folder", hint, self.sudoku.folder, empty=True), self._folder)

    def _folder(self, answer: str | None) -> None:
        if answer is None:
            return
        try:
            folder = absolute(answer)
            good = not folder or Path(folder).is_dir()
        except FAILURES as error:
            reason = getattr(error, "strerror", None) or str(error)
            self._tell(f"{answer}: {reason.lower()}", "wrong")
            return
        if not good:
            self._tell(f"{answer} is no folder; give one that holds files of puzzles.", "wrong")
            return
        self.sudoku.change_settings(replace(self.sudoku.settings, folder=folder))
        self.sudoku.folder = folder
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
            engine.solve_many([row.givens for row in rows], stop, each)

        def done(_: None) -> None:
            alone = sum(row.policy == "policy" for row in self._shown())
            self._tell(f"{alone} of {len(rows)} solved by the policy alone.", "good")

        self.ask("try", question, done, busy=f"the policy tries {plural(len(rows), 'puzzle')}")

    def action_new_puzzle(self) -> None:
        self.app.push_screen(choose_level(), self._level)

    def _level(self, level: str | None) -> None:
        if level is not None:
            self.make_puzzle(f"making a puzzle ({level})", partial(make, level), self._leave)

    def action_daily_puzzle(self) -> None:
        self.make_puzzle("making the puzzle of the day", daily, self._leave)
