"""How the board is drawn: sizes, signs, places; no colours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solver.board.grid import Grid
from tui.game.hints import Lesson, Told
from tui.game.position import Author, Position
from tui.widgets import drawing
from tui.widgets.bars import bar, sparkline
from tui.widgets.drawing import Heat, View
from tui.widgets.layout import COMPACT, DENSE, LARGE, SIZES, SMALL, Size, cell_at, plan


def text(view: View, size: Size) -> list[str]:
    """The board without the rows' numbers."""
    lines = range(size.total[1])
    return ["".join(piece for piece, _, _ in drawing.line(view, y, size))[1:] for y in lines]


def looks(view: View, size: Size, y: int, x: int) -> tuple[str, ...]:
    """The looks at a place of the board."""
    for piece, names, _ in drawing.line(view, y, size)[1:]:
        if x < len(piece):
            return names
        x -= len(piece)
    raise AssertionError


def view_of(position: Position, **more: object) -> View:
    return View(position.grid.cells, position.authors, position.marks, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", SIZES)
def test_every_line_has_the_boards_width(puzzle: Grid, size: Size) -> None:
    position = Position.start(puzzle).fill_marks()
    heat = Heat(np.full((81, 9), 1 / 9, np.float32))
    for view in (
        view_of(position, cursor=80),
        view_of(position, heat=heat, numbers=True),
        view_of(position, wrong=frozenset(range(81)), hidden=True),
    ):
        assert {len(line) for line in text(view, size)} == {size.total[0]}


def test_box_rules_are_heavy_and_others_light(puzzle: Grid) -> None:
    lines = text(view_of(Position.start(puzzle)), SMALL)
    assert lines[0] == "┏" + "┳".join(["┯".join(["━━━"] * 3)] * 3) + "┓"
    assert lines[2] == "┠" + "╂".join(["┼".join(["───"] * 3)] * 3) + "┨"
    assert lines[1] == "┃ 4 │   │   ┃   │   │   ┃ 8 │   │ 5 ┃"


def test_rows_and_columns_are_numbered(puzzle: Grid) -> None:
    view = view_of(Position.start(puzzle), numbers=True)
    for size in SIZES:
        lines = [
            "".join(p for p, _, _ in drawing.line(view, y, size)) for y in range(size.total[1])
        ]
        assert [c for c in lines[0] if c.isdigit()] == list("123456789")
        assert "".join(line[0] for line in lines).replace(" ", "") == "123456789"


@pytest.mark.parametrize(
    ("window", "size", "side"),
    [
        ((80, 24), COMPACT, 22),
        ((100, 30), COMPACT, 42),
        ((120, 40), LARGE, 44),
        ((200, 60), SIZES[0], 60),
        ((60, 24), SMALL, 20),
        ((39, 22), SMALL, 0),
        ((80, 20), DENSE, 40),
        ((60, 15), DENSE, 20),
        ((39, 16), DENSE, 0),
    ],
)
def test_a_window_is_filled_by_the_largest_board_with_a_panel(window, size, side) -> None:
    found = plan(*window)
    assert found is not None
    assert (found.size, found.side) == (size, side)
    width, height = size.total
    assert width + 1 + side <= window[0]
    assert height + 2 <= window[1]


@pytest.mark.parametrize("window", [(37, 40), (40, 15), (1, 1)])
def test_a_window_too_small_for_any_board_has_no_plan(window) -> None:
    assert plan(*window) is None


@pytest.mark.parametrize("size", SIZES)
def test_every_place_points_at_the_cell_drawn_there(size: Size) -> None:
    for cell in range(81):
        row, column = divmod(cell, 9)
        x, y = column * (size.width + 1) + 1, size.top(row) + 1
        assert cell_at(x, y, size) == cell
        assert cell_at(x + size.width - 1, y + size.height - 1, size) == cell
    assert cell_at(*size.total, size) is None


def test_who_entered_a_digit_shows_without_colour(puzzle: Grid) -> None:
    position = Position.start(puzzle)
    for cell, author in ((1, Author.OWN), (2, Author.POLICY), (3, Author.SEARCH)):
        position = position.enter(cell, 6, author)
    assert text(view_of(position), SMALL)[1].startswith("┃ 4 │ 6 │ 6ᵖ┃ 6ˢ│")
    large = text(view_of(position), LARGE)
    assert [large[1][column * 8 + 1 : column * 8 + 8].strip()[-1] for column in (1, 2, 3)] == [
        "╴", "ᵖ", "ˢ"
    ]  # fmt: skip


def test_conflicts_carry_a_sign(puzzle: Grid) -> None:
    view = view_of(Position.start(puzzle).enter(1, 4), wrong=frozenset({0, 1}))
    assert text(view, SMALL)[1].startswith("┃!4 │!4 │")
    for size in SIZES:
        assert "".join(text(view, size)).count("!") == 2


@pytest.mark.parametrize("size", [size for size in SIZES if size.height > 1])
def test_every_mark_is_a_digit_at_its_own_place(puzzle: Grid, size: Size) -> None:
    place = {}
    for digit in range(1, 10):
        lines = text(view_of(Position.start(puzzle).mark(1, digit)), size)
        (found,) = [
            (y, x)
            for y in range(size.top(0) + 1, size.top(0) + 1 + size.height)
            for x in range(size.width + 2, 2 * size.width + 2)
            if lines[y][x] == str(digit)
        ]
        place[digit] = found
    assert len(set(place.values())) == 9
    assert sorted(place, key=lambda digit: place[digit]) == list(range(1, 10))


@pytest.mark.parametrize(
    ("marks", "shown"),
    [({5}, "5  "), ({1, 6, 9}, "169"), ({1, 4, 6, 9}, "14+"), (set(range(1, 10)), "12+")],
)
def test_in_the_smallest_cells_up_to_three_marks_are_digits(puzzle, marks, shown) -> None:
    position = Position.start(puzzle)
    for digit in marks:
        position = position.mark(1, digit)
    assert text(view_of(position), SMALL)[1][5:8] == shown


HINT = Told(
    Lesson(
        "naked pair",
        look=frozenset(range(9)),
        pattern=frozenset({(1, 6), (1, 7), (2, 6), (2, 7)}),
        removals=frozenset({(5, 7)}),
        target=(5, 9),
        texts=("", "", ""),
        effect=frozenset({(2, 6)}),
    )
)


@pytest.mark.parametrize("size", SIZES)
def test_a_hint_is_drawn_by_grades_with_a_sign_for_each_part(puzzle: Grid, size: Size) -> None:
    other = Told(replace(HINT.lesson, removals=frozenset({(3, 7)})), grade=3)
    position = Position.start(puzzle)
    for told, signs in (
        (HINT, {"◆": 0, "◇": 0, "×": 0, "●": 0}),
        (HINT.more(), {"◆": 1, "◇": 1, "×": 0, "●": 0}),
        (other, {"◆": 1, "◇": 1, "×": 1, "●": 1}),
    ):
        drawn = "".join(text(view_of(position, hint=told), size))
        assert {sign: drawn.count(sign) for sign in signs} == signs


def test_a_hint_is_tinted_under_the_cursor_too(puzzle: Grid) -> None:
    told = HINT.more()
    view = view_of(Position.start(puzzle), hint=told, cursor=1)
    assert "pattern" in looks(view, COMPACT, 1, 7)
    assert "cursor" not in looks(view, COMPACT, 1, 7)
    assert "cursor-rule" in looks(view, COMPACT, 1, 6)


def test_the_candidates_of_a_hint_show_without_own_marks(puzzle: Grid) -> None:
    lines = text(view_of(Position.start(puzzle), hint=HINT.more()), COMPACT)
    assert lines[2][7:12] == "67  ◆"


def test_the_cursors_digit_shows_in_marks_and_cells(puzzle: Grid) -> None:
    view = view_of(Position.start(puzzle).mark(1, 4), same=4)
    assert "same" in looks(view, COMPACT, 1, 3)
    assert "same-mark" in looks(view, COMPACT, 1, 6 + 1 + 3)


def test_the_heat_map_shows_digit_and_confidence_in_every_size(puzzle: Grid) -> None:
    confidence = np.full((81, 9), 0.05, np.float32)
    confidence[1, 5] = 0.6
    view = view_of(Position.start(puzzle), heat=Heat(confidence))
    assert text(view, SMALL)[1].startswith("┃ 4 │ 6▅│")
    assert [line[9:16] for line in text(view, LARGE)[1:4]] == ["   6   ", "  60%  ", " ━━━   "]
    for size in SIZES[:-2]:
        assert "60%" in "".join(text(view, size))


@pytest.mark.parametrize("size", SIZES)
def test_a_paused_board_shows_nothing(puzzle: Grid, size: Size) -> None:
    view = view_of(Position.start(puzzle).fill_marks(), hidden=True, cursor=3)
    assert not [c for c in "".join(text(view, size)) if c.isdigit()]


def test_bars_and_sparklines_say_nothing_more_than_they_were_told() -> None:
    assert bar(0.0, 10) == ""
    assert bar(1.0, 10) == "█" * 10
    assert bar(0.5, 9) == "████▌"
    assert sparkline(np.linspace(0, 1, 9, dtype=np.float32), 9) == " ▁▂▃▄▅▆▇█"


@pytest.mark.parametrize("size", SIZES)
def test_a_dead_end_carries_its_sign_on_the_heat_map_too(puzzle: Grid, size: Size) -> None:
    heat = Heat(np.full((81, 9), 1 / 9, np.float32))
    lines = text(View(puzzle.cells, wrong=frozenset({1}), heat=heat), size)
    assert "".join(lines).count("!") == 1
    assert any("!1" in line for line in lines)
