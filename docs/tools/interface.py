"""The pictures of the interface, drawn by the program itself.

Each is drawn with the shipped policy, on a puzzle that ships, at a fixed size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Shot:
    """A picture: its file's name, the window's size, the theme, and the keys that lead there."""

    name: str
    size: tuple[int, int]
    theme: str
    keys: Sequence[str]


SHOTS: Final = (
    Shot("tui", (100, 30), "sudoku-dark", ["P", *["t"] * 7]),
    Shot("tui-light", (120, 40), "sudoku-light", ["P", "t", "t", "t"]),
    Shot("tui-heat", (120, 40), "sudoku-dark", ["W", "c", *["["] * 6, "n", "n"]),
    Shot("tui-contrast", (80, 24), "sudoku-contrast", ["P", "down", "right"]),
    Shot("tui-library", (120, 40), "sudoku-dark", ["o"]),
    Shot("tui-model", (80, 24), "sudoku-light", ["m"]),
    Shot("tui-help", (80, 24), "sudoku-dark", ["question_mark"]),
)


async def draw(shot: Shot) -> str:
    """The picture as SVG. Raises `ValueError` where there is no puzzle or no policy."""
    from solver.generator.library import shipped_folder
    from tui.app import SudokuApp
    from tui.asking import Asking
    from tui.game.opening import open_file
    from tui.settings import Settings

    game = open_file(str(shipped_folder() / "hard.sdk"))
    app = SudokuApp(game, settings=Settings(theme=shot.theme), clock=lambda: 0.0)
    async with app.run_test(size=shot.size) as pilot:
        for key in ("", *shot.keys):
            if key:
                await pilot.press(key)
            while any(isinstance(s, Asking) and s.is_asking() for s in app.screen_stack):
                await pilot.pause(0.02)
        if not app.engine.ready:
            raise ValueError(app.engine.why_not)
        await pilot.pause()
        return app.export_screenshot(title="sudoku-tui")
