"""sudoku-data: make, convert, show, rate and check files of puzzles."""

from __future__ import annotations

import sys
import time
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from solver.board.words import inert, plural
from solver.cli.asides import note
from solver.cli.common import fail, install_hint, run, version_option
from solver.cli.data.check import CHECK_EXAMPLES, RATE_EXAMPLES, check, rate
from solver.cli.data.convert import CONVERT_EXAMPLES, SHOW_EXAMPLES, convert, show
from solver.cli.data.fuzz import FUZZ_EXAMPLES, fuzz
from solver.cli.help import command_app
from solver.cli.outputs import writing
from solver.cli.solve.options import Address
from solver.system.cores import available_cores

if TYPE_CHECKING:
    from solver.generator.chunks import Apply

app = command_app()

EXAMPLES: Final = """
Examples:

\b
  sudoku-data generate --count 1000 -o sudoku.csv
  sudoku-data convert puzzle.ss puzzle.sdk
  sudoku-data show puzzle.sdk
  sudoku-data rate puzzles.sdm
  sudoku-data check puzzles.sdm
"""

GENERATE_EXAMPLES: Final = """
Examples:

\b
  sudoku-data generate --count 100000 --seed 1 -o sudoku.csv
  sudoku-data generate --count 1000 --seed 2 --mode mixed -o mixed.parquet
  sudoku-data generate --count 20000 --mode hard --min-rating 20 -o h.csv
  sudoku-data generate --count 500 --mode extreme --min-rating 100 -o x.csv
  sudoku-data generate --count 1000 --mode deep -o deep.csv

The same seed gives the same file for any number of workers, here or on a Ray cluster.
"""


class Mode(StrEnum):
    """What kind of puzzles to make."""

    MINIMAL = "minimal"
    MIXED = "mixed"
    HARD = "hard"
    EXTREME = "extreme"
    DEEP = "deep"
    TRIDAGON = "tridagon"


@app.callback(epilog=EXAMPLES)
def about(version: Annotated[bool, version_option] = False) -> None:
    """Make, convert, show, rate and check files of puzzles."""


@app.command(epilog=GENERATE_EXAMPLES)
def generate(
    count: Annotated[int, typer.Option(min=1, help="Number of puzzles.")],
    out: Annotated[
        Path, typer.Option("--output", "-o", help="The file to write, .csv or .parquet.")
    ],
    seed: Annotated[int, typer.Option(min=0, help="Random seed.")] = 0,
    mode: Annotated[
        Mode,
        typer.Option(
            help="minimal: no clue can be removed; mixed: some clues put back; hard: searched for, "
            "clue by clue; extreme: searched for longer; deep: bred until trials leave much "
            "(minutes); tridagon: bred around a pattern that takes trials within trials (minutes)."
        ),
    ] = Mode.MINIMAL,
    min_rating: Annotated[
        int, typer.Option(min=0, help="Keep puzzles that need at least N guesses.")
    ] = 0,
    max_rating: Annotated[
        int | None, typer.Option(min=0, help="Keep puzzles that need at most N guesses.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes.", show_default="one per core")
    ] = None,
    engine: Annotated[
        Literal["here", "ray"], typer.Option(help="Run in processes on this machine, or on Ray.")
    ] = "here",
    address: Address = None,
) -> None:
    """Make puzzles with exactly one solution, solved and rated, from a seed.

    The table has the columns puzzle, solution, clues and rating: 0 where naked and hidden singles
    solve the puzzle, else the guesses that it takes to prove the solution the only one.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    from solver.exact.compiled import available
    from solver.generator.chunks import stream
    from solver.generator.table import table_writer

    started = time.perf_counter()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Remaining())
    try:
        apply = _apply(engine, address, workers)
        workers = workers or available_cores()
        parts = stream(count, seed, mode.value, min_rating, max_rating, workers, apply)
        with (
            writing(out),
            table_writer(out) as write,
            Progress(*columns, console=Console(stderr=True), transient=True) as progress,
        ):
            task = progress.add_task(f"{mode} puzzles", total=count)
            for part in parts:
                write(part)
                progress.advance(task, len(part))
    except ValueError as error:
        fail(error)
    seconds = time.perf_counter() - started
    if not available():
        note(
            f"{install_hint('numba')} makes this several hundred times faster".replace(
                "this needs numba, which", "numba, which", 1
            )
        )
    print(
        f"{inert(out)}: {plural(count, f'{mode} puzzle')} of seed {seed} in {seconds:.1f} s, "
        f"{count / seconds:,.3g} a second",
        file=sys.stderr,
    )


def _apply(
    engine: Literal["here", "ray"], address: str | None, workers: int | None
) -> Apply | None:
    """What makes the chunks of puzzles: None for processes here."""
    if engine == "ray":
        if find_spec("ray") is None:
            fail(install_hint("ray"))
        from solver.bulk.cluster import Cluster, chunks_on

        return chunks_on(Cluster(address, workers))
    if address is not None:
        fail("--address is for --engine ray")
    return None


LIBRARY_EXAMPLES: Final = """
Examples:

