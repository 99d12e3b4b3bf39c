"""Hints, printed or drawn."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from textwrap import TextWrapper
from typing import TYPE_CHECKING, Final

from solver.cli.common import ExitCode, complain

if TYPE_CHECKING:
    from solver.formats import Record
    from solver.logic.hint import Hint
    from solver.solving.solver import Solver

EXIT_OF: Final = {
    "solved": ExitCode.SOLVED,
    "no solution": ExitCode.NO_SOLUTION,
    "invalid": ExitCode.NO_SOLUTION,
    "several solutions": ExitCode.SEVERAL,
}
"""Status of a puzzle -> exit status."""


def print_hints(
    solver: Solver, records: Iterator[Record], grade: int, *, label: bool, drawn: bool
) -> ExitCode:
    """Print a hint for each record, in its play so far; the highest exit status.

    In lines as wide as the terminal, or 80 columns. With `label`, behind the place that the puzzle
    came from, further lines indented; `drawn`, as a picture.
    """
    from solver.render.text import Style
    from solver.solving.solver import NoHintError

    lines = TextWrapper(
        Style.of_terminal(False).width,
        subsequent_indent="  " * label,
        break_long_words=False,
        break_on_hyphens=False,
    )
    code = ExitCode.SOLVED
    for record in records:
        place = f"{record.source}:{record.line}"
        try:
            hint = solver.hint(record.givens, record.state, marks=record.pencil)
            told = hint.grades[grade - 1]
            if drawn:
                code = max(code, _draw(hint, record, place))
            else:
                print(lines.fill(f"{place}: {told}" if label else told))
        except NoHintError as error:
            found = EXIT_OF[error.status.value] if error.status else ExitCode.USAGE
            code = max(code, found)
            if found == ExitCode.SOLVED:
                print(f"{place}: {error}", file=sys.stderr)
            else:
                complain(f"{place}: {error}")
    return code


def _draw(hint: Hint, record: Record, place: str) -> ExitCode:
    """Print the reason of a hint as SVG; what has to be put right first can't be drawn."""
    from solver.render.reason import step_svg

    if hint.step is None:
        complain(f"{place}: there is no reason to draw yet: {hint}")
        return ExitCode.USAGE
    print(step_svg(record.state or record.givens, hint.step, record.pencil))
    return ExitCode.SOLVED
