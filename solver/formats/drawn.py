"""Grids drawn as rows, with everything that programs write around them.

Rows of nine cells in any drawing (see `drawing`), or of candidates; one puzzle or many, with
lines of text above or below. `#` and a letter hold metadata, `[Puzzle]`, `[State]` and
`[PencilMarks]` name what follows, as SadMan Sudoku and SudoCue write; lines `Innc` and `Ennc`
below a grid are the play, as HoDoKu writes. What else is there is kept as metadata.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from solver.board.words import plural
from solver.formats.cells import whole_size
from solver.formats.drawing import Drawn, Kind, drawn, follows, is_short, row_error, spaced
from solver.formats.errors import FormatError
from solver.formats.puzzle import Puzzle
from solver.formats.record import Record
from solver.formats.source import Line, Source

_MOST_LINES: Final = 10_000
"""Lines without a grid."""
_MOST_ROWS: Final = 64
"""Rows that may belong together."""


def read(source: Source) -> Iterator[Record | FormatError]:
    """One record a grid, with the state, the pencil marks and the text that belong to it.

    Metadata: "heading" and "comment" for the text above and below, the letters of `#` lines, and
    each other section under its name in brackets. A grid that can't be read is yielded as its
    error, and the next one is read.
    """
    return _Reader(source.name).read(source)


class _Reader:
    """The puzzles of a file, one after the other: what is open, and what is known of it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[Drawn] = []
        """The rows of a grid that is not whole yet, with blank lines between them."""
        self.blank = False
        """Whether the line before is blank."""
        self.after = False
        """Whether a blank line is before the open rows."""
        self.puzzle: Puzzle | None = None
        """What text, sections and steps belong to, until the next grid."""
        self.above: list[Line] = []
        """Text of which the grid is still to come."""
        self.section = "puzzle"
        self.headed = False
        """Whether the text that comes between two grids belongs to the second."""
        self.found = False
        self.count = 0
        """How many grids there were."""
        self.last: Line | None = None
        self.lines = 0
        """How many there were since the last grid."""

    def read(self, source: Source) -> Iterator[Record | FormatError]:
        for line in source:
            self.last = line
            self.lines += 1
            if self.lines > _MOST_LINES:
                error = FormatError(f"more than {_MOST_LINES} lines without a grid", "9 rows")
                raise error.at(self.name, line.number)
            yield from self._take(drawn(line))
        yield from self._end_rows()
        if self.puzzle is None and not self.found:
            raise end_error(0, self.last).at(self.name)
        if self.puzzle is not None:
            for line in self.above:
                self.puzzle.below(line)
            yield from self._emit()

    def _take(self, row: Drawn) -> Iterator[Record | FormatError]:
        if row.kind is Kind.SECTION:
            yield from self._end_rows()
            self.section = row.name.lower()
            if self.section not in ("puzzle", "state") and self.puzzle is not None:
                self.puzzle.open_section(row.name)
        elif self.section not in ("puzzle", "state"):
            if self.puzzle is not None and row.line.text.strip(" "):
                self.puzzle.add_to_section(row.line)
        elif row.kind is Kind.TEXT or row.text.lstrip().startswith("#"):
            yield from self._end_rows()
            self._text(row.line)
        elif row.kind is Kind.WHOLE:
            yield from self._end_rows()
            yield from self._grid([row])
        elif row.kind is not Kind.RULE:
            yield from self._row(row)
        elif len(self.rows) >= 9 and self._found() is not None:
            yield from self._end_rows()
        self.blank = row.kind is Kind.BLANK

    def _text(self, line: Line) -> None:
        if self.puzzle is None:
            self.headed = self.headed or not self.found
            self.above.append(line)
        elif self.puzzle.step(line):
            return
        elif self.headed:
            self.above.append(line)
        else:
            self.puzzle.below(line)

    def _row(self, row: Drawn) -> Iterator[Record | FormatError]:
        """Take a row, or a line that may be one; give the grid that it completes."""
        if row.kind is Kind.BLANK:
            if not self.rows:
                return
            numbered = self.rows[0].text.strip() == str(self.count + 1)
            if len(_filled(self.rows)) >= 9 + numbered or (
                not numbered and self._found() is not None
            ):
                yield from self._end_rows()
            else:
                self.rows.append(row)
            return
        if row.kind is not Kind.NINE and self._headed() is not None:
            if row.kind is Kind.DASHES:
                return
            yield from self._end_rows()
        if len(self.rows) == 10 and follows(self.rows[0], row):
            yield from self._end_rows()
        if not self.rows:
            self.after = self.blank
        self.rows.append(row)
        nine = _filled(self.rows)
        whole = all(one.kind is Kind.NINE or "|" in one.text for one in nine)
        if (len(nine) == 9 and whole) or len(self.rows) > _MOST_ROWS:
            yield from self._end_rows()

    def _found(self) -> list[Drawn] | None:
        """The nine rows that are open, maybe below a number or sign; None: they are not nine."""
        found = self._headed()
        if found is None and self.rows and is_short(self.rows[0]):
            found = self._spaced(self.rows[1:])
        return found or self._spaced(self.rows)

    def _headed(self) -> list[Drawn] | None:
        """The nine rows that are open, of nine cells each, maybe below a number or sign."""
        rows = [row for row in self.rows if row.kind is not Kind.BLANK]
        found = whole_rows(rows)
        return found or (whole_rows(rows[1:]) if rows and is_short(rows[0]) else None)

    def _spaced(self, rows: Sequence[Drawn]) -> list[Drawn] | None:
        """The nine rows among `rows`, where their blanks are spaces; None if these are no grid."""
        rows = [row for row in rows if row.kind is not Kind.DASHES]
        filled = _filled(rows)
        if all(row.kind is Kind.NINE for row in filled):
            return None
        while len(rows) > 9 and rows[-1].kind is Kind.BLANK:
            rows.pop()
        if rows[-1].kind is Kind.BLANK and self.after:  # the blank row may be the first or the last
            return None
        for some in (rows, filled):
            if len(some) == 9 and (texts := spaced(some)) is not None:
                return [
                    Drawn(row.line, Kind.NINE, row.text, tuple(text.replace(" ", ".")))
                    for row, text in zip(some, texts, strict=True)
                ]
        return None

    def _end_rows(self) -> Iterator[Record | FormatError]:
        """What the open rows are, now that no other belongs to them."""
        found, filled = self._found(), _filled(self.rows)
        self.rows = []
        if found is not None:
            if filled[0].line.number < found[0].line.number:
                self._text(filled[0].line)
            yield from self._grid(found)
        elif not filled:
            return
        elif all(map(is_short, filled)) and not whole_size([row.packed for row in filled]):
            for row in filled:
                self._text(row.line)
        else:
            yield from self._emit()
            self.found = True
            yield self._error(filled).at(self.name, filled[0].line.number)

    def _error(self, rows: list[Drawn]) -> FormatError:
        size = whole_size([row.packed for row in rows])
        if size is not None:
            found = f"a row of {len(rows[0].packed)} cells, as of a {size} grid"
            places = [place for place, one in enumerate(rows[0].text, 1) if one in rows[0].packed]
            column = places[9] if len(places) > 9 else len(rows[0].text.rstrip()) + 1
            return FormatError(
                found, "a row of 9 cells of a 9x9 grid", line=rows[0].line.number, column=column
            )
        wrong = next((row for row in rows if row.kind is not Kind.NINE), None)
        if wrong is not None:
            marks = any(len(cell) > 1 for row in rows for cell in row.cells)
            return row_error(wrong, marks)
        return end_error(len(rows), rows[-1].line)

    def _grid(self, rows: list[Drawn]) -> Iterator[Record | FormatError]:
        """A whole grid: of a puzzle, or its state, or its solution."""
        if self.puzzle is not None and self.section == "state":
            self.puzzle.set_state(rows)
            self.section = "puzzle"
            return
        if self.section == "state":
            return
        if self.puzzle is not None and self.puzzle.solved_by(rows):
            above, self.above = self.above, []
            for line in above:
                self.puzzle.below(line)
            return
        yield from self._emit()
        self.found = True
        self.count += 1
        self.lines = 0
        self.puzzle = Puzzle(self.name, rows)
        above, self.above = self.above, []
        for line in above:
            self.puzzle.above(line)

    def _emit(self) -> Iterator[Record | FormatError]:
        if self.puzzle is not None:
            puzzle, self.puzzle = self.puzzle, None
            yield puzzle.finish()


