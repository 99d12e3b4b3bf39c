"""The help page: `help.md`, with the keys from the registry of actions."""

from __future__ import annotations

from importlib.resources import files
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, Markdown

from tui import actions
from tui.widgets.lines import TitleBar


def help_text() -> str:
    """The help page in Markdown."""
    page = files("tui").joinpath("help.md").read_text(encoding="utf-8")
    return page.replace("<!-- keys -->", actions.keys_markdown())


class HelpScreen(Screen[None]):
    """All keys, and what the signs on the board mean."""

    BINDINGS: ClassVar[list[BindingType]] = actions.bindings("over")

    def compose(self) -> ComposeResult:
        title = TitleBar()
        title.left = "Help"
        yield title
        with VerticalScroll(id="help"):
            yield Markdown(help_text())
        yield Footer(compact=True, show_command_palette=False)

    def action_back(self) -> None:
        self.dismiss()
