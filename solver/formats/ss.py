"""Writes `.ss`, the format of Simple Sudoku: nine drawn rows, with a play in HoDoKu's way.

Bars stand between the boxes and a rule of dashes after rows 3 and 6. HoDoKu draws a box around and
adds lines `Innc` (cell nn, from 00, was set to c) and `Ennc` (the candidates c were taken out of
cell nn; zeros fill up). Read by `drawn`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from solver.formats.record import Record


def write(records: Iterable[Record]) -> Iterator[str]:
    """Simple Sudoku's own rows, or HoDoKu's where there is a state or a pencil."""
    for record in records:
        text = record.givens.line()
        bands = [text[start : start + 3] for start in range(0, 81, 3)]
        drawn = ["|".join(bands[start : start + 3]) for start in range(0, 27, 3)]
        played = record.state is not None or record.pencil is not None
        rule, side = ("|---+---+---|\n", "|") if played else ("-----------\n", "")
        yield "*-----------*\n" if played else ""
        for number, row in enumerate(drawn):
            yield f"{side}{row}{side}\n" + (rule if number in (2, 5) else "")
        if played:
            yield "*-----------*\n"
            yield from _steps(record)


def _steps(record: Record) -> Iterator[str]:
    for cell, digit in enumerate(record.grid):
        if digit and not record.givens[cell]:
            yield f"I{cell:02}{digit}\n"
    left = record.candidates
    for cell, possible in enumerate(record.grid.all_candidates()):
        for digit in sorted(possible - left[cell]):
            yield f"E{cell:02}00{digit}\n"
