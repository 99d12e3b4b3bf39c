"""The further columns of a table of answers: which it has, and a note of what it has none for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from solver.cli.asides import note
from solver.cli.reader import named

if TYPE_CHECKING:
    from solver.formats import Record
    from solver.render.document import Solved


def further_columns(arguments: list[str], first: Sequence[Record]) -> tuple[str, ...]:
    """The names of what the files that arguments name say beside their puzzles.

    As far as it can be told before all is read: of stdin, by the `first` records.
    """
    from solver.bulk.files import columns_of
    from solver.formats.chunk import further

    names = list(columns_of(file for file in named(arguments) if os.path.isfile(file)))
    names += (name for record in first for name in further(record))
    return tuple(dict.fromkeys(names))


def noting_others(solved: Iterator[Solved], columns: Iterable[str] | None) -> Iterator[Solved]:
    """`solved`, unchanged; a note at the end of what is said of the puzzles beside the columns.

    Without `columns`, of what could not be read.
    """
    known, others = {name.lower() for name in columns or ()}, set[str]()
    for one in solved:
        others.update(one.unread)
        if columns is not None:
            others.update(name for name in one.further if name.lower() not in known)
        yield one
    note_others(others)


def note_others(names: Iterable[str]) -> None:
    """Say what the output has no place for, if there is anything."""
    if names := sorted(names):
        note(f"the output has no place for {', '.join(names)}")
