"""sudoku-solve: puzzles in, checked answers out, with the steps that lead there."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from solver.cli.asides import Faults
from solver.cli.common import ExitCode, fail, install_hint, run, version_option
from solver.cli.help import command_app
from solver.cli.outputs import refuse_overlap
from solver.cli.reader import Bad, plain_arguments, records
from solver.cli.solve.columns import further_columns, noting_others
from solver.cli.solve.conflicts import given_options, refuse_conflicts
from solver.cli.solve.hints import EXIT_OF, print_hints
from solver.cli.solve.options import (
    CHUNK,
    Address,
    Colors,
    EngineOption,
    Form,
    Heatmap,
    HintGrade,
    Model,
    OnDevice,
    Output,
    Puzzles,
    Quiet,
    Report,
    StepOrder,
    Steps,
    Threads,
    Uniqueness,
    Views,
    Watch,
    Workers,
)
from solver.cli.solve.table import Many, refuse_more_views
from solver.render.forms import Color, Format
from solver.system.files import atomic_write

if TYPE_CHECKING:
    from solver.formats import Record
    from solver.policy.providers import Device
    from solver.policy.session import Policy
    from solver.render.document import Solved
    from solver.solving.solver import Solver

app = command_app()

EXAMPLES: Final = """
Examples:

\b
  sudoku-solve puzzles/hard.sdk
  sudoku-solve --quiet puzzles.sdm > solved.sdm
  sudoku-solve --format json puzzle.sdk | jq .puzzles[0].solution
  sudoku-solve --hint puzzle.sdk
  sudoku-solve -HHH puzzle.sdk
  sudoku-solve --heatmap sure.svg --report steps.html puzzle.sdk
  cat puzzle.sdk | sudoku-solve -
  sudoku-solve big.csv -o solved.csv

