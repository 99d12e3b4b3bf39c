"""`sudoku-train resume`: a run that was stopped, continued."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from solver.cli.common import fail
from solver.cli.help import command_app
from training.commands.options import with_recipe_options
from training.commands.train import train_in

app = command_app()


@app.command()
@with_recipe_options
def resume(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The run's folder.")] = Path(
        "checkpoints"
    ),
    *,
    values: dict[str, Any],
) -> None:
    """Continue a run where it was stopped, with its settings; options change them.

    A run of more --epochs is a longer one. What can't change any more is refused.
    """
    try:
        train_in(run, None, None, True, values)
    except ValueError as error:
        fail(error)
