"""The panels beside the board: the cell under the cursor, the digits left, and the hint."""

from __future__ import annotations

import textwrap
from abc import abstractmethod

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from solver.board.grid import cell_name
from solver.board.words import plural
from tui.actions import keys_of
from tui.game.hints import LAST_TOLD, Told
from tui.game.position import Author
from tui.game.state import State
from tui.settings import Settings
from tui.widgets.lines import Paged


class Panel(Widget):
    """A bordered panel whose text is made of the screen's state."""

    ALLOW_SELECT = False
    DEFAULT_CLASSES = "panel"

    text: reactive[Content] = reactive(Content)
    """Always of as many lines, so that another text needs no new layout."""

    def on_mount(self) -> None:
        self.watch(self.screen, "state", self.show)

    @abstractmethod
    def show(self, state: State) -> None:
        """Take the text and the title from a state."""

    def render(self) -> Content:
        return self.text


AUTHORS = {
    None: "blank",
    Author.GIVEN: "given",
    Author.OWN: "yours",
    Author.POLICY: "by policy",
    Author.SEARCH: "by search",
}


class CellPanel(Panel):
    """The cell under the cursor: its name, who filled it, its marks."""

    def show(self, state: State) -> None:
        cell = state.cursor
        digit, marks = state.position.grid[cell], state.marks[cell]
        self.border_title = f"{cell_name(cell)}: {AUTHORS[state.position.authors[cell]]}"
        if digit:
            self.text = Content.styled(str(digit), "bold")
        elif marks:
            self.text = Content(" ".join(map(str, sorted(marks))))
        else:
            self.text = Content.styled("no marks", "dim")


class LeftPanel(Panel):
    """How many of each digit are still to be placed."""

    def show(self, state: State) -> None:
        self.border_title = "Still to place"
        left = state.position.left
        digits = Content(" ").join(
            Content.styled(str(digit), "bold" if count > 0 else "dim")
            for digit, count in enumerate(left, 1)
        )
        counts = Content(" ").join(
            Content.styled("!" if count < 0 else str(count or "✓"), "" if count else "dim")
            for count in left
        )
        self.text = Content("\n").join([digits, counts])


class HintPanel(Paged):
    """The hint that is being told, page by page, and what the keys do with it."""

    DEFAULT_CLASSES = "panel"

    told: reactive[Told | None] = reactive(None, layout=True)

    def on_mount(self) -> None:
        self.watch(self.screen, "state", self._show)

    def _show(self, state: State) -> None:
        told = self.told = state.hint
        self.set_class(told is not None, "-on")
        if told is not None:
            self.border_title = f"Hint {told.grade} of {LAST_TOLD}"
            self.text = told.text

    def _technique(self, width: int) -> list[str]:
        """The lines that name the technique, from the second grade on."""
        if self.told is None or self.told.grade < 2:
            return []
        name = self.told.lesson.technique
        return textwrap.wrap(f"{name[0].upper()}{name[1:]}.", max(1, width))

    @property
    def _rest(self) -> bool:
        """Whether the text goes on after this page."""
        return self.top + self.room() < len(self.lines())

    def _keys(self) -> list[Content]:
        next_keys = () if self.told is None else self.told.next_keys
        if self._rest:
            next_keys = (("hint", "read on"), *next_keys[1:])
        return [
            Content.assemble((keys_of(action), "$footer-key-foreground"), f" {does}")
            for action, does in next_keys
        ]

    def wrapped(self, width: int) -> list[str]:
        return [*self._technique(width), *super().wrapped(width)]

    def room(self) -> int:
        keys = 0 if self.told is None else len(self.told.next_keys)
        return max(1, self.content_size.height - keys - 1)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        keys = 0 if self.told is None else len(self.told.next_keys)
        return len(self.wrapped(width)) + 1 + keys

    def render(self) -> Content:
        self._read = self.content_size.height > 0
        name = len(self._technique(self.content_size.width))
        lines = [
            Content.styled(text, "bold") if number < name else Content(text)
            for number, text in enumerate(self.shown(), self.top)
        ]
        return Content("\n").join([*lines, Content(), *self._keys()])


class KeysPanel(Panel):
    """What to press next in Play; nothing of it spoils unless it says so."""

    def show(self, state: State) -> None:
        self.set_class(state.hint is None and not state.watching, "-on")
        self.border_title = "Keys"
        lines = [
            ("pencil", "digits" if state.pencil else "marks"),
            ("hint", "hint"),
            ("check", "check"),
            ("undo", "take back"),
            ("checkpoint", "checkpoint"),
            ("watch", "see policy"),
            ("solve", "solve"),
        ]
        keys = [
            Content.assemble((f"{keys_of(name):>5}", "$footer-key-foreground"), f" {does}")
            for name, does in lines
        ]
        self.text = Content("\n").join([*keys, Content.styled("capitals spoil", "dim")])


def policy_title(state: State) -> str:
    """The title over the bars: the cell, and who filled it or how many candidates it has."""
    cell, position = state.cursor, state.position
    author = position.authors[cell]
    candidates = plural(len(position.grid.candidates(cell)), "candidate")
    return f"{cell_name(cell)}: {AUTHORS[author] if author else candidates}"


def steps_title(state: State) -> tuple[str, str]:
    """The title and subtitle of the list of steps."""
    trace, settings = state.position.trace, state.settings
    if trace is None:
        return "Steps", ""
    return f"Steps {state.position.step}/{len(trace.steps)}", _speed(settings)


def _speed(settings: Settings) -> str:
    return f"{settings.speed:g}/s"