Exit status: 0 solved, 2 wrong usage or unreadable input, 3 no solution, 4 more than one
solution, 5 the policy can't be used, 124 gave up. With several puzzles, the highest that occurred.
"""


def _solved(solver: Solver, records: Iterator[Record]) -> Iterator[Solved]:
    """The records solved, in their order, `CHUNK` at a time."""
    from solver.formats.chunk import further
    from solver.render.document import Solved

    faults = Faults()
    while chunk := list(islice(records, CHUNK)):
        for record, solution in zip(chunk, solver.solve_records(chunk), strict=True):
            place = f"{record.source}:{record.line}"
            faults.add(place, solution.start.fault)
            yield Solved(place, solution, further(record), record.unread)
    faults.finish()


def _load(
    model: Path | None, device: Device, threads: int | None, views: int | None, few: bool
) -> Policy:
    """The policy; where no device is named, the CPU for few puzzles."""
    from solver.policy.session import ModelError, Policy

    asked = "cpu" if device == "auto" and few else device
    try:
        policy = Policy.load(model, asked, threads, views=views)
    except ModelError as error:
        fail(error, ExitCode.MODEL)
    refuse_more_views(policy, views)
    return policy


class Outcome:
    """Passes solutions through, keeps the highest exit status, and draws on the way.

    `told` takes each solution, as a page that grows; the first one is kept.
    """

    def __init__(self, quiet: bool, told: Callable[[Solved], object] | None) -> None:
        self.code = ExitCode.SOLVED
        self.first: Solved | None = None
        self._told = told
        self._quiet = quiet

    def watch(self, solved: Iterator[Solved]) -> Iterator[Solved]:
        """`solved`, unchanged; problems are told on stderr where the output does not."""
        for one in solved:
            found = EXIT_OF[one.solution.status.value]
            self.code = max(self.code, found)
            if self._quiet and found != ExitCode.SOLVED:
                print(f"{one.label}: {one.solution.status.value}", file=sys.stderr)
            self.first = self.first or one
            if self._told is not None:
                self._told(one)
            yield one


def _lines(solved: Iterator[Solved]) -> Iterator[str]:
    """81 characters a puzzle; all dots where there is no solution."""
    for one in solved:
        grid = one.solution.grid
        yield ("." * 81 if grid is None else grid.line()) + "\n"


def _print_all(pieces: Iterator[str]) -> None:
    for piece in pieces:
        sys.stdout.write(piece)
        sys.stdout.flush()


@contextmanager
def _page(policy: Policy, report: Path | None) -> Iterator[Callable[[Solved], object] | None]:
    """What adds a solution to the page in the file `report`, which appears whole at the end."""
    if report is None:
        yield None
        return
    from solver.render.page import Report

    page = Report(policy)
    with atomic_write(report) as part, part.open("w", encoding="utf-8") as file:
        file.write(page.begin)
        yield lambda one: file.write(page.puzzle(one))
        file.write(page.end)


def _draw(first: Solved, heatmap: Path) -> None:
    from solver.render.heatmap import write_heatmap

    with atomic_write(heatmap) as part:
        write_heatmap(first.solution, part, heatmap.suffix)


@app.command(epilog=EXAMPLES)
def solve(
    context: typer.Context,
    puzzles: Puzzles,
    quiet: Quiet = False,
    form: Form = Format.TEXT,
    steps: Steps = None,
    order: StepOrder = "logic",
    uniqueness: Uniqueness = True,
    hint: HintGrade = 0,
    watch: Watch = False,
    heatmap: Heatmap = None,
    report: Report = None,
    model: Model = None,
    device: OnDevice = "auto",
    threads: Threads = None,
    views: Views = None,
    color: Colors = Color.AUTO,
    output: Output = None,
    engine: EngineOption = "policy",
    address: Address = None,
    workers: Workers = None,
    version: Annotated[bool, version_option] = False,
) -> int:
    """Solve Sudoku puzzles by a trained policy, checked against the rules.

    The policy proposes; where its grid breaks a rule, a search led by its probabilities finds the
    answer, so that every answer is right. Results go to stdout, all else to stderr.
    """
    _check_hint(hint)
    refuse_conflicts(given_options(context))
    if output is not None:
        many = Many(output, engine, address, workers, model, device, threads, views)
        return many.solve(puzzles)
    bad = Bad()
    stream = records(puzzles, bad)
    first = list(islice(stream, CHUNK))
    if not first:
        return bad.finish()
    refuse_overlap(puzzles, [heatmap, report])
    _check_pictures(heatmap, report, len(first), form, watch)
    policy = _load(model, device, threads, views, few=len(first) < CHUNK)
    from solver.solving.solver import Solver

    solver = Solver(policy, order=order, uniqueness=uniqueness)
    if hint:
        label = len(first) > 1
        drawn = form is Format.SVG
        code = print_hints(solver, chain(first, stream), hint, label=label, drawn=drawn)
        return max(code, bad.finish())
    if watch:
        from solver.render.watch import watch_settling

        watch_settling(policy, first[0].givens, color=color.wanted(sys.stderr))
    with _page(policy, report) as told:
        outcome = Outcome(quiet or form is not Format.TEXT, told)
        solved = outcome.watch(_solved(solver, chain(first, stream)))
        if quiet:
            _print_all(_lines(solved))
        else:
            from solver.render.emit import emit
            from solver.render.text import Style

            shown = form.tells_steps if steps is None else steps
            columns: tuple[str, ...] = ()
            if form is Format.CSV and not shown:
                columns = further_columns(puzzles, first)
            if form in (Format.CSV, Format.JSON, Format.JSONL):
                solved = noting_others(solved, columns if form is Format.CSV else None)
            style = Style.of_terminal(color.wanted(sys.stdout))
            _print_all(emit(form, policy, solved, style, steps=shown, columns=columns))
    if heatmap is not None and outcome.first is not None:
        _draw(outcome.first, heatmap)
    return max(outcome.code, bad.finish())


def _check_hint(grade: int) -> None:
    """Refuse more grades than there are."""
    if not grade:
        return
    from solver.logic.hint import GRADES

    if grade > GRADES:
        fail(f"--hint has {GRADES} grades; give it {GRADES} times at most")


def _check_pictures(
    heatmap: Path | None, report: Path | None, count: int, form: Format, watch: bool
) -> None:
    """Refuse what can't be drawn before any work is done."""
    if heatmap is not None and heatmap.suffix.lower() not in (".svg", ".png"):
        fail(f"--heatmap writes .svg or .png, not {heatmap.suffix or 'a name without suffix'}")
    if heatmap is not None and heatmap.suffix.lower() == ".png" and find_spec("matplotlib") is None:
        fail(f"{install_hint('matplotlib')}; or write .svg")
    for file in (heatmap, report):
        if file is not None and not file.resolve().parent.is_dir():
            fail(f"{file}: no such folder: {file.resolve().parent}")
        if file is not None and file.is_dir():
            fail(f"{file}: is a directory")
    if count > 1 and (heatmap is not None or form is Format.SVG or watch):
        fail("--heatmap, --format svg and --watch show one puzzle; give one")
    if watch and not sys.stderr.isatty():
        fail("--watch needs a terminal on stderr")


def main() -> None:
    """The entry point of `sudoku-solve`."""
    run(app, plain_arguments(sys.argv[1:]), watched=True)
