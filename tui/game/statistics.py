"""The games finished: kept as a list, told by level and in days."""

from __future__ import annotations

import json
from collections.abc import Sequence, Set
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from typing import Any, Final

from tui.game import storage
from tui.game.game import Game

SCHEMA: Final = "sudoku-tui-statistics/1"


@dataclass(frozen=True)
class Finished:
    """A game that a player finished: when, of which level, how long it took and with what help."""

    puzzle: str
    day: str
    level: str
    seconds: int
    hints: int
    checks: int
    daily: bool


@dataclass(frozen=True)
class Summary:
    """The games finished at one level."""

    level: str
    solved: int
    unaided: int
    best: int
    mean: int


def finished() -> list[Finished]:
    """Every game finished, in the order in which they were; what makes no sense is left out."""
    found = []
    for each in _kept():
        try:
            one = Finished(**{field.name: each[field.name] for field in fields(Finished)})
            date.fromisoformat(one.day)
            if type(one.seconds) is int and one.seconds >= 0 and isinstance(one.level, str):
                found.append(one)
        except (KeyError, TypeError, ValueError):
            continue
    return found


def _kept() -> list[Any]:
    """What the file has, what makes no sense among it."""
    kept = storage.read_json(storage.statistics_file()).get("finished", [])
    if not isinstance(kept, list):
        storage.set_aside(storage.statistics_file())
        return []
    return kept


def add(game: Game, today: date | None = None) -> None:
    """Count a game that was solved today. Raises `StorageError`."""
    one = Finished(
        game.position.givens.line(),
        (today or date.today()).isoformat(),
        game.level or "unknown",
        int(game.seconds),
        game.hints,
        game.checks,
        "daily" in game.metadata,
    )
    everything = [*_kept(), asdict(one)]
    text = json.dumps({"schema": SCHEMA, "finished": everything}, indent=1) + "\n"
    storage.write_text(storage.statistics_file(), text)


def by_level(games: Sequence[Finished], order: Sequence[str]) -> list[Summary]:
    """A summary for each level, in this order; levels of other names come last."""
    levels = sorted(
        {game.level for game in games},
        key=lambda level: (order.index(level) if level in order else len(order), level),
    )
    found = []
    for level in levels:
        times = [game.seconds for game in games if game.level == level]
        unaided = sum(not (g.hints or g.checks) for g in games if g.level == level)
        found.append(Summary(level, len(times), unaided, min(times), sum(times) // len(times)))
    return found


def days_in_a_row(games: Sequence[Finished], today: date | None = None) -> int:
    """How many days up to today, or to yesterday, each have a game finished."""
    days: Set[str] = {game.day for game in games}
    day = today or date.today()
    if day.isoformat() not in days:
        day -= timedelta(days=1)
    count = 0
    while day.isoformat() in days:
        count, day = count + 1, day - timedelta(days=1)
    return count
