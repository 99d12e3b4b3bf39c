"""`sudoku-train`: from files of puzzles to a policy."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from solver.board.words import inert
from solver.cli.common import fail, version_option
from solver.cli.help import command_app
from solver.system.locks import only_run
from training.commands.options import with_recipe_options
from training.loop.folder import prepare

STATUS = {"SIGINT": 130, "SIGTERM": 143}
"""Exit status of a run that a signal ended; --minutes is an end that was asked for."""

app = command_app()

EXAMPLES: Final = """
Examples:

\b
  sudoku-train --data sudoku.csv -o checkpoints
  sudoku-train --data sudoku.csv --recipe quick --seed 1 -o runs/quick
  sudoku-train --resume -o runs/quick --epochs 20
  sudoku-train --data a.csv --data b.csv --shares 0.4,0.6 --minutes 60
  torchrun --nproc-per-node 2 -m training --data sudoku.csv -o checkpoints

Beside training: sudoku-train report, compare, average, benchmark, gpu-bars, adversary (each with
--help). sudoku-train resume RUN is --resume -o RUN.

Exit status: 0 trained, or stopped by --minutes; 130 or 143 stopped by a signal.
"""


@app.command(epilog=EXAMPLES)
@with_recipe_options
def train(
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="FOLDER", help="Folder for checkpoints and metrics."
        ),
    ] = Path("checkpoints"),
    recipe: Annotated[
        str | None,
        typer.Option(
            metavar="<production|baseline|quick|policy>",
            help="Named recipe to start from; policy is that of the shipped one.",
            show_default="production",
        ),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="TOML file of settings; options override it.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Resume the run in the output folder.")
    ] = False,
    version: Annotated[bool, version_option] = False,
    *,
    values: dict[str, Any],
) -> None:
    """Train a policy on files of puzzles."""
    try:
        train_in(output, recipe, config, resume, values)
    except ValueError as error:
        fail(error)


def train_in(
    output: Path, name: str | None, config: Path | None, resume: bool, values: dict[str, Any]
) -> None:
    """Train in the folder `output`; raises `ValueError` for what can't be done."""
    from training.recipe.config import changed
    from training.recipe.recipes import named
    from training.recipe.toml import recipe_from

    if config is not None and name is not None:
        raise ValueError("name a --recipe or a --config, not both; a config has a key 'recipe'")
    base = recipe_from(config) if config is not None else None
    if base is None and not resume:
        base = named(name or "production")
    elif name is not None:
        base = named(name)
    # torchrun starts all processes again after one has failed, by the same command
    if int(os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")) and (output / "policy.pt").exists():
        resume, base = True, None
    # errors in names and folders come before torch is loaded, which takes seconds
    prepare(output, resume)
    from training.loop.start import launch, resolved

    chosen = resolved(changed(base or recipe_from(output / "config.toml"), values))
    from training.loop.loop import TrainingError

    # of the processes that torchrun starts, the first keeps other runs from the folder
    alone = only_run(output) if os.environ.get("RANK", "0") == "0" else nullcontext()
    try:
        with alone:
            reason = launch(chosen, output, resume)
    except TrainingError as error:
        fail(error, 1)
    if os.environ.get("RANK", "0") != "0":
        return  # one process speaks for all
    if reason not in ("done", "stopped early"):
        print(
            f"stopped ({reason}); resume with: sudoku-train --resume -o {inert(output)}", flush=True
        )
        if reason in STATUS:
            raise SystemExit(STATUS[reason])
    else:
        print(f"{reason}; the policy is {inert(output / 'policy_ema.pt')}", flush=True)
