"""From files, arguments and what was kept to a game to play."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from solver.formats import FormatError, Record, read_puzzles
from solver.grid import Grid
from tui import storage
from tui.game import Game


def game_of(record: Record, name: str = "") -> Game:
    """The game of a puzzle: as it was left, if it was played here; else as its file has it."""
    kept = storage.saved_game(record.givens)
    name = name or Path(record.source).name
    if kept is not None and (record.state is None or record.state == kept.position.grid):
        kept.name = name or kept.name
        kept.metadata = {**kept.metadata, **record.metadata}
        return kept
    game = Game.of(record.givens, record.state, dict(record.metadata), name)
    if record.pencil is not None:
        game.amend(replace(game.position, marks=record.pencil))
    return game


def open_file(argument: str) -> Game:
    """The game of the first puzzle that a path, `-` or 81 characters name.

    Raises `FormatError` and `OSError`, each with one clear line.
    """
    path = Path(argument).expanduser()
    try:
        records = read_puzzles(str(path) if path.exists() else argument, rules=False)
    except FileNotFoundError:
        raise ValueError(f"{argument}: no such file") from None
    except IsADirectoryError:
        raise ValueError(f"{argument} is a folder; o, then f, lists its puzzles") from None
    except OSError as error:
        raise ValueError(f"{argument}: {(error.strerror or str(error)).lower()}") from None
    if not records:
        raise FormatError("no puzzle", "at least one", file=argument)
    return game_of(records[0], "pasted" if not path.exists() else path.name)


def first_game(arguments: Sequence[str], *, resume: bool) -> Game:
    """What to begin with: the first argument, or the last game, or a puzzle of ours."""
    if arguments:
        return open_file(arguments[0])
    kept = storage.last_game() if resume else None
    if kept is not None and not kept.position.grid.solved:
        return kept
    return _shipped()


def _shipped() -> Game:
    from solver.library import shipped_folder

    try:
        return open_file(str(shipped_folder() / "hard.sdk"))
    except ValueError:
        return Game.of(Grid((0,) * 81), name="empty grid")


def opened(game: Game) -> str:
    """What to say when a game begins or goes on."""
    position = game.position
    entered = position.grid.clues - position.givens.clues
    return f"Goes on: {entered} cells were entered." if entered else f"{position.blanks} to go."
