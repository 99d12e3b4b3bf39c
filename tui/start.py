"""What the interface opens with: a game, a message, or the library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tui import settings
from tui.game import opening, storage


def options_for(files: list[str]) -> dict[str, Any]:
    """The options of `SudokuApp` that `files` and what was kept call for. Raises `ValueError`."""
    kept = settings.load()
    options: dict[str, Any] = {"settings": kept, "files": tuple(files)}
    folder = next((name for name in files if Path(name).expanduser().is_dir()), None)
    if folder is not None:
        options |= {"folder": settings.absolute(folder), "library": True}
    elif files:
        game = opening.open_file(files[0], stdin=True)
        return {**options, "game": game, "note": opening.opened(game)}
    last = storage.last_game()
    if last is None:
        game = opening.welcome_game()
        return {**options, "game": game, "note": opening.WELCOME}
    library = folder is not None or not kept.resume
    return {**options, "game": last, "note": opening.opened(last), "library": library}
