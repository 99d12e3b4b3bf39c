"""One puzzle, assembled from what a text file draws and says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_uppercase
from typing import Final

from solver.board.grid import Grid, cell_name
from solver.formats.drawing import SECTION, Drawn
from solver.formats.errors import FormatError
from solver.formats.record import Pencil, Record, noted, over, without
from solver.formats.source import Line

LETTERS: Final = {
    "A": "author",
    "D": "description",
    "C": "comment",
    "B": "date",
    "S": "source",
    "L": "level",
    "U": "url",
}
"""The letter behind `#` -> metadata key; another letter is its own key."""

STEP: Final = re.compile(r"([IE])(\d\d)(\d{1,9})")
"""`Innc`: cell nn, from 00, was set to c; `Ennc`: the candidates c were taken out of it."""

_SIGNS: Final = " \t%#/=-*:_~+|>"
_NO_MARK: Final = frozenset(("", ".", "0", "-", "_", "*"))


class Puzzle:
    """The puzzle of the nine `rows`, or of one row of 81 cells; `finish` gives the record."""

    def __init__(self, name: str, rows: Sequence[Drawn]) -> None:
        self._name = name
        self._line = rows[0].line.number
        self._metadata: dict[str, list[str]] = {}
        self._sections: dict[str, list[Line]] = {}
        self._section = ""
        self._placed: dict[int, int] = {}
        self._removed: list[tuple[int, int]] = []
        self._solution: Grid | None = None
        self._error: FormatError | None = None
        self.givens, self._state, self._marks = _grids(rows)

    def set_state(self, rows: Sequence[Drawn]) -> None:
        """Take the play so far, which may leave out the givens."""
        _, played, marks = _grids(rows)
        try:
            self._state = over(self.givens, played)
        except FormatError as error:
            self._fail(error.at("", rows[0].line.number))
        if any(mark is not None for mark in marks):
            self._marks = marks

    def solved_by(self, rows: Sequence[Drawn]) -> bool:
        """Take a full grid that keeps the rules and the givens as the solution; else False."""
        full, _, _ = _grids(rows)
        fits = all(given in (0, digit) for given, digit in zip(self.givens, full, strict=True))
        if self._solution is not None or 0 in full or not fits or self.givens == full:
            return False
        if full.violations():
            return False
        self._solution = full
        return True

    def above(self, line: Line) -> None:
        """Text above the grid."""
        self._text("heading", line)

    def below(self, line: Line) -> None:
        """Text below the grid."""
        self._text("comment", line)

    def _text(self, key: str, line: Line) -> None:
        body = line.text.strip()
        if body.startswith("#"):
            letter, rest = body[1:2], body[2:].strip()
            if letter.isalpha():
                key, text = LETTERS.get(letter.upper(), letter.upper()), rest
            else:
                key, text = "comment", body.lstrip("# ")
                if not text:
                    return
        elif not (text := body.strip(_SIGNS)):
            return
        self._metadata.setdefault(key, []).append(text)

    def step(self, line: Line) -> bool:
        """Take a line of the play; False where it is none."""
        match = STEP.fullmatch(line.text.strip())
        if match is None:
            return False
        cell, digits = int(match[2]), [int(digit) for digit in match[3] if digit != "0"]
        if cell > 80:
            self._refuse(f"cell {match[2]}", "a cell 00-80", line, 2)
        elif match[1] == "E":
            self._removed += [(cell, digit) for digit in digits]
        elif len(digits) != 1:
            self._refuse(f"{match[3]} to set", "one digit 1-9", line, 4)
        elif self.givens[cell] not in (0, digits[0]):
            found = f"{digits[0]} set at {cell_name(cell)}"
            self._refuse(found, f"the given {self.givens[cell]}", line, 4)
        else:
            self._placed[cell] = digits[0]
        return True

    def _refuse(self, found: str, expected: str, line: Line, column: int) -> None:
        self._fail(FormatError(found, expected, line=line.number, column=column))

    def _fail(self, error: FormatError) -> None:
        self._error = self._error or error

    def open_section(self, name: str) -> None:
        """Begin a section that is neither puzzle nor state."""
        self._section = name
        self._sections.setdefault(name, [])

    def add_to_section(self, line: Line) -> None:
        """Take a line of the section."""
        self._sections[self._section].append(line)

    def finish(self) -> Record | FormatError:
        """The record, or the first thing that was wrong."""
        if self._error is not None:
            return self._error.at(self._name, self._line)
        state = Grid(self._placed.get(cell, digit) for cell, digit in enumerate(self._state))
        metadata = {key: "\n".join(texts) for key, texts in self._metadata.items()}
        marks = self._marks
        for name, lines in self._sections.items():
            found = _pencil_marks(lines) if name.lower() == "pencilmarks" else None
            if found is not None:
                marks = found
            else:
                metadata[f"[{name}]"] = "\n".join(line.text for line in lines)
        pencil = noted(state, marks)
        if self._removed:
            pencil = without(state, self._removed, pencil)
        return Record(
            self.givens,
            state=state if state != self.givens else None,
            solution=self._solution,
            metadata=metadata,
            pencil=pencil,
            source=self._name,
            line=self._line,
        )


Marks = tuple[frozenset[int] | None, ...]
"""Of each cell its candidates; None where nothing is said of them."""


def _grids(rows: Sequence[Drawn]) -> tuple[Grid, Grid, Marks]:
    """The givens, the state and the candidates that rows draw."""
    cells = [cell for row in rows for cell in row.cells]
    noting = any(len(cell) > 1 and cell[0] != "u" for cell in cells)
    givens, state, marks = [], [], list[frozenset[int] | None]()
    for cell in cells:
        given = int(cell) if len(cell) == 1 and cell.isdigit() else 0
        givens.append(given)
        state.append(int(cell[1]) if cell[0] == "u" else given)
        if len(cell) > 1 and cell[0] != "u":
            marks.append(frozenset(map(int, cell)))
        else:
            marks.append(frozenset() if noting and cell == "0" else None)
    return Grid(givens), Grid(state), tuple(marks)


def _pencil_marks(lines: Sequence[Line]) -> Marks | None:
    """The marks of a section, nine cells a line between commas or spaces; None for other text."""
    marks: list[frozenset[int] | None] = []
    for line in lines:
        text = line.text.strip(" ")
        delimiter = next((sign for sign in ",;|\t" if sign in text), None)
        fields = [field.strip() for field in text.split(delimiter)]
        fields = fields[:-1] if len(fields) == 10 and not fields[-1] else fields
        if len(fields) != 9:
            return None
        for field in fields:
            digits = "".join(field.split())
            if digits in _NO_MARK:
                marks.append(None)
            elif re.fullmatch("[1-9]{1,9}", digits):
                marks.append(frozenset(map(int, digits)))
            else:
                return None
    return tuple(marks) if len(marks) == 81 else None


def pencil_lines(grid: Grid, pencil: Pencil) -> list[str]:
    """The lines of the section, as `_pencil_marks` reads them: only what the rules don't say."""
    full = grid.all_candidates()
    fields = [
        "" if marks == fits else "".join(map(str, sorted(marks)))
        for marks, fits in zip(pencil, full, strict=True)
    ]
    return [",".join(fields[start : start + 9]) for start in range(0, 81, 9)]


def letter_of(key: str) -> str | None:
    """The letter that a `#` line has for a key of the metadata; None: there is none."""
    own = key if len(key) == 1 and key in ascii_uppercase else None
    return next((letter for letter, name in LETTERS.items() if name == key), own)


def section_of(key: str) -> bool:
    """Whether a key of the metadata is that of a section: a name in brackets."""
    name = key[1:-1].strip().lower()
    return SECTION.fullmatch(key) is not None and name not in ("puzzle", "state", "pencilmarks")
