"""The board: shows a `View`, and says which cell was pointed at."""

from __future__ import annotations

from itertools import takewhile
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.color import Color
from textual.geometry import Region
from textual.geometry import Size as Area
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from solver.board.grid import CELL_UNITS, UNITS, ViolationKind
from tui.game.state import State
from tui.widgets import drawing
from tui.widgets.drawing import Heat, View
from tui.widgets.layout import SMALL, Size, cell_at
from tui.widgets.rules import Piece


class Board(Widget):
    """A board whose cells have the size `cells`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"board--{name}"
        for name in (
            *("blank", "given", "own", "policy", "search", "guess", "done", "same", "same-mark"),
            *("lined", "lined-given", "broken", "wrong", "wrong-here", "cursor", "differ"),
            *("look", "pattern", "effect", "struck", "target"),
            *("pattern-digit", "effect-digit", "struck-digit", "target-digit"),
            *("rule", "box-rule", "cursor-rule", "number", "number-here", "cold", "hot"),
        )
    }
    ALLOW_SELECT = False

    view: reactive[View] = reactive(View, repaint=False)
    cells: reactive[Size] = reactive(SMALL, layout=True)

    class Pointed(Message):
        """A cell was clicked."""

        def __init__(self, board: Board, cell: int) -> None:
            self.board = board
            self.cell = cell
            super().__init__()

        @property
        def control(self) -> Board:
            return self.board

    def __init__(self, *, margin: int = 1, id: str | None = None) -> None:
        """`margin` is 1 with a column for the rows' numbers, or 0."""
        super().__init__(id=id)
        self._margin = margin
        self._lines: list[list[Piece]] = []
        self._styles: dict[tuple[tuple[str, ...], float | None], Style] = {}

    def get_content_width(self, container: Area, viewport: Area) -> int:
        return self.cells.total[0] + self._margin

    def get_content_height(self, container: Area, viewport: Area, width: int) -> int:
        return self.cells.total[1]

    def watch_view(self) -> None:
        """Draw what differs."""
        before, self._lines = self._lines, self._drawn()
        for y, (old, new) in enumerate(zip(before, self._lines, strict=False)):
            if old != new:
                left, right = _alike(old, new), _alike(old[::-1], new[::-1])
                width = sum(len(text) for text, *_ in new)
                self.refresh(Region(left, y, width - left - right, 1))

    def watch_cells(self) -> None:
        self._lines = self._drawn()

    def _drawn(self) -> list[list[Piece]]:
        return [
            drawing.line(self.view, y, self.cells)[1 - self._margin :]
            for y in range(self.cells.total[1])
        ]

    def on_click(self, event: events.Click) -> None:
        cell = cell_at(event.x - self._margin, event.y, self.cells)
        if cell is not None:
            self.post_message(self.Pointed(self, cell))

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles.clear()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width, ground = self.size.width, self.rich_style
        if y >= len(self._lines):
            return Strip.blank(width, ground)
        segments = [Segment(text, self._look(looks, heat)) for text, looks, heat in self._lines[y]]
        return Strip(segments).simplify().adjust_cell_length(width, ground)

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


class GameBoard(Board, can_focus=True):
    """The board of the game, which shows the screen's state."""

    def on_mount(self) -> None:
        self.watch(self.screen, "state", self._show)

    def _show(self, state: State) -> None:
        self.view = view_of(state)


def _alike(some: list[Piece], others: list[Piece]) -> int:
    """For how many characters two lines begin alike."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(some, others, strict=False))
    return sum(len(text) for (text, *_), _ in pairs)


def _between(cold: Color, hot: Color, heat: float) -> Color:
    return cold.blend(hot, max(0.0, min(1.0, heat)))


def view_of(state: State) -> View:
    """What the board shows of a state."""
    settings, position, cursor = state.settings, state.position, state.cursor
    wrong, broken = set(state.mistakes), set[int]()
    for violation in state.violations:
        if violation.kind is not ViolationKind.NO_PLACE:
            wrong.update(violation.cells)
        if violation.unit is not None:
            broken.update(UNITS[violation.unit])
    lined = {cell for unit in CELL_UNITS[cursor] for cell in UNITS[unit]} if settings.lines else ()
    done = {digit for digit, left in enumerate(position.left, 1) if left <= 0}
    heated = state.heated
    return View(
        cells=position.grid.cells,
        authors=position.authors,
        marks=state.marks,
        cursor=cursor,
        wrong=frozenset(wrong),
        broken=frozenset(broken),
        lined=frozenset(lined),
        same=position.grid[cursor] if settings.same else 0,
        done=frozenset(done if settings.dim_done and position.blanks else ()),
        hint=state.hint,
        heat=None if heated is None else Heat(heated),
        numbers=settings.numbers,
        hidden=state.paused,
    )
