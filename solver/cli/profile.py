"""sudoku-profile: how fast a policy runs here, by batch, provider, precision, views and passes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, NoReturn

import typer

from solver.board.words import inert, plural
from solver.cli.asides import note
from solver.cli.common import ExitCode, fail, install_hint, run, version_option
from solver.cli.help import command_app
from solver.cli.outputs import refuse_overlap

if TYPE_CHECKING:
    from solver.policy.profile import Machine, Operator, Puzzles, Row, Setting

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


def _lines(rows: list[Row]) -> list[str]:
    """The rows as a table; columns that say the same everywhere are left to the heading."""
    columns: list[tuple[str, Callable[[Row], str]]] = [
        ("model", lambda r: r.model[:20]),
        ("provider", lambda r: r.provider),
        ("precision", lambda r: r.precision),
        ("threads", lambda r: str(r.threads)),
        ("views", lambda r: str(r.views)),
        ("passes", lambda r: str(r.passes)),
    ]
    varied = [c for c in columns if len({c[1](row) for row in rows}) > 1]
    same = [f"{name} {text(rows[0])}" for name, text in columns if (name, text) not in varied]
    measured: list[tuple[str, Callable[[Row], str]]] = [
        ("batch", lambda r: str(r.batch)),
        ("p50 ms", lambda r: f"{r.p50_ms:.2f}"),
        ("p90 ms", lambda r: f"{r.p90_ms:.2f}"),
        ("p99 ms", lambda r: f"{r.p99_ms:.2f}"),
        ("puzzles/s", lambda r: f"{r.puzzles_per_second:.1f}"),
        ("used", lambda r: f"{r.passes_per_puzzle:.1f}"),
        ("solved", lambda r: f"{r.solved:.1%}"),
    ]
    if any(row.ratio is not None for row in rows):
        measured.append(("ratio", lambda r: f"{r.ratio:.3f}"))
    shown = [*varied, *measured]
    cells = [[name for name, _ in shown], *([text(row) for _, text in shown] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(shown))]
    table = ["  ".join(c.rjust(w) for c, w in zip(line, widths, strict=True)) for line in cells]
    return [", ".join(same), *table]


def _bars(rows: list[Row], width: int = 40) -> list[str]:
    """Puzzles a second by batch, as bars."""
    most = max(row.puzzles_per_second for row in rows)
    return [
        f"{row.batch:5}  {'█' * max(1, round(width * row.puzzles_per_second / most))} "
        f"{row.puzzles_per_second:.1f}/s"
        for row in rows
    ]


def _operator_lines(operators: list[Operator], most: int = 12) -> list[str]:
    lines = [f"{'operator':24}  calls        ms   share  GFLOP     GB"]
    lines += [
        f"{o.name:24.24}  {o.calls:5}  {o.milliseconds:8.2f}  {o.share:6.1%}  "
        f"{o.gigaflops:5.2f}  {o.gigabytes:5.2f}"
        for o in operators[:most]
    ]
    return lines


def _floor(operators: list[Operator], machine: Machine, batch: int) -> tuple[str, dict[str, float]]:
    """The least time a puzzle that the arithmetic and the bytes allow on one thread."""
    products = sum(o.gigaflops for o in operators) / machine.gigaflops_per_second / batch * 1e3
    moving = sum(o.gigabytes for o in operators) / machine.gigabytes_per_second / batch * 1e3
    spent = sum(o.milliseconds for o in operators) / batch
    text = (
        f"operators took {spent:.2f} ms a puzzle; on one thread the floor is\n"
        f"{products:.2f} ms of products at {machine.gigaflops_per_second:.0f} GFLOP/s and "
        f"{moving:.2f} ms of moving at {machine.gigabytes_per_second:.0f} GB/s"
    )
    return text, {"products_ms": products, "moving_ms": moving, "operators_ms": spent}


def _write_csv(path: Path, rows: list[Row]) -> None:
    import csv

    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(asdict(rows[0])))
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)


def _write_plot(path: Path, rows: list[Row]) -> None:
    """Throughput and latency by batch, a line a setting."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    names = ("model", "provider", "precision", "threads", "views", "passes")
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(getattr(row, name) for name in names), []).append(row)
    for key, group in groups.items():
        label = " ".join(str(part) for part in key)
        sizes = [row.batch for row in group]
        left.plot(sizes, [row.puzzles_per_second for row in group], marker="o", label=label)
        right.plot(sizes, [row.p50_ms for row in group], marker="o", label=label)
    for axes, title in ((left, "puzzles/s"), (right, "p50 of a batch, ms")):
        axes.set_xscale("log", base=2)
        axes.set(xlabel="batch", ylabel=title, ylim=(0, None))
        axes.grid(visible=True, alpha=0.3)
    left.legend(fontsize="x-small")
    try:
        figure.savefig(path, dpi=120)
    except ValueError as error:
        fail(f"{path}: {error}")
    finally:
        plt.close(figure)


def _sweep(
    settings: list[Setting],
    sizes: list[int],
    puzzles: Puzzles,
    seconds: float,
    baseline: Path | None,
) -> list[Row]:
    """All measurements, told on stderr as they come."""
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
    threads: Annotated[str | None, typer.Option(help="CPU threads, e.g. 1,2.")] = None,
    views: Annotated[str | None, typer.Option(help="Most views, e.g. 1,8.")] = None,
    passes: Annotated[str | None, typer.Option(help="Most passes per view, e.g. 32,64.")] = None,
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
    floor, summary["floor"] = _floor(slowest, machine(), len(sample))
    if form == "json":
        print(json.dumps(summary))
    else:
        print(f"{name}: {plural(len(array), 'puzzle')}")
        _print_tables(rows, slowest if operator_table else [], floor, summary)
    if output is not None:
        _write_csv(output, rows)
    if plot is not None:
        _write_plot(plot, rows)


def _print_tables(
    rows: list[Row], slowest: list[Operator], floor: str, summary: dict[str, Any]
) -> None:
    """What was measured, for people."""
    memory = summary["memory_mb"]
    print("\n".join(_lines(rows)))
    print(f"\ncold start to the first answer: {summary['cold_start_ms']:.0f} ms")
    print("memory at most: " + ("unknown here" if memory is None else f"{memory:.0f} MB"))
    if slowest:
        print(f"\nwhere the time goes, a batch of {summary['sample']}:")
        print("\n".join(_operator_lines(slowest)))
        print(floor)
    print("\npuzzles/s by batch:")
    print("\n".join(_bars(rows)))


def main() -> NoReturn:
    """The entry point of `sudoku-profile`."""
    run(app, watched=True)
