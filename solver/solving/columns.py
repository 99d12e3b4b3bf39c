"""Answers as rows of a table, and rows as lines of CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final

from solver.board.words import no_formula

COLUMNS: Final = ("puzzle", "solution", "status", "method", "confidence", "passes", "violations")
"""Of a table of answers. `violations` counts the digits that stand twice in a unit of the policy's
own grid, or of the givens where a rule is broken from the start; `confidence` and `passes` are
empty where no policy was asked."""


def with_further(names: Sequence[str]) -> tuple[str, ...]:
    """`COLUMNS`, and then the further columns of an input; one of a name that is taken is called
    "input_" and that name."""
    columns = list(COLUMNS)
    for name in names:
        free = name
        while free.lower() in map(str.lower, columns):
            free = f"input_{free}"
        columns.append(free)
    return tuple(columns)


def answer_row(
    puzzle: str,
    solution: str,
    status: str,
    method: str,
    confidence: float | None,
    passes: int | None,
    violations: int,
) -> list[str]:
    """The fields of `COLUMNS`; grids are 81 digits with 0 for a blank, `solution` may be empty."""
    sure = "" if confidence is None else f"{confidence:.6f}"
    taken = "" if passes is None else str(passes)
    return [puzzle, solution, status, method, sure, taken, str(violations)]


def csv_line(values: Sequence[object]) -> str:
    """One line of CSV; None is an empty field, and no text is a formula."""
    text = io.StringIO()
    fields = [no_formula(value) if isinstance(value, str) else value for value in values]
    csv.writer(text, lineterminator="\n").writerow(fields)
    return text.getvalue()
