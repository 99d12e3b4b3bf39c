"""What the interface keeps between runs, in the folders that the XDG rules name.

Settings are in the configuration folder; games, one file a puzzle, in the state folder. Every
file is written beside its place and then moved there, so that none is ever half written.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import platformdirs

from solver.board.grid import Grid
from solver.system.files import write_bytes
from tui.game.game import Game
from tui.game.position import Author, Candidate, Marks, Position

APPLICATION: Final = "sudoku-policy"
SCHEMA: Final = "sudoku-tui/1"
HISTORY: Final = 300
"""Positions kept before the present one, and as many after; they are written at every key."""
_MALFORMED: Final = (KeyError, ValueError, TypeError, AttributeError, IndexError)

_Cell = tuple[int, Author | None, frozenset[int], frozenset[int]]
"""A cell's digit, who entered it, its marks, and the candidates struck."""


_MORE: Final[dict[str, Any]] = {
    "folder": str, "seconds": float, "hints": int, "checks": int, "counted": bool,
}  # fmt: skip
"""What else is kept of a game, and of which type it is."""


class StorageError(Exception):
    """A folder or file of ours can't be written; the message says which and why."""


HOME: Final = "SUDOKU_TUI_HOME"
"""An environment variable: a folder for all that is kept, in place of the user's own folders."""


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


def statistics_file() -> Path:
    """Where the games finished are."""
    return _state_folder() / "statistics.json"


def crash_file() -> Path:
    """Where the traceback of an unexpected error goes."""
    return _state_folder() / "error.log"


def settings_file() -> Path:
    """Where the settings are."""
    return _config_folder() / "settings.json"


