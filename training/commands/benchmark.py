"""`sudoku-train benchmark`: production against baseline, and the rate of reading data.

Prints a table for people and one line of JSON last, for programs.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from solver.cli.common import fail
from solver.cli.help import command_app
from solver.system.cores import MOST_THREADS

if TYPE_CHECKING:
    from training.recipe.config import Recipe

app = command_app(
    no_args_is_help=True, help="Measure how fast training is, and what its parts cost."
)
WARM = 2
NOWHERE = Path(os.devnull)
"""A run's folder that nothing is written to."""


class _Timed:
    """A recipe's training steps and the time they took, once warm."""

    def __init__(self, recipe: Recipe, output: Path) -> None:
        from training.data.puzzles import load
        from training.loop.checkpoints import first_policy
        from training.loop.run import Run
        from training.machine import device as machine
        from training.machine.distributed import World

        device = machine.chosen_device(recipe.device)
        puzzles, policy = load(recipe, None, lambda line: None), first_policy(recipe)
        self.recipe, self.run = recipe, Run(recipe, puzzles, output, device, World(), policy)
        self.run.course.enter(self.run.progress)
        self.steps, self.seconds, self.processor, self.waited = 0, 0.0, 0.0, 0.0
        for _ in range(WARM):
            self._step()

    def _step(self) -> None:
        from training.loop.step import step

        step(self.run)

    def go(self) -> None:
        """One optimizer step, timed."""
        start, used, waited = time.perf_counter(), time.process_time(), self.run.feed.waited
        self._step()
        self.seconds += time.perf_counter() - start
        self.processor += time.process_time() - used
        self.waited += self.run.feed.waited - waited
        self.steps += 1

    def figures(self) -> dict[str, Any]:
        """Rates; `samples_per_cpu_s` counts the processor's time, whatever else it did."""
        samples = self.steps * self.recipe.effective_batch
        return {
            "it_per_s": self.steps * self.recipe.accumulation / self.seconds,
            "samples_per_s": samples / self.seconds,
            "samples_per_cpu_s": samples / self.processor,
            "data_wait": self.waited / self.seconds,
            "steps": self.steps,
            "seconds": self.seconds,
        }


@app.command()
def recipes(
    data: Annotated[Path, typer.Option("--data", "-d", help="Puzzle file.")],
    seconds: Annotated[float, typer.Option(help="Seconds per recipe, after warm-up.")] = 60.0,
    passes: Annotated[int | None, typer.Option(help="Passes for both recipes.")] = None,
    model: Annotated[
        str, typer.Option("--size", help="Sizes of both networks, e.g. width=64.")
    ] = "",
    threads: Annotated[
        int, typer.Option(min=0, max=MOST_THREADS, help="Threads on the CPU; 0: torch's choice.")
    ] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
) -> None:
    """Production against baseline: the same network, passes, puzzles and machine."""
    import torch

    from training.measure.tables import as_text

    if threads:
        torch.set_num_threads(threads)
    values: dict[str, Any] = {"device": device, "threads": threads}
    if passes:
        values["passes"] = passes
    if model:
        values["model"] = model.split(",")
    try:
        rates = against_baseline(data, values, seconds)
    except ValueError as error:
        fail(error)
    print(as_text([{"recipe": name, **figures} for name, figures in rates.items()]))
    before, after = rates["baseline"], rates["production"]
    keys = ("it_per_s", "samples_per_s", "samples_per_cpu_s")
    ratio = {key: after[key] / before[key] for key in keys}
    print(
        f"production / baseline: {ratio['it_per_s']:.2f} times the iterations/s, "
        f"{ratio['samples_per_s']:.2f} times the samples/s ({torch.get_num_threads()} threads)"
    )
    print(json.dumps({"recipes": rates, "ratio": ratio, "threads": torch.get_num_threads()}))


def against_baseline(
    data: Path, values: dict[str, Any], seconds: float
) -> dict[str, dict[str, Any]]:
    """Rates of the baseline and of production, each with `values`; raises `ValueError`."""
    from training.recipe.config import changed
    from training.recipe.recipes import baseline, production

    values = {**values, "data": [str(data)]}
    # one stage of all puzzles for both, so that both see the same
    both = [
        _Timed(changed(replace(r, curriculum=(), epochs=1), values), NOWHERE)
        for r in (baseline(), production())
    ]
    # they take turns, so that what else the machine does meets both
    while min(one.seconds for one in both) < seconds:
        min(both, key=lambda one: one.seconds).go()
    return {one.recipe.recipe: one.figures() for one in both}


