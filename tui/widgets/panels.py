"""The panels beside the board: the cell under the cursor, the digits left, and the hint."""

from __future__ import annotations

from abc import abstractmethod

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from solver.board.grid import cell_name
from solver.board.words import plural
from tui.actions import keys_of
from tui.game.hints import LAST_TOLD
from tui.game.position import Author
from tui.game.state import State
from tui.settings import Settings


class Panel(Widget):
    """A bordered panel whose text is made of the screen's state."""

    ALLOW_SELECT = False
    DEFAULT_CLASSES = "panel"

    text: reactive[Content] = reactive(Content, layout=True)

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
    Author.POLICY: "the policy's",
    Author.SEARCH: "the search's",
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


class HintPanel(Panel):
    """The hint that is being told, and what the keys do with it."""

    def show(self, state: State) -> None:
        told = state.hint
        self.set_class(told is not None, "-on")
        if told is None:
            return
        name = told.lesson.technique
        self.border_title = name[0].upper() + name[1:] if told.grade > 1 else "Hint"
        self.border_subtitle = f"{told.grade} of {LAST_TOLD}"
        keys = [
            Content.assemble((keys_of(action), "$footer-key-foreground"), f"  {does}")
            for action, does in told.next_keys
        ]
        if self.screen.has_class("-short"):  # all lines are for the text
            self.border_subtitle = " · ".join(
                f"{keys_of(action)} {does.split()[0]}" for action, does in told.next_keys[:-1]
            )
            keys = []
        self.text = Content("\n").join([Content(told.text), Content(), *keys])


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
