"""The levels of puzzles by rating: one scale for the library, the interface and training."""

from __future__ import annotations

from typing import Final

LEVELS: Final[dict[str, tuple[int, int | None]]] = {
    "easy": (0, 0),
    "medium": (1, 3),
    "hard": (4, 19),
    "expert": (20, 99),
    "extreme": (100, None),
}
"""Name -> least and greatest rating (`solver.exact.rating`); None: no greatest."""


def level_of(guesses: int) -> str:
    """The level of a rating.

    >>> [level_of(guesses) for guesses in (0, 3, 4, 99, 100)]
    ['easy', 'medium', 'hard', 'expert', 'extreme']
    """
    for level, (_, greatest) in LEVELS.items():
        if greatest is None or guesses <= greatest:
            return level
    raise AssertionError(guesses)
