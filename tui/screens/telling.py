"""A screen with a line of status, which says what is being worked out."""

from __future__ import annotations

from typing import ClassVar

from textual.css.query import NoMatches

from tui.asking import Asking
from tui.widgets.lines import StatusLine


class Telling(Asking):
    """A screen that says in its `StatusLine` what it works at, and `IDLE` when that is done."""

    IDLE: ClassVar[str] = ""

    def _tell(self, text: str, kind: str = "") -> None:
        status = self.query_one(StatusLine)
        status.text, status.kind = text, kind

    def asking_changed(self) -> None:
        try:
            if self.busy:
                self._tell(f"{self.busy} … esc stops it", "busy")
            elif self.query_one(StatusLine).kind == "busy":
                self._tell(self.IDLE)
        except NoMatches:
            return

    def asking_failed(self, error: str) -> None:
        self._tell(error, "wrong")
