"""The settings, as a form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Select, Static, Switch

from tui.keys import EXAMPLE, parse_keys, write_keys
from tui.settings import SPEEDS, THEMES, Settings, absolute

SWITCHES = {
    "auto_marks": "Automatic marks",
    "fill_marks": "Fill pencil marks when a puzzle opens",
    "rub_marks": "Rub marks out in peers on entering",
    "numbers": "Number rows and columns",
    "lines": "Tint row, column and box of the cursor",
    "same": "Show the cursor's digit everywhere",
    "dim_done": "Dim digits that are all placed",
    "timer": "Show the time",
    "uniqueness": "Hints may count on a single solution",
    "confidence": "In Watch, the heat map from the start",
    "resume": "Begin with the last game, not the library",
}
THEME_NAMES = dict(zip(THEMES, ("dark", "light", "high contrast"), strict=True))


MISTAKES = {
    "off": "not shown",
    "rules": "by the rules",
    "solution": "by the solution (spoils)",
}


class OnOff(Switch):
    """A switch that says in words where it stands."""

    def render(self) -> str:
        return "✓ on" if self.value else "– off"


class SettingsScreen(ModalScreen[Settings | None]):
    """Every setting; dismissed with what was chosen, or None where it was cancelled."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,f2", "done", "Keep", priority=True),
        Binding("escape", "dismiss", "Cancel"),
        Binding("down", "go(1)", "Next", show=False, priority=True),
        Binding("up", "go(-1)", "Previous", show=False, priority=True),
    ]

    def __init__(self, settings: Settings, *, web: bool = False) -> None:
        """A page on the `web` asks for no paths of this machine."""
        super().__init__()
        self._web = web
        self._settings = settings

    def compose(self) -> ComposeResult:
        now = self._settings
        with Vertical(classes="dialog", id="settings") as dialog:
            dialog.border_title = "Settings"
            dialog.border_subtitle = "F2 keep · esc cancel · ↑ ↓ and space"
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
            with Horizontal(classes="field"):
                yield Label("Mistakes")
                yield Select(
                    [(name, value) for value, name in MISTAKES.items()],
                    value=now.mistakes, allow_blank=False, id="mistakes", compact=True,
                )  # fmt: skip
            for name, text in SWITCHES.items():
                with Horizontal(classes="field"):
                    yield Label(text)
                    yield OnOff(getattr(now, name), id=name, animate=False)
            fields = [("keys", "Own keys", write_keys(now.keys), EXAMPLE)]
            if not self._web:
                fields += [("model", "Policy file", now.model, "the shipped one"),
                           ("folder", "Library folder", now.folder, "only what ships")]  # fmt: skip
            for name, text, value, blank in fields:
                with Horizontal(classes="field"):
                    yield Label(text)
                    yield Input(value, id=name, compact=True, placeholder=blank)
            yield Static(id="problem", markup=False)

    def action_go(self, by: int) -> None:
        """To another setting, unless a list of choices is open, which takes the arrows itself."""
        if any(select.expanded for select in self.query(Select)):
            raise SkipAction
        if by > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def action_done(self) -> None:
        chosen = {str(each.id): each.value for each in self.query(Select)}
        switches = {str(switch.id): switch.value for switch in self.query(Switch)}
        texts = {str(each.id): each.value.strip() for each in self.query(Input)}
        try:
            keys = parse_keys(texts.pop("keys"))
            if "folder" in texts:
                texts["folder"] = absolute(texts["folder"])
        except (ValueError, RuntimeError, OSError) as error:
            self.query_one("#problem", Static).update(str(error))
            return
        more: dict[str, Any] = {**chosen, **switches, **texts, "keys": keys}
        self.dismiss(replace(self._settings, **more))
