"""sudoku-data generate: puzzles of a mode by the thousand, or of a level and technique to order."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from solver.cli.common import fail, install_hint
from solver.cli.data.convert import NAMES
from solver.cli.data.job import Job, Mode
from solver.cli.solve.options import Address
from solver.system.cores import MOST_THREADS, available_cores

if TYPE_CHECKING:
    from solver.generator.chunks import Apply

GENERATE_EXAMPLES: Final = """
Examples:

\b
  sudoku-data generate --count 100000 --seed 1 -o sudoku.csv
  sudoku-data generate --count 1000 --seed 2 --mode mixed -o mixed.parquet
  sudoku-data generate --count 20000 --mode hard --min-rating 20 -o h.csv
  sudoku-data generate --level hard --technique x-wing --clues 24-26 -o -
  sudoku-data generate --level easy --symmetry rotate180 --count 6 -o e.sdm
  sudoku-data generate --level expert --count 1 -o puzzle.sdk

A puzzle of a level can be solved by the techniques up to that level, and by no easier
ones (extreme: or not by techniques alone). It needs --technique: all other techniques
up to its level get stuck. Without --level, the level is that of the technique.

The same seed gives the same file for any number of workers, here or on a Ray cluster.

Exit status: 0 made, 2 wrong usage, 124 gave up: the order isn't met within --tries; what
was found until then is written.
"""


Level = Literal["easy", "medium", "hard", "expert", "extreme"]
Symmetry = Literal["none", "rotate180", "rotate90", "mirror", "diagonal"]


def generate(
    out: Annotated[
        Path, typer.Option("--output", "-o", help="The file to write, or - for stdout.")
    ],
    count: Annotated[int, typer.Option(min=1, help="Number of puzzles.")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="Random seed.")] = 0,
    level: Annotated[
        Level | None, typer.Option(help="Make puzzles of this level.", show_default="any")
    ] = None,
    technique: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Make puzzles that need this technique.", show_default="any"
        ),
    ] = None,
    clues: Annotated[
        str | None,
        typer.Option(metavar="N[-M]", help="Number of clues.", show_default="as few as may be"),
    ] = None,
    symmetry: Annotated[
        Symmetry | None, typer.Option(help="Pattern of the clues.", show_default="none")
    ] = None,
    tries: Annotated[
        int | None,
        typer.Option(min=1, help="Puzzles to try for each one ordered.", show_default="10000"),
    ] = None,
    mode: Annotated[
        Mode | None,
        typer.Option(
            help="minimal: no clue can be removed; mixed: some clues put back; hard: searched for, "
            "clue by clue; extreme: searched for longer; deep: bred until trials leave much "
            "(minutes); tridagon: bred around a pattern that takes trials within trials (minutes); "
            "sectors: bred from locked sets over many sectors (minutes); exocet: bred around "
            "exocets, as most of the hardest puzzles known have them (minutes).",
            show_default="minimal",
        ),
    ] = None,
    min_rating: Annotated[
        int, typer.Option(min=0, help="Keep puzzles that need at least N guesses.")
    ] = 0,
    max_rating: Annotated[
        int | None, typer.Option(min=0, help="Keep puzzles that need at most N guesses.")
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(help=f"Format: {NAMES}.", show_default="by its name, csv on stdout"),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_THREADS, help="Processes.", show_default="one per core"),
    ] = None,
    engine: Annotated[
        Literal["here", "ray"], typer.Option(help="Run in processes on this machine, or on Ray.")
    ] = "here",
    address: Address = None,
) -> int:
    """Make puzzles with exactly one solution, solved and rated, from a seed.

    By a --mode as many as you like; by --level, --technique, --clues or --symmetry to order.
    Tables have the columns puzzle, solution, clues and rating: 0 where naked and hidden singles
    solve the puzzle, else the guesses that it takes to prove the solution the only one; those of
    puzzles to order level, hardest technique and score too.
    """
    ordered = any(wish is not None for wish in (level, technique, clues, symmetry))
    if ordered and mode is not None:
        fail("--mode can't go with an order; leave it out, or --level, --technique, --clues "
             "and --symmetry")  # fmt: skip
    if tries is not None and not ordered:
        fail("--tries is for orders: --level, --technique, --clues or --symmetry")
    job = Job(out, to, count, seed, workers or available_cores(), _apply(engine, address, workers))
    if not ordered:
        return job.by_mode(mode or Mode.MINIMAL, min_rating, max_rating)
    from solver.generator.ordered.search import CLUES, TRIES, Order
    from solver.logic.techniques import technique_named

    try:
        order = Order(
            level,
            None if technique is None else technique_named(technique),
            *(CLUES if clues is None else _range(clues)),
            symmetry or "none",
            min_rating,
            max_rating,
        )
    except ValueError as error:
        fail(error)
    return job.to_order(order, tries or TRIES)


def _range(text: str) -> tuple[int, int]:
    """The numbers of "N" or "N-M". Raises `ValueError`."""
    least, dash, most = text.partition("-")
    if not least.isdecimal() or not (most.isdecimal() if dash else True):
        raise ValueError(f"--clues {text}: neither a number nor two, as in 24-26")
    return int(least), int(most if dash else least)


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
