"""Writes `.sdk`, the format of SadMan Sudoku and SudoCue: nine rows, with metadata.

Lines of `#`, a letter and text hold metadata; `[Puzzle]`, `[State]` and `[PencilMarks]` name what
follows. Read by `drawn`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from solver.board.grid import Grid
from solver.formats.puzzle import letter_of, pencil_lines, section_of
from solver.formats.record import Record


def write(records: Iterable[Record]) -> Iterator[str]:
    """The metadata that has a letter, the givens, and what else there is in sections."""
    for record in records:
        for key, text in record.metadata.items():
            if letter := letter_of(key):
                yield from (f"#{letter}{part.strip()}\n" for part in text.splitlines() or [""])
        if record.state is not None or record.pencil is not None:
            yield "[Puzzle]\n"
        yield from _rows(record.givens)
        if record.state is not None:
            yield "[State]\n"
            yield from _rows(record.state)
        if record.pencil is not None:
            yield "[PencilMarks]\n"
            yield from (f"{line}\n" for line in pencil_lines(record.grid, record.pencil))
        for key, text in record.metadata.items():
            if section_of(key):
                yield from (f"{line}\n" for line in [key, *text.splitlines()])


def holds_key(key: str) -> bool:
    """Whether there is a place for metadata of this key."""
    return letter_of(key) is not None or section_of(key)


def _rows(grid: Grid) -> Iterator[str]:
    text = grid.line()
    return (text[start : start + 9] + "\n" for start in range(0, 81, 9))
