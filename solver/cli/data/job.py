"""A job of sudoku-data generate: what to write where, its bar, and what is said at its end."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from solver.board.words import inert, plural
from solver.cli.asides import note
from solver.cli.common import DISTRIBUTION, EXTRA_OF, ExitCode, complain, fail
from solver.cli.outputs import writing

if TYPE_CHECKING:
    from rich.progress import Progress

    from solver.formats import Format, Record
    from solver.generator.chunks import Apply, Puzzles
    from solver.generator.ordered.search import Filling, Order


class Mode(StrEnum):
    """What kind of puzzles to make."""

    MINIMAL = "minimal"
    MIXED = "mixed"
    HARD = "hard"
    EXTREME = "extreme"
    DEEP = "deep"
    TRIDAGON = "tridagon"
    SECTORS = "sectors"
    EXOCET = "exocet"


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
        from solver.generator.ordered.search import Filling

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
        off = not sys.stderr.isatty() or (self.stdout and sys.stdout.isatty())
        bar = Progress(*columns, console=Console(stderr=True), transient=True, disable=off)
        bar.add_task(what, total=self.count)
        return bar

    def _finish(self, made: int, what: str, order: str = "") -> None:
        """Say what was made, and how it would go faster."""
        from solver.exact.compiled import available

        seconds = time.perf_counter() - self.started
        if not available():
            note(
                "numba makes this several hundred times faster: "
                f"pip install '{DISTRIBUTION}[{EXTRA_OF['numba']}]'"
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
