"""sudoku-solve PUZZLES -o OUTPUT: files of any size into a table, with progress and a summary."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from solver.board.words import inert, plural
from solver.cli.asides import Faults
from solver.cli.common import ExitCode, complain, fail, install_hint
from solver.cli.outputs import refuse_overlap, table_files
from solver.cli.reader import Bad
from solver.cli.solve.columns import note_others

if TYPE_CHECKING:
    from solver.bulk.part import Part
    from solver.bulk.rows import Block, Engine
    from solver.cli.solve.options import EngineName
    from solver.policy.providers import Device
    from solver.policy.session import Policy


@dataclass(frozen=True, slots=True)
class Many:
    """What the options say of solving files into a table."""

    output: Path
    engine: EngineName
    address: str | None
    workers: int | None
    model: Path | None
    device: Device
    threads: int | None
    views: int | None

    def solve(self, puzzles: list[str]) -> ExitCode:
        """Write the answers to all puzzles of the files `puzzles`; the highest exit status."""
        from solver.formats.folders import expand
        from solver.policy.session import ModelError

        try:
            written = table_files(self.output)
            files = expand(puzzles, leave_out=written)
            refuse_overlap(files, written)
            _check(files, self.output, self.engine)
            return _solve_all(self, files, self.output)
        except ModelError as error:
            fail(error, ExitCode.MODEL)
        except ValueError as error:
            fail(error)
        except KeyboardInterrupt:
            again = "" if "-" in puzzles else "; run the same command again to resume"
            print(f"stopped{again}", file=sys.stderr)
            raise

    def load(self) -> Engine:
        """What answers the puzzles; of Ray's workers, what the rows depend on."""
        from solver.bulk.rows import ExactEngine, PolicyEngine
        from solver.policy.session import Policy

        if self.engine == "exact":
            return ExactEngine()
        device = "cpu" if self.engine == "ray" else self.device
        policy = Policy.load(self.model, device, self.threads, views=self.views)
        refuse_more_views(policy, self.views)
        return PolicyEngine(policy)

    def blocks(
        self, engine: Engine, files: list[str], part: Part
    ) -> Iterator[tuple[Block, float | None]]:
        """What is to be written from here on, in order, each with the share that is done."""
        size, skip, columns = part.block, part.done.blocks, part.job["columns"]
        if self.engine != "ray":
            from solver.bulk.files import solve_files

            return solve_files(engine, files, size, skip, columns)
        from solver.bulk.cluster import Cluster, solve_files_on

        cluster = Cluster(self.address, self.workers)
        return solve_files_on(
            cluster, files, size, skip, self.model, self.device, self.threads, self.views, columns
        )


def refuse_more_views(policy: Policy, views: int | None) -> None:
    """End the command where more views are asked for than the policy has."""
    most = int(policy.metadata["views"])
    if views is not None and views > most:
        fail(f"--views {views}: the policy has {plural(most, 'view')}")


def _solve_all(many: Many, files: list[str], output: Path) -> ExitCode:
    from solver.bulk.files import changed_inputs, columns_of, job_of
    from solver.bulk.part import Part
    from solver.formats.folders import STDIN

    engine = many.load()
    resume = STDIN not in files
    job = job_of(engine.name, files, columns_of(files))
    with Part(output, job, engine.block, resume) as part:
        _say_how_it_starts(part)
        bad, faults, unkept = Bad(), Faults(), set[str]()
        with _progress(part) as report:
            for block, share in many.blocks(engine, files, part):
                part.write(block)
                for message in block.messages:
                    bad(message)
                for place, fault in block.faults:
                    faults.add(place, fault)
                unkept |= block.unkept
                report(share)
        faults.finish()
        note_others(unkept)
        tally = part.done.tally
        if not tally.puzzles:
            part.discard(keep_bad=tally.bad > 0)
            if not tally.bad:
                complain(f"{', '.join(files)}: found no puzzle, expected at least one")
            return ExitCode.USAGE
        changed = changed_inputs(part.job, files)
        part.finish()
    for name in changed:
        complain(f"{name}: changed while it was read; solve it again")
    print("\n".join(summary(part)), file=sys.stderr)
    return max(exit_code(part), ExitCode.USAGE if changed else ExitCode.SOLVED)


