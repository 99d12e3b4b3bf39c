"""`sudoku-evaluate`: policies side by side on any readable file, and two runs compared."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from solver.cli.common import ExitCode, fail, run, version_option
from solver.cli.help import command_app
from training.commands.compare import comparison
from training.machine.allocator import keep_memory
from training.measure.tables import FORMATS, as_blocks, rendered

app = command_app()

EXAMPLES: Final = """
Examples:

\b
  sudoku-evaluate policy.onnx --data hard.sdm
  sudoku-evaluate checkpoints/policy_ema.pt policy.onnx -d sudoku.csv -d 17.sdm -f markdown
  sudoku-evaluate compare runs/baseline runs/production
"""


@app.command(epilog=EXAMPLES)
def evaluate(
    models: Annotated[
        list[str],
        typer.Argument(metavar="MODEL", help="Policies, .pt or .onnx; or: compare RUN_A RUN_B."),
    ],
    data: Annotated[
        list[str] | None,
        typer.Option("--data", "-d", help="Puzzle file: CSV, Parquet or list. Repeatable."),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", "-f", help=f"Output format: {', '.join(FORMATS)}.")
    ] = "text",
    limit: Annotated[
        int, typer.Option("--limit", min=0, help="Read at most N puzzles of each file; 0: all.")
    ] = 0,
    decode: Annotated[
        int, typer.Option(help="Puzzles per file to decode step by step for the solve rate.")
    ] = 200,
    passes: Annotated[
        int | None,
        typer.Option(
            help="Most passes of a view; by default those that a .pt was validated with, and an "
            ".onnx file's own."
        ),
    ] = None,
    views: Annotated[
        int | None,
        typer.Option(min=1, help="Most views that an .onnx tries; by default all it has."),
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    threads: Annotated[int | None, typer.Option(help="CPU threads.")] = None,
    version: Annotated[bool, version_option] = False,
) -> None:
    """Measure policies on files of puzzles, side by side and by difficulty.

    A list without solutions gets them from the exact engine; a puzzle without exactly one
    solution is left out and reported. Decoding places every cell that is at least 0.99 sure, or
    the surest one, and runs the policy again.
    """
    if form not in FORMATS:
        fail(f"format {form!r} isn't one of {', '.join(FORMATS)}")
    try:
        if models[0] == "compare":
            if len(models) != 3:
                raise ValueError("compare takes two run folders: compare RUN_A RUN_B")
            print(comparison(Path(models[1]), Path(models[2]), form))
            return
        if not data:
            raise ValueError("no puzzles to evaluate on; name a file with --data")
        if any(number < 0 for number in (limit, decode)) or (passes or 1) < 1:
            raise ValueError("--limit and --decode must be at least 0, --passes at least 1")
        rows = _evaluated(models, data, limit, decode, passes, views, device, threads)
    except ValueError as error:
        fail(error, _code(error))
    if form == "text":
        # several models stand side by side, one model's levels do
        several = len(models) > 1
        order = ("data", "level", "model") if several else ("data", "model", "level")
        print(as_blocks(rows, order))
    else:
        print(rendered(rows, form))


def _code(error: ValueError) -> ExitCode:
    from solver.policy.session import ModelError
    from training.network.checkpoint import CheckpointError

    unusable = isinstance(error, ModelError | CheckpointError)
    return ExitCode.MODEL if unusable else ExitCode.USAGE


def _evaluated(
    models: list[str],
    data: list[str],
    limit: int,
    decode: int,
    passes: int | None,
    views: int | None,
    device: str,
    threads: int | None,
) -> list[dict[str, Any]]:
    import sys

    import torch

    from training.data.cache import packed, report_of
    from training.measure.evaluate import contender, evaluate

    if threads:
        torch.set_num_threads(threads)
    contenders = [contender(Path(name), passes, views, device, threads) for name in models]
    rows = []
    for name in data:
        file = packed(Path(name), limit)
        for line in report_of(file):
            print(line, file=sys.stderr)
        for it in contenders:
            for level, figures in evaluate(it, file, decode).items():
                rows.append({"data": Path(name).name, "model": it.name, "level": level, **figures})
    width = max(len(row) for row in rows)
    keys = list(next(row for row in rows if len(row) == width))
    return [{k: row.get(k) for k in keys} for row in rows]


def main() -> None:
    """The command's entry point."""
    keep_memory()
    run(app)