\b
  sudoku-data library --seed 1 -o puzzles
"""


@app.command(epilog=LIBRARY_EXAMPLES)
def library(
    out: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="FOLDER", help="The folder to write, one folder per level."
        ),
    ],
    seed: Annotated[int, typer.Option(min=0, help="Random seed.")] = 1,
) -> None:
    """Make the shipped puzzles: two dozen per level, and famous ones."""
    from solver.formats import to_bytes
    from solver.generator.collection import collection

    for path, record in collection(seed):
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(to_bytes([record], "sdk"))
        print(
            f"{inert(target)}: {record.metadata['level']}, {record.metadata['comment']}", flush=True
        )


BENCHMARK_EXAMPLES: Final = """
Examples:

\b
  sudoku-data benchmark puzzles/hard.sdk
  sudoku-data benchmark hardest.sdm 17_clue.sdm
  sudoku-data benchmark --no-generate list.sdm | tail -1 | jq .lists[0].rate
"""


@app.command(epilog=BENCHMARK_EXAMPLES)
def benchmark(
    sources: Annotated[list[str], typer.Argument(metavar="FILE...", help="Puzzle files.")],
    generator: Annotated[
        bool, typer.Option("--generate/--no-generate", help="Time the generator too.")
    ] = True,
) -> None:
    """Time the exact engine on lists of puzzles, and the generator.

    Each puzzle is solved and its solution proved the only one. Rates are per second of one core's
    processor time; guesses are a puzzle's on average, "none" is the share that needs none, "plain"
    the slowest of the first fifty without the compiler. Prints a table, and the same as one line of
    JSON last.
    """
    import json

    import numpy as np

    from solver.formats import read_argument
    from solver.generator.benchmark import as_json, measure_generator, measure_list

    lists = []
    print(f"{'list':<25}{'puzzles':>8}{'unique':>7}{'solved/s':>9}", end="")
    print(f"{'guesses':>8}{'none':>5}{'rated/s':>8}{'plain':>9}")
    for source in sources:
        cells = [record.givens.cells for record in read_argument(source)]
        if not cells:
            fail(f"{source}: holds no puzzle")
        speed = measure_list(inert(Path(source).name), np.array(cells, dtype=np.int8))
        lists.append(speed)
        print(
            f"{speed.name[:24]:<25}{speed.puzzles:>8}{speed.unique:>7}{speed.rate:>9.0f}"
            f"{speed.guesses:>8.2f}{speed.no_guess:>5.0%}{speed.rating_rate:>8.0f}"
            f"{1000 * speed.plain_slowest:>6.1f} ms",
            flush=True,
        )
    made = measure_generator() if generator else None
    if made is not None:
        print(f"generated a second: {made.minimal:.0f} minimal, ", end="")
        print(f"{made.hard_20:.0f} hard rated 20 and up, {made.hard_100:.1f} 100 and up, ", end="")
        print(f"{made.extreme_100:.1f} extreme rated 100 and up")
    print(json.dumps(as_json(lists, made)))


app.command(epilog=CONVERT_EXAMPLES)(convert)
app.command(epilog=SHOW_EXAMPLES)(show)
app.command(epilog=RATE_EXAMPLES)(rate)
app.command(epilog=CHECK_EXAMPLES)(check)
app.command(epilog=FUZZ_EXAMPLES)(fuzz)


def main() -> None:
    """The entry point of sudoku-data."""
    run(app, watched=True)
