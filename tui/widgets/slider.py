"""A slider over the passes of the policy."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.game.state import State


class PassSlider(Widget, can_focus=True):
    """Which pass is shown, 1 to `passes`; moved by keys, by clicking and by dragging."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"slider--{name}" for name in ("label", "past", "knob", "future")
    }
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "slide(-1)", "Earlier pass", show=False),
        Binding("right", "slide(1)", "Later pass", show=False),
        Binding("home", "slide(-10000)", "First pass", show=False),
        Binding("end", "slide(10000)", "Last pass", show=False),
    ]

    passes: reactive[int] = reactive(0)
    shown: reactive[int] = reactive(0)
    """Counted from 0."""

    class Slid(Message):
        """Another pass is to be shown, counted from 0."""

        def __init__(self, shown: int) -> None:
            self.shown = shown
            super().__init__()

    def on_mount(self) -> None:
        self.watch(self.screen, "state", self._show)

    def _show(self, state: State) -> None:
        self.passes = 0 if state.course is None else len(state.course)
        self.shown = state.shown_pass
        self.can_focus = self.passes > 1

    def action_slide(self, by: int) -> None:
        self._slide_to(self.shown + by)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self.capture_mouse()
        self._slide_to(self._pass_at(event.x))

    def on_mouse_up(self) -> None:
        self.release_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if event.button and self.app.mouse_captured is self:
            self._slide_to(self._pass_at(event.x))

    @property
    def _label(self) -> str:
        if not self.passes:
            return " pass – "
        return f" pass {self.shown + 1:>{len(str(self.passes))}}/{self.passes} "

    @property
    def _track(self) -> int:
        return max(2, self.size.width - len(self._label) - 1)

    def _pass_at(self, x: int) -> int:
        share = (x - len(self._label)) / (self._track - 1)
        return round(share * (self.passes - 1))

    def _slide_to(self, shown: int) -> None:
        shown = max(0, min(shown, self.passes - 1))
        if self.passes and shown != self.shown:
            self.shown = shown
            self.post_message(self.Slid(shown))

    def render_line(self, y: int) -> Strip:
        ground = self.rich_style
        width = self.size.width
        if y:
            return Strip.blank(width, ground)
        place = round(self.shown / max(1, self.passes - 1) * (self._track - 1))
        parts = [(self._label, "label")]
        if self.passes:
            rest = self._track - 1 - place
            parts += [("━" * place, "past"), ("●", "knob"), ("─" * rest, "future")]
        else:
            parts.append(("─" * self._track, "future"))
        segments = [
            Segment(text, ground + self.get_component_rich_style(f"slider--{look}", partial=True))
            for text, look in parts
        ]
        return Strip(segments).adjust_cell_length(width, ground)
