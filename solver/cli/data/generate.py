"""sudoku-data generate: puzzles of a mode by the thousand, or of a level and technique to order."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from solver.board.words import inert, plural
from solver.cli.asides import note
from solver.cli.common import ExitCode, complain, fail, install_hint
from solver.cli.data.convert import NAMES
from solver.cli.outputs import writing
from solver.cli.solve.options import Address
from solver.system.cores import available_cores

if TYPE_CHECKING:
    from rich.progress import Progress

    from solver.formats import Format, Record
    from solver.generator.chunks import Apply, Puzzles
    from solver.generator.order import Filling, Order

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


class Mode(StrEnum):
    """What kind of puzzles to make."""

    MINIMAL = "minimal"
    MIXED = "mixed"
    HARD = "hard"
    EXTREME = "extreme"
    DEEP = "deep"
    TRIDAGON = "tridagon"


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
        typer.Option(
            min=1, help="Puzzles to try for each one ordered.", show_default=f"{10_000:,}"
        ),
    ] = None,
    mode: Annotated[
        Mode | None,
        typer.Option(
            help="minimal: no clue can be removed; mixed: some clues put back; hard: searched for, "
            "clue by clue; extreme: searched for longer; deep: bred until trials leave much "
            "(minutes); tridagon: bred around a pattern that takes trials within trials (minutes).",
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
        int | None, typer.Option(min=1, help="Processes.", show_default="one per core")
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
    from solver.generator.order import CLUES, Order
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
    return job.to_order(order, tries or 10_000)


def _range(text: str) -> tuple[int, int]:
    """The numbers of "N" or "N-M". Raises `ValueError`."""
    least, dash, most = text.partition("-")
    if not least.isdecimal() or not (most.isdecimal() if dash else True):
        raise ValueError(f"--clues {text}: neither a number nor two, as in 24-26")
    return int(least), int(most if dash else least)


class Job:
    """What is to be written where, in which format and how."""

    def __init__(
        self, out: Path, to: str | None, count: int, seed: int, workers: int, apply: Apply | None
    ) -> None:
        from solver.formats import format_for

        self.out, self.count, self.seed = out, count, seed
        self.workers, self.apply = workers, apply
        self.stdout = os.fspath(out) == "-"
        try:
            self.format = format_for(out, to or ("csv" if self.stdout else None))
        except ValueError as error:
            fail(error)
        if count > 1 and not self.format.many:
            fail(f"a .{self.format.name} file holds one puzzle, not {count}; write .sdm or .csv")
        if self.format.name == "parquet" and self.stdout and sys.stdout.isatty():
            fail("Parquet is binary; write it to a file")
        if not self.stdout and not out.parent.is_dir():
            fail(f"{out.parent}: no such folder to write {out.name} in")
        self.started = time.perf_counter()

    def by_mode(self, mode: Mode, least: int, most: int | None) -> int:
        """Write puzzles of a mode."""
        from solver.formats import write
        from solver.generator.chunks import stream
        from solver.generator.table import SUFFIXES, table_writer

        try:
            with writing(self.out), self._progress(f"{mode} puzzles") as bar:
                parts = stream(
                    self.count, self.seed, mode.value, least, most, self.workers, self.apply
                )
                parts = self._counted(parts, bar)
                if self.out.suffix.lower() in SUFFIXES and self.format.name in ("csv", "parquet"):
                    with table_writer(self.out) as write_part:
                        for part in parts:
                            write_part(part)
                else:
                    write(_records(parts), self.out, self.format.name)
        except ValueError as error:
            fail(error)
        self._finish(self.count, f"{mode} puzzle")
        return ExitCode.SOLVED

    def to_order(self, order: Order, tries: int) -> int:
        """Write puzzles that meet an order; `ExitCode.TIMED_OUT` where they are too few."""
        from itertools import chain

        from solver.formats import write
        from solver.generator.order import Filling

        filling = Filling(order, self.count, self.seed, tries * self.count)
        stopped: list[KeyboardInterrupt] = []
        with writing(self.out), self._progress(str(order)) as bar:
            found = self._found(filling, bar, stopped)
            first = next(found, None)
            if first is not None:
                write(chain([first], found), self.out, self.format.name)
        if filling.made:
            self._finish(filling.made, "puzzle", f" ({order})")
        if stopped:
            raise stopped[0]
        if filling.made < self.count:
            complain(f"gave up: {filling.shortfall()}")
            return ExitCode.TIMED_OUT
        return ExitCode.SOLVED

    @staticmethod
    def _counted(parts: Iterator[Puzzles], bar: Progress) -> Iterator[Puzzles]:
        for part in parts:
            yield part
            bar.advance(bar.task_ids[0], len(part))

    def _found(
        self, filling: Filling, bar: Progress, stopped: list[KeyboardInterrupt]
    ) -> Iterator[Record]:
        """The puzzles as the format can hold them; Ctrl-C ends them like too few tries."""
        try:
            for record in filling.records(self.workers, self.apply):
                bar.advance(bar.task_ids[0])
                yield _told(record, self.format)
        except KeyboardInterrupt as stop:
            stopped.append(stop)

    def _progress(self, what: str) -> Progress:
        """A bar on stderr, of one task; none where a terminal shows the results."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
        from rich.progress import TimeRemainingColumn as Remaining

        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Remaining()
        off = self.stdout and sys.stdout.isatty()
        bar = Progress(*columns, console=Console(stderr=True), transient=True, disable=off)
        bar.add_task(what, total=self.count)
        return bar

    def _finish(self, made: int, what: str, order: str = "") -> None:
        """Say what was made, and how it would go faster."""
        from solver.exact.compiled import available

        seconds = time.perf_counter() - self.started
        if not available():
            note(
                f"{install_hint('numba')} makes this several hundred times faster".replace(
                    "this needs numba, which", "numba, which", 1
                )
            )
        print(
            f"{'stdout' if self.stdout else inert(self.out)}: {plural(made, what)}{order} of seed "
            f"{self.seed} in {seconds:.1f} s, {made / seconds:,.3g} a second",
            file=sys.stderr,
        )


def _records(parts: Iterator[Puzzles]) -> Iterator[Record]:
    """The puzzles of parts one by one, as a table's reader gives them."""
    from solver.board.grid import Grid
    from solver.formats import Record

    for part in parts:
        rows = zip(part.puzzles, part.solutions, part.clues, part.ratings, strict=True)
        for cells, solution, clues, rating in rows:
            figures = {"clues": str(clues), "rating": str(rating)}
            yield Record(Grid(cells), solution=Grid(solution), metadata=figures)


def _told(record: Record, format: Format) -> Record:
    """A puzzle to order, with its figures in words where the format has no place for them."""
    if "metadata" not in format.holds or format.has_key("score"):
        return record
    said = record.metadata
    comment = f"{said['hardest']}, score {said['score']}, {said['clues']} clues"
    return replace(record, metadata={"level": said["level"], "comment": comment})


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