def write_text(path: Path, text: str) -> None:
    """Write `text` at `path`, whole or not at all. Raises `StorageError`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, text.encode())
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise StorageError(f"can't write {path}: {reason}") from error


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object at `path`; empty where there is none or it can't be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _game_file(givens: Grid) -> Path:
    key = hashlib.sha256(givens.line().encode()).hexdigest()[:20]
    return _state_folder() / "games" / f"{key}.json"


def _last_file() -> Path:
    return _state_folder() / "last.json"


def dump(game: Game) -> dict[str, Any]:
    """A game as JSON has it, with its last `HISTORY` positions; `load` is its inverse."""
    position = game.position
    first = max(0, game.now - HISTORY)
    kept = game.positions[first : game.now + HISTORY]
    before = (Position.start(position.givens), *kept)
    return {
        "schema": SCHEMA,
        "name": game.name,
        "metadata": game.metadata,
        "givens": position.givens.line(),
        "grid": position.grid.line(),
        "authors": "".join(author.value if author else "." for author in position.authors),
        "marks": _digits(position.marks),
        "struck": _digits(position.struck),
        "history": [_change(a, b) for a, b in zip(before, kept, strict=False)],
        "now": game.now - first,
        "trace": _trace(position),
        "folder": game.folder,
        "seconds": round(game.seconds, 1),
        "hints": game.hints,
        "checks": game.checks,
        "counted": game.counted,
        "checkpoints": [_change(Position.start(position.givens), at) for at in game.checkpoints],
    }


def _digits(marks: Marks) -> dict[str, str]:
    return {str(cell): "".join(map(str, sorted(each))) for cell, each in enumerate(marks) if each}


def _trace(position: Position) -> dict[str, Any] | None:
    """The trace that is followed: where it began, how far it was played, the marks it took."""
    if position.trace is None:
        return None
    return {
        "start": position.trace.start.line(),
        "step": position.step,
        "rubbed": [list(map(list, lost)) for lost in position.rubbed],
    }


def _change(before: Position, after: Position) -> dict[str, str]:
    """The cells that differ in `after`, as digit, author, marks, struck: "6o", "..19-4"."""
    cells = enumerate(zip(_cells(before), _cells(after), strict=True))
    return {str(cell): _text(*now) for cell, (was, now) in cells if was != now}


def _cells(position: Position) -> Iterator[_Cell]:
    return zip(position.grid.cells, position.authors, position.marks, position.struck, strict=True)


def _text(digit: int, author: Author | None, marks: frozenset[int], struck: frozenset[int]) -> str:
    ruled_out = "-" + "".join(map(str, sorted(struck))) if struck else ""
    own = "".join(map(str, sorted(marks)))
    return f"{digit or '.'}{author.value if author else '.'}{own}{ruled_out}"


def _changed(position: Position, change: dict[str, str]) -> Position | None:
    """The position after a change that `_change` wrote; None where it is no such."""
    cells = [_text(*cell) for cell in _cells(position)]
    for cell, text in change.items():
        cells[int(cell)] = text
    return _position(
        position.givens,
        Grid.parse("".join(text[0] for text in cells)),
        "".join(text[1] for text in cells),
        *(tuple(frozenset(map(int, text[2:].partition("-")[part])) for text in cells)
          for part in (0, 2)),
    )  # fmt: skip


def _position(
    givens: Grid, grid: Grid, authors: str, marks: Marks, struck: Marks
) -> Position | None:
    """The position of these parts; None where they contradict one another."""
    who = tuple(None if a == "." else Author(a) for a in authors)
    filled = [digit > 0 for digit in grid]
    given = [author is Author.GIVEN for author in who]
    if len(who) != 81 or not grid.keeps(givens):
        return None
    if filled != [author is not None for author in who] or given != [d > 0 for d in givens]:
        return None
    return Position(givens, grid, who, marks, struck)


def load(saved: dict[str, Any]) -> Game | None:
    """The game that `dump` wrote, at its present position alone; None for anything else."""
    try:
        givens, grid = Grid.parse(saved["givens"]), Grid.parse(saved["grid"])
        marks, struck = _marks(saved["marks"]), _marks(saved.get("struck", {}))
        metadata = {str(key): str(value) for key, value in saved["metadata"].items()}
        name = str(saved["name"])
        position = _position(givens, grid, saved["authors"], marks, struck)
        more = {key: kind(saved[key]) for key, kind in _MORE.items() if key in saved}
        checkpoints = [
            at
            for changes in saved.get("checkpoints", [])
            if (at := _changed(Position.start(givens), changes)) is not None
        ]
    except _MALFORMED:
        return None
    if position is None:
        return None
    return Game([position], metadata, name, checkpoints=checkpoints, **more)


def _marks(saved: dict[str, str]) -> Marks:
    marks = [frozenset[int]()] * 81
    for cell, digits in saved.items():
        marks[int(cell)] = frozenset(map(int, digits))
    return tuple(marks)


def _with_history(game: Game, saved: dict[str, Any]) -> Game:
    """The game with what can be undone and made again; as it was where that makes no sense."""
    positions: list[Position] = []
    position: Position | None = Position.start(game.position.givens)
    try:
        for change in saved["history"]:
            assert position is not None
            position = _changed(position, change)
            if position is None:
                return game
            positions.append(position)
        now = int(saved["now"])
        if now < 0 or positions[now] != game.position:
            return game
    except _MALFORMED:
        return game
    game.positions, game.now = positions, now
    return game


def save_game(game: Game) -> None:
    """Keep a game, and that it was the last. Raises `StorageError`."""
    path = _game_file(game.position.givens)
    write_text(path, json.dumps(dump(game)))
    write_text(_last_file(), json.dumps({"schema": SCHEMA, "givens": game.position.givens.line()}))


def saved_game(givens: Grid) -> Game | None:
    """The kept game of a puzzle, with its history."""
    saved = read_json(_game_file(givens))
    game = load(saved)
    return None if game is None else _with_history(game, saved)


def followed(givens: Grid) -> tuple[Grid, int, tuple[tuple[Candidate, ...], ...]] | None:
    """The steps that the kept game of a puzzle followed: their start, how many were played, and
    the marks that each took away. None where it followed none."""
    try:
        saved = read_json(_game_file(givens))["trace"]
        rubbed = tuple(
            tuple((int(cell), int(digit)) for cell, digit in lost) for lost in saved["rubbed"]
        )
        return Grid.parse(saved["start"]), int(saved["step"]), rubbed
    except _MALFORMED:
        return None


def saved_position(givens: Grid) -> Position | None:
    """How far a puzzle was played; None where it was not."""
    game = load(read_json(_game_file(givens)))
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
        game = load(read_json(path))
        if game is not None:
            yield path, game


def last_game() -> Game | None:
    """The game that was played last."""
    try:
        givens = Grid.parse(str(read_json(_last_file()).get("givens", "")))
    except ValueError:
        return None
    return saved_game(givens)
