"""The application: themes, settings, the policy in use, and the screen it begins with."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.driver import Driver
from textual.screen import Screen

from tui import actions, themes
from tui import settings as kept
from tui.engine import Engine
from tui.game import storage
from tui.game.game import Game
from tui.keys import keymap
from tui.play.screen import PlayScreen
from tui.screens.help import HelpScreen
from tui.screens.settings import SettingsScreen
from tui.settings import THEMES, Settings
from tui.terminal import thrifty


class SudokuApp(App[None]):
    """The terminal interface of the solver."""

    TITLE = "Sudoku"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = actions.bindings("app")
    COMMAND_PALETTE_BINDING = "ctrl+p"

    def __init__(
        self,
        game: Game,
        *,
        settings: Settings | None = None,
        engine: Engine | None = None,
        note: str = "",
        files: tuple[str, ...] = (),
        theme: str | None = None,
        model: str | None = None,
        library: bool = False,
        folder: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`theme`, `model` and `folder` hold this once: they go before the settings, and aren't
        kept. With `library`, that is open at the start. `clock` gives seconds."""
        super().__init__()
        for each in themes.ALL:
            self.register_theme(each)
        self.settings = settings or Settings()
        self.theme = theme or self.settings.theme
        self.clock = clock
        self.folder = self.settings.folder if folder is None else folder
        self._library = library
        self.engine = engine or Engine()
        self.first_game = game
        self.first_model = self.settings.model if model is None else model
        self.note = note
        self.files = files
        self.warned_of_storage = False
        self.failure = ""

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.DARK.variables

    def get_default_screen(self) -> Screen[Any]:
        return PlayScreen(self.first_game, self.note)

    def get_driver_class(self) -> type[Driver]:
        return thrifty(super().get_driver_class())

    def on_mount(self) -> None:
        self._use_keys(self.settings)
        self._leave_on_signals()
        self.say_problems()
        if self._library:
            self.play_screen.files.do_library()

    def _leave_on_signals(self) -> None:
        """Keep the game and give the terminal back when the process is to end."""
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and not self.is_headless:
                with contextlib.suppress(NotImplementedError, RuntimeError):
                    loop.add_signal_handler(number, self._leave_on_signal, number)

    def _leave_on_signal(self, number: int) -> None:
        self.play_screen.keep()
        self.exit(return_code=128 + number)

    def _use_keys(self, settings: Settings) -> None:
        """Take the own keys of the settings; where they can't hold, all keys are as usual."""
        try:
            keys = keymap(settings.keys)
        except ValueError as error:
            self.notify(f"Own keys left out: {error}", severity="warning", markup=False)
            keys = {}
        actions.use_keys(keys)
        self.set_keymap(keys)

    @property
    def play_screen(self) -> PlayScreen:
        """The board's screen, which is always at the bottom."""
        bottom = self.screen_stack[0]
        assert isinstance(bottom, PlayScreen)
        return bottom

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        here = getattr(screen, "ACTIONS", "over")
        for name in (here, "app"):
            for action in actions.of(name):
                if action.palette and self._offered(screen, action):
                    run = partial(self.run_action, action.call, screen if name == here else self)
                    # the palette reads markup: square brackets would swallow the keys
                    keys = actions.keys_of(action.name)
                    yield SystemCommand(action.label, f"{action.help} ({keys})", run)

    def _offered(self, screen: Screen[Any], action: actions.Action) -> bool:
        """Whether the palette has an action: those of Watch only there."""
        return not action.watch or self.play_screen.state.watching

    def change_settings(self, settings: Settings) -> None:
        """Take new settings and keep them; what they change is shown at once."""
        before, self.settings = self.settings, settings
        if before.keys != settings.keys:
            self._use_keys(settings)
        if before.folder != settings.folder:
            self.folder = settings.folder
        if before.theme != settings.theme:
            self.theme = settings.theme
        try:
            kept.save(settings)
        except storage.StorageError as error:
            self.notify(
                f"{error}. The settings hold until you leave.", severity="warning", markup=False
            )
        self.play_screen.settings_changed()

    def action_theme(self) -> None:
        later = THEMES[(THEMES.index(self.theme) + 1) % len(THEMES)]
        self.change_settings(replace(self.settings, theme=later))
        self.theme = later

    def action_settings(self) -> None:
        if not isinstance(self.screen, SettingsScreen):
            screen = SettingsScreen(self.settings, web=self.is_web)
            self.push_screen(screen, self._settings_chosen)

    def _settings_chosen(self, settings: Settings | None) -> None:
        if settings is None:
            return
        before = self.settings.model
        self.change_settings(replace(settings, model=before))  # another policy has to load first
        if settings.model != before:
            self.play_screen.policy.load(settings.model, keep=True)

    def say_problems(self) -> None:
        """Say what was found wrong with kept files."""
        for problem in storage.problems():
            self.notify(problem, severity="warning", timeout=10, markup=False)

    def warn_of_storage(self, error: storage.StorageError) -> None:
        """Say, once, that the game can't be kept."""
        if not self.warned_of_storage:
            self.warned_of_storage = True
            self.notify(
                f"{error}. You can play on, but the game isn't kept when you leave: "
                "save it with ctrl+s in another folder.",
                title="No autosave",
                severity="warning",
                timeout=10,
                markup=False,
            )

    def action_help(self) -> None:
        if isinstance(self.screen, HelpScreen):
            self.screen.dismiss()
        else:
            self.push_screen(HelpScreen(getattr(self.screen, "ACTIONS", "play")))

    def action_help_quit(self) -> None:
        """Ctrl+C, where nothing is selected: leave."""
        self.call_later(self.action_quit)

    async def action_quit(self) -> None:
        self.play_screen.keep()
        self.exit()

    def _fatal_error(self) -> None:
        """Leave on an unexpected error: the traceback goes to a file, one line to the user."""
        path = storage.crash_file()
        try:
            storage.write_text(path, traceback.format_exc())
            where = f"the details are in {path}"
        except storage.StorageError as error:
            where = str(error)
        self.failure = f"the interface stopped: {self._exception!r}; your game is kept; {where}"
        self._close_messages_no_wait()
