"""sudoku-data: make, convert, show, print, rate and check files of puzzles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from solver.board.words import inert
from solver.cli.common import fail, run, version_option
from solver.cli.data.check import CHECK_EXAMPLES, RATE_EXAMPLES, check, rate
from solver.cli.data.convert import CONVERT_EXAMPLES, SHOW_EXAMPLES, convert, show
from solver.cli.data.generate import GENERATE_EXAMPLES, generate
from solver.cli.data.sheet import PRINT_EXAMPLES, print_sheet
from solver.cli.data.solutions import SOLUTIONS_EXAMPLES, list_solutions
from solver.cli.help import command_app

if TYPE_CHECKING:
    pass

app = command_app()

EXAMPLES: Final = """
Examples:

\b
  sudoku-data generate --count 1000 -o sudoku.csv
  sudoku-data convert puzzle.ss puzzle.sdk
  sudoku-data show puzzle.sdk
  sudoku-data print puzzles.sdm -o sheet.pdf
  sudoku-data rate puzzles.sdm
  sudoku-data check puzzles.sdm
"""


@app.callback(epilog=EXAMPLES)
def about(version: Annotated[bool, version_option] = False) -> None:
    """Make, convert, show, print, rate and check files of puzzles."""


LIBRARY_EXAMPLES: Final = """
Examples:

\b
  sudoku-data library --seed 1 -o puzzles
"""


app.command(epilog=GENERATE_EXAMPLES)(generate)


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
    from solver.system.files import write_bytes

    for path, record in collection(seed):
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(target, to_bytes([record], "sdk"))
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
app.command("print", epilog=PRINT_EXAMPLES)(print_sheet)
app.command(epilog=RATE_EXAMPLES)(rate)
app.command(epilog=CHECK_EXAMPLES)(check)
app.command("solutions", epilog=SOLUTIONS_EXAMPLES)(list_solutions)


def main() -> None:
    """The entry point of sudoku-data."""
    run(app, watched=True)
