"""A game: every position before and after the present one, the clock, and what help was taken.

A change makes a new `Position` and `Game` keeps them all, so undo and redo have no limit and
treat the player's entries and the policy's alike.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from solver.board.grid import Grid
from solver.formats import Record
from solver.formats.record import noted
from tui.game.position import Author, Position


@dataclass
class Game:
    """A puzzle being played: its positions, and what its file said about it."""

    positions: list[Position]
    metadata: dict[str, str] = field(default_factory=dict)
    name: str = ""
    now: int = 0
    others: int = 0
    """How many more puzzles its file holds."""
    folder: str = ""
    """The folder of its file; empty where it came from none."""
    seconds: float = 0.0
    """Time played."""
    hints: int = 0
    checks: int = 0
    checkpoints: list[Position] = field(default_factory=list)
    counted: bool = False
    """Whether the statistics have it."""
    stamp: object = field(default=None, compare=False)
    """What the storage knows its file by."""

    @classmethod
    def of(
        cls,
        givens: Grid,
        state: Grid | None = None,
        metadata: dict[str, str] | None = None,
        name: str = "",
    ) -> Self:
        """A new game of a puzzle."""
        return cls([Position.start(givens, state)], dict(metadata or {}), name)

    @property
    def position(self) -> Position:
        """What is on the board now."""
        return self.positions[self.now]

    @property
    def level(self) -> str:
        """The level that the puzzle's file names; empty where it names none."""
        return self.metadata.get("level", "")

    @property
    def own(self) -> bool:
        """Whether the player alone has entered what stands on the board."""
        return not {Author.POLICY, Author.SEARCH}.intersection(self.position.authors)

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

    def fill_marks(self) -> None:
        """Mark all candidates of a puzzle just opened, if it has no marks yet."""
        if not any(self.position.marks):
            self.amend(self.position.fill_marks())

    def undo(self) -> bool:
        """Back by one change; False at the beginning."""
        self.now -= (moved := self.now > 0)
        return moved

    def redo(self) -> bool:
        """On by one change; False at the end."""
        self.now += (moved := self.now + 1 < len(self.positions))
        return moved

    def set_checkpoint(self) -> None:
        """Remember the present position, to come back to."""
        if self.position not in self.checkpoints:
            self.checkpoints.append(self.position)

    def last_checkpoint(self) -> Position | None:
        """The checkpoint set last that is not the present position; later ones are dropped."""
        while self.checkpoints and self.checkpoints[-1] == self.position:
            self.checkpoints.pop()
        return self.checkpoints[-1] if self.checkpoints else None

    def last_right(self, solution: Grid) -> Position | None:
        """The latest position whose every digit is the solution's."""
        for position in reversed(self.positions[: self.now + 1]):
            if all(digit in (0, right) for digit, right in zip(position.grid, solution)):  # noqa: B905
                return position
        return None
