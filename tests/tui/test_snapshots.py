"""What the screens look like, at three sizes, dark, light and contrast; no clock, no blinking.

After a change that is meant: `pytest tests/tui/test_snapshots.py --snapshot-update`, and look.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.tui.conftest import settle
from tui.engine import Engine
from tui.game.position import Author
from tui.settings import Settings
from tui.widgets.puzzles import PuzzleTable

SIZES = {"80x24": (80, 24), "100x30": (100, 30), "120x40": (120, 40)}
LOOKS = [
    pytest.param(SIZES["80x24"], "dark", id="80x24-dark"),
    pytest.param(SIZES["100x30"], "light", id="100x30-light"),
    pytest.param(SIZES["120x40"], "contrast", id="120x40-contrast"),
]
ALL_LOOKS = [
    pytest.param(size, theme, id=f"{name}-{theme}")
    for name, size in SIZES.items()
    for theme in ("dark", "light", "contrast")
]


def each(*keys: str):
    """Presses keys, each after the answer to the one before."""

    async def run(pilot) -> None:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)

    return run


@pytest.mark.parametrize(("size", "theme"), ALL_LOOKS)
def test_a_hint_over_pencil_marks(snap_compare, program, size, theme) -> None:
    app = program(settings=Settings(theme=f"sudoku-{theme}"))
    assert snap_compare(app, terminal_size=size, run_before=each("P", "t", "t", "t"))


@pytest.mark.parametrize(("size", "theme"), LOOKS)
def test_the_heat_map_over_played_steps(snap_compare, program, size, theme) -> None:
    app = program(settings=Settings(theme=f"sudoku-{theme}"), watch=True)
    keys = ("c", "n", "n", "n", "down", "7")
    assert snap_compare(app, terminal_size=size, run_before=each(*keys))


@pytest.mark.parametrize(("size", "theme"), LOOKS)
def test_marks_and_a_conflict(snap_compare, program, size, theme) -> None:
    app = program(settings=Settings(theme=f"sudoku-{theme}"))
    assert snap_compare(app, terminal_size=size, run_before=each("P", "4", "down"))


def test_high_contrast_with_a_search(snap_compare, program) -> None:
    app = program(settings=Settings(theme="sudoku-contrast", model="wrong.onnx"), watch=True)

    async def run(pilot) -> None:
        await settle(pilot)
        screen = app.play_screen
        position = screen.position
        for cell, author in ((1, Author.OWN), (2, Author.POLICY), (3, Author.SEARCH)):
            digit = min(position.grid.candidates(cell))
            position = position.enter(cell, digit, author)
        screen.go(position)
        await settle(pilot)

    assert snap_compare(app, run_before=run)


def test_without_colour(snap_compare, program, monkeypatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = program(watch=True)
    assert app.no_color
    assert snap_compare(app, run_before=each("c", "n", "4"))


@pytest.mark.parametrize(("size", "theme"), LOOKS)
def test_the_library(
    snap_compare, program, tmp_path, monkeypatch, puzzle, solution, size, theme
) -> None:
    monkeypatch.setattr("tui.game.listing.shipped_folder", lambda: tmp_path / "mine")
    (tmp_path / "mine").mkdir()
    rng = np.random.default_rng(0)
    lines = [puzzle.line()]
    for blanks in (5, 20, 40):
        cells = np.array(solution.cells)
        cells[rng.choice(81, blanks, replace=False)] = 0
        lines.append("".join(map(str, cells)))
    (tmp_path / "mine" / "four.sdm").write_text("\n".join(lines))
    app = program(settings=Settings(theme=f"sudoku-{theme}"))

    async def run(pilot) -> None:
        await each("o", "a")(pilot)
        app.screen.query_one(PuzzleTable).focus()

    assert snap_compare(app, terminal_size=size, run_before=run)


@pytest.mark.parametrize(("size", "theme"), LOOKS)
def test_two_models_side_by_side(snap_compare, program, monkeypatch, size, theme) -> None:
    monkeypatch.setattr(Engine, "clock", lambda self, seconds: "1.0 ms")
    app = program(settings=Settings(theme=f"sudoku-{theme}"))

    async def run(pilot) -> None:
        await each("m", "c")(pilot)
        from textual.widgets import Input

        app.screen.query_one(Input).value = "wrong.onnx"
        await each("enter")(pilot)

    assert snap_compare(app, terminal_size=size, run_before=run)


@pytest.mark.parametrize(("size", "theme"), LOOKS)
@pytest.mark.parametrize(
    ("key", "name"), [("f2", "settings"), ("f1", "help"), ("e", "new"), ("s", "statistics")]
)
def test_the_pages_over_the_board(snap_compare, program, key, name, size, theme) -> None:
    app = program(settings=Settings(theme=f"sudoku-{theme}"))
    assert snap_compare(app, terminal_size=size, run_before=each(key))


def test_a_window_that_is_too_small(snap_compare, program) -> None:
    assert snap_compare(program(), terminal_size=(36, 12), run_before=each())
