"""`sudoku-train compare`: two runs side by side."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from solver.cli.common import fail
from solver.cli.help import command_app
from training.measure.tables import FORMATS, rendered

app = command_app()


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(metavar="RUN_A", help="A run's folder.")],
    after: Annotated[Path, typer.Argument(metavar="RUN_B", help="Another's, to be judged.")],
    form: Annotated[
        str, typer.Option("--format", "-f", help=f"How to print: {', '.join(FORMATS)}.")
    ] = "text",
) -> None:
    """Print settings, speed and accuracy of two runs, and the criteria that the second meets."""
    try:
        print(comparison(before, after, form))
    except ValueError as error:
        fail(error)


def comparison(before: Path, after: Path, form: str) -> str:
    """The comparison in one of `FORMATS`; raises `ValueError`."""
    from training.measure.compare import compared

    rows, criteria = compared(before, after)
    checked = [asdict(c) | {"passed": "passed" if c.passed else "NOT passed"} for c in criteria]
    if form == "json":
        return json.dumps(
            {"comparison": json.loads(rendered(rows, form)), "criteria": checked}, indent=2
        )
    return rendered(rows, form) + "\n\n" + rendered(checked, form)
