"""The model screen: which policy plays, how fast it is, and another beside it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.css.query import NoMatches
from textual.widgets import Footer, Static

from solver.board.grid import Grid
from solver.board.words import plural
from solver.policy.stop import Stop
from solver.solving.solution import Solution
from tui import actions
from tui.asking import Asking
from tui.engine import Engine
from tui.game.position import Author
from tui.play.editing import named
from tui.screens.dialogs import AskPath
from tui.widgets.board import Board
from tui.widgets.drawing import Heat, View
from tui.widgets.layout import SIZES, SMALL
from tui.widgets.lines import StatusLine, TitleBar


class ModelScreen(Asking):
    """The policy in use on the left; on the right, after `compare`, a second one."""

    ACTIONS = "model"
    BINDINGS: ClassVar[list[BindingType]] = actions.bindings("model", "over")

    def __init__(self, grid: Grid) -> None:
        super().__init__()
        self._grid = grid
        self._cells = SMALL

    def compose(self) -> ComposeResult:
        title = TitleBar()
        title.left = "Model"
        yield title
        with VerticalScroll(id="models"), Horizontal(id="pair"):
            for side in ("first", "second"):
                with Vertical(id=side, classes="panel side"):
                    yield Static(id=f"{side}-facts", classes="facts", markup=False)
                    yield Board(margin=0, id=f"{side}-board")
        yield StatusLine()
        yield Footer(compact=True, show_command_palette=False)

    def on_resize(self) -> None:
        """Give each board the largest cells of which two boards fit beside one another."""
        width, height = self.size.width // 2 - 3, self.size.height - 4
        fits = (s for s in SIZES if s.total[0] < width and s.total[1] + 11 <= height)
        for board in self.query(Board):
            board.cells = next(fits, SMALL) if board.id == "first-board" else self._cells
            self._cells = board.cells

    def on_mount(self) -> None:
        self.query_one("#first").border_title = "In use"
        self.query_one("#second").border_title = "Compared with"
        self._use(self.sudoku.engine)

    def _use(self, engine: Engine) -> None:
        if not engine.ready:
            self._tell(engine.why_not, "wrong")
        self._show("first", engine, None)

    def _show(
        self,
        side: str,
        engine: Engine,
        solution: Solution | None,
        apart: frozenset[int] = frozenset(),
    ) -> None:
        self.query_one(f"#{side}-facts", Static).update(facts(engine, solution))
        if solution is not None:
            self.query_one(f"#{side}-board", Board).view = attempt_view(solution, apart)

    def _tell(self, text: str, kind: str = "") -> None:
        status = self.query_one(StatusLine)
        status.text, status.kind = text, kind

    def asking_changed(self) -> None:
        try:
            if self.busy:
                self._tell(f"{self.busy} … esc stops it", "busy")
            elif self.query_one(StatusLine).kind == "busy":
                self._tell("")
        except NoMatches:
            return

    def asking_failed(self, error: str) -> None:
        self._tell(error, "wrong")

    # ---- actions --------------------------------------------------------------------------

    def action_back(self) -> None:
        if not self.cancel():
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
        self.remove_class("-comparing")
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

        def question(stop: Stop) -> list[Solution]:
            return [timed(engine, grid, stop) for engine in engines]

        def answer(solutions: list[Solution]) -> None:
            self.add_class("-comparing")
            apart = differences(*solutions)
            for side, engine, solution in zip(("first", "second"), engines, solutions, strict=True):
                self._show(side, engine, solution, frozenset(apart))
            self._tell(differ_text(apart))

        self.ask("compare", question, answer, busy="comparing")


def timed(engine: Engine, grid: Grid, stop: Stop) -> Solution:
    """The answer, with the first run's warming up left out of its time."""
    engine.solve(grid, stop)
    start = time.perf_counter()
    solution = engine.solve(grid, stop)
    return replace(solution, seconds=time.perf_counter() - start)


def differences(first: Solution, second: Solution) -> tuple[int, ...]:
    """The cells in which the policies' own grids differ."""
    a, b = first.attempt or first.puzzle, second.attempt or second.puzzle
    return tuple(cell for cell in range(81) if a[cell] != b[cell])


def differ_text(apart: Sequence[int]) -> str:
    """Where two grids differ, in one line."""
    if not apart:
        return "They agree in every cell."
    return f"They differ in {plural(len(apart), 'cell')}: {named(apart)}."


def facts(engine: Engine, solution: Solution | None) -> str:
    """What there is to say of a policy and, where it was compared, of its answer."""
    policy = engine.policy
    if policy is None:
        return engine.why_not
    latency = "–" if engine.latency is None else engine.clock(engine.latency)
    lines = {
        "File": policy.path.name,
        "Hash": policy.hash[:16],
        "Views": str(policy.views),
        "Passes": f"up to {policy.passes}",
        "Provider": policy.provider.removesuffix("ExecutionProvider"),
        "Last inference": latency,
    }
    if solution is not None:
        lines |= {
            "This puzzle": f"{solution.status.value} by {solution.method or 'nobody'}",
            "Passes run": f"{solution.passes}, view {solution.view}",
            "Right cells": right_cells(solution),
            "Least sure": f"{solution.confidence:.1%}",
            "Time": engine.clock(solution.seconds),
        }
    return "\n".join(f"{name:<15}{value}" for name, value in lines.items())


def right_cells(solution: Solution) -> str:
    """How many of the blanks the policy's own grid has right, where the solution is known."""
    attempt, right = solution.attempt, solution.grid
    if attempt is None or right is None:
        return "–"
    blanks = [cell for cell in range(81) if not solution.puzzle[cell]]
    return f"{sum(attempt[cell] == right[cell] for cell in blanks)} of {len(blanks)}"


def attempt_view(solution: Solution, apart: frozenset[int]) -> View:
    """The policy's own grid, before any search: its confidence, its faults, and where the other
    policy's differs."""
    attempt = solution.attempt or solution.puzzle
    authors = tuple(Author.GIVEN if given else None for given in solution.puzzle)
    wrong = {cell for violation in attempt.violations() for cell in violation.cells}
    return View(
        cells=solution.puzzle.cells,
        authors=authors,
        wrong=frozenset(wrong),
        heat=Heat(solution.probabilities),
        differ=apart,
    )
