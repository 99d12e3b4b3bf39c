"""How the board is drawn: sizes, signs, places; no colours."""

from __future__ import annotations

import numpy as np
import pytest

from solver.board.grid import Grid
from tui.game import Author, Position
from tui.widgets import drawing
from tui.widgets.bars import bar, sparkline
from tui.widgets.drawing import SIZES, View


def text(view: View, size: tuple[int, int], cursor: int | None = None) -> list[str]:
    lines = range(drawing.total(size)[1])
    return ["".join(piece for piece, _, _ in drawing.line(view, cursor, y, size)) for y in lines]


def view_of(position: Position, **more: object) -> View:
    return View(position.grid.cells, position.authors, position.marks, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", SIZES)
def test_every_line_has_the_boards_width(puzzle: Grid, size: tuple[int, int]) -> None:
    position = Position.start(puzzle).fill_marks()
    confidence = np.full((81, 9), 1 / 9, np.float32)
    for view in (view_of(position), view_of(position, confidence=confidence)):
        lines = text(view, size, cursor=80)
        assert {len(line) for line in lines} == {drawing.total(size)[0]}


def test_box_rules_are_heavy_and_others_light(puzzle: Grid) -> None:
    lines = text(view_of(Position.start(puzzle)), (3, 1))
    assert lines[0] == "┏" + "┳".join(["┯".join(["━━━"] * 3)] * 3) + "┓"
    assert lines[2] == "┠" + "╂".join(["┼".join(["───"] * 3)] * 3) + "┨"
    assert lines[1] == "┃ 4 │   │   ┃   │   │   ┃ 8 │   │ 5 ┃"


def test_the_largest_size_that_fits_is_taken() -> None:
    assert drawing.fitting(200, 60) == (7, 3)
    assert drawing.fitting(60, 40) == (5, 3)
    assert drawing.fitting(200, 30) == (3, 1)
    assert drawing.fitting(1, 1) == (3, 1)


@pytest.mark.parametrize("size", SIZES)
def test_every_place_points_at_the_cell_drawn_there(size: tuple[int, int]) -> None:
    for cell in range(81):
        row, column = divmod(cell, 9)
        x, y = column * (size[0] + 1) + 1, row * (size[1] + 1) + 1
        assert drawing.cell_at(x, y, size) == cell
        assert drawing.cell_at(x + size[0] - 1, y + size[1] - 1, size) == cell
    assert drawing.cell_at(*drawing.total(size), size) is None


def test_who_entered_a_digit_shows_without_colour(puzzle: Grid) -> None:
    position = Position.start(puzzle)
    for cell, author in ((1, Author.OWN), (2, Author.POLICY), (3, Author.SEARCH)):
        position = position.enter(cell, 6, author)
    line = text(view_of(position), (3, 1))[1]
    assert line.startswith("┃ 4 │ 6 │ 6ᵖ┃ 6ˢ│")


def test_conflicts_carry_a_sign(puzzle: Grid) -> None:
    view = view_of(Position.start(puzzle).enter(1, 4), wrong=frozenset({0, 1}))
    assert text(view, (3, 1))[1].startswith("┃!4 │!4 │")


def test_pencil_marks_have_fixed_places_in_three_rows(puzzle: Grid) -> None:
    position = Position.start(puzzle)
    for digit in (1, 5, 6, 9):
        position = position.mark(1, digit)
    lines = text(view_of(position), (5, 3))
    assert [line[7:12] for line in lines[1:4]] == ["1    ", "  5 6", "    9"]


def test_small_marks_are_dots_at_the_same_places() -> None:
    assert drawing.braille(frozenset()) == "  "
    assert drawing.braille(frozenset({1})) == "⠁ "
    assert drawing.braille(frozenset({9})) == " ⠄"
    assert drawing.braille(frozenset(range(1, 10))) == "⠿⠇"
    assert len({drawing.braille(frozenset({d})) for d in range(1, 10)}) == 9


def test_the_heat_map_shows_digit_and_confidence_in_every_size(puzzle: Grid) -> None:
    confidence = np.full((81, 9), 0.05, np.float32)
    confidence[1, 5] = 0.6
    view = view_of(Position.start(puzzle), confidence=confidence)
    assert text(view, (3, 1))[1].startswith("┃ 4 │ 6▅│")
    assert [line[9:16] for line in text(view, (7, 3))[1:4]] == ["   6   ", "  60%  ", " ━━━   "]


def test_bars_and_sparklines_say_nothing_more_than_they_were_told() -> None:
    assert bar(0.0, 10) == ""
    assert bar(1.0, 10) == "█" * 10
    assert bar(0.5, 9) == "████▌"
    assert sparkline(np.linspace(0, 1, 9, dtype=np.float32), 9) == " ▁▂▃▄▅▆▇█"


@pytest.mark.parametrize("size", SIZES)
def test_a_dead_end_carries_its_sign_on_the_heat_map_too(puzzle: Grid, size) -> None:
    confidence = np.full((81, 9), 1 / 9, np.float32)
    lines = text(View(puzzle.cells, wrong=frozenset({1}), confidence=confidence), size)
    assert "".join(lines).count("!") == 1
    assert any("!1" in line for line in lines)
