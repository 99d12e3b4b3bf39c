"""sudoku-data: make, convert, show, rate and check files of puzzles."""

from __future__ import annotations

import os
import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from solver.cli.common import fail, run, version_option
from solver.cli.data_files import add_to

app = typer.Typer(add_completion=True, rich_markup_mode=None, pretty_exceptions_enable=False)

GENERATE_EXAMPLES: Final = """
Examples:

\b
  sudoku-data generate --count 100000 --seed 1 --out sudoku.csv
  sudoku-data generate --count 1000 --seed 2 --mode mixed --out mixed.parquet
  sudoku-data generate --count 20000 --seed 3 --mode hard --min-rating 20 --out hard.csv

The same seed gives the same file for any number of workers.
"""


class Mode(StrEnum):
    """What kind of puzzles to make."""

    MINIMAL = "minimal"
    MIXED = "mixed"
    HARD = "hard"


@app.callback()
def about(version: Annotated[bool, version_option] = False) -> None:
    """Make, convert, show, rate and check files of puzzles."""


@app.command(epilog=GENERATE_EXAMPLES)
def generate(
    count: Annotated[int, typer.Option(min=1, help="How many puzzles.")],
    out: Annotated[Path, typer.Option(help="The file to write: .csv or .parquet.")],
    seed: Annotated[int, typer.Option(min=0, help="Of all random numbers.")] = 0,
    mode: Annotated[
        Mode,
        typer.Option(
            help="minimal: no clue can go; mixed: with any number of clues put back; "
            "hard: searched for, clue by clue."
        ),
    ] = Mode.MINIMAL,
    min_rating: Annotated[
        int, typer.Option(min=0, help="Keep puzzles that need so many guesses.")
    ] = 0,
    max_rating: Annotated[
        int | None, typer.Option(min=0, help="Keep puzzles that need no more guesses.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes.  [default: one a core]")
    ] = None,
) -> None:
    """Make puzzles with exactly one solution, solved and rated, from a seed.

    The table has the columns puzzle, solution, clues and rating: 0 where naked and hidden singles
    solve the puzzle, else the guesses that it takes to prove the solution the only one.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    from solver.generate import stream
    from solver.table import TableWriter

    started = time.perf_counter()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Remaining())
    try:
        parts = stream(count, seed, mode.value, min_rating, max_rating, workers or _cores())
        with (
            TableWriter(out) as table,
            Progress(*columns, console=Console(stderr=True), transient=True) as progress,
        ):
            task = progress.add_task(f"{mode} puzzles", total=count)
            for part in parts:
                table.write(part)
                progress.advance(task, len(part))
    except ValueError as error:
        fail(error)
    seconds = time.perf_counter() - started
    print(
        f"{out}: {count} {mode} puzzles of seed {seed} in {seconds:.1f} s, "
        f"{count / seconds:.0f} a second",
        file=sys.stderr,
    )


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


add_to(app)


def main() -> None:
    """The entry point of sudoku-data."""
    run(app)
