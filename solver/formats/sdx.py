"""Writes `.sdx`, SudoCue's puzzle in progress: nine rows of nine cells between spaces.

A cell is `2` for a given, `u1` for a digit that the player placed, `679` for candidates. A lone
candidate would look like a given, so it is written twice (`55`); `0` is a cell without any. Read
by `drawn`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from solver.formats.record import Record


def write(records: Iterable[Record]) -> Iterator[str]:
    """The state cell by cell, with the pencil or, where there is none, what the rules leave."""
    for record in records:
        left, cells = record.candidates, []
        for cell, digit in enumerate(record.grid):
            if record.givens[cell]:
                cells.append(str(digit))
            elif digit:
                cells.append(f"u{digit}")
            else:
                marks = "".join(str(mark) for mark in sorted(left[cell]))
                cells.append(marks * 2 if len(marks) == 1 else marks or "0")
        for start in range(0, 81, 9):
            yield " ".join(cells[start : start + 9]) + "\n"
