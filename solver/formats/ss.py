"""`.ss`, the format of Simple Sudoku, in its three kinds: drawn rows, old rows, HoDoKu's box.

The new kind has bars between the boxes and a rule of dashes after rows 3 and 6; the old one nine
plain rows with `X` for a blank; HoDoKu draws a box around and adds lines `Innc` (cell nn, from 00,
was set to c) and `Ennc` (the candidates c were taken out of cell nn; zeros fill up).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, Literal

from solver.board.grid import Grid, cell_name
from solver.formats.errors import FormatError, shown
from solver.formats.record import Pencil, Record, candidates, without
from solver.formats.rows import Rows
from solver.formats.source import Line, Source

Kind = Literal["new", "old", "hodoku"]

RULE: Final = re.compile(r"[-+*|:.'= ]*(-{4}|---\+)[-+*|:.'= ]*")
"""A line of the drawing that holds no cells; `---------` is nine blank cells all the same."""

STEP: Final = re.compile(r"([IE])(\d\d)(\d{1,9})")
_MOST_LINES: Final = 10_000


def is_rule(text: str) -> bool:
    """Whether a line belongs to the drawing and holds no cells."""
    return bool(RULE.fullmatch(text)) and len(text.strip()) > 9


def read(source: Source) -> Iterator[Record | FormatError]:
    """The one record of the file, of whatever kind."""
    rows = Rows()
    placed: dict[int, int] = {}
    removed: list[tuple[int, int]] = []
    line: Line | None = None
    for line in source:
        if line.number > _MOST_LINES:
            error = FormatError(f"more than {_MOST_LINES} lines", "one puzzle")
            raise error.at(source.name, line.number)
        text = line.whole().strip()
        if is_rule(text) or (not text and (len(line.text) != 9 or rows.count == 9)):
            continue
        if rows.count < 9:
            rows.add(line)
        else:
            _step(line, rows.grid(line), placed, removed)
    givens = rows.grid(line)
    state = Grid(placed.get(cell, digit) for cell, digit in enumerate(givens))
    yield Record(
        givens,
        state=state if placed else None,
        pencil=without(state, removed),
        source=source.name,
        line=rows.first,
    )


def _step(line: Line, givens: Grid, placed: dict[int, int], removed: list[tuple[int, int]]) -> None:
    text = line.text.strip()
    match = STEP.fullmatch(text)
    if match is None:
        error = FormatError(shown(text), "9 rows, then lines I or E with a cell and digits")
        raise error.at("", line.number)
    cell, digits = int(match[2]), [int(digit) for digit in match[3] if digit != "0"]
    if cell > 80:
        raise FormatError(f"cell {match[2]}", "a cell 00-80", line=line.number, column=2)
    if match[1] == "E":
        removed += [(cell, digit) for digit in digits]
    elif len(digits) != 1:
        raise FormatError(f"{match[3]} to set", "one digit 1-9", line=line.number, column=4)
    elif givens[cell] not in (0, digits[0]):
        found, expected = f"{digits[0]} set at {cell_name(cell)}", f"the given {givens[cell]}"
        raise FormatError(found, expected, line=line.number, column=4)
    else:
        placed[cell] = digits[0]


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
    left: Pencil = candidates(state) if record.pencil is None else record.pencil
    for cell, possible in enumerate(candidates(state)):
        for digit in sorted(possible - left[cell]):
            yield f"E{cell:02}00{digit}\n"
