"""The settings that a player can choose."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final

from tui.game import storage
from tui.keys import parse_keys, write_keys

SPEEDS: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Steps a second."""

THEMES: Final = ("sudoku-dark", "sudoku-light", "sudoku-contrast")
CHOICES: Final[dict[str, tuple[Any, ...]]] = {
    "theme": THEMES,
    "speed": SPEEDS,
    "mistakes": ("off", "rules", "solution"),
    "mode": ("play", "watch"),
}
"""The values that these settings can have."""


PATHS: Final = ("model", "folder")
NOT_FOR_HANDS: Final = ("sort", "filter")
"""What the library remembers by itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The settings; each has a default that needs no thought."""

    theme: str = THEMES[0]
    speed: float = 4.0
    mode: str = "play"
    """Play, or watch the policy; the program begins where it was left."""
    mistakes: str = "rules"
    """Which mistakes are shown: none, broken rules, or all digits that aren't the solution's."""
    auto_marks: bool = False
    """Show every candidate as a mark, without those that were rubbed out."""
    rub_marks: bool = True
    """Entering a digit rubs its marks out in the peers."""
    fill_marks: bool = False
    """Mark all candidates when a puzzle is opened."""
    numbers: bool = True
    """Number the rows and columns."""
    lines: bool = True
    """Tint the row, column and box of the cursor."""
    same: bool = True
    """Show the cursor's digit wherever it stands, in marks too."""
    dim_done: bool = True
    """Dim the digits of which all nine are placed."""
    timer: bool = True
    """Show the time played."""
    uniqueness: bool = True
    """Hints and steps may count on a single solution: unique rectangles, BUG+1."""
    confidence: bool = False
    """In Watch, show the heat map from the start."""
    resume: bool = False
    """Begin with the last game instead of the library."""
    model: str = ""
    """Another policy's file; empty for the shipped one."""
    folder: str = ""
    """The library's folder besides the shipped puzzles."""
    sort: str = ""
    """The library's order: a column, with a minus before it for downwards."""
    filter: str = ""
    """The words that the library is filtered by."""
    keys: dict[str, str] = field(default_factory=dict)
    """Own keys: the name of an action and its keys, with commas between."""


def absolute(path: str) -> str:
    """A path as it is kept: the same from every folder; empty stays empty."""
    return str(Path(path).expanduser().absolute()) if path else ""


def load() -> Settings:
    """The settings kept; a default for what is missing or makes no sense."""
    found = storage.read_json(storage.settings_file())
    defaults = Settings()
    good = {
        each.name: found[each.name]
        for each in fields(Settings)
        if type(found.get(each.name)) is type(getattr(defaults, each.name))
        and found[each.name] in CHOICES.get(each.name, (found[each.name],))
    }
    if not all(isinstance(keys, str) for keys in good.get("keys", {}).values()):
        del good["keys"]
    return Settings(**good)


def texts(settings: Settings) -> dict[str, str]:
    """The settings as a person writes them."""
    return {
        each.name: _text(each.name, getattr(settings, each.name))
        for each in fields(Settings)
        if each.name not in NOT_FOR_HANDS
    }


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:g}"
    return write_keys(value) if name == "keys" else str(value)


def with_text(settings: Settings, name: str, text: str) -> Settings:
    """The settings with one of them read from text. Raises `ValueError` that says what it takes."""
    now = texts(settings)
    if name not in now:
        raise ValueError(f"no setting {name!r}; there are {', '.join(now)}")
    value: Any = text
    kind = type(getattr(settings, name))
    if kind is bool:
        choices = {"on": True, "off": False}
    else:
        choices = {_text(name, choice): choice for choice in CHOICES.get(name, ())}
    if choices:
        if text not in choices:
            raise ValueError(f"{name} is one of {', '.join(choices)}")
        value = choices[text]
    elif name == "keys":
        value = parse_keys(text)
    elif name in PATHS:
        value = absolute(text)
    return replace(settings, **{name: value})


def save(settings: Settings) -> None:
    """Keep the settings. Raises `StorageError`."""
    storage.write_text(storage.settings_file(), json.dumps(asdict(settings), indent=2) + "\n")
