"""The line at the top and the line above the footer."""

from __future__ import annotations

import textwrap

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget


class TitleBar(Widget):
    """What is being played, on the left, and how far it is, on the right."""

    ALLOW_SELECT = False

    left: reactive[str] = reactive("")
    right: reactive[str] = reactive("")

    def render(self) -> Content:
        right = Content(self.right)
        room = max(0, self.content_size.width - right.cell_length - 1)
        left = Content(self.left).truncate(room, ellipsis=True, pad=True)
        return Content.assemble(left, " ", right)


class StatusLine(Widget):
    """The one line that says what is wrong, what was found, or what to do."""

    ALLOW_SELECT = False

    text: reactive[str] = reactive("")
    kind: reactive[str] = reactive("")
    """"" for news, "wrong", "good" or "busy": a class of the style sheet."""

    def watch_kind(self, old: str, new: str) -> None:
        if old:
            self.remove_class(f"-{old}")
        if new:
            self.add_class(f"-{new}")

    def render(self) -> Content:
        width, height = self.content_size
        lines = textwrap.wrap(self.text, max(1, width), max_lines=max(1, height), placeholder=" …")
        return Content("\n".join(lines))