@app.command()
def kernel(
    batch: Annotated[int, typer.Option(help="Puzzles at once.")] = 16,
    passes: Annotated[int, typer.Option(help="Passes, forward and backward.")] = 8,
    model: Annotated[str, typer.Option("--size", help="Sizes of the network, e.g. width=64.")] = "",
    repeats: Annotated[int, typer.Option(help="Repeats of each; medians are printed.")] = 20,
    threads: Annotated[
        int, typer.Option(min=0, max=MOST_THREADS, help="Threads on the CPU; 0: torch's choice.")
    ] = 0,
) -> None:
    """A window of passes with gradient: C++ kernel against compiled torch, alternating."""
    import torch

    from training.measure.tables import as_text
    from training.network.graph import Policy, PolicyConfig
    from training.network.kernel import KernelError, kernel_of
    from training.network.registry import operations_of
    from training.network.window import Window

    if threads:
        torch.set_num_threads(threads)
    try:
        sizes = PolicyConfig.of(model.split(",") if model else ())
        policy = Policy(sizes)
        ours = kernel_of(policy)
    except (ValueError, KernelError) as error:
        fail(error)
    puzzle = torch.randint(0, 10, (batch, 81))
    target = torch.randint(0, 9, (batch, 81))
    start = (puzzle, target, torch.ones(batch) > 0, None)
    windows = {
        "kernel": (ours, Window(policy, passes, 0.0)),
        "compiled torch": (None, Window(policy, passes, 0.0)),
    }
    windows["compiled torch"][1].compiled()
    times: dict[str, list[float]] = {name: [] for name in windows}
    for _ in range(repeats + WARM):
        for name, (chosen, window) in windows.items():
            policy.kernel = chosen
            begin = time.perf_counter()
            window(*start).loss.backward()
            times[name].append(time.perf_counter() - begin)
    products = 3 * passes * batch * operations_of(policy)  # forward, and two of each back
    rows = []
    for name, seconds in times.items():
        median = sorted(seconds[WARM:])[repeats // 2]
        rows.append({"pass": name, "ms": 1000 * median, "gflop_per_s": products / median / 1e9})
    print(as_text(rows))
    ratio = rows[1]["ms"] / rows[0]["ms"]  # type: ignore[operator]
    print(f"the kernel is {ratio:.2f} times as fast ({torch.get_num_threads()} threads)")
    print(json.dumps({"kernel": rows, "ratio": ratio, "threads": torch.get_num_threads()}))


@app.command()
def data(
    rows: Annotated[int, typer.Option(help="Rows of the file to make.")] = 1_000_000,
    source: Annotated[
        Path | None,
        typer.Option(help="A CSV file to repeat; by default made-up grids."),
    ] = None,
) -> None:
    """Rows/s of a CSV file read, checked, packed and written to the cache, on one thread."""
    from training.data.cache import packed

    with tempfile.TemporaryDirectory() as folder:
        os.environ["SUDOKU_CACHE"] = folder
        path = Path(folder) / "rows.csv"
        _write_rows(path, rows, source)
        small = Path(folder) / "warm.csv"
        _write_rows(small, 1000, source)
        packed(small)  # compiles the check
        start, used = time.perf_counter(), time.process_time()
        count = len(packed(path))
        seconds, used = time.perf_counter() - start, time.process_time() - used
        start = time.perf_counter()
        packed(path)
        again = time.perf_counter() - start
        size = path.stat().st_size / 2**20
    figures = {"rows": count, "seconds": seconds, "cpu_seconds": used}
    figures["rows_per_s"] = count / seconds
    print(
        f"{count:,} rows ({size:.0f} MiB) in {seconds:.2f} s: {count / seconds:,.0f} rows/s "
        f"({used:.2f} s of processor time)"
    )
    print(f"from the cache in {1000 * again:.1f} ms")
    print(json.dumps({"data": figures, "again_s": again}))


def _write_rows(path: Path, rows: int, source: Path | None) -> None:
    """A CSV file of `rows` puzzles: a source's lines repeated, or grids without their first row."""
    if source is not None:
        lines = source.read_text(encoding="utf-8").splitlines()
        header, body = lines[0], lines[1:]
    else:
        import numpy as np

        from training.data.augment import random_symmetries

        grid = np.array([(r * 3 + r // 3 + c) % 9 + 1 for r in range(9) for c in range(9)])
        cells, digits = random_symmetries(np.random.default_rng(0), 1000)
        solved = np.take_along_axis(digits, grid[cells], 1)
        text = ["".join(map(str, row)) for row in solved]
        header, body = "puzzle,solution", [f"{'0' * 9}{line[9:]},{line}" for line in text]
    with path.open("w", encoding="utf-8") as file:
        file.write(header + "\n")
        block = "\n".join(body) + "\n"
        whole, rest = divmod(rows, len(body))
        for _ in range(whole):
            file.write(block)
        file.write("".join(line + "\n" for line in body[:rest]))
