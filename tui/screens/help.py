"""The help page: the keys of where one came from first, then what the signs mean."""

from __future__ import annotations

import textwrap
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


def help_text(screen: str = "play", width: int = 100) -> Content:
    """The whole page; what wraps at `width` goes on under itself."""
    parts: list[Content] = []
    for group in groups_from(screen):
        parts.append(Content.styled(group, "bold $accent"))
        for action in actions.ACTIONS:
            if action.group == group:
                parts += _entry(actions.keys_of(action.name), action.label, action.help, width)
        parts.append(Content())
    for line in _page().splitlines():
        heading = line.startswith("# ")
        parts.append(Content.styled(line[2:], "bold $accent") if heading else _plain(line, width))
    return Content("\n").join(parts)


def _entry(keys: str, label: str, text: str, width: int) -> list[Content]:
    """The lines of an action."""
    first, *more = _wrapped(f"{label}. {text}", width - WIDTH - 2)
    head = (f"  {keys:<{WIDTH}}", "$footer-key-foreground")
    name = f"{label}."
    return [
        Content.assemble(head, (name, "bold"), first[len(name) :]),
        *(Content(" " * (WIDTH + 2) + line) for line in more),
    ]


def _plain(line: str, width: int) -> Content:
    """A line of the page: a sign and what it means, or a paragraph."""
    sign, text = line[: WIDTH + 2], line[WIDTH + 2 :]
    if text and sign.endswith(" "):
        first, *more = _wrapped(text, width - WIDTH - 2)
        lines = [sign + first, *(" " * len(sign) + each for each in more)]
    else:
        lines = [f"  {each}" for each in _wrapped(line.strip(), width - 2)]
    return Content("\n".join(lines) if line else "")


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(30, width)) or [""]


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
            yield Static()
        yield Footer(compact=True, show_command_palette=False)

    def on_resize(self) -> None:
        width = max(20, self.size.width - 5)
        self.query_one("#help Static", Static).update(help_text(self._screen, width))

    def action_back(self) -> None:
        self.dismiss()
