"""What files say beyond the givens, and what a command leaves aside of it: told once, on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from solver.board.words import inert, plural

if TYPE_CHECKING:
    from solver.formats import Record


def note(text: str) -> None:
    """Print `note: text` on stderr, on one line."""
    print(f"note: {inert(text)}", file=sys.stderr)


def by_givens_alone(records: Iterator[Record]) -> Iterator[Record]:
    """The records; a note at the end where play or candidates change what solves the puzzle.

    For commands that judge the puzzle as it was made, and not as it stands.
    """
    first, count = None, 0
    for record in records:
        yield record
        if (record.state is not None or record.pencil is not None) and _changes(record):
            first, count = first or record, count + 1
    if first is not None:
        more = f" (the first of {plural(count, 'such puzzle')})" if count > 1 else ""
        note(
            f"{first.source}, line {first.line}{more}: the play or the candidates there rule out "
            "a solution of the givens; the givens alone are used"
        )


def _changes(record: Record) -> bool:
    """Whether the play or the candidates rule out one of the first two solutions of the givens."""
    from solver.exact import solutions

    return not all(record.allows(found) for found in solutions(record.givens).tolist())


class Faults:
    """What play and candidates of files can't be right: told as it comes up, while it is not too
    much."""

    MOST: Final = 20

    def __init__(self) -> None:
        self._count = 0

    def add(self, place: str, fault: str) -> None:
        """Tell a fault, if there is one; `place` says where."""
        if not fault:
            return
        self._count += 1
        if self._count <= self.MOST:
            note(f"{place}: {fault}")

    def finish(self) -> None:
        """Tell how many more there were."""
        if self._count > self.MOST:
            note(f"{plural(self._count - self.MOST, 'more puzzle')} with wrong play or candidates")


class Unread:
    """What files say of puzzles that a record has no place for."""

    def __init__(self) -> None:
        self._names: dict[str, None] = {}

    def add(self, record: Record) -> None:
        """Count in a record."""
        self._names.update(dict.fromkeys(record.unread))

    def finish(self, source: str) -> None:
        """Tell what there was."""
        if self._names:
            note(f"{source}: {', '.join(self._names)} not kept")
