"""`.sdx`, SudoCue's puzzle in progress: nine rows of nine cells between spaces.

A cell is `2` for a given, `u1` for a digit that the player placed, `679` for candidates. A lone
candidate would look like a given, so it is written twice (`55`); `0` is a cell without any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from solver.board.grid import Grid
from solver.board.words import plural
from solver.formats.cells import other_row_size
from solver.formats.errors import FormatError, shown
from solver.formats.record import Record, candidates
from solver.formats.rows import end_error
from solver.formats.source import Line, Source

CELL: Final = re.compile(r"u[1-9]|[1-9]+|[0.]")
_TOKEN: Final = re.compile(r"\S+")
_EXPECTED: Final = "a given 1-9, u and a digit, or candidates"


def read(source: Source) -> Iterator[Record | FormatError]:
    """The one record of the file."""
    cells: list[str] = []
    first = 0
    last: Line | None = None
    for line in source:
        text = line.whole().strip()
        if not text or text.startswith("#"):
            if line.number > 10_000:
                raise FormatError("more than 10000 lines", "one puzzle").at("", line.number)
            continue
        last = line
        first = first or line.number
        if len(cells) == 81:
            raise FormatError("a tenth row", "one grid of 9 rows").at("", line.number)
        cells += _row(line)
    if len(cells) != 81:
        raise end_error(len(cells) // 9, last)
    yield _record(cells, source.name, first)


def _row(line: Line) -> list[str]:
    tokens = list(_TOKEN.finditer(line.text))
    for token in tokens:
        if not CELL.fullmatch(token[0]):
            raise FormatError(
                shown(token[0]), _EXPECTED, line=line.number, column=token.start() + 1
            )
    if len(tokens) != 9:
        size = other_row_size("1" * len(tokens))
        found = f"a row of {plural(len(tokens), 'cell')}" + (
            f", as of a {size} grid" if size else ""
        )
        column = tokens[9].start() + 1 if len(tokens) > 9 else len(line.text.rstrip()) + 1
        raise FormatError(found, "9 cells", line=line.number, column=column)
    return [token[0] for token in tokens]


def _record(cells: list[str], name: str, line: int) -> Record:
    givens = Grid(int(cell) if len(cell) == 1 and cell != "." else 0 for cell in cells)
    state = Grid(
        int(cell[1]) if cell[0] == "u" else given for cell, given in zip(cells, givens, strict=True)
    )
    marks = tuple(
        frozenset(int(digit) for digit in cell) if len(cell) > 1 and cell[0] != "u" else frozenset()
        for cell in cells
    )
    return Record(
        givens,
        state=state if state != givens else None,
        pencil=marks if any(marks) and marks != candidates(state) else None,
        source=name,
        line=line,
    )


def write(records: Iterable[Record]) -> Iterator[str]:
    """The state cell by cell, with the pencil or, where there is none, what the rules leave."""
    for record in records:
        left = candidates(record.grid) if record.pencil is None else record.pencil
        cells = []
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
