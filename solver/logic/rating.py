"""How hard a puzzle is for a person: the hardest technique it needs, and a score.

The puzzle is solved by the easiest technique that helps, again and again, on pencil marks that
stay. The score is the sum of the weights of what is used (`solver.logic.techniques`): each digit
placed counts as its single, and each turn of a harder technique, whatever it takes away, as one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from solver.board.grid import Grid
from solver.board.levels import EXTREME, LEVELS
from solver.logic.finders.registry import FINDERS, simplest
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


def difficulty(puzzle: Grid, check: Callable[[], object] = lambda: None) -> Difficulty:
    """How hard a puzzle with one solution is; `check` may end the work by raising an error.

    >>> found = difficulty(Grid.parse(
    ...     "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
    ... ))
    >>> found.level, found.hardest.value, found.score
    ('easy', 'hidden single in a box', 264)
    """
    pencil = Pencil.of(puzzle)
    hardest, score = Technique.FULL_HOUSE, 0
    for used in turns(pencil):
        check()
        hardest = max(hardest, used, key=RANK.__getitem__)
        score += used.weight
    if any(pencil.masks):
        return Difficulty(None, score + Technique.POLICY.weight)
    return Difficulty(hardest, score)


def turns(
    pencil: Pencil,
    level: str = EXTREME,
    without: Technique | None = None,
    plus: Technique | None = None,
) -> Iterator[Technique]:
    """Solve on `pencil`, turn by turn, by the easiest technique that helps; give each that is used.

    Techniques harder than `level`, but for one `plus` these, and the one to do `without`, are left
    alone. Ends where all is solved, or where nothing helps.
    """
    most = LEVELS.index(level)
    known = {
        technique: find
        for technique, find in FINDERS.items()
        if technique is not without and (technique is plus or LEVELS.index(technique.level) <= most)
    }
    while any(pencil.masks):
        if found := singles(pencil, without):
            (cell, digit), single = next(iter(found.items()))
            pencil.place(cell, digit)
            yield single.technique
            continue
        batches = ((technique, simplest(find, pencil)) for technique, find in known.items())
        turn = next((turn for turn in batches if turn[1]), None)
        if turn is None:
            return
        for deduction in turn[1]:
            pencil.remove(deduction.eliminations)
        yield turn[0]


def solves(puzzle: Grid, level: str, without: Technique | None = None) -> bool:
    """Whether the techniques up to a level solve a puzzle, one of them left out if asked for."""
    pencil = Pencil.of(puzzle)
    for _ in turns(pencil, level, without):
        pass
    return not any(pencil.masks)


def needs(puzzle: Grid, technique: Technique, level: str | None = None) -> bool:
    """Whether a puzzle needs a technique: up to a level, all solve it, all others don't.

    The level is that of the technique where none is named.

    >>> puzzle = Grid.parse(
    ...     "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
    ... )
    >>> needs(puzzle, Technique.NAKED_SINGLE), needs(puzzle, Technique.X_WING)
    (False, False)
    """
    level = level or technique.level
    return not solves(puzzle, level, technique) and solves(puzzle, level)
