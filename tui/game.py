"""A game: the position on the board, who made each entry, and every position before and after.

Pure values: nothing here knows a screen. A change makes a new `Position`, and `Game` keeps them
all, so undo and redo have no limit and treat hand and policy alike.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar

from solver.board.grid import PEERS, Grid, Violation, cell_name
from solver.formats import Record
from solver.formats.record import noted
from solver.logic.techniques import Technique

if TYPE_CHECKING:
    from solver.logic.steps import Step
    from solver.solving.solution import Solution

T = TypeVar("T")

BLANK_MARKS: Final[tuple[frozenset[int], ...]] = (frozenset(),) * 81


class Author(enum.Enum):
    """Who filled a cell."""

    GIVEN = "g"
    OWN = "o"
    POLICY = "p"
    SEARCH = "s"


class GivenCellError(ValueError):
    """A given can't be changed."""

    def __init__(self, cell: int) -> None:
        super().__init__(f"{cell_name(cell)} is a given and stays")


@dataclass(frozen=True, eq=False)
class Trace:
    """The steps that lead from `start` to the end, as the solver found them."""

    start: Grid
    solution: Solution

    @property
    def steps(self) -> Sequence[Step]:
        """The steps, in the order played."""
        return self.solution.steps


@dataclass(frozen=True)
class Position:
    """What stands on the board, and how far the trace that is followed has been played."""

    givens: Grid
    grid: Grid
    authors: tuple[Author | None, ...]
    marks: tuple[frozenset[int], ...] = BLANK_MARKS
    trace: Trace | None = None
    step: int = 0

    @classmethod
    def start(cls, givens: Grid, state: Grid | None = None) -> Position:
        """The position of a puzzle; cells filled in `state` alone are a person's own."""
        grid = state if state is not None and state.keeps(givens) else givens
        authors = tuple(
            Author.GIVEN if given else Author.OWN if digit else None
            for given, digit in zip(givens, grid, strict=True)
        )
        return cls(givens, grid, authors)

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """What is wrong on the board, dead ends included."""
        return self.grid.violations(deep=True)

    @property
    def blanks(self) -> int:
        """How many cells are left."""
        return 81 - self.grid.clues

    def enter(
        self, cell: int, digit: int, author: Author = Author.OWN, *, rub: bool = True
    ) -> Position:
        """`digit` in `cell`; with `rub`, its pencil marks in the peers go. Leaves the trace.

        Raises `GivenCellError` for a given.
        """
        self._check(cell)
        marks = list(self.marks)
        marks[cell] = frozenset()
        if rub:
            for peer in PEERS[cell]:
                marks[peer] -= {digit}
        return replace(
            self,
            grid=self.grid.place(cell, digit),
            authors=_with(self.authors, cell, author),
            marks=tuple(marks),
            trace=None,
            step=0,
        )

    def clear(self, cell: int) -> Position:
        """`cell` without its digit; a blank cell without its pencil marks."""
        self._check(cell)
        if not self.grid[cell]:
            return replace(self, marks=_with(self.marks, cell, frozenset()))
        return replace(
            self,
            grid=self.grid.clear(cell),
            authors=_with(self.authors, cell, None),
            trace=None,
            step=0,
        )

    def mark(self, cell: int, digit: int) -> Position:
        """The pencil mark of `digit` set, or rubbed out if it stood; a filled cell takes none."""
        if self.grid[cell]:
            raise ValueError(f"{cell_name(cell)} is filled; pencil marks go in blank cells")
        return replace(self, marks=_with(self.marks, cell, self.marks[cell] ^ {digit}))

    def fill_marks(self) -> Position:
        """Every candidate of every blank cell marked."""
        return replace(self, marks=tuple(self.grid.candidates(cell) for cell in range(81)))

    def clear_marks(self) -> Position:
        """No pencil marks."""
        return replace(self, marks=BLANK_MARKS)

    def restart(self) -> Position:
        """The givens alone."""
        return Position.start(self.givens)

    def follow(self, trace: Trace) -> Position:
        """This position at the start of `trace`, whose start must be this grid."""
        assert trace.start == self.grid
        return replace(self, trace=trace, step=0)

    def at_same_trace(self, trace: Trace, step: int) -> Position:
        """This position, counted as `step` of `trace`: a hand has made the step that was due."""
        return replace(self, trace=trace, step=step)

    def at_step(self, step: int) -> Position:
        """The trace played as far as `step`: cells of later steps are blank again."""
        assert self.trace is not None
        step = max(0, min(step, len(self.trace.steps)))
        position = self
        for later in reversed(self.trace.steps[step : self.step]):
            position = position.clear(later.cell)
        for due in self.trace.steps[self.step : step]:
            searched = due.reason.technique is Technique.SEARCH
            author = Author.SEARCH if searched else Author.POLICY
            position = position.enter(due.cell, due.digit, author)
        return replace(position, trace=self.trace, step=step)

    def _check(self, cell: int) -> None:
        if self.authors[cell] is Author.GIVEN:
            raise GivenCellError(cell)


def _with(values: tuple[T, ...], place: int, value: T) -> tuple[T, ...]:
    return (*values[:place], value, *values[place + 1 :])


@dataclass
class Game:
    """A puzzle being played: its positions, and what its file said about it."""

    positions: list[Position]
    metadata: dict[str, str] = field(default_factory=dict)
    name: str = ""
    now: int = 0
    others: int = 0
    """How many more puzzles its file holds."""

    @classmethod
    def of(
        cls,
        givens: Grid,
        state: Grid | None = None,
        metadata: dict[str, str] | None = None,
        name: str = "",
    ) -> Game:
        """A new game of a puzzle."""
        return cls([Position.start(givens, state)], dict(metadata or {}), name)

    @property
    def position(self) -> Position:
        """What is on the board now."""
        return self.positions[self.now]

    def record(self) -> Record:
        """The puzzle, the play so far and what its file said, as the formats write it."""
        position = self.position
        return Record(
            givens=position.givens,
            state=position.grid,
            metadata=self.metadata,
            pencil=noted(position.grid, (marks or None for marks in position.marks)),
        )

    def go(self, position: Position) -> bool:
        """Make `position` the present one; what was taken back before is gone. False: no change."""
        if position == self.position:
            return False
        del self.positions[self.now + 1 :]
        self.positions.append(position)
        self.now += 1
        return True

    def amend(self, position: Position) -> None:
        """Replace the present position by one that looks the same (a trace found for it)."""
        self.positions[self.now] = position

    def undo(self) -> bool:
        """Back by one change; False at the beginning."""
        self.now -= (moved := self.now > 0)
        return moved

    def redo(self) -> bool:
        """On by one change; False at the end."""
        self.now += (moved := self.now + 1 < len(self.positions))
        return moved
