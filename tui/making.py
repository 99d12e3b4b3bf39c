"""New puzzles at a level."""

from __future__ import annotations

import secrets
from typing import Final

from solver.policy.stop import Stop
from tui.game import Game

LEVELS_TEXT: Final = {
    "easy": "singles alone solve it",
    "medium": "a few guesses, or some patterns",
    "hard": "patterns, or up to 19 guesses",
    "expert": "searched for: 20 guesses and more",
    "extreme": "searched for: 100 guesses and more",
}
"""What the choice of a level says of each (see `solver.generator.library.LEVELS`)."""


def make(level: str, stop: Stop) -> Game:
    """The game of a new puzzle at a level; each call makes another."""
    from solver.generator.library import new_puzzle

    record = new_puzzle(level, secrets.randbits(32), stop.is_set)
    return Game.of(record.givens, metadata=dict(record.metadata), name="new puzzle")
