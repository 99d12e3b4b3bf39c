"""Writes `.ss`, the format of Simple Sudoku, in three kinds: drawn rows, old rows, HoDoKu's box.

The new kind has bars between the boxes and a rule of dashes after rows 3 and 6; the old one nine
plain rows with `X` for a blank; HoDoKu draws a box around and adds lines `Innc` (cell nn, from 00,
was set to c) and `Ennc` (the candidates c were taken out of cell nn; zeros fill up). Read by
`drawn`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from solver.board.grid import Grid
from solver.formats.record import Pencil, Record

Kind = Literal["new", "old", "hodoku"]


def write(records: Iterable[Record], kind: Kind | None = None) -> Iterator[str]:
    """The new kind, or HoDoKu's where there is a state or pencil; or the `kind` that is named."""
    for record in records:
        chosen = kind or ("hodoku" if record.state or record.pencil else "new")
        text = record.givens.line("X" if chosen == "old" else ".")
        rows = [text[start : start + 9] for start in range(0, 81, 9)]
        if chosen == "old":
            yield from (row + "\n" for row in rows)
            continue
        drawn = ["|".join((row[:3], row[3:6], row[6:])) for row in rows]
        if chosen == "new":
            for number, row in enumerate(drawn):
                yield row + "\n" + ("-----------\n" if number in (2, 5) else "")
            continue
        yield "*-----------*\n"
        for number, row in enumerate(drawn):
            yield f"|{row}|\n" + ("|---+---+---|\n" if number in (2, 5) else "")
        yield "*-----------*\n"
        yield from _steps(record)


def _steps(record: Record) -> Iterator[str]:
    state: Grid = record.grid
    for cell, digit in enumerate(state):
        if digit and not record.givens[cell]:
            yield f"I{cell:02}{digit}\n"
    left: Pencil = state.all_candidates() if record.pencil is None else record.pencil
    for cell, possible in enumerate(state.all_candidates()):
        for digit in sorted(possible - left[cell]):
            yield f"E{cell:02}00{digit}\n"
