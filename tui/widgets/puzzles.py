"""The library's table: a heading to sort by, and a line for each puzzle.

It draws only the lines that are in sight and that changed, so that thousands of puzzles, and a
policy that tries them all, never keep a key waiting. (A `DataTable` draws all of its cells again
when one of them changes.)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size, Spacing
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from solver.board.grid import Grid
from tui.game.listing import COLUMNS, NUMBERS, Row


class PuzzleTable(ScrollView, can_focus=True):
    """Rows of the library, one of them under the cursor."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"puzzles--{name}" for name in ("heading", "even", "cursor")
    }
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Play", show=False),
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home,ctrl+home", "move(-1000000)", "First", show=False),
        Binding("end,ctrl+end", "move(1000000)", "Last", show=False),
    ]

    cursor: reactive[int] = reactive(0)
    """The place of the row that enter chooses."""
    order: reactive[str] = reactive("")
    """The column sorted by, with a minus before it for downwards: its heading has an arrow."""

    class Chosen(Message):
        """This row's puzzle is to be played."""

        def __init__(self, row: Row) -> None:
            self.row = row
            super().__init__()

    class Pointed(Message):
        """The cursor is at another row; None where there is none."""

        def __init__(self, row: Row | None) -> None:
            self.row = row
            super().__init__()

    class SortBy(Message):
        """A column's heading was clicked."""

        def __init__(self, column: str) -> None:
            self.column = column
            super().__init__()

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: list[Row] = []
        self._places: dict[str, int] = {}

    def show(self, rows: Iterable[Row]) -> None:
        """Show these rows, in their order; the cursor stays at its row, if that is among them."""
        under = self.rows[self.cursor].key if self.rows else ""
        self.rows = list(rows)
        self._places = {row.key: place for place, row in enumerate(self.rows)}
        self.virtual_size = Size(0, len(self.rows) + 1)
        self.cursor = self._places.get(under, 0)
        self._keep_in_sight()
        self._point()
        self.refresh()

    def go_to(self, givens: Grid) -> None:
        """Put the cursor at a puzzle, if it is listed, in the middle of what is shown."""
        places = (place for place, row in enumerate(self.rows) if row.givens == givens)
        self.cursor = next(places, self.cursor)
        self.scroll_to(y=self.cursor - self.size.height // 2, animate=False, force=True)

    def renew(self, row: Row) -> None:
        """Show what has become known of a row, if it is among those shown."""
        place = self._places.get(row.key)
        if place is not None:
            self.rows[place] = row
            self.refresh_line(place + 1)

    def in_sight(self) -> list[Row]:
        """The rows that are shown now, the one under the cursor first."""
        first = self.scroll_offset.y
        return [*self.rows[self.cursor : self.cursor + 1], *self.rows[first:][: self.size.height]]

    # ---- the cursor -----------------------------------------------------------------------

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, len(self.rows) - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        self.refresh_line(old + 1)
        self.refresh_line(new + 1)
        self._keep_in_sight()
        self._point()

    def _point(self) -> None:
        self.post_message(self.Pointed(self.rows[self.cursor] if self.rows else None))

    def _keep_in_sight(self) -> None:
        line = Region(0, self.cursor + 1, 1, 1)
        self.scroll_to_region(line, spacing=Spacing(top=1), animate=False, force=True)

    def action_move(self, by: int) -> None:
        self.cursor += by

    def action_page(self, by: int) -> None:
        self.cursor += by * max(1, self.size.height - 1)

    def action_choose(self) -> None:
        if self.rows:
            self.post_message(self.Chosen(self.rows[self.cursor]))

    def on_click(self, event: events.Click) -> None:
        """On a heading: sort; on a row: go there; on the row under the cursor: choose it."""
        place = self.scroll_offset.y + event.y - 1
        if event.y == 0:
            ends = [sum(self._widths[: column + 1]) for column in range(len(COLUMNS))]
            names = zip(COLUMNS, ends, strict=True)
            column = next((name for name, end in names if event.x < end), list(COLUMNS)[-1])
            self.post_message(self.SortBy(column))
        elif place == self.cursor:
            self.action_choose()
        elif place < len(self.rows):
            self.cursor = place

    # ---- drawing --------------------------------------------------------------------------

    @property
    def _widths(self) -> list[int]:
        """The columns' widths with a space on each side; the names take what is left.

        Where room is short, the days are left out (a width of 0).
        """
        widths = {name: width + 2 for name, width in COLUMNS.items()}
        if sum(widths.values()) > self.size.width:
            widths["Played"] = 0
        first, *rest = widths.values()
        return [max(first, self.size.width - sum(rest)), *rest]

    def render_line(self, y: int) -> Strip:
        place = self.scroll_offset.y + y - 1
        if y == 0:
            return self._line(self._headings(), "heading")
        if place >= len(self.rows):
            return Strip.blank(self.size.width, self.rich_style)
        looks = ("cursor",) if place == self.cursor else ("even",) * (place % 2 == 0)
        return self._line(self.rows[place].cells(), *looks)

    def _headings(self) -> list[str]:
        arrow = "▼" if self.order.startswith("-") else "▲"
        by = self.order.removeprefix("-")
        return [f"{arrow}{name}" if name == by else name for name in COLUMNS]

    def _line(self, cells: Iterable[str], *looks: str) -> Strip:
        style = self.rich_style
        for look in looks:
            style += self.get_component_rich_style(f"puzzles--{look}")
        text = "".join(
            f" {_fitted(cell, width - 2, right=name in NUMBERS)} "
            for name, cell, width in zip(COLUMNS, cells, self._widths, strict=True)
            if width
        )
        width = self.size.width
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)


def _fitted(cell: str, width: int, *, right: bool) -> str:
    """A cell's text, cut or filled to a width."""
    text = cell.rjust(width) if right else cell
    return Content(text).truncate(width, ellipsis=True, pad=True).plain
