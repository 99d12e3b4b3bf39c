"""sudoku-profile: how fast a policy runs here, by batch, provider, precision, views and passes."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, NoReturn

import typer

from solver.board.words import inert, plural
from solver.cli.asides import note
from solver.cli.common import ExitCode, fail, install_hint, run, version_option
from solver.cli.help import command_app
from solver.cli.outputs import refuse_overlap

if TYPE_CHECKING:
    from solver.policy.profile import Measurement, Puzzles, Setting

app = command_app()

EXAMPLES: Final = """
Examples:

\b
  sudoku-profile
  sudoku-profile hard.sdm --batch 1,16,256 --threads 1,2
  sudoku-profile hard.sdm --views 1,2,4,8 --passes 32,64 -o sweep.csv
  sudoku-profile new.onnx --baseline old.onnx
  sudoku-profile --format json | jq .rows[0].p50_ms

Exit status: 0 measured, 2 wrong usage or unreadable input, 5 the policy can't be used.
"""
MOST: Final = 4096


def _numbers(text: str | None, name: str) -> list[int]:
    """The numbers of a list like 1,16,256; none for None."""
    try:
        found = [int(part) for part in text.split(",")] if text else []
    except ValueError:
        fail(f"--{name} takes whole numbers separated by commas, like 1,16,256, got '{text}'")
    if any(number < 1 for number in found):
        fail(f"--{name} takes numbers from 1, got '{text}'")
    return found


def _read(path: Path | None) -> tuple[str, Puzzles]:
    """The puzzles to run and what to call them: a file's, or those shipped."""
    import numpy as np

    from solver.formats import FormatError, read
    from solver.generator.library import entries, shipped_folder

    if path is None:
        name, records = "shipped puzzles", [e.record for e in entries(shipped_folder())]
    else:
        try:
            stream = read(str(path))
            records = list(islice(stream, MOST))
            if next(stream, None) is not None:
                note(f"{path}: the first {MOST:,} puzzles are run")
        except FormatError as error:
            fail(error)
        name = inert(path.name)
    if not records:
        fail(f"{name}: found no puzzle, expected at least one")
    return name, np.array([record.givens.cells for record in records], np.int64)


def _sweep(
    settings: list[Setting],
    sizes: list[int],
    puzzles: Puzzles,
    seconds: float,
    baseline: Path | None,
) -> list[Measurement]:
    """All measurements, each printed on stderr when it is done."""
    from dataclasses import replace

    from solver.policy.profile import Runner, measure

    rows = []
    for setting in settings:
        runner = Runner(setting)
        other = None if baseline is None else Runner(replace(setting, model=baseline))
        for size in sizes:
            rows.append(measure(runner, puzzles, size, seconds, other))
            if sys.stderr.isatty():
                print(
                    f"{setting.model.name} batch {size}: {rows[-1].p50_ms:.2f} ms", file=sys.stderr
                )
    return rows


def _told_apart(files: list[Path], models: list[Path]) -> tuple[list[Path], Path | None]:
    """The policies and the file of puzzles among the arguments; there is one at most of these."""
    policies = [file for file in files if file.suffix.lower() == ".onnx"]
    others = [file for file in files if file not in policies]
    if len(others) > 1:
        fail(f"one file of puzzles is run, not {len(others)}: {', '.join(map(str, others))}")
    return policies + models, others[0] if others else None


@app.command(epilog=EXAMPLES)
def profile(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[MODEL.onnx]... [PUZZLES]",
            help="Policies to measure, .onnx, and puzzles to run, any format; by default those "
            "shipped.",
            show_default=False,
        ),
    ] = None,
    model: Annotated[
        list[Path] | None,
        typer.Option(help="Another policy to measure. May be repeated."),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(help="Policy to compare with; 'ratio' is time divided by its time."),
    ] = None,
    device: Annotated[
        str, typer.Option(help="auto, cpu or cuda; separate several by commas.")
    ] = "auto",
    batch: Annotated[str, typer.Option(help="Batch sizes, e.g. 1,16,256.")] = "1,4,16,64",
    threads: Annotated[
        str | None, typer.Option(help="CPU threads, e.g. 1,2.", show_default="all, at most 8")
    ] = None,
    views: Annotated[
        str | None, typer.Option(help="Most views, e.g. 1,8.", show_default="all it has")
    ] = None,
    passes: Annotated[
        str | None, typer.Option(help="Most passes per view, e.g. 32,64.", show_default="its own")
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=0, help="Seconds per measurement, after warm-up.")
    ] = 3.0,
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", "-f", help="How results are printed.")
    ] = "text",
    operator_table: Annotated[
        bool, typer.Option("--operators", help="Show where the time goes, by kind of operator.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the measurements as CSV.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="Write a chart to this file (.png, .svg, .pdf).")
    ] = None,
    version: Annotated[bool, version_option] = False,
) -> None:
    """Measure latency, throughput, operators and memory of a policy on this machine.

    "used" is the mean number of passes that a puzzle took, "solved" the share of puzzles that the
    policy alone solves.
    """
    from solver.policy.profile import cold_start, machine, memory_mb, operators, settings
    from solver.policy.session import SHIPPED, ModelError
    from solver.render.measurements import floor_of, print_tables, write_csv, write_plot

    models, puzzles = _told_apart(files or [], model or [])
    if plot is not None and find_spec("matplotlib") is None:
        fail(install_hint("matplotlib"))
    refuse_overlap([*models, *filter(None, (puzzles, baseline))], [output, plot])
    sizes = sorted(set(_numbers(batch, "batch"))) or [1]
    name, array = _read(puzzles)
    each = settings(
        models or [SHIPPED],
        device.split(","),
        _numbers(threads, "threads"),
        _numbers(views, "views"),
        _numbers(passes, "passes"),
    )
    try:
        rows = _sweep(each, sizes, array, seconds, baseline)
        cold = cold_start(each[0], array[0])
        sample = array[: min(16, len(array))]
        slowest = operators(each[0], sample)
    except ModelError as error:
        fail(error, ExitCode.MODEL)
    summary = {
        "puzzles": name,
        "rows": [asdict(row) for row in rows],
        "cold_start_ms": cold,
        "memory_mb": memory_mb(),
        "operators": [asdict(operator) for operator in slowest],
        "sample": len(sample),
    }
    floor, summary["floor"] = floor_of(slowest, machine(), len(sample))
    if form == "json":
        print(json.dumps(summary))
    else:
        print(f"{name}: {plural(len(array), 'puzzle')}")
        print_tables(rows, slowest if operator_table else [], floor, summary)
    if output is not None:
        write_csv(output, rows)
    if plot is not None:
        try:
            write_plot(plot, rows)
        except ValueError as error:
            fail(error)


def main() -> NoReturn:
    """The entry point of `sudoku-profile`."""
    run(app, watched=True)
