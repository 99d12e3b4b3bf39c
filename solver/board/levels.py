"""The levels of puzzles, from easy to extreme: one scale for every file, screen and command.

A puzzle's level is that of the hardest technique it needs (`solver.logic.rating`).
"""

from __future__ import annotations

from typing import Final

EASY: Final = "easy"
MEDIUM: Final = "medium"
HARD: Final = "hard"
EXPERT: Final = "expert"
EXTREME: Final = "extreme"
LEVELS: Final = (EASY, MEDIUM, HARD, EXPERT, EXTREME)
