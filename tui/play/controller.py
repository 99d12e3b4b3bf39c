"""The base of the controllers that carry out the actions of the board's screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.game.game import Game
from tui.game.position import Position
from tui.game.state import State
from tui.settings import Settings

if TYPE_CHECKING:
    from tui.app import SudokuApp
    from tui.engine import Engine
    from tui.play.screen import PlayScreen


class Controller:
    """A few actions of the board's screen; `do_NAME` does the action NAME of the registry."""

    def __init__(self, screen: PlayScreen) -> None:
        self.screen = screen

    @property
    def app(self) -> SudokuApp:
        """The app."""
        return self.screen.sudoku

    @property
    def engine(self) -> Engine:
        """The policy in use."""
        return self.app.engine

    @property
    def settings(self) -> Settings:
        """The settings."""
        return self.app.settings

    @property
    def state(self) -> State:
        """What is on the screen."""
        return self.screen.state

    @property
    def game(self) -> Game:
        """The game on the board."""
        return self.screen.game

    @property
    def position(self) -> Position:
        """What is on the board."""
        return self.screen.game.position

    def tell(self, notice: str, kind: str = "") -> None:
        """Say something; "wrong" and "good" are kinds of news."""
        self.screen.tell(notice, kind)

    def policy_is_there(self, then: Callable[[], object]) -> bool:
        """Whether there is a policy to ask. If not, it is said why; while one is being loaded,
        `then` is done as soon as it is there, unless the board has changed."""
        if self.engine.ready:
            return True
        if self.screen.is_asking("load"):
            self.screen.policy.then = then
            self.tell("As soon as the policy is loaded.")
        else:
            self.tell(self.engine.why_not, "wrong")
        return False

    def position_changed(self) -> None:
        """Called when another position is on the board."""

    def stop(self) -> bool:
        """Stop what runs by itself; whether anything did."""
        return False
