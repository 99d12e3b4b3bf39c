"""CSV in the dialects in use: `,`, `;` or tabs, with or without a header, with extra columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from solver.board.words import as_written, no_formula, plural
from solver.formats.cells import meant_as_grid
from solver.formats.errors import FormatError
from solver.formats.record import Record
from solver.formats.source import LONGEST_LINE, Line, Source
from solver.formats.table import PUZZLE, SOLUTION, Columns, FieldError, is_grid, table_of

DELIMITERS: Final = ",;\t"
_NOTHING: Final = DELIMITERS + ' "\u00a0'
"""A line of these alone is a row without anything in it."""
_SPECIAL: Final = re.compile(r'[,;\t"\n\r]')


def looks_like(lines: list[str]) -> bool:
    """Whether the first lines of a file, blank ones and comments left out, are those of a table.

    A row has a grid among its fields; a header has a puzzle's name, and a row below.
    """
    if lines[0].strip(' "').lower() in PUZZLE:
        return any(is_grid(row.strip(' "')) for row in lines[1:])
    for number, text in enumerate(lines[:2]):
        delimiter = _told_delimiter(text)
        if delimiter is None:
            continue
        if any(is_grid(field.strip(' "')) for field in text.split(delimiter)):
            return True
        below = lines[1:2]
        if number == 0 and all(
            delimiter in row or row.lstrip().startswith('"') or is_grid(row.strip())
            for row in below
        ):
            return True
    return False


def _told_delimiter(text: str) -> str | None:
    """What separates the fields of a line, where a field is a puzzle's name or a grid."""
    for delimiter in DELIMITERS:
        fields = [field.strip(' "') for field in text.split(delimiter)]
        if any(field.lower() in PUZZLE | SOLUTION for field in fields):
            return delimiter
        if len(fields) > 1 and any(is_grid(field) for field in fields):
            return delimiter
    return None


class Row(NamedTuple):
    """One row of a table whose columns are known."""

    line: Line
    fields: list[str]
    columns: Columns
    delimiter: str

    def record(self, name: str) -> Record | FormatError:
        """The record of the row, or what is wrong with it."""
        try:
            record = self.columns.record(self.fields, name, self.line.number)
            if any(text.startswith("'") for text in record.metadata.values()):
                found = {key: as_written(text) for key, text in record.metadata.items()}
                record = replace(record, metadata=found)
            return record
        except FieldError as error:
            start = self._start(error.field)
            error.column = 1 if start is None else start + (error.column or 1)
            return error.at(name, self.line.number)
        except FormatError as error:
            return error.at(name, self.line.number)

    def _start(self, field: int) -> int | None:
        """Where a field's text begins in the line; None where it is not on that line."""
        if '"' not in self.line.text:
            return sum(len(before) + 1 for before in self.fields[:field])
        place = end = 0
        for text in self.fields[: field + 1]:
            written = text.replace('"', '""')
            place = self.line.text.find(written, end)
            if place < 0:
                return None
            end = place + len(written)
        return place


def read(source: Source) -> Iterator[Record | FormatError]:
    """One record a row; a bad row is yielded as its error, and the next one read.

    Metadata: the other columns by their names, or "column 3" where there is no header.
    """
    for row in rows(source, source.name):
        yield row if isinstance(row, FormatError) else row.record(source.name)


def rows(
    lines: Iterator[Line], name: str, columns: Columns | None = None, delimiter: str = ""
) -> Iterator[Row | FormatError]:
    """The rows below the header, not yet parsed; what is no row is yielded as its error.

    Where the `columns` are known, all lines are rows.
    """
    names: list[str] | None = None
    for line in lines:
        if not line.text.strip(_NOTHING):
            continue
        delimiter = delimiter or _delimiter(line.text)
        try:
            fields = _fields(line, lines, delimiter)
            if columns is not None:
                yield Row(line, fields, columns, delimiter)
                continue
            if names is None and not any(map(is_grid, fields)):
                columns = Columns.named(fields)
                if columns is None and any(map(meant_as_grid, fields)):
                    raise FormatError("a first row without a grid", "a header, or 81 cells")
                names = fields
                continue
            columns = Columns.seen(names, fields)
            if columns is None:
                raise FormatError(
                    f"{plural(len(fields), 'field')} without a grid", "a column of 81 cells each"
                )
            yield Row(line, fields, columns, delimiter)
        except FormatError as error:
            yield error.at(name, line.number)


def _delimiter(text: str) -> str:
    return _told_delimiter(text) or max(DELIMITERS, key=text.count)


def _fields(line: Line, lines: Iterator[Line], delimiter: str) -> list[str]:
    text = line.whole()
    if '"' not in text:
        return text.split(delimiter)
    while text.count('"') % 2:
        following = next(lines, None)
        if following is None or len(text) > LONGEST_LINE:
            raise FormatError("a quote that is not closed", 'a closing "')
        text += "\n" + following.whole()
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        raise FormatError("broken quotes", 'a quote in a quoted field written as ""') from None


def write(records: Iterable[Record]) -> Iterator[str]:
    """`puzzle`, then `solution`, `state` and metadata where there are any; zeros for blanks."""
    return (
        ",".join(_quoted(no_formula(field)) for field in row) + "\n" for row in table_of(records)
    )


def _quoted(field: str) -> str:
    """The field, in quotes where any dialect's reader could take it apart."""
    if field.isalnum() or not _SPECIAL.search(field):
        return field
    return '"' + field.replace('"', '""') + '"'
