"""The rows of the library: puzzles, their ratings, and how far each was played."""

from __future__ import annotations

import functools
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from solver.board.grid import Grid
from solver.board.levels import EASY, LEVELS
from solver.board.words import inert
from solver.generator.library import Entry, entries, shipped_folder
from solver.policy.stop import Stop
from tui.game import storage
from tui.game.game import Game
from tui.game.making import Tried, make, nobody
from tui.game.opening import game_of, read_some

COLUMNS: Final = {
    "Name": 12, "Level": 8, "Clues": 5, "Rating": 6, "Played": 10, "State": 6, "Policy": 8,
}  # fmt: skip
"""The columns of the library's table, and their least widths; the first takes what is left."""
NUMBERS: Final = {"Clues", "Rating"}
"""Those that stand on the right."""
REST: Final = 0.002
"""Seconds between the ratings of two puzzles."""
UNRATED: Final = -2
"""The rating of a puzzle with no or several solutions, which has none."""


@dataclass(frozen=True)
class Row:
    """A puzzle of the library, and what is known of it; `rating` and `policy` come later.

    `done` is the share of its blanks that are filled, 0..1, and `played` the day of its last
    change here.
    """

    entry: Entry
    done: float = 0.0
    solved: bool = False
    played: str = ""
    rating: int | None = None
    found: str = ""
    """The level of a puzzle whose file names none, as soon as it is known."""
    policy: str = ""
    kept: str = ""
    """The name of a game that was begun here and whose puzzle is in no file listed."""

    @functools.cached_property
    def key(self) -> str:
        """What tells this row from all others, however its file was named."""
        return f"{os.path.abspath(self.entry.path)}#{self.entry.number}"

    @property
    def givens(self) -> Grid:
        """The puzzle."""
        return self.entry.record.givens

    @property
    def name(self) -> str:
        """What the puzzle is called."""
        return inert(self.kept or self.entry.name)

    @property
    def state(self) -> str:
        """How far it was played."""
        return "solved" if self.solved else f"{self.done:.0%}" if self.done else ""

    @property
    def level(self) -> str:
        """The file's level, or else the one found."""
        return inert(self.entry.level) or self.found

    def values(self) -> tuple[Any, ...]:
        """The row as values to sort by, in the order of `COLUMNS`."""
        rating = -1 if self.rating is None else self.rating
        order = LEVELS.index(self.level) if self.level in LEVELS else 99
        done = 2.0 if self.solved else self.done
        return (self.name_key, (order, self.level), self.givens.clues, rating, self.played, done,
                self.policy)  # fmt: skip

    @property
    def name_key(self) -> tuple[int | str, ...]:
        """The name as it is sorted: numbers by their value."""
        return _name_key(self.name)

    def cells(self) -> tuple[str, ...]:
        """The row as the table shows it."""
        shown = "…" if self.rating is None else "–" if self.rating == UNRATED else str(self.rating)
        clues = str(self.givens.clues)
        return self.name, self.level, clues, shown, self.played, self.state, self.policy


@functools.lru_cache(maxsize=20_000)
def _name_key(name: str) -> tuple[int | str, ...]:
    parts = re.split(r"(\d+)", name)  # every second part is a number
    return tuple(int(part) if place % 2 else part.lower() for place, part in enumerate(parts))


def listing(
    files: Sequence[str], folder: str, stop: Stop, on_error: Callable[[str], object]
) -> list[Row]:
    """The rows of the files named, the shipped puzzles and the folder chosen, each puzzle once.

    With them, the games begun on other puzzles (pasted, generated, of other files) and not solved.
    """
    found: dict[str, Row] = {}
    for entry in _all(files, folder, on_error):
        stop.check()
        row = _row(entry)
        found.setdefault(row.key, row)
    listed = {row.givens for row in found.values()}
    return [*found.values(), *_begun(listed)]


def _begun(listed: Set[Grid]) -> Iterator[Row]:
    for path, game in storage.kept_games():
        position = game.position
        begun = position.grid != position.givens or any(position.marks)
        if begun and not position.grid.solved and position.givens not in listed:
            yield _row(Entry(path, game.record()), kept=game.name or "a game")


