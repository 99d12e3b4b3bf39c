"""The settings, as a form."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Select, Switch

from tui.settings import SPEEDS, THEMES, Settings, absolute

SWITCHES = {
    "confidence": "Heat map from the start",
    "fill_marks": "Fill pencil marks when a puzzle opens",
    "rub_marks": "Rub marks out in peers on entering",
    "resume": "Go on with the last game at the start",
}
THEME_NAMES = dict(zip(THEMES, ("dark", "light", "high contrast"), strict=True))


class SettingsScreen(ModalScreen[Settings | None]):
    """Every setting; escape keeps what was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f2", "done", "Done")]

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    def compose(self) -> ComposeResult:
        now = self._settings
        with Vertical(classes="dialog", id="settings") as dialog:
            dialog.border_title = "Settings"
            dialog.border_subtitle = "esc done"
            with Horizontal(classes="field"):
                yield Label("Theme")
                yield Select(
                    [(name, theme) for theme, name in THEME_NAMES.items()],
                    value=now.theme, allow_blank=False, id="theme", compact=True,
                )  # fmt: skip
            with Horizontal(classes="field"):
                yield Label("Steps a second when playing")
                yield Select(
                    [(f"{speed:g}", speed) for speed in SPEEDS],
                    value=now.speed, allow_blank=False, id="speed", compact=True,
                )  # fmt: skip
            for name, text in SWITCHES.items():
                with Horizontal(classes="field"):
                    yield Label(text)
                    yield Switch(getattr(now, name), id=name, animate=False)
            for name, text, blank in (
                ("model", "Policy file", "the shipped one"),
                ("folder", "Library folder", "none but ours"),
            ):
                with Horizontal(classes="field"):
                    yield Label(text)
                    yield Input(getattr(now, name), id=name, compact=True,
                                placeholder=blank)  # fmt: skip

    def action_done(self) -> None:
        theme, speed = (self.query_one(name, Select).value for name in ("#theme", "#speed"))
        switches = {str(switch.id): switch.value for switch in self.query(Switch)}
        self.dismiss(
            replace(
                self._settings,
                theme=str(theme),
                speed=float(str(speed)),
                confidence=switches["confidence"],
                fill_marks=switches["fill_marks"],
                rub_marks=switches["rub_marks"],
                resume=switches["resume"],
                model=self.query_one("#model", Input).value.strip(),
                folder=absolute(self.query_one("#folder", Input).value.strip()),
            )
        )
