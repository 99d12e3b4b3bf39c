"""The board: shows a `View`, owns the cursor, and says which cell was pointed at."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.color import Color
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets import drawing


class Board(Widget, can_focus=True):
    """A board of 37×19, 55×37 or 73×37 characters, the largest that fits."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"board--{name}"
        for name in (
            *("blank", "given", "own", "policy", "search", "guess", "same", "broken", "hinted"),
            *("wrong", "cursor", "rule", "box-rule", "cursor-rule", "cold", "hot"),
        )
    }
    ALLOW_SELECT = False

    view: reactive[drawing.View] = reactive(drawing.View, repaint=True)
    cursor: reactive[int] = reactive(40)

    class Pointed(Message):
        """A cell was clicked."""

        def __init__(self, board: Board, cell: int) -> None:
            self.board = board
            self.cell = cell
            super().__init__()

        @property
        def control(self) -> Board:
            return self.board

    class Moved(Message):
        """The cursor is on another cell."""

    def __init__(self, *, show_cursor: bool = True, id: str | None = None) -> None:
        super().__init__(id=id)
        self._styles: dict[tuple[tuple[str, ...], float | None], Style] = {}
        self.show_cursor = show_cursor
        self.can_focus = show_cursor

    @property
    def cell_size(self) -> tuple[int, int]:
        """Width and height of a cell in characters."""
        return drawing.fitting(self.size.width, self.size.height)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return drawing.total(drawing.fitting(container.width, container.height))[0]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return drawing.total(drawing.fitting(width, container.height))[1]

    def move(self, rows: int, columns: int) -> None:
        """Move the cursor, round the edges."""
        row, column = divmod(self.cursor, 9)
        self.cursor = (row + rows) % 9 * 9 + (column + columns) % 9

    def watch_cursor(self) -> None:
        self.post_message(self.Moved())

    def on_click(self, event: events.Click) -> None:
        cell = drawing.cell_at(event.x, event.y, self.cell_size)
        if cell is not None and self.show_cursor:
            self.cursor = cell
            self.post_message(self.Pointed(self, cell))

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles.clear()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width, height = self.size
        size = drawing.fitting(width, height)
        ground = self.rich_style
        if y >= drawing.total(size)[1]:
            return Strip.blank(width, ground)
        segments = [
            Segment(text, self._look(looks, heat))
            for text, looks, heat in drawing.line(self.view, self._cursor, y, size)
        ]
        return Strip(segments, drawing.total(size)[0]).adjust_cell_length(width, ground)

    @property
    def _cursor(self) -> int | None:
        return self.cursor if self.show_cursor else None

    def _look(self, looks: tuple[str, ...], heat: float | None) -> Style:
        heat = None if heat is None else round(heat, 2)
        style = self._styles.get((looks, heat))
        if style is None:
            style = self._styles[looks, heat] = self._mixed(looks, heat)
        return style

    def _mixed(self, looks: tuple[str, ...], heat: float | None) -> Style:
        style = self.rich_style
        for name in looks:
            style += self.get_component_rich_style(f"board--{name}", partial=True)
        if heat is None:
            return style
        cold = self.get_component_styles("board--cold").background
        hot = self.get_component_styles("board--hot").background
        return style + Style(bgcolor=_between(cold, hot, heat).rich_color)


def _between(cold: Color, hot: Color, heat: float) -> Color:
    return cold.blend(hot, max(0.0, min(1.0, heat)))
