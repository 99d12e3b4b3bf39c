"""What a person can choose once and for all."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

from tui import storage

SPEEDS: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Steps a second."""

THEMES: Final = ("sudoku-dark", "sudoku-light", "sudoku-contrast")


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The settings; each has a default that needs no thought."""

    theme: str = THEMES[0]
    speed: float = 4.0
    fill_marks: bool = False
    """Mark all candidates when a puzzle is opened."""
    rub_marks: bool = True
    """Entering a digit rubs its marks out in the peers."""
    confidence: bool = False
    """Show the heat map from the start."""
    resume: bool = True
    """Go on where the last game stopped."""
    model: str = ""
    """Another policy's file; empty for the shipped one."""
    folder: str = ""
    """The library's folder besides the shipped puzzles."""


def absolute(path: str) -> str:
    """A path as it is kept: the same from every folder; empty stays empty."""
    return str(Path(path).expanduser().absolute()) if path else ""


def load() -> Settings:
    """The settings kept; a default for what is missing or makes no sense."""
    found = storage.read_json(storage.settings_file())
    defaults = Settings()
    good = {
        field.name: found[field.name]
        for field in fields(Settings)
        if type(found.get(field.name)) is type(getattr(defaults, field.name))
    }
    if good.get("theme") not in THEMES:
        good.pop("theme", None)
    if good.get("speed") not in SPEEDS:
        good.pop("speed", None)
    return Settings(**good)


def save(settings: Settings) -> None:
    """Keep the settings. Raises `StorageError`."""
    storage.write_text(storage.settings_file(), json.dumps(asdict(settings), indent=2) + "\n")
