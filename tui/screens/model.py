"""The model screen: which policy plays, how fast it is, and another beside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.timer import Timer
from textual.widgets import Footer, Static

from solver.board.grid import Grid
from tui import actions
from tui.engine import Engine
from tui.play.passes import PASS_SECONDS, PASSES_SHOWN
from tui.screens.comparing import (
    Compared,
    answer_facts,
    compare,
    differ_text,
    facts,
    pass_text,
    told,
    views,
)
from tui.screens.dialogs import AskPath
from tui.screens.telling import Telling
from tui.widgets.board import Board
from tui.widgets.layout import SIZES
from tui.widgets.lines import StatusLine, TitleBar

SIDES: Final = ("first", "second")
LINES: Final = 11
"""Lines of the screen that are no board: title, footer, status, borders, facts."""
INVITATION: Final = (
    "c compares it with another policy on the puzzle on the board: both answers side by side, "
    "and with [ ] and v pass by pass."
)


class ModelScreen(Telling):
    """The policy in use on the left; on the right, after `compare`, a second one."""

    ACTIONS = "model"
    BINDINGS: ClassVar[list[BindingType]] = actions.bindings("model", "over")

    def __init__(self, grid: Grid) -> None:
        super().__init__()
        self._grid = grid
        self._pair: tuple[Compared, ...] = ()
        self._shown = 0
        """The pass shown, counted from 0."""
        self._settling: Timer | None = None

    def compose(self) -> ComposeResult:
        title = TitleBar()
        title.left = "Model"
        yield title
        with VerticalScroll(id="models"), Horizontal(id="pair"):
            for side in SIDES:
                with Vertical(id=side, classes="panel side"):
                    yield Static(id=f"{side}-facts", classes="facts", markup=False)
                    yield Board(margin=0, id=f"{side}-board")
        yield StatusLine()
        yield Footer(compact=True, show_command_palette=False)

    def on_resize(self) -> None:
        """Give both boards the largest cells of which two fit beside one another, whole."""
        width, height = self.size.width // 2 - 2, self.size.height - LINES
        fits = (s for s in SIZES if s.total[0] <= width and s.total[1] <= height)
        cells = next(fits, SIZES[-1])
        for board in self.query(Board):
            board.cells = cells

    def on_mount(self) -> None:
        self._use(self.sudoku.engine)

    def _use(self, engine: Engine) -> None:
        """Show the policy in use alone."""
        self._pair = ()
        self.remove_class("-comparing")
        if not engine.ready:
            self._tell(engine.why_not, "wrong")
        self.query_one("#first").border_title = "In use"
        text = f"{told(facts(engine))}\n\n{INVITATION}" if engine.ready else engine.why_not
        self.query_one("#first-facts", Static).update(text)

    def _show(self) -> None:
        """Show the pass chosen of both policies."""
        apart = frozenset[int]()
        for side, each, view in zip(SIDES, self._pair, views(self._pair, self._shown), strict=True):
            assert each.engine.policy is not None
            title = "In use" if side == SIDES[0] else "Compared with"
            self.query_one(f"#{side}").border_title = f"{title}: {each.engine.policy.path.name}"
            self.query_one(f"#{side}-facts", Static).update(told(answer_facts(each)))
            self.query_one(f"#{side}-board", Board).view = view
            apart = view.differ
        self._tell(f"{pass_text(self._pair, self._shown)} {differ_text(sorted(apart))}")

    # ---- actions --------------------------------------------------------------------------

    def action_back(self) -> None:
        if not self._stop_settling() and not self.cancel():
            self.dismiss(None)

    def _no_paths(self) -> bool:
        """Whether this is a page, which may name no file of the server; if so, this is said."""
        if self.sudoku.is_web:
            self._tell("In a browser the policy is the server's; no other is opened.")
        return self.sudoku.is_web

    def action_open_model(self) -> None:
        if self._no_paths():
            return
        hint = "An .onnx file that sudoku-export wrote."
        self.app.push_screen(AskPath("Open a policy", hint, self.sudoku.settings.model), self._open)

    def _open(self, path: str | None) -> None:
        if path is not None:
            self._load(path, partial(self._opened, path))

    def action_shipped_model(self) -> None:
        self._load("", partial(self._opened, ""))

    def _load(self, path: str, loaded: Callable[[Engine], None]) -> None:
        engine = self.sudoku.engine
        self.ask("load", lambda _: engine.load(path), loaded, busy="loading")

    def _opened(self, path: str, engine: Engine) -> None:
        self.sudoku.play_screen.policy.use_from_now_on(path, engine)
        self._use(engine)
        self._tell("This policy plays from now on.", "good")

    def action_compare(self) -> None:
        if self._no_paths():
            return
        if not self.sudoku.engine.ready:
            self._tell(self.sudoku.engine.why_not, "wrong")
            return
        hint = "Another .onnx file; both get the puzzle on the board. Empty: the shipped policy."
        self.app.push_screen(AskPath("Compare with", hint, empty=True), self._compare)

    def _compare(self, path: str | None) -> None:
        if path is not None:
            self._load(path, self._compare_with)

    def _compare_with(self, other: Engine) -> None:
        engines, grid = (self.sudoku.engine, other), self._grid

        def answer(pair: list[Compared]) -> None:
            self.add_class("-comparing")
            self._pair = tuple(pair)
            self._shown = self._passes - 1
            self._show()

        self.ask("compare", lambda stop: compare(engines, grid, stop), answer, busy="comparing")

    # ---- passes ---------------------------------------------------------------------------

    @property
    def _passes(self) -> int:
        """How many passes the one that took more of them took."""
        return max((len(each.probabilities) for each in self._pair), default=0)

    def action_compare_pass(self, by: int) -> None:
        self._stop_settling()
        if not self._pair:
            self._tell("Two policies have passes to compare: c chooses the second.")
            return
        self._shown = max(0, min(self._shown + by, self._passes - 1))
        self._show()

    def action_compare_settle(self) -> None:
        self.action_compare_pass(-(10**6))
        if self._pair:
            self._settling = self.set_interval(PASS_SECONDS, self._settle_on)

    def _settle_on(self) -> None:
        self._shown = min(self._shown + 1 + self._passes // PASSES_SHOWN, self._passes - 1)
        if self._shown == self._passes - 1:
            self._stop_settling()
        self._show()

    def _stop_settling(self) -> bool:
        settling, self._settling = self._settling, None
        if settling is not None:
            settling.stop()
        return settling is not None
