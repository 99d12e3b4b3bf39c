"""Tables of puzzles: which column holds what, for CSV and Parquet alike.

By the header's names where it has known ones; else by what the first rows hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from solver.formats.cells import CELL_EXPECTED, bad_place, count_error, digits, other_size
from solver.formats.errors import FormatError, shown
from solver.formats.record import Record, over
from solver.grid import Grid
from solver.plural import plural

PUZZLE: Final = frozenset(
    ("puzzle", "puzzles", "quiz", "quizzes", "question", "questions", "sudoku", "board", "givens")
)
SOLUTION: Final = frozenset(("solution", "solutions", "answer", "answers", "solved"))
STATE: Final = frozenset(("state",))
_AHEAD: Final = 1024
_LINE_END: Final = re.compile("\r\n?")


@dataclass(frozen=True, slots=True)
class Columns:
    """The index of the puzzle's column, of the solution's and state's (-1: none), and the rest."""

    puzzle: int
    solution: int
    state: int
    others: tuple[tuple[int, str], ...]
    width: int

    @classmethod
    def named(cls, names: Sequence[str]) -> Columns | None:
        """The columns by the names of a header; None where none is a puzzle's."""
        keys = [name.strip().lower() for name in names]
        found = [
            next((index for index, key in enumerate(keys) if key in known), -1)
            for known in (PUZZLE, SOLUTION, STATE)
        ]
        return cls._with(names, found) if found[0] >= 0 else None

    @classmethod
    def seen(cls, names: Sequence[str] | None, row: Sequence[str]) -> Columns | None:
        """The columns by what a row holds: the first grid is the puzzle, a full one the solution.

        None where the row holds no grid.
        """
        grids = [index for index, field in enumerate(row) if is_grid(field)]
        if not grids:
            return None
        solution = next((index for index in grids[1:] if 0 not in (digits(row[index]) or b"")), -1)
        labels = names or [f"column {index + 1}" for index in range(len(row))]
        return cls._with(labels, [grids[0], solution, -1])

    @classmethod
    def _with(cls, names: Sequence[str], found: list[int]) -> Columns:
        others = tuple(
            (index, name.strip() or f"column {index + 1}")
            for index, name in enumerate(names)
            if index not in found
        )
        return cls(found[0], found[1], found[2], others, len(names))

    def record(self, row: Sequence[str], source: str, line: int) -> Record:
        """The record of one row. Raises `FieldError`, or `FormatError` for too few fields."""
        if len(row) <= self.puzzle:
            raise FormatError(
                plural(len(row), "field"),
                f"{self.width}, the puzzle in field {self.puzzle + 1}",
            )
        givens = _grid(row, self.puzzle, "puzzle")
        state = self._optional(row, self.state, "state")
        return Record(
            givens,
            state=None if state is None else over(givens, state),
            solution=self._optional(row, self.solution, "solution"),
            metadata={
                name: row[index] for index, name in self.others if index < len(row) and row[index]
            },
            source=source,
            line=line,
        )

    def _optional(self, row: Sequence[str], index: int, what: str) -> Grid | None:
        if not 0 <= index < len(row) or not row[index].strip():
            return None
        return _grid(row, index, what)


class FieldError(FormatError):
    """What is wrong with one field of a row; the column counts from the field's beginning."""

    def __init__(self, found: str, expected: str, field: int = 0, column: int = 1) -> None:
        super().__init__(found, expected, column=column)
        self.field = field


def is_grid(field: str) -> bool:
    """Whether a field holds 81 cells."""
    text = field if len(field) == 81 else field.strip()
    return len(text) == 81 and digits(text) is not None


def _grid(row: Sequence[str], index: int, what: str) -> Grid:
    field = row[index]
    text = field if len(field) == 81 else field.strip()
    cells = digits(text)
    if cells is not None and len(cells) == 81:
        return Grid(cells)
    place = None if other_size(text) else bad_place(text)
    indent = len(field) - len(field.lstrip()) if text is not field else 0
    if place is None:
        error = count_error(text)
        column = indent + (error.column or 1)
        raise FieldError(f"{error.found} in the {what}", error.expected, index, column)
    column = indent + place + 1
    raise FieldError(f"{shown(text[place])} in the {what}", CELL_EXPECTED, index, column)


def header_for(records: Iterable[Record]) -> tuple[list[str], Iterable[Record]]:
    """The columns to write, by the first 1024 records, and all the records.

    "puzzle", then "solution" and "state" where a record has one, then the keys of the metadata. A
    key that comes up later is not written.
    """
    stream = iter(records)
    first = list(islice(stream, _AHEAD))
    names = ["puzzle"]
    if any(record.solution is not None for record in first):
        names.append("solution")
    if any(record.state is not None for record in first):
        names.append("state")
    names += [
        key
        for key in dict.fromkeys(key for record in first for key in record.metadata)
        if key.lower() not in PUZZLE | SOLUTION | STATE
    ]
    return names, chain(first, stream)


def row_of(record: Record, names: Sequence[str]) -> list[str]:
    """The fields of one record under a header of `header_for`; blanks are zeros."""
    own = {
        "puzzle": record.givens.line("0"),
        "solution": record.solution.line("0") if record.solution else "",
        "state": record.state.line("0") if record.state else "",
    }
    return [
        own[name] if name in own else _LINE_END.sub("\n", record.metadata.get(name, ""))
        for name in names
    ]
