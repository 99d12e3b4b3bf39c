"""A position: what stands on the board, who entered it, and the marks. Pure values."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar

from solver.board.grid import PEERS, Grid, Violation, cell_name
from solver.logic.techniques import Technique

if TYPE_CHECKING:
    from solver.logic.steps import Step
    from solver.solving.solution import Solution

T = TypeVar("T")
Marks = tuple[frozenset[int], ...]
Candidate = tuple[int, int]
"""(cell 0..80, digit 1..9)"""

BLANK_MARKS: Final[Marks] = (frozenset(),) * 81


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
    """What stands on the board.

    `marks` are the pencil marks, `struck` the candidates that the player has ruled out: automatic
    marks and hints leave these out. `trace` holds the steps that are followed, `step` how many of
    them have been played, and `rubbed` which marks each of those took away, so that a step back
    restores them.
    """

    givens: Grid
    grid: Grid
    authors: tuple[Author | None, ...]
    marks: Marks = BLANK_MARKS
    struck: Marks = BLANK_MARKS
    trace: Trace | None = None
    step: int = 0
    rubbed: tuple[tuple[Candidate, ...], ...] = ()

    @classmethod
    def start(cls, givens: Grid, state: Grid | None = None) -> Position:
        """The position of a puzzle; cells filled in `state` alone are the player's own."""
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

    @cached_property
    def candidates(self) -> Marks:
        """What may still go into each blank cell: the rules' candidates without those struck."""
        return tuple(
            fits - struck
            for fits, struck in zip(self.grid.all_candidates(), self.struck, strict=True)
        )

    @cached_property
    def left(self) -> tuple[int, ...]:
        """How many of each digit 1 to 9 are still to be placed."""
        cells = self.grid.cells
        return tuple(9 - cells.count(digit) for digit in range(1, 10))

    def looks_like(self, other: Position) -> bool:
        """Whether another position has the same digits, authors and marks."""
        mine = (self.grid, self.authors, self.marks, self.struck)
        return mine == (other.grid, other.authors, other.marks, other.struck)

    # ---- entries --------------------------------------------------------------------------

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
            self._off_trace(),
            grid=self.grid.place(cell, digit),
            authors=_with(self.authors, cell, author),
            marks=tuple(marks),
        )

    def clear(self, cell: int) -> Position:
        """`cell` without its digit; a blank cell without its pencil marks."""
        self._check(cell)
        if not self.grid[cell]:
            return replace(self, marks=_with(self.marks, cell, frozenset()))
        return replace(
            self._off_trace(),
            grid=self.grid.clear(cell),
            authors=_with(self.authors, cell, None),
        )

    def restart(self) -> Position:
        """The givens alone."""
        return Position.start(self.givens)

    def _off_trace(self) -> Position:
        return replace(self, trace=None, step=0, rubbed=())

    def _check(self, cell: int) -> None:
        if self.authors[cell] is Author.GIVEN:
            raise GivenCellError(cell)

    # ---- marks ----------------------------------------------------------------------------

    def shown_marks(self, *, automatic: bool) -> Marks:
        """The marks to show: the player's own, or all candidates that were not struck."""
        return self.candidates if automatic else self.marks

    def mark(self, cell: int, digit: int, *, automatic: bool = False) -> Position:
        """The mark of `digit` set, or rubbed out if it is shown; a filled cell takes none.

        A candidate that is rubbed out counts as struck, one that is set as open again.
        """
        if self.grid[cell]:
            raise ValueError(f"{cell_name(cell)} is filled; pencil marks go in blank cells")
        shown = digit in self.shown_marks(automatic=automatic)[cell]
        if shown:
            return self.strike([(cell, digit)])
        if automatic and digit not in self.grid.candidates(cell):
            raise ValueError(f"{digit} stands in a peer of {cell_name(cell)}")
        return replace(
            self,
            marks=_with(self.marks, cell, self.marks[cell] | {digit}),
            struck=_with(self.struck, cell, self.struck[cell] - {digit}),
        )

    def strike(self, candidates: Iterable[Candidate]) -> Position:
        """These candidates ruled out: their marks go, and automatic marks leave them out."""
        marks, struck = list(self.marks), list(self.struck)
        for cell, digit in candidates:
            marks[cell] -= {digit}
            struck[cell] |= {digit}
        return replace(self, marks=tuple(marks), struck=tuple(struck))

    def unstrike(self, candidates: Iterable[Candidate]) -> Position:
        """These candidates open again, and marked where their cell has marks."""
        marks, struck = list(self.marks), list(self.struck)
        for cell, digit in candidates:
            struck[cell] -= {digit}
            marks[cell] |= {digit} if marks[cell] else frozenset()
        return replace(self, marks=tuple(marks), struck=tuple(struck))

    @property
    def noted(self) -> Marks:
        """What the player holds possible, for hints: the marks, or where there are none, what was
        not struck; empty where nothing was noted."""
        return tuple(
            own or (possible if struck else frozenset())
            for own, possible, struck in zip(self.marks, self.candidates, self.struck, strict=True)
        )

    def fill_marks(self) -> Position:
        """Every candidate marked in the blank cells that have no mark yet."""
        pairs = zip(self.marks, self.candidates, strict=True)
        return replace(self, marks=tuple(own or found for own, found in pairs))

    def clear_marks(self) -> Position:
        """No pencil marks, and no candidate struck."""
        return replace(self, marks=BLANK_MARKS, struck=BLANK_MARKS)

    # ---- the steps of a trace -------------------------------------------------------------

    def follow(self, trace: Trace) -> Position:
        """This position at the start of `trace`, whose start must be this grid."""
        assert trace.start == self.grid
        return replace(self, trace=trace, step=0, rubbed=())

    def made_by_hand(self, before: Position) -> Position:
        """This position, which an entry made of `before`, as the step of its trace that was due."""
        return self._stepped(before, 1)

    def _stepped(self, before: Position, by: int) -> Position:
        lost = tuple(
            (cell, digit) for cell in range(81) for digit in before.marks[cell] - self.marks[cell]
        )
        return replace(
            self, trace=before.trace, step=before.step + by, rubbed=(*before.rubbed, lost)
        )

    def at_step(self, step: int) -> Position:
        """The trace played as far as `step`; back again, every mark that a step took is there."""
        assert self.trace is not None
        step = max(0, min(step, len(self.trace.steps)))
        position = self
        while position.step > step:
            position = position._step_back()
        while position.step < step:
            position = position._step_on()
        return position

    def _step_on(self) -> Position:
        assert self.trace is not None
        due = self.trace.steps[self.step]
        searched = due.reason.technique is Technique.SEARCH
        author = Author.SEARCH if searched else Author.POLICY
        return self.enter(due.cell, due.digit, author)._stepped(self, 1)

    def _step_back(self) -> Position:
        assert self.trace is not None
        cleared = self.clear(self.trace.steps[self.step - 1].cell)
        marks = list(cleared.marks)
        for cell, digit in self.rubbed[-1] if self.rubbed else ():
            marks[cell] |= {digit}
        return replace(
            cleared,
            marks=tuple(marks),
            trace=self.trace,
            step=self.step - 1,
            rubbed=self.rubbed[:-1],
        )


def _with(values: tuple[T, ...], place: int, value: T) -> tuple[T, ...]:
    return (*values[:place], value, *values[place + 1 :])


def change(before: Position, after: Position) -> tuple[int, str]:
    """The cell to look at when `before` becomes `after`, and what changed, in words.

    The cell is -1 where nothing changed.
    """
    digits = [cell for cell in range(81) if before.grid[cell] != after.grid[cell]]
    if len(digits) == 1:
        (cell,) = digits
        was, now = before.grid[cell], after.grid[cell]
        what = f"{was or now} at {cell_name(cell)}"
        return cell, what if not (was and now) else f"{now} for {was} at {cell_name(cell)}"
    if digits:
        return digits[0], f"{len(digits)} digits"
    marks = [
        cell
        for cell in range(81)
        if (before.marks[cell], before.struck[cell]) != (after.marks[cell], after.struck[cell])
    ]
    if len(marks) == 1:
        return marks[0], f"marks at {cell_name(marks[0])}"
    return (marks[0], f"marks in {len(marks)} cells") if marks else (-1, "")
