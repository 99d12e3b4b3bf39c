"""What the interface keeps between runs, in the folders that the XDG rules name.

Settings are in the configuration folder; games, one file a puzzle, in the state folder. Every
file is written beside its place and then moved there, so that none is ever half written. A file
that can't be read is moved aside before it could be overwritten, and `problems` says so. Where
another window has played the same puzzle, its position becomes one that undo goes back to.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Final

import platformdirs

from solver.board.grid import Grid
from solver.system.files import write_bytes
from tui.game import saved
from tui.game.game import Game
from tui.game.position import Candidate, Position

APPLICATION: Final = "sudoku-policy"
UNUSED_DAYS: Final = 365
"""A browser's folder is removed after this many days without a visit."""


class StorageError(Exception):
    """A folder or file of ours can't be written; the message says which and why."""


HOME: Final = "SUDOKU_TUI_HOME"
"""An environment variable: a folder for all that is kept, in place of the user's own folders."""

_problems: list[str] = []


def note(problem: str) -> None:
    """Have something said with the next of the problems."""
    _problems.append(problem)


def problems() -> list[str]:
    """What was found wrong with kept files and not said yet."""
    found = list(_problems)
    _problems.clear()
    return found


# ---- places ----------------------------------------------------------------------------------


def _config_folder() -> Path:
    home = os.environ.get(HOME)
    return Path(home) if home else platformdirs.user_config_path(APPLICATION, appauthor=False)


def _state_folder() -> Path:
    home = os.environ.get(HOME)
    return Path(home) if home else platformdirs.user_state_path(APPLICATION, appauthor=False)


def browser_folder(name: str) -> Path:
    """The folder of a browser that plays on this server; `name` is of letters and digits."""
    assert name.isalnum()
    return _state_folder() / "browsers" / name


def visit(folder: Path) -> None:
    """Note that a browser uses its folder, and remove those that none has used for long."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        for other in folder.parent.iterdir():
            if other.stat().st_mtime < time.time() - UNUSED_DAYS * 86_400:
                shutil.rmtree(other, ignore_errors=True)


def statistics_file() -> Path:
    """Where the games finished are."""
    return _state_folder() / "statistics.json"


def crash_file() -> Path:
    """Where the traceback of an unexpected error goes."""
    return _state_folder() / "error.log"


def settings_file() -> Path:
    """Where the settings are."""
    return _config_folder() / "settings.json"


def _game_file(givens: Grid) -> Path:
    key = hashlib.sha256(givens.line().encode()).hexdigest()[:20]
    return _state_folder() / "games" / f"{key}.json"


def _last_file() -> Path:
    return _state_folder() / "last.json"


# ---- reading and writing ---------------------------------------------------------------------


def write_text(path: Path, text: str) -> None:
    """Write `text` at `path`, whole or not at all. Raises `StorageError`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, text.encode())
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise StorageError(f"can't write {path}: {reason}") from error


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object at `path`; empty where there is none. What can't be read is set aside."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        return found
    set_aside(path)
    return {}


def set_aside(path: Path) -> None:
    """Move a damaged file out of the way, under a name that is free, and note that for the user."""
    names = (path.with_name(f"{path.name}.damaged{n or ''}") for n in range(1000))
    aside = next((name for name in names if not name.exists()), None)
    try:
        if aside is not None:
            path.rename(aside)
            _problems.append(f"{path.name} can't be read; it is kept as {aside}.")
    except OSError as error:
        _problems.append(f"{path} can't be read or moved: {(error.strerror or '').lower()}.")


# ---- games -----------------------------------------------------------------------------------


def save_game(game: Game) -> None:
    """Keep a game, and that it was the last. Raises `StorageError`."""
    givens = game.position.givens
    path = _game_file(givens)
    stamp = _stamp(path)
    if stamp is not None and stamp != game.stamp:
        _take_in(game)
    write_text(path, json.dumps(saved.dump(game)))
    game.stamp = _stamp(path)
    last = json.dumps({"schema": saved.SCHEMA, "givens": givens.line()})
    with suppress(OSError, ValueError):
        if _last_file().read_text(encoding="utf-8") == last:
            return
    write_text(_last_file(), last)


def _stamp(path: Path) -> tuple[int, int] | None:
    """What changes whenever a file is written; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def _take_in(game: Game) -> None:
    """Put the position that another window has kept of this puzzle before the present one."""
    other = saved_game(game.position.givens)
    if other is not None and not any(map(other.position.looks_like, game.positions)):
        game.positions.insert(game.now, other.position)
        game.now += 1
        _problems.append("Another window plays this puzzle too; undo goes to its position.")


def _read_game(path: Path) -> tuple[Game | None, dict[str, Any]]:
    """The game in a file at its present position alone, and the JSON that it is made of."""
    found = read_json(path)
    game = saved.load(found) if found else None
    if found and game is None:
        set_aside(path)
    return game, found


def saved_game(givens: Grid) -> Game | None:
    """The kept game of a puzzle, with its history."""
    path = _game_file(givens)
    game, found = _read_game(path)
    if game is None:
        return None
    game.stamp = _stamp(path)
    if not saved.load_history(game, found):
        set_aside(path)
        game.stamp = None
    return game


def followed(givens: Grid) -> tuple[Grid, int, tuple[tuple[Candidate, ...], ...]] | None:
    """The steps that the kept game of a puzzle followed, as `saved.followed` gives them."""
    return saved.followed(read_json(_game_file(givens)))


def saved_position(givens: Grid) -> Position | None:
    """How far a puzzle was played; None where it was not."""
    game, _ = _read_game(_game_file(givens))
    return None if game is None else game.position


def played_on(givens: Grid) -> str:
    """The day on which a puzzle's game was changed last; empty where there is none."""
    try:
        return date.fromtimestamp(_game_file(givens).stat().st_mtime).isoformat()
    except OSError:
        return ""


def kept_games() -> Iterator[tuple[Path, Game]]:
    """Every kept game, and the file it is kept in."""
    for path in sorted((_state_folder() / "games").glob("*.json")):
        game, _ = _read_game(path)
        if game is not None:
            yield path, game


def last_game() -> Game | None:
    """The game that was played last."""
    try:
        givens = Grid.parse(str(read_json(_last_file()).get("givens", "")))
    except ValueError:
        return None
    return saved_game(givens)
