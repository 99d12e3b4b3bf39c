"""Opening a game: from a file, an argument, or the last one played."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

from solver.board.grid import Grid
from solver.board.words import inert, plural
from solver.formats import FormatError, Record, read_argument
from solver.generator.library import MOST, Entry, shipped_folder
from tui.game import storage
from tui.game.game import Game
from tui.game.position import Position


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


def open_file(argument: str, *, stdin: bool = False) -> Game:
    """The game of the first puzzle that a path, 81 characters or, with `stdin`, `-` name.

    Raises `ValueError` with one clear line.
    """
    if argument == "-" and not stdin:
        raise ValueError("- is read at the start only; paste the puzzle instead")
    try:
        path = Path(argument).expanduser()
        there = path.exists()
        if there and not path.is_file():
            what = "is a folder; o, then f, lists its puzzles" if path.is_dir() else "is no file"
            raise ValueError(f"{inert(argument)} {what}")
        records = read_some(str(path) if there else argument)
    except FileNotFoundError:
        raise ValueError(f"{inert(argument)}: no such file") from None
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ValueError(f"{inert(argument)}: {reason.lower()}") from None
    if not records:
        raise FormatError("no puzzle", "at least one", file=argument)
    entry = Entry(path, records[0], alone=len(records) == 1)
    game = game_of(entry.record, entry.name if there else "pasted")
    game.others = len(records) - 1
    game.folder = str(path.parent.absolute()) if there else ""
    return game


def welcome_game() -> Game:
    """What a newcomer begins with: the easy puzzle that ships."""
    try:
        return open_file(str(shipped_folder() / "easy" / "easy-01.sdk"))
    except ValueError:
        return Game.of(Grid((0,) * 81), name="empty grid")


WELCOME: Final = (
    "Welcome. Every row, column and box takes 1 to 9 once: arrows move, digits write. "
    "space switches to pencil marks, t gives a hint and explains it, u takes back. "
    "o opens the library; ? shows all keys."
)


def first_of(count: int) -> str:
    """What to say where the first of several puzzles is taken."""
    return f"The first of {'many' if count >= MOST else count} puzzles"


def opened(game: Game, key: str = "o") -> str:
    """What to say when a game begins or is resumed; `key` is what shows the library."""
    position = game.position
    entered = position.grid.clues - position.givens.clues
    first = f"{first_of(game.others + 1)}; {key} lists them. " if game.others else ""
    if not entered:
        return f"{first}{position.blanks} to go."
    return f"{first}Resumed with {plural(entered, 'entry', 'entries')}; {position.blanks} to go."