def _all(files: Sequence[str], folder: str, on_error: Callable[[str], object]) -> list[Entry]:
    found: list[Entry] = []
    for name in files:
        if Path(name).is_file():
            try:
                records = read_some(name)
            except (ValueError, OSError) as error:
                on_error(str(error))
                continue
            alone = len(records) == 1
            found += [Entry(Path(name), r, n, alone) for n, r in enumerate(records)]
    for place in (shipped_folder(), *([Path(folder)] if folder else [])):
        try:
            found += entries(place, on_error)
        except OSError as error:
            on_error(f"{place}: {(error.strerror or str(error)).lower()}")
    return found


def _row(entry: Entry, kept: str = "") -> Row:
    givens = entry.record.givens
    position = storage.saved_position(givens)
    if position is None or position.grid == position.givens:
        return Row(entry, kept=kept)
    blanks = 81 - givens.clues
    return Row(
        entry,
        done=(blanks - position.blanks) / blanks if blanks else 0.0,
        solved=position.grid.solved,
        played=storage.played_on(givens),
        kept=kept,
    )


def rate_all(
    rows: Sequence[Row],
    stop: Stop,
    each: Callable[[Row], object],
    in_sight: Callable[[], Sequence[Row]] = tuple,
) -> None:
    """Rate the puzzles one by one; `each` is given a row when its rating is known.

    Those `in_sight` come first. Between two puzzles the thread rests, so that keys are answered.
    """
    for row in _by_turns(rows, stop, in_sight):
        rating = _rating(row.givens)
        each(replace(row, rating=rating, found=EASY if rating == 0 else ""))


def _by_turns(
    rows: Iterable[Row], stop: Stop, in_sight: Callable[[], Sequence[Row]]
) -> Iterator[Row]:
    """The rows, those in sight first, with a rest after each. Raises `StoppedError`."""
    left = {row.key: row for row in rows}
    while left:
        stop.check()
        seen = next((row.key for row in in_sight() if row.key in left), None)
        yield left.pop(next(iter(left)) if seen is None else seen)
        time.sleep(REST)


def level_all(
    rows: Sequence[Row],
    stop: Stop,
    each: Callable[[Row], object],
    in_sight: Callable[[], Sequence[Row]] = tuple,
) -> None:
    """Find the levels of rated puzzles whose files name none, as `rate_all`: maybe for minutes."""
    unknown = [row for row in rows if not row.level and row.rating not in (None, UNRATED)]
    for row in _by_turns(unknown, stop, in_sight):
        each(replace(row, found=_level(row.givens, stop)))


@functools.lru_cache(maxsize=10_000)
def _rating(givens: Grid) -> int:
    from solver import exact

    proper = exact.count_solutions(givens.cells, limit=2) == 1
    return int(exact.rate(givens.cells)) if proper else UNRATED


_levels: Final[dict[Grid, str]] = {}


def _level(givens: Grid, stop: Stop) -> str:
    """The level of a puzzle, kept for the next time. Raises `StoppedError`."""
    from solver.logic.rating import difficulty

    if givens not in _levels:
        _levels[givens] = difficulty(givens, stop.check).level
    return _levels[givens]


def matches(row: Row, words: str) -> bool:
    """Whether a row has all these words, in its name, level, state or policy."""
    text = " ".join([row.name, row.level, row.state, row.policy]).lower()
    return all(word in text for word in words.lower().split())


def sort_key(column: str) -> Callable[[Row], Any]:
    """What to sort rows by, so that those with equal values stay by name."""
    place = list(COLUMNS).index(column)

    def key(row: Row) -> Any:
        values = row.values()
        return values[place], values[0], str(row.entry.path), row.entry.number

    return key


def next_puzzle(level: str, after: Grid, stop: Stop, tried: Tried = nobody) -> Game:
    """The next puzzle of a level that is shipped and not solved; a new one where there is none."""
    rows = listing((), "", stop, lambda error: None)
    rows = sorted((row for row in rows if row.level == level), key=sort_key("Name"))
    here = next((place for place, row in enumerate(rows) if row.givens == after), -1)
    for row in (*rows[here + 1 :], *rows[: max(here, 0)]):
        if not row.solved and row.givens != after:
            return game_of(row.entry.record, row.name)
    return make(level, stop, tried)
