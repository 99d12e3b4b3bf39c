"""Tables of puzzles: which column holds what, for CSV and Parquet alike.

By the header's names where it has known ones; else by what the first rows hold.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from solver.board.grid import Grid
from solver.board.words import plural
from solver.formats.cells import CELL_EXPECTED, bad_place, count_error, digits, other_size
from solver.formats.errors import FormatError, shown
from solver.formats.links import find_address, is_address
from solver.formats.record import Record, over

PUZZLE: Final = frozenset(
    ("puzzle", "puzzles", "quiz", "quizzes", "question", "questions", "sudoku", "board", "givens")
)
SOLUTION: Final = frozenset(("solution", "solutions", "answer", "answers", "solved"))
STATE: Final = frozenset(("state",))
RESERVED: Final = PUZZLE | SOLUTION | STATE
"""Names, in lower case, of columns that hold no metadata."""
_FIRST: Final = {"puzzle": 0, "solution": 1, "state": 2}
_BLOCK: Final = 1024
_IN_MEMORY: Final = 16 << 20
_LINE_END: Final = re.compile("\r\n?")


@dataclass(frozen=True, slots=True)
class Columns:
    """The index of the puzzle's column, of the solution's and state's (-1: none), and the rest."""

    puzzle: int
    solution: int
    state: int
    others: tuple[tuple[int, str], ...]
    names: tuple[str, ...]

    @classmethod
    def named(cls, names: Sequence[str]) -> Columns | None:
        """The columns by the names of a header; None where none is a puzzle's."""
        keys = [name.strip().lower() for name in names]
        found = [
            min((key != plain, index) for index, key in enumerate(keys) if key in known)[1]
            if known.intersection(keys)
            else -1
            for plain, known in (("puzzle", PUZZLE), ("solution", SOLUTION), ("state", STATE))
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
        told: list[str] = []
        for number, name in enumerate(names, 1):
            known = name.strip() or f"column {number}"
            told.append(known if known not in told else f"{known} {number}")
        others = ((index, name) for index, name in enumerate(told) if index not in found)
        return cls(found[0], found[1], found[2], tuple(others), tuple(told))

    def with_answers_as_texts(self) -> Columns:
        """The same columns, solution and state among the others by these names; the solution not
        as a grid."""
        answers = (self.solution, "solution"), (self.state, "state")
        more = {(index, name) for index, name in answers if index >= 0}
        return replace(self, solution=-1, others=tuple(sorted({*self.others, *more})))

    def placed(self, names: Iterable[str]) -> list[int]:
        """The indices of puzzle, solution and state, and of further columns by their names."""
        places = (self.puzzle, self.solution, self.state, *map(self.index, names))
        return list(dict.fromkeys(place for place in places if place >= 0))

    def index(self, name: str) -> int:
        """The index of a further column by its name, in any case; -1 where there is none."""
        places = {key: index for index, key in reversed(self.others)}
        lower = {key.lower(): index for key, index in places.items()}
        return places.get(name, lower.get(name.lower(), -1))

    def record(self, row: Sequence[str], source: str, line: int) -> Record:
        """The record of one row. Raises `FieldError`, or `FormatError` for too few fields."""
        if len(row) <= self.puzzle:
            raise FormatError(
                plural(len(row), "field"),
                f"{len(self.names)}, the puzzle in field {self.puzzle + 1}",
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
    """Whether a field holds 81 cells, or an address that shows them."""
    text = field if len(field) == 81 else field.strip()
    if len(text) == 81:
        return digits(text) is not None
    return len(text) > 81 and is_address(text)


def _grid(row: Sequence[str], index: int, what: str) -> Grid:
    field = row[index]
    text = field if len(field) == 81 else field.strip()
    cells = digits(text)
    if cells is not None and len(cells) == 81:
        return Grid(cells)
    if is_address(text):
        try:
            return (find_address(text) or ("", Grid([0] * 81)))[1]
        except FormatError as unseen:
            raise FieldError(unseen.found, unseen.expected, index) from None
    place = None if other_size(text) else bad_place(text)
    indent = len(field) - len(field.lstrip()) if text is not field else 0
    if place is None:
        error = count_error(text)
        column = indent + (error.column or 1)
        raise FieldError(f"{error.found} in the {what}", error.expected, index, column)
    column = indent + place + 1
    raise FieldError(f"{shown(text[place])} in the {what}", CELL_EXPECTED, index, column)


def table_of(records: Iterable[Record]) -> Iterator[list[str]]:
    """The header of a table that holds `records`, and then its rows; blanks are zeros.

    The header is "puzzle", then "solution" and "state" where any record has one, then the keys of
    the metadata in the order that they come up; those named as a puzzle's or solution's column
    are left out. Any record may bring a new one, so all are read before the first row is given;
    beyond some megabytes they wait in a temporary file.
    """
    from tempfile import SpooledTemporaryFile

    places = {"puzzle": 0}
    rows = (_row(record, places) for record in records)
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as waiting:
        blocks = 0
        while block := list(islice(rows, _BLOCK)):
            pickle.dump(block, waiting)
            blocks += 1
        header = sorted(places, key=lambda name: _FIRST.get(name, len(_FIRST)))
        yield header
        order = [places[name] for name in header]
        waiting.seek(0)
        for _ in range(blocks):
            for row in pickle.load(waiting):
                yield [row[place] if place < len(row) else "" for place in order]


def _row(record: Record, places: dict[str, int]) -> list[str]:
    """The fields of a record at their `places`, where new names are added; later ones are blank."""
    row = [""] * len(places)
    for name, text in _fields(record):
        place = places.setdefault(name, len(row))
        if place == len(row):
            row.append(text)
        else:
            row[place] = text
    return row


def _fields(record: Record) -> Iterator[tuple[str, str]]:
    yield "puzzle", record.givens.line("0")
    if record.solution is not None:
        yield "solution", record.solution.line("0")
    if record.state is not None:
        yield "state", record.state.line("0")
    for key, text in record.metadata.items():
        if key.lower() not in RESERVED:
            yield key, _LINE_END.sub("\n", text)
