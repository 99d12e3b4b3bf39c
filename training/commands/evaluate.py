"""`sudoku-evaluate`: policies side by side on any readable file, and two runs compared."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer

from solver.board.words import inert
from solver.cli.asides import note
from solver.cli.common import ExitCode, fail, run, version_option
from solver.cli.help import command_app
from solver.system.cores import MOST_THREADS
from training.commands import compare
from training.machine.allocator import keep_memory
from training.measure.scoreboard import LEGEND, scoreboard
from training.measure.tables import rendered

app = command_app()

EXAMPLES: Final = f"""
Examples:

\b
  sudoku-evaluate policy.onnx --data hard.sdm
  sudoku-evaluate runs/x/policy_ema.pt policy.onnx -d sudoku.csv -d 17.sdm
  sudoku-evaluate policy.onnx -d hard.sdm -f json | jq .[0].grid_acc
  sudoku-evaluate compare runs/baseline runs/production

The columns:

\b
{LEGEND}

Exit status: 0 measured, 2 wrong usage or unreadable input, 5 a policy can't be used.
"""


@app.command(epilog=EXAMPLES)
def evaluate(
    models: Annotated[
        list[str],
        typer.Argument(metavar="MODEL", help="Policies, .pt or .onnx."),
    ],
    data: Annotated[
        list[str] | None,
        typer.Option(
            "--data", "-d", metavar="FILE", help="Puzzles, in any format. May be repeated."
        ),
    ] = None,
    form: Annotated[
        Literal["text", "json", "csv", "markdown"],
        typer.Option(
            "--format", "-f", help="text: one row a list; the others hold every figure, and levels."
        ),
    ] = "text",
    levels: Annotated[
        bool, typer.Option("--levels", help="In text, a row for each level of guesses too.")
    ] = False,
    limit: Annotated[
        int, typer.Option("--limit", min=0, help="Read at most N puzzles of each file; 0: all.")
    ] = 0,
    decode: Annotated[
        int, typer.Option(min=0, help="Puzzles per file to decode step by step for the solve rate.")
    ] = 200,
    passes: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Most passes of a view; by default those that a .pt was validated with, and an "
            ".onnx file's own.",
        ),
    ] = None,
    views: Annotated[
        int | None,
        typer.Option(min=1, help="Most views that an .onnx tries; by default all it has."),
    ] = None,
    device: Annotated[
        Literal["auto", "cpu", "cuda"], typer.Option(help="Where policies run.")
    ] = "auto",
    threads: Annotated[
        int | None,
        typer.Option(
            min=1, max=MOST_THREADS, help="CPU threads.", show_default="all; .onnx at most 8"
        ),
    ] = None,
    version: Annotated[bool, version_option] = False,
) -> None:
    """Measure policies on files of puzzles, side by side and by difficulty.

    A list without solutions gets them from the exact engine; a puzzle without exactly one
    solution is left out and reported. Decoding places every cell that is at least 0.99 sure, or
    the surest one, and runs the policy again.
    """
    if levels and form != "text":
        fail(f"--format {form} holds the levels already; leave --levels out")
    try:
        if not data:
            raise ValueError("no puzzles to evaluate on; name a file with --data")
        rows = _evaluated(models, data, limit, decode, passes, views, device, threads)
    except ValueError as error:
        fail(error, _code(error))
    print(scoreboard(rows, levels=levels) if form == "text" else rendered(rows, form))


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
    import torch

    from training.data.cache import packed, report_of
    from training.measure.evaluate import contender, evaluate

    if threads:
        torch.set_num_threads(threads)
    contenders = [contender(Path(name), passes, views, device, threads) for name in models]
    one_view = [Path(name).name for name in models if name.endswith(".pt")]
    if one_view:
        note(
            f"{', '.join(one_view)}: one view of each puzzle; exported to .onnx, a policy has more"
        )
    rows = []
    for name in data:
        file = packed(Path(name), limit)
        for line in report_of(file):
            print(line, file=sys.stderr)
        for it in contenders:
            with _progress(f"{Path(name).name}, {Path(it.name).name}") as done:
                count = len(file.cells)
                measured = evaluate(it, file, decode, partial(done, count + min(decode, count)))
            for level, figures in measured.items():
                rows.append({"data": Path(name).name, "model": it.name, "level": level, **figures})
    width = max(len(row) for row in rows)
    keys = list(next(row for row in rows if len(row) == width))
    return [{k: row.get(k) for k in keys} for row in rows]


@contextmanager
def _progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, where that is a terminal; called with the total and what is done more."""
    if not sys.stderr.isatty():
        yield lambda total, more: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        Remaining(compact=True),
        TextColumn("left"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(inert(title), total=None)
        yield lambda total, more: progress.update(task, total=total, advance=more)


def main() -> None:
    """The command's entry point."""
    keep_memory()
    compares, rest = sys.argv[1:2] == ["compare"], sys.argv[1:]
    if compares:
        sys.argv[0], rest = "sudoku-evaluate compare", rest[1:]
    run(compare.app if compares else app, rest, watched=True)
