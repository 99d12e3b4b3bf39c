"""`make screenshots`: the pictures of the interface in `docs`, drawn by the program itself.

Each is drawn with the shipped policy, on a puzzle that ships, at a fixed size.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path("docs")


@dataclass(frozen=True)
class Picture:
    """A picture: its file's name, the window's size, the theme, and the keys that lead there."""

    name: str
    size: tuple[int, int]
    theme: str
    keys: Sequence[str]


PICTURES: Final = (
    Picture("tui", (80, 24), "sudoku-dark", ["c", *["n"] * 12]),
    Picture("tui-light", (120, 40), "sudoku-light", ["P", *["n"] * 9, "t", "t", "t"]),
    Picture("tui-heat", (120, 40), "sudoku-dark", ["c", *["["] * 6, "n", "n"]),
    Picture("tui-contrast", (80, 24), "sudoku-contrast", ["s"]),
    Picture("tui-library", (80, 24), "sudoku-dark", ["o"]),
    Picture("tui-model", (80, 24), "sudoku-light", ["m"]),
    Picture("tui-help", (80, 24), "sudoku-dark", ["question_mark"]),
)


async def draw(picture: Picture) -> str:
    """The picture as SVG. Raises `ValueError` where there is no puzzle or no policy."""
    from solver.library import shipped_folder
    from tui.app import SudokuApp
    from tui.opening import open_file
    from tui.settings import Settings

    game = open_file(str(shipped_folder() / "hard.sdk"))
    app = SudokuApp(game, settings=Settings(theme=picture.theme))
    async with app.run_test(size=picture.size) as pilot:
        for key in ("", *picture.keys):
            if key:
                await pilot.press(key)
            while any(getattr(screen, "asking", False) for screen in app.screen_stack):
                await pilot.pause(0.02)
        if not app.engine.ready:
            raise ValueError(app.engine.why_not)
        await pilot.pause()
        return app.export_screenshot(title="sudoku-tui")


def main() -> None:
    """Draw every picture into `docs`, with folders of its own so that no game goes on."""
    FOLDER.mkdir(exist_ok=True)
    for picture in PICTURES:
        with tempfile.TemporaryDirectory() as folder:
            for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
                os.environ[name] = folder
            path = FOLDER / f"{picture.name}.svg"
            path.write_text(asyncio.run(draw(picture)), encoding="utf-8")
            print(path, file=sys.stderr)


if __name__ == "__main__":
    main()
