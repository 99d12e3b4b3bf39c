"""sudoku-data solutions: all solutions of a puzzle, and which clues to add, take out or doubt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from solver.board.grid import cell_name
from solver.board.words import inert, plural
from solver.cli.asides import by_givens_alone
from solver.cli.common import ExitCode
from solver.cli.reader import Bad, records
from solver.cli.rows import Form, RowFormat, Sources, print_rows

if TYPE_CHECKING:
    from solver.solving.clues import Clue, Diagnosis

SOLUTIONS_EXAMPLES: Final = """
Examples:

\b
  sudoku-data solutions puzzle.sdk
  sudoku-data solutions --limit 1000 puzzle.sdk | grep -v " " > all.sdm
  sudoku-data solutions --format json list.sdm | jq .puzzles[0].missing

Exit status: 0 each has one solution, 2 wrong usage or unreadable input, 3 one has
no solution, 4 one has several.
"""

COLUMNS: Final = (
    "file", "line", "count", "more", "solutions", "missing", "fewest", "spare", "together",
    "conflict", "puzzle",
)  # fmt: skip
SHOWN: Final = 6
"""Sets of clues that a line of text names at most."""


def list_solutions(
    sources: Sources,
    limit: Annotated[int, typer.Option(min=1, help="List at most N solutions of a puzzle.")] = 20,
    form: Form = RowFormat.TEXT,
) -> int:
    """List all solutions of puzzles, and say what their clues lack.

    Of a puzzle with several solutions: which clues would leave one, the fewest first. With one:
    which clues could go. With none: clues that can't all stand, each of them needed for that.
    """
    from solver.solving.clues import diagnose

    bad = Bad()
    codes = [ExitCode.SOLVED]

    def looked() -> Iterator[tuple[dict[str, Any], Diagnosis]]:
        for record in by_givens_alone(records(sources, bad)):
            found = diagnose(record.givens, limit)
            count = len(found.solutions)
            codes.append(
                ExitCode.NO_SOLUTION
                if count == 0
                else ExitCode.SOLVED
                if count == 1 and not found.more
                else ExitCode.SEVERAL
            )
            place = {"file": record.source, "line": record.line, "puzzle": record.givens.line()}
            yield place, found

    if form is RowFormat.TEXT:
        for place, found in looked():
            print(f"{inert(place['file'])}, line {place['line']}: {told(found)}")
            for solution in found.solutions.tolist():
                print("".join(map(str, solution)), flush=True)
    else:
        print_rows(
            form,
            "sudoku-solutions/1",
            COLUMNS,
            (place | _row(found, form) for place, found in looked()),
        )
    return max(*codes, bad.finish())


def _row(found: Diagnosis, form: RowFormat) -> dict[str, Any]:
    """The columns of one puzzle; lists for JSON, and words between spaces for CSV."""
    lists: dict[str, list[str]] = {
        "solutions": ["".join(map(str, solution)) for solution in found.solutions.tolist()],
        "missing": ["+".join(map(_short, clues)) for clues in found.missing],
        "spare": [*map(_short, found.spare)],
        "together": [*map(_short, found.together)],
        "conflict": [*map(_short, found.conflict)],
    }
    fields = lists if form is RowFormat.JSON else {key: " ".join(of) for key, of in lists.items()}
    return {
        **fields,
        "count": len(found.solutions),
        "more": found.more,
        "fewest": found.fewest if found.missing else None,
    }


def _short(clue: Clue) -> str:
    return f"{cell_name(clue[0])}={clue[1]}"


def told(found: Diagnosis) -> str:
    """What is to be said of a puzzle, in one line."""
    if found.conflict:
        return f"no solution: {_listed(found.conflict)} can't all stand"
    if len(found.solutions) == 1 and not found.more:
        if not found.spare:
            return "one solution, and every clue is needed"
        said = f"one solution; {_named(found.spare)} could go"
        if len(found.spare) == 1:
            return said
        said += ", each by itself"
        if len(found.together) < len(found.spare):
            return f"{said}; together {_named(found.together)}"
        return (
            f"{said}, or all together"
            if len(found.spare) > 1
            else said.replace(", each by itself", "")
        )
    many = plural(len(found.solutions), "solution")
    count = f"more than {many}, of which these are some" if found.more else many
    needed = len(found.missing[0])
    said = f"{plural(needed, 'more clue leaves', 'more clues leave')} one"
    if not found.fewest:
        return f"{count}; {said} (there may be fewer): {_listed(found.missing[0])}"
    shown = ["+".join(map(_short, clues)) for clues in found.missing[:SHOWN]]
    rest = len(found.missing) - len(shown)
    more = f", and {plural(rest, 'other way', 'other ways')}" if rest else ""
    return f"{count}; {said}: {' or '.join(shown)}{more}"


def _named(clues: Sequence[Clue]) -> str:
    return f"{plural(len(clues), 'clue')} ({_listed(clues)})"


def _listed(clues: Sequence[Clue]) -> str:
    return " ".join(map(_short, clues))
