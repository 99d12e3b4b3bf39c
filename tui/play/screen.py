"""The board's screen: its parts, the state that they watch, and the game behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.reactive import reactive
from textual.widgets import Footer, Static

from solver.board.grid import Grid
from tui import actions
from tui.actions import keys_of
from tui.asking import Asking
from tui.game import storage
from tui.game.game import Game
from tui.game.opening import opened
from tui.game.position import Position
from tui.game.state import Mode, State
from tui.play.editing import Editing
from tui.play.files import Files
from tui.play.passes import Passes
from tui.play.playback import Playback
from tui.play.policy import PolicyInUse
from tui.play.session import Session
from tui.play.teaching import Teaching
from tui.widgets.bars import Bars
from tui.widgets.board import Board, GameBoard
from tui.widgets.layout import plan, too_small
from tui.widgets.lines import GameStatus, GameTitle
from tui.widgets.panels import CellPanel, HintPanel, KeysPanel, LeftPanel, policy_title, steps_title
from tui.widgets.slider import PassSlider
from tui.widgets.steps import StepList

if TYPE_CHECKING:
    from tui.play.controller import Controller

LEGEND: Final = "[b]5[/] given   5 yours   5ᵖ policy   5ˢ search"


class PlayScreen(Asking):
    """The screen that the program comes back to. Widgets watch `state` and nothing else."""

    ACTIONS = "play"
    AUTO_FOCUS = "#board"
    BINDINGS: ClassVar[list[BindingType]] = actions.bindings("play")

    state: reactive[State] = reactive(
        lambda: State(Position.start(Grid((0,) * 81))), repaint=False
    )  # its widgets show it, each its part

    def __init__(self, game: Game, note: str = "") -> None:
        super().__init__()
        self.game = game
        self.too_small = False
        self.stopped = False
        """Whether the last key stopped something that went on by itself."""
        self._note = note
        self.playback, self.passes, self.session = Playback(self), Passes(self), Session(self)
        self.files, self.policy = Files(self), PolicyInUse(self)
        self.controllers: tuple[Controller, ...] = (
            Editing(self), self.playback, self.passes, Teaching(self), self.session, self.files,
            self.policy,
        )  # fmt: skip

    @property
    def position(self) -> Position:
        """What is on the board."""
        return self.game.position

    @property
    def board(self) -> Board:
        """The board's widget."""
        return self.query_one("#board", GameBoard)

    def compose(self) -> ComposeResult:
        yield GameTitle()
        with Container(id="too-small"):
            yield Static(id="too-small-text")
        with Horizontal(id="table"):
            with Vertical(id="left"):
                yield GameBoard(id="board")
            with Vertical(id="right"):
                yield CellPanel(id="cell")
                with Vertical(id="policy", classes="panel"):
                    yield Bars(id="bars")
                    yield PassSlider(id="slider")
                yield LeftPanel(id="left-digits")
                yield HintPanel(id="hint")
                with Vertical(id="steps-panel", classes="panel"):
                    yield StepList(id="steps")
                yield Static(LEGEND, id="legend")
                yield GameStatus(id="status")
                yield KeysPanel(id="keys-panel")
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        settings, grid = self.sudoku.settings, self.position.grid
        first = next((cell for cell in range(81) if not grid[cell]), 0)
        self.session.begin()
        self.session.fill_marks_if_wanted()
        watch = settings.mode == "watch"
        self._show_game(
            cursor=first, mode=Mode(settings.mode), heat=watch and settings.confidence,
            notice=self._note,
        )  # fmt: skip
        self.session.look_up_solution()
        self.policy.load(self.sudoku.first_model)

    def on_resize(self) -> None:
        width, height = self.size
        found = plan(width, height)
        self.too_small = found is None
        self.set_class(self.too_small, "-too-small")
        if found is None:
            self.query_one("#too-small-text", Static).update(too_small(width, height))
        else:
            self.board.cells = found.size
            right = self.query_one("#right")
            self.set_class(not found.side, "-no-side")
            self.set_class(found.below >= 9, "-deep")
            self.set_class(height < 30, "-short")
            self.set_class(found.side >= 40 and height >= 30, "-roomy")
            right.styles.width = found.side or "100%"
            right.styles.height = "100%" if found.side else found.below
        self.refresh_bindings()

    # ---- the state ------------------------------------------------------------------------

    def update(self, **changes: Any) -> None:
        """Show another state: this one with some of it changed."""
        self.state = replace(self.state, **changes)

    def watch_state(self, before: State, state: State) -> None:
        if not self.is_mounted:
            return
        self.set_class(state.watching, "-watching")
        self.set_class(state.hint is not None, "-hinting")
        panel = self.query_one("#steps-panel")
        panel.border_title, panel.border_subtitle = steps_title(state)
        self.query_one("#policy").border_title = policy_title(state)
        active = ("mode", "playing", "paused")
        if any(getattr(before, each) is not getattr(state, each) for each in active):
            self.refresh_bindings()

    def _show_game(self, **more: Any) -> None:
        game = self.game
        self.update(
            position=game.position, settings=self.sudoku.settings, name=game.name, hint=None,
            level=game.level, seconds=int(game.seconds), hints=game.hints, checks=game.checks,
            **more,
        )  # fmt: skip

    def read_on(self, by: int = 1) -> bool:
        """Show the next page of a long hint or message; whether there was one."""
        hint, status = self.query_one(HintPanel), self.query_one(GameStatus)
        return (hint if hint.told is not None and hint.display else status).page(by)

    def tell(self, notice: str, kind: str = "") -> None:
        """Say something in the status line."""
        self.update(notice=notice, kind=kind)

    def go(
        self, position: Position, notice: str = "", kind: str = "", *, cursor: int | None = None
    ) -> None:
        """Put a new position on the board, keep it, and show it."""
        if self.game.go(position):
            self.moved(notice, kind, cursor=cursor)
        else:
            self.tell(notice, kind)

    def moved(self, notice: str = "", kind: str = "", *, cursor: int | None = None) -> None:
        """After any change of position: keep the game, show it, ask the policy about it."""
        cursor = self.state.cursor if cursor is None or cursor < 0 else cursor
        self.cancel("solve", "hint", "check", "trace")  # asked of a board that is no more
        self.keep()
        self._show_game(notice=notice, kind=kind, cursor=cursor)
        for controller in self.controllers:
            controller.position_changed()

    def keep(self) -> None:
        """Autosave; a folder that can't be written is said once."""
        try:
            storage.save_game(self.game)
        except storage.StorageError as error:
            self.sudoku.warn_of_storage(error)
        self.sudoku.say_problems()

    def start(self, game: Game, notice: str = "") -> None:
        """Play another game; the one before it has been kept."""
        self.cancel("solve", "check", "hint", "watch", "trace", "solution")
        self.stop_all()
        self.keep()
        self.game = game
        self.session.fill_marks_if_wanted()
        first = next((cell for cell in range(81) if not self.position.grid[cell]), 0)
        self.update(solution=None, watched=None, pencil=False, paused=False)
        self.moved(notice or opened(game), cursor=first)
        self.session.look_up_solution()
        self.playback.resume_trace()

    def settings_changed(self) -> None:
        """Show what new settings change."""
        self.update(settings=self.sudoku.settings)
        if self.state.watching != (self.sudoku.settings.mode == "watch"):
            self.update(mode=Mode(self.sudoku.settings.mode))
        self.session.look_up_solution()

    # ---- actions --------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether an action is there: not in a window without a board, nor in the wrong mode."""
        if action != "do" or not parameters:
            return True
        name, state = str(parameters[0]), self.state
        if self.too_small:
            return name == "leave"
        if name in ("play", "pause_steps") and (name == "pause_steps") is not state.playing:
            return False
        found = actions.BY_CALL.get(name)
        return found is None or state.watching or not found.watch

    async def action_do(self, name: str, one: Any = ..., two: Any = ...) -> None:
        """Do an action of the registry, by its controller; what runs by itself stops.

        Textual passes as many arguments as there are parameters, so each has its own.
        """
        arguments = [argument for argument in (one, two) if argument is not ...]
        action = actions.BY_CALL[name]
        if self.state.paused:
            self.session.resume()
            return
        self.stopped = not action.keeps_playing and self.stop_all()
        if not self.board.has_focus:
            self.board.focus()
        for controller in self.controllers:
            if do := getattr(controller, f"do_{name}", None):
                try:
                    if (later := do(*arguments)) is not None:
                        await later
                except ValueError as error:
                    self.tell(str(error), "wrong")
                return
        raise AssertionError(name)

    def stop_all(self) -> bool:
        """Stop what runs by itself; whether anything did."""
        return sum(controller.stop() for controller in self.controllers) > 0

    def on_key(self, event: events.Key) -> None:
        """A key while the game is paused, or one that only means something in Watch: say so."""
        if self.session.resume():
            event.stop()  # any key resumes, and does nothing else
            return
        if self.state.watching or self.too_small:
            return
        for action in actions.of("play"):
            keys = ",".join(action.calls).split(",")
            if action.watch and (event.key in keys or (event.character or "") in keys):
                watch = keys_of("watch")
                self.tell(f"{action.label} is part of Watch, which spoils: {watch} shows it.")
                event.stop()
                return

    def on_screen_suspend(self) -> None:
        self.stop_all()

    @on(Board.Pointed)
    def _pointed(self, event: Board.Pointed) -> None:
        self.stop_all()
        if not self.session.resume():
            self.update(cursor=event.cell, notice="", kind="")

    @on(PassSlider.Slid)
    def _slid(self, event: PassSlider.Slid) -> None:
        self.stop_all()
        self.passes.show_pass(event.shown)

    @on(StepList.Chosen)
    def _step_chosen(self, event: StepList.Chosen) -> None:
        self.stop_all()
        self.playback.jump(event.step)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        if not self.too_small:
            self.stop_all()
            self.files.open_text(event.text)

    def asking_changed(self) -> None:
        if self.is_mounted:
            self.update(busy=self.busy)

    def asking_failed(self, error: str) -> None:
        self.tell(error, "wrong")
