"""The board's screen before it can do anything: its parts, and how a position is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import Footer, Static

from solver.board.grid import UNITS, Grid, ViolationKind, cell_name
from solver.board.words import plural
from tui import storage
from tui.asking import Asking
from tui.game import Game, Position
from tui.hints import Told
from tui.widgets.bars import Bars, Course
from tui.widgets.board import Board
from tui.widgets.drawing import View
from tui.widgets.lines import StatusLine, TitleBar
from tui.widgets.slider import PassSlider
from tui.widgets.steps import StepList

if TYPE_CHECKING:
    from tui.app import SudokuApp

LEGEND = "[b] 5 [/] given  5 own 5ᵖ policy 5ˢ search"
TOO_SMALL = (
    "{width}×{height} is too small for the board.\nIt needs 39×22; 80×24 shows all.\n"
    "Enlarge the window or shrink its\ntype. Your game is kept."
)


class GameScreen(Asking):
    """The board, the panels beside it, and the game they show."""

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-slim"), (39, "-narrow"), (76, "-normal"), (98, "-middle"), (114, "-wide"),
    ]  # fmt: skip
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-low"),
        (22, "-short"),
        (24, "-medium"),
        (40, "-tall"),
    ]
    AUTO_FOCUS = "#board"

    def __init__(self, game: Game) -> None:
        super().__init__()
        self.game = game
        self.pencil = False
        self.heat = False
        self.hint: Told | None = None
        self.notice = ("", "")
        self.course: npt.NDArray[np.float32] | None = None
        self.course_of: Grid | None = None
        self.shown_pass = 0

    @property
    def sudoku(self) -> SudokuApp:
        """The app, by its own type."""
        return cast("SudokuApp", self.app)

    @property
    def position(self) -> Position:
        """What is on the board."""
        return self.game.position

    @property
    def board(self) -> Board:
        return self.query_one("#board", Board)

    def compose(self) -> ComposeResult:
        yield TitleBar()
        with Container(id="too-small"):
            yield Static(id="too-small-text")
        with Horizontal(id="table"):
            with Vertical(id="left"):
                yield Board(id="board")
                yield Static(LEGEND, id="legend")
            with Vertical(id="right"):
                with Vertical(id="cell", classes="panel"):
                    yield Bars(id="bars")
                    yield PassSlider(id="slider")
                with Vertical(id="steps-panel", classes="panel"):
                    yield StepList(id="steps")
        yield StatusLine(id="status")
        yield Footer(compact=True)

    def on_resize(self) -> None:
        text = TOO_SMALL.format(width=self.size.width, height=self.size.height)
        self.query_one("#too-small-text", Static).update(text)

    # ---- changing -------------------------------------------------------------------------

    def go(self, position: Position, notice: str = "", kind: str = "") -> None:
        """Put a new position on the board, keep it, and show it."""
        if self.game.go(position):
            self.moved(notice, kind)
        else:
            self.tell(notice, kind)

    def moved(self, notice: str = "", kind: str = "") -> None:
        """After any change of position: keep the game, show it, ask the policy about it."""
        self.hint = None
        self.notice = self.with_violations(notice, kind)
        self.keep()
        self.show()
        self.position_changed()

    def position_changed(self) -> None:
        """What else follows from a change of position."""

    def keep(self) -> None:
        """Autosave; a folder that can't be written is said once."""
        try:
            storage.save_game(self.game)
        except storage.StorageError as error:
            if not self.sudoku.warned_of_storage:
                self.sudoku.warned_of_storage = True
                self.notify(
                    f"{error}. The game goes on, but isn't kept when you leave: "
                    "save it with ctrl+s in another folder.",
                    title="No autosave",
                    severity="warning",
                    timeout=10,
                    markup=False,
                )

    @property
    def wrong(self) -> str:
        """The first violation and how many more there are; empty where no rule is broken."""
        violations = self.position.violations
        more = f" (and {len(violations) - 1} more)" if len(violations) > 1 else ""
        return f"{violations[0]}{more}" if violations else ""

    def with_violations(self, notice: str, kind: str = "") -> tuple[str, str]:
        """What to say of a position just reached: news must not hide what is wrong on it."""
        wrong = self.wrong
        return (f"{wrong}.  {notice}", "wrong") if notice and wrong else (notice, kind)

    def tell(self, notice: str, kind: str = "") -> None:
        """Say something in the status line."""
        self.notice = (notice, kind)
        self.show_status()

    # ---- showing --------------------------------------------------------------------------

    def show(self) -> None:
        """Show the position in every part."""
        position = self.position
        self.query_one(StepList).show(position.trace, position.step)
        self.show_board()
        self.show_cell()
        self.show_steps_title()
        self.show_title()
        self.show_status()

    def show_board(self) -> None:
        position, cursor = self.position, self.board.cursor
        digit = position.grid[cursor]
        same = [c for c in range(81) if digit and position.grid[c] == digit and c != cursor]
        wrong: set[int] = set()
        broken: set[int] = set()
        for violation in position.violations:
            if violation.kind is not ViolationKind.NO_PLACE:
                wrong.update(violation.cells)
            if violation.unit is not None:
                broken.update(UNITS[violation.unit])
        self.board.view = View(
            cells=position.grid.cells,
            authors=position.authors,
            marks=position.marks,
            wrong=frozenset(wrong),
            broken=frozenset(broken),
            hinted=frozenset(self.hint.cells if self.hint else ()),
            confidence=self.now if self.heat else None,
            same=frozenset(same),
        )

    @property
    def now(self) -> npt.NDArray[np.float32] | None:
        """The probabilities of the pass shown, float32 [81,9]; None before an answer."""
        if self.course is None or self.course_of != self.position.grid:
            return None
        now: npt.NDArray[np.float32] = self.course[min(self.shown_pass, len(self.course) - 1)]
        return now

    def show_cell(self) -> None:
        cell, position = self.board.cursor, self.position
        known = self.now is not None and self.course is not None
        course = self.course if known else None
        self.query_one(Bars).course = Course(
            None if course is None else course[:, cell],
            self.shown_pass,
            position.grid.candidates(cell),
            position.grid[cell],
        )
        slider = self.query_one(PassSlider)
        slider.passes = 0 if course is None else len(course)
        slider.shown = self.shown_pass
        panel = self.query_one("#cell")
        author = position.authors[cell]
        fitting = plural(len(position.grid.candidates(cell)), "candidate")
        state = author.name.lower() if author else fitting
        panel.border_title = f"{cell_name(cell)}: {state}"

    def show_steps_title(self) -> None:
        trace = self.position.trace
        panel = self.query_one("#steps-panel")
        if trace is None:
            panel.border_title, panel.border_subtitle = "Steps", ""
            return
        count = len(trace.steps)
        panel.border_title = f"Steps {self.position.step}/{count}"
        panel.border_subtitle = f"{self.sudoku.settings.speed:g}/s"

    def show_title(self) -> None:
        position, game = self.position, self.game
        level = game.metadata.get("level", "")
        parts = [game.name or "new puzzle", *([f"level {level}"] if level else [])]
        self.query_one(TitleBar).left = "Sudoku  " + " · ".join(parts)
        mode = "✎ pencil · " if self.pencil else ""
        self.query_one(TitleBar).right = f"{mode}{position.grid.clues}/81"

    def show_status(self) -> None:
        status = self.query_one(StatusLine)
        text, kind = self.notice
        if self.busy:
            text, kind = f"{self.busy} … esc stops it", "busy"
        elif self.hint:
            text, kind = str(self.hint), "good"
        elif text:
            pass
        elif wrong := self.wrong:
            text, kind = wrong, "wrong"
        elif self.position.grid.solved:
            text, kind = "Solved.", "good"
        status.text, status.kind = text, kind

    def asking_changed(self) -> None:
        if self.is_mounted:
            self.show_status()

    def asking_failed(self, error: str) -> None:
        self.tell(error, "wrong")
