"""The help page: the keys of where one came from first, then what the signs mean."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static

from tui import actions
from tui.widgets.lines import TitleBar

WIDTH = 26
"""Columns of the keys."""


@lru_cache(maxsize=1)
def _page() -> str:
    return files("tui").joinpath("help.md").read_text(encoding="utf-8")


def groups_from(screen: str) -> list[str]:
    """The groups of actions, those of a screen first."""
    own = {action.group for action in actions.of(screen)}
    return sorted(actions.GROUPS, key=lambda group: (group not in own, actions.GROUPS.index(group)))


def help_text(screen: str = "play") -> Content:
    """The whole page."""
    parts: list[Content] = []
    for group in groups_from(screen):
        parts.append(Content.styled(group, "bold $accent"))
        parts += [
            Content.assemble(
                (f"  {actions.keys_of(action.name):<{WIDTH}}", "$footer-key-foreground"),
                (f"{action.label}. ", "bold"),
                action.help,
            )
            for action in actions.ACTIONS
            if action.group == group
        ]
        parts.append(Content())
    for line in _page().splitlines():
        heading = line.startswith("# ")
        parts.append(Content.styled(line[2:], "bold $accent") if heading else Content(line))
    return Content("\n").join(parts)


class HelpScreen(Screen[None]):
    """All keys, and what the signs on the board mean."""

    BINDINGS: ClassVar[list[BindingType]] = actions.bindings("over")

    def __init__(self, screen: str = "play") -> None:
        super().__init__()
        self._screen = screen

    def compose(self) -> ComposeResult:
        title = TitleBar()
        title.left = "Keys and signs"
        yield title
        with VerticalScroll(id="help"):
            yield Static(help_text(self._screen))
        yield Footer(compact=True, show_command_palette=False)

    def action_back(self) -> None:
        self.dismiss()
