"""How hard a puzzle is for a person: the hardest technique it needs, and a score.

The puzzle is solved by the easiest technique that helps, again and again, on pencil marks that
stay. The score is the sum of the weights of what is used (`solver.logic.techniques`): each digit
placed counts as its single, and each turn of a harder technique, whatever it takes away, as one.
"""

from __future__ import annotations

from dataclasses import dataclass

from solver.board.grid import Grid
from solver.board.levels import EXTREME
from solver.logic.finders.registry import FINDERS
from solver.logic.finders.singles import singles
from solver.logic.pencil import Pencil
from solver.logic.techniques import RANK, Technique


@dataclass(frozen=True, slots=True)
class Difficulty:
    """What a person needs for a puzzle of one solution.

    `hardest` is None where the techniques of people don't solve it; the score is then that of the
    way to where they end, and the weight of a guess.
    """

    hardest: Technique | None
    score: int

    @property
    def level(self) -> str:
        """The level of the hardest technique: "easy" to "extreme"."""
        return EXTREME if self.hardest is None else self.hardest.level


def difficulty(puzzle: Grid) -> Difficulty:
    """How hard a puzzle with one solution is.

    >>> found = difficulty(Grid.parse(
    ...     "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
    ... ))
    >>> found.level, found.hardest.value, found.score
    ('easy', 'hidden single in a box', 264)
    """
    pencil = Pencil.of(puzzle)
    hardest, score = Technique.FULL_HOUSE, 0
    while any(pencil.masks):
        if found := singles(pencil):
            (cell, digit), single = next(iter(found.items()))
            pencil.place(cell, digit)
            used = single.technique
        else:
            turns = ((technique, list(find(pencil))) for technique, find in FINDERS.items())
            turn = next((turn for turn in turns if turn[1]), None)
            if turn is None:
                return Difficulty(None, score + Technique.POLICY.weight)
            used, batch = turn
            for deduction in batch:
                pencil.remove(deduction.eliminations)
        hardest = max(hardest, used, key=RANK.__getitem__)
        score += used.weight
    return Difficulty(hardest, score)
