"""The line at the top, and the lines that say what is wrong, what was found, or what to do."""

from __future__ import annotations

import textwrap
from typing import Final

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from solver.board.words import inert
from tui.game.state import State, clock


class TitleBar(Widget):
    """What is being played, on the left, and how far it is, on the right."""

    ALLOW_SELECT = False

    left: reactive[str] = reactive("")
    right: reactive[str] = reactive("")

    def render(self) -> Content:
        right = Content(self.right)
        room = max(0, self.content_size.width - right.cell_length - 1)
        left = Content(inert(self.left)).truncate(room, ellipsis=True, pad=True)
        return Content.assemble(left, " ", right)


class GameTitle(TitleBar):
    """The title of the board's screen."""

    def on_mount(self) -> None:
        self.watch(self.screen, "state", self._show)

    def _show(self, state: State) -> None:
        level = f" · {state.level}" if state.level else ""
        self.left = f"Sudoku  {state.name or 'new puzzle'}{level}"
        self.right = " · ".join(title_facts(state))


def title_facts(state: State) -> list[str]:
    """What the title says at its right end, the most important last."""
    facts = ["✎ pencil"] if state.pencil else []
    if state.settings.timer:
        facts.append(clock(state.seconds) + (" paused" if state.paused else ""))
    if state.hints:
        facts.append(f"{state.hints} {'hint' if state.hints == 1 else 'hints'}")
    blanks = state.position.blanks
    return [*facts, f"{blanks} left" if blanks else "full"]


MORE: Final = " … PgDn"
"""What stands where a text is cut: it goes on at this key."""


WORDY: Final = 5
"""A message of more lines takes the room of the keys in a low window."""


class Paged(Widget):
    """A text that wraps in the lines that it has; of a longer one, a page at a time."""

    ALLOW_SELECT = False

    text: reactive[str] = reactive("")
    top: reactive[int] = reactive(0)
    """The first line shown."""

    _read = False
    """Whether this text has been on the screen: before that there is no page to leave."""

    def watch_text(self) -> None:
        self.top = 0
        self._read = False
        width = self.content_size.width
        if self.get_content_height(self.size, self.size, width) != self.content_size.height:
            self.refresh(layout=True)  # only then: a layout takes far longer than a line

    def wrapped(self, width: int) -> list[str]:
        """The lines of the whole text."""
        return textwrap.wrap(inert(self.text), max(1, width)) or [""]

    def room(self) -> int:
        """How many lines there are for the text."""
        return max(1, self.content_size.height)

    def lines(self) -> list[str]:
        """The lines as they are shown; a single one leaves room to say that it goes on."""
        width = self.content_size.width
        return self.wrapped(width - len(MORE) if self.room() == 1 else width)

    def page(self, by: int) -> bool:
        """Go on by pages, or back; whether there was more to show."""
        if not self._read:
            return False
        before, room = self.top, self.room()
        last = max(0, len(self.lines()) - room)
        self.top = max(0, min(before + by * max(1, room - 1), last))
        return self.top != before

    def shown(self) -> list[str]:
        """The lines of this page; a line that is cut says so, and by which key it goes on."""
        width, room, lines = self.content_size.width, self.room(), self.lines()
        page = lines[self.top : self.top + room]
        if self.top + room < len(lines):
            page[-1] = page[-1][: max(0, width - len(MORE))].rstrip() + MORE
        return page

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.wrapped(width))

    def on_resize(self) -> None:
        self.top = min(self.top, max(0, len(self.lines()) - self.room()))

    def render(self) -> Content:
        self._read = self.content_size.height > 0
        return Content("\n".join(self.shown()))


class StatusLine(Paged):
    """What is wrong, what was found, or what to do."""

    kind: reactive[str] = reactive("")
    """"" for news, "wrong", "good" or "busy": a class of the style sheet."""

    def watch_kind(self, old: str, new: str) -> None:
        if old:
            self.remove_class(f"-{old}")
        if new:
            self.add_class(f"-{new}")


class GameStatus(StatusLine):
    """The status of the board's screen."""

    def on_mount(self) -> None:
        self.watch(self.screen, "state", self._show)

    def _show(self, state: State) -> None:
        self.text, self.kind = status_of(state)
        hidden = self.screen.has_class("-no-side") and not self.screen.has_class("-deep")
        if state.hint is not None and hidden:
            self.text = state.hint.text  # there is no panel for it
        long = len(self.wrapped(self.content_size.width or 20)) > WORDY
        self.screen.set_class(long and not state.watching, "-wordy")


def status_of(state: State) -> tuple[str, str]:
    """What there is to say of a state, and its kind."""
    if state.busy:
        return f"{state.busy} … esc stops it", "busy"
    if state.paused:
        return "Paused. Press any key to continue.", ""
    if state.notice:
        wrong = state.wrong
        news = state.kind == "wrong" or wrong in state.notice or not wrong
        return (state.notice, state.kind) if news else (f"{wrong}.  {state.notice}", "wrong")
    if wrong := state.wrong:
        return wrong, "wrong"
    return ("Solved.", "good") if state.position.grid.solved else ("", "")