def _filled(rows: Sequence[Drawn]) -> list[Drawn]:
    return [row for row in rows if row.kind not in (Kind.BLANK, Kind.DASHES)]


def whole_rows(rows: Sequence[Drawn]) -> list[Drawn] | None:
    """The nine rows of nine cells among `rows`, where the others are only drawing; else None."""
    nine = [row for row in rows if row.kind is Kind.NINE]
    others = [row for row in rows if row.kind is Kind.SOME and row.packed]
    inner = {nine.index(row) % 3 for row in nine if row.line.number - 1 in _dashes(rows)}
    if others or len(nine) > 9 or (len(nine) == 9 and inner - {0}):
        return None
    if len(nine) < 9:
        shapes = {row.shape for row in nine}
        nine = [
            row
            for row in rows
            if row.kind is Kind.NINE or (row.kind is Kind.DASHES and row.shape in shapes)
        ]
    return nine if len(nine) == 9 else None


def _dashes(rows: Sequence[Drawn]) -> set[int]:
    return {row.line.number for row in rows if row.kind is Kind.DASHES}


def end_error(rows: int, last: Line | None) -> FormatError:
    """The error for a file that ends too soon, behind its `last` line (None: it has none)."""
    found = f"the end after {plural(rows, 'row')}" if rows else "no row"
    line, column = (1, 1) if last is None else (last.number, len(last.text) + 1)
    return FormatError(found, "9 rows of 9 cells", line=line, column=column)
