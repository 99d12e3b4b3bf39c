"""From files, arguments and what was kept to a game to play."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from solver.board.grid import Grid
from solver.board.words import plural
from solver.formats import FormatError, Record, read_argument
from solver.generator.library import MOST, Entry, shipped_folder
from tui import storage
from tui.game import Game, Position


def game_of(record: Record, name: str = "") -> Game:
    """The game of a puzzle: as it was left, if it was played here; else as its file has it.

    Where the file holds another state of it, that is taken, and undo brings back what was left.
    """
    kept = storage.saved_game(record.givens)
    name = name or Path(record.source).name
    position = Position.start(record.givens, record.state)
    if record.pencil is not None:
        position = replace(position, marks=record.pencil)
    if kept is None:
        return Game([position], dict(record.metadata), name)
    kept.name = name or kept.name
    kept.metadata = {**kept.metadata, **record.metadata}
    if record.state is not None and record.state != kept.position.grid:
        kept.go(position)  # undo goes back to what was played here
    return kept


def read_some(argument: str) -> list[Record]:
    """The puzzles that a path, `-` or 81 characters give, the first `MOST`; rules may be broken.

    Raises `FormatError` and `OSError`.
    """
    return list(islice(read_argument(argument, rules=False), MOST))


def open_file(argument: str) -> Game:
    """The game of the first puzzle that a path, `-` or 81 characters name.

    Raises `FormatError` and `OSError`, each with one clear line.
    """
    path = Path(argument).expanduser()
    try:
        records = read_some(str(path) if path.exists() else argument)
    except FileNotFoundError:
        raise ValueError(f"{argument}: no such file") from None
    except IsADirectoryError:
        raise ValueError(f"{argument} is a folder; o, then f, lists its puzzles") from None
    except OSError as error:
        raise ValueError(f"{argument}: {(error.strerror or str(error)).lower()}") from None
    if not records:
        raise FormatError("no puzzle", "at least one", file=argument)
    entry = Entry(path, records[0], alone=len(records) == 1)
    game = game_of(entry.record, entry.name if path.exists() else "pasted")
    game.others = len(records) - 1
    return game


def first_game(arguments: Sequence[str], *, resume: bool) -> Game:
    """What to begin with: the first argument, or the last game, or a puzzle of ours."""
    if arguments:
        return open_file(arguments[0])
    kept = storage.last_game() if resume else None
    if kept is not None and not kept.position.grid.solved:
        return kept
    return _shipped()


def _shipped() -> Game:
    try:
        return open_file(str(shipped_folder() / "hard.sdk"))
    except ValueError:
        return Game.of(Grid((0,) * 81), name="empty grid")


def first_of(count: int) -> str:
    """What to say where the first of several puzzles is taken."""
    return f"The first of {'many' if count >= MOST else count} puzzles"


def opened(game: Game) -> str:
    """What to say when a game begins or goes on."""
    position = game.position
    entered = position.grid.clues - position.givens.clues
    first = f"{first_of(game.others + 1)}; o lists them. " if game.others else ""
    if not entered:
        return f"{first}{position.blanks} to go."
    return f"{first}Goes on with {plural(entered, 'entry', 'entries')}; {position.blanks} to go."
