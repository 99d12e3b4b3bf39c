"""New puzzles: at a level, and the puzzle of the day."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Final

from solver.generator.library import new_puzzle
from solver.policy.stop import Stop
from tui.game.game import Game

Tried = Callable[[int], object]
"""Called with the number of puzzles tried."""


def nobody(number: int) -> None:
    """Nobody wants to know."""


LEVELS_TEXT: Final = {
    "easy": "one look at a time",
    "medium": "a few patterns",
    "hard": "more patterns, longer looks",
    "expert": "long chains of reasons",
    "extreme": "as hard as they come; takes a while to make",
}
"""What the choice of a level says of each."""
WEEK: Final = ("easy", "easy", "medium", "medium", "hard", "hard", "hard")
"""The level of the puzzle of the day, from Monday to Sunday."""


def make(level: str, stop: Stop, tried: Tried = nobody) -> Game:
    """The game of a new puzzle at a level; each call makes another.

    `tried` is called with the number of puzzles tried.
    """
    record = new_puzzle(level, secrets.randbits(32), _counting(stop, tried))
    return Game.of(record.givens, metadata=dict(record.metadata), name=f"new {level} puzzle")


def _counting(stop: Stop, tried: Tried) -> Callable[[], bool]:
    """Whether to stop, asked once for each puzzle tried."""
    numbers = count(1)

    def stopped() -> bool:
        tried(next(numbers))
        return stop.is_set()

    return stopped


def daily(stop: Stop, tried: Tried = nobody, day: date | None = None) -> Game:
    """The game of the puzzle of a day (today's by default), as it was left.

    The date is the seed, so it is the same on every machine.
    """
    from tui.game.opening import game_of

    day = day or date.today()
    level = WEEK[day.weekday()]
    record = new_puzzle(
        level, day.year * 10_000 + day.month * 100 + day.day, _counting(stop, tried)
    )
    game = game_of(record, f"daily {day.isoformat()}")
    game.metadata["daily"] = day.isoformat()
    return game
