"""The line at the top, and the lines that say what is wrong, what was found, or what to do."""

from __future__ import annotations

import textwrap

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


class StatusLine(Widget):
    """What is wrong, what was found, or what to do; it wraps in the lines that it has."""

    ALLOW_SELECT = False

    text: reactive[str] = reactive("", layout=True)
    kind: reactive[str] = reactive("")
    """"" for news, "wrong", "good" or "busy": a class of the style sheet."""

    def watch_kind(self, old: str, new: str) -> None:
        if old:
            self.remove_class(f"-{old}")
        if new:
            self.add_class(f"-{new}")

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, len(textwrap.wrap(inert(self.text), max(1, width))))

    def render(self) -> Content:
        width, height = self.content_size
        lines = textwrap.wrap(
            inert(self.text), max(1, width), max_lines=max(1, height), placeholder=" …"
        )
        return Content("\n".join(lines))


class GameStatus(StatusLine):
    """The status of the board's screen."""

    def on_mount(self) -> None:
        self.watch(self.screen, "state", self._show)

    def _show(self, state: State) -> None:
        self.text, self.kind = status_of(state)
        hidden = self.screen.has_class("-no-side") and not self.screen.has_class("-deep")
        if state.hint is not None and hidden:
            self.text = state.hint.text  # there is no panel for it


def status_of(state: State) -> tuple[str, str]:
    """What there is to say of a state, and its kind."""
    if state.busy:
        return f"{state.busy} … esc stops it", "busy"
    if state.paused:
        return "Paused. Any key goes on.", ""
    if state.notice:
        wrong = state.wrong
        news = state.kind == "wrong" or wrong in state.notice or not wrong
        return (state.notice, state.kind) if news else (f"{wrong}.  {state.notice}", "wrong")
    if wrong := state.wrong:
        return wrong, "wrong"
    return ("Solved.", "good") if state.position.grid.solved else ("", "")
