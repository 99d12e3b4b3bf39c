"""`sudoku-train report`: the report of a run, at any time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from solver.board.words import inert
from solver.cli.common import fail
from solver.cli.help import command_app

app = command_app()


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder.")],
) -> None:
    """Write report.html of a run that has validated at least once, finished or not."""
    from training.data.puzzles import rated
    from training.loop.folder import kept_validation
    from training.measure.report import write_report

    try:
        held = kept_validation(folder)
        print(f"the report is {inert(write_report(folder, held, rated(held)))}")
    except ValueError as error:
        fail(error)
