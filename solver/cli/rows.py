"""Rows of figures about puzzles, printed for people or for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from solver.board.words import inert
from solver.solving.columns import csv_line


class RowFormat(StrEnum):
    """How rows are printed."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"


Form = Annotated[
    RowFormat, typer.Option("--format", "-f", help="How rows are printed; text has tabs.")
]

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE",
        help="Files, folders of files, - for stdin, 81 characters each, or addresses that show "
        "them.",
    ),
]


def print_rows(
    form: RowFormat, schema: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]
) -> None:
    """Print the columns of each row as soon as it is known; None is an empty field.

    JSON is one document: `{"schema": …, "puzzles": […]}`.
    """
    for piece in _pieces(form, schema, columns, rows):
        sys.stdout.write(piece)
        sys.stdout.flush()


def _pieces(
    form: RowFormat, schema: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]
) -> Iterator[str]:
    if form is RowFormat.JSON:
        yield f'{{"schema": {json.dumps(schema)}, "puzzles": ['
        for number, row in enumerate(rows):
            yield ("," if number else "") + "\n " + json.dumps({key: row[key] for key in columns})
        yield "\n]}\n"
        return
    if form is RowFormat.CSV:
        yield csv_line(columns)
        yield from (csv_line([row[key] for key in columns]) for row in rows)
        return
    yield "\t".join(columns) + "\n"
    for row in rows:
        fields = ["" if row[key] is None else inert(str(row[key])) for key in columns]
        yield "\t".join(fields) + "\n"