def _check(files: list[str], output: Path, engine: EngineName) -> None:
    """Refuse what would fail later."""
    if not output.resolve().parent.is_dir():
        fail(f"{output}: no such folder: {output.resolve().parent}")
    if output.is_dir():
        fail(f"{output}: is a directory")
    if files.count("-") > 1:
        fail("stdin can be read once; give - once")
    if engine == "ray" and "-" in files:
        fail("--engine ray reads files, not stdin: its workers must see them")
    for module in ("ray",) * (engine == "ray") + ("pyarrow",) * (
        output.suffix.lower() == ".parquet"
    ):
        if find_spec(module) is None:
            fail(install_hint(module))


def _say_how_it_starts(part: Part) -> None:
    if part.done.blocks:
        done = part.done.tally.puzzles
        print(f"resuming after {plural(done, 'puzzle')} of an earlier run", file=sys.stderr)
    elif part.before:
        print(
            f"{inert(part.path)}: of other puzzles or another policy; starting from the front",
            file=sys.stderr,
        )


@contextmanager
def _progress(part: Part) -> Iterator[Callable[[float | None], None]]:
    """Show how far it is, how fast, and the time left, where stderr is a terminal."""
    if not sys.stderr.isatty():
        yield lambda share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (
        BarColumn(bar_width=None),
        TaskProgressColumn(),
        TextColumn("{task.fields[puzzles]:,} puzzles, {task.fields[rate]:,.0f} a second,"),
        Remaining(compact=True),
        TextColumn("left"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=1.0, puzzles=part.done.tally.puzzles, rate=0.0)
        before = part.done.tally.puzzles

        def report(share: float | None) -> None:
            puzzles = part.done.tally.puzzles
            seconds = max(progress.tasks[task].elapsed or 0.0, 1e-9)
            progress.update(task, puzzles=puzzles, rate=(puzzles - before) / seconds)
            if share is None:
                progress.update(task, total=None)
            else:
                progress.update(task, completed=share)

        yield report


def summary(part: Part) -> list[str]:
    """What became of the puzzles, for people."""
    tally = part.done.tally
    seconds = max(part.seconds, 1e-9)
    lines = [
        f"{inert(part.target)}: {plural(tally.puzzles, 'puzzle')} in {part.seconds:.1f} s, "
        f"{tally.puzzles / seconds:,.0f} a second",
    ]
    if part.job["engine"] == "exact":
        lines.append(f"{tally.exact:,} solved by the exact engine")
    else:
        lines.append(f"{tally.policy:,} solved by the policy, {tally.search:,} by search")
    lines.append(
        f"{tally.invalid:,} invalid, {tally.no_solution:,} without a solution, "
        f"{tally.several:,} with several solutions"
    )
    where = "the givens" if part.job["engine"] == "exact" else "the policy's own grids"
    lines.append(f"{plural(tally.violations, 'violation')} in {where}")
    if tally.played:
        wrong = f", {tally.faulty:,} of them with wrong ones" if tally.faulty else ""
        lines.append(
            f"{plural(tally.played, 'puzzle')} solved within play or candidates of the file{wrong}"
        )
    if tally.bad:
        lines.append(f"{plural(tally.bad, 'line')} that can't be read, see {inert(part.bad_path)}")
    return lines


def exit_code(part: Part) -> ExitCode:
    """The highest exit status of what occurred."""
    tally = part.done.tally
    occurred = [
        ExitCode.SOLVED,
        ExitCode.USAGE if tally.bad else ExitCode.SOLVED,
        ExitCode.NO_SOLUTION if tally.no_solution or tally.invalid else ExitCode.SOLVED,
        ExitCode.SEVERAL if tally.several else ExitCode.SOLVED,
    ]
    return max(occurred)
