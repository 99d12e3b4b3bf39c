"""Small dialogs: a line of text, a path that completes, a choice from a few."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.suggester import Suggester
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from solver.board.words import inert
from tui.game.making import LEVELS_TEXT

FAILURES = (OSError, ValueError, RuntimeError)
"""What a path that makes no sense can raise."""


class AskText(ModalScreen[str | None]):
    """Asks for a line of text: a path, a number. `None` when put away."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Back")]

    def __init__(self, title: str, hint: str = "", value: str = "", *, empty: bool = False) -> None:
        super().__init__()
        self._empty = empty
        self._title = title
        self._hint = hint
        self._value = value
        self.suggester: Suggester | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = self._title
            dialog.border_subtitle = "⏎ do it · esc back"
            yield Input(value=self._value, id="answer", suggester=self.suggester)
            yield Static(self._hint, classes="hint", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        answer = event.value.strip()
        self.dismiss(answer if answer or self._empty else None)


class AskPath(AskText):
    """Asks for a path; tab completes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", "Complete", priority=True)]

    def __init__(
        self,
        title: str,
        hint: str = "",
        value: str = "",
        *,
        empty: bool = False,
        web: bool = False,
    ) -> None:
        """Of a `web` page, nothing of this machine's files is shown."""
        super().__init__(title, hint, value, empty=empty)
        if not web:
            self.suggester = Paths()
            self._hint = f"{hint} Tab completes."

    def action_complete(self) -> None:
        answer = self.query_one(Input)
        if self.suggester is not None and (found := completed(answer.value)):
            answer.value = found
            answer.cursor_position = len(found)


class Paths(Suggester):
    """Suggests the paths that begin as what was typed."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        return completed(value)


def completed(text: str) -> str | None:
    """What a path that was begun is completed to: as far as all that begin so agree, or the first
    of them where they differ at once. None where there is nothing to add."""
    if not text:
        return None
    folder, begun = text[: text.rfind("/") + 1], text[text.rfind("/") + 1 :]
    try:
        inside = Path(folder or ".").expanduser()
        names = sorted(
            path.name + "/" * path.is_dir()
            for path in inside.iterdir()
            if path.name.startswith(begun) and (begun.startswith(".") or path.name[0] != ".")
        )
    except FAILURES:
        return None
    if not names:
        return None
    first, last = names[0], names[-1]
    common = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b),
                  min(len(first), len(last)))  # fmt: skip
    best = first[:common] if common > len(begun) else first
    return folder + best if best != begun and best.isprintable() else None


class Choose(ModalScreen[str | None]):
    """A choice from a few; `None` when put away."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "dismiss", "Back")]

    def __init__(self, title: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._title = title
        self._choices = choices

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = inert(self._title)
            dialog.border_subtitle = "⏎ choose · esc back"
            yield OptionList(
                *(Option(f"{name:<10} {text}", id=name) for name, text in self._choices),
                compact=True,
            )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)


def choose_level() -> Choose:
    """The dialog that asks for a level."""
    return Choose("New puzzle", tuple(LEVELS_TEXT.items()))
