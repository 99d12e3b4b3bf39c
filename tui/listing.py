"""The rows of the library: puzzles, their ratings, and how far each was played."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from solver.board.grid import Grid
from solver.generator.library import Entry, entries, level_of, shipped_folder
from solver.policy.stop import Stop
from tui import storage
from tui.opening import read_some

COLUMNS: Final = {"Name": 30, "Level": 9, "Clues": 5, "Rating": 6, "State": 8, "Policy": 8}
"""The columns of the library's table, and their widths."""
NUMBERS: Final = {"Clues", "Rating"}
"""Those that stand on the right."""
UNRATED: Final = -2
"""The rating of a puzzle with no or several solutions, which has none."""


@dataclass(frozen=True)
class Row:
    """A puzzle of the library, and what is known of it; `rating` and `policy` come later."""

    entry: Entry
    state: str = ""
    rating: int | None = None
    policy: str = ""
    kept: str = ""
    """The name of a game that was begun here and whose puzzle is in no file listed."""

    @functools.cached_property
    def key(self) -> str:
        """What tells this row from all others, however its file was named."""
        return f"{os.path.abspath(self.entry.path)}#{self.entry.number}"

    @property
    def name(self) -> str:
        """What the puzzle is called."""
        return self.kept or self.entry.name

    @property
    def level(self) -> str:
        """The file's level, or else that of the rating."""
        rated = self.rating is not None and self.rating != UNRATED
        return self.entry.level or (level_of(self.rating or 0) if rated else "")

    def values(self) -> tuple[Any, ...]:
        """The row as values to sort by, in the order of `COLUMNS`."""
        rating = -1 if self.rating is None else self.rating
        clues = self.entry.record.givens.clues
        return self.name, self.level, clues, rating, self.state, self.policy

    def cells(self) -> tuple[str, ...]:
        """The row as the table shows it."""
        name, level, clues, rating, state, policy = self.values()
        shown = "…" if self.rating is None else "–" if rating == UNRATED else str(rating)
        return name, level, str(clues), shown, state, policy


def listing(
    files: Sequence[str], folder: str, stop: Stop, on_error: Callable[[str], object]
) -> list[Row]:
    """The rows of the files named, the shipped puzzles and the folder chosen, each puzzle once.

    With them, the games begun on other puzzles (pasted, generated, of other files) and not solved.
    """
    found: dict[str, Row] = {}
    for entry in _all(files, folder, on_error):
        stop.check()
        row = Row(entry, _state(entry))
        found.setdefault(row.key, row)
    listed = {row.entry.record.givens for row in found.values()}
    return [*found.values(), *_begun(listed)]


def _begun(listed: Set[Grid]) -> Iterator[Row]:
    for path, game in storage.kept_games():
        position = game.position
        begun = position.grid != position.givens or any(position.marks)
        if begun and not position.grid.solved and position.givens not in listed:
            entry = Entry(path, game.record())
            yield Row(entry, _state(entry), kept=game.name or "a game")


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


def _state(entry: Entry) -> str:
    position = storage.saved_position(entry.record.givens)
    if position is None or position.grid == position.givens:
        return ""
    if position.grid.solved:
        return "solved"
    blanks = 81 - position.givens.clues
    return f"{(blanks - position.blanks) / blanks:.0%}"


def rate_all(rows: Sequence[Row], stop: Stop, each: Callable[[Row], object]) -> None:
    """Rate the puzzles one by one; `each` is given a row when its rating is known."""
    for row in rows:
        if stop.is_set():
            return
        each(replace(row, rating=_rating(row.entry.record.givens)))


@functools.lru_cache(maxsize=10_000)
def _rating(givens: Grid) -> int:
    from solver import exact

    proper = exact.count_solutions(givens.cells, limit=2) == 1
    return int(exact.rate(givens.cells)) if proper else UNRATED


def matches(row: Row, words: str) -> bool:
    """Whether a row has all these words, in its name, level, state or policy."""
    text = " ".join([row.name, row.level, row.state, row.policy]).lower()
    return all(word in text for word in words.lower().split())


def sort_key(column: str) -> Callable[[Row], Any]:
    """What to sort rows by, so that those with equal values stay by name."""
    place = list(COLUMNS).index(column)
    return lambda row: (row.values()[place], str(row.entry.path), row.entry.number)
