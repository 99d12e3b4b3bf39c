"""`sudoku-train gpu-bars`: what a GPU is to reach, measured in nine minutes, with a verdict each.

Prints a table for people and one line of JSON last, for programs.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from solver.cli.common import fail
from solver.cli.help import command_app

if TYPE_CHECKING:
    from training.recipe.config import Recipe

app = command_app()

MISSED, NO_GPU = 8, 69
"""Exit statuses: a bar was not reached, and there is no GPU to measure (EX_UNAVAILABLE)."""
ITERATIONS = 2.07
"""Production's iterations/s over the baseline's, each of twice as many puzzles: 7 over 3.38."""
GRIDS, SOLVED, VIOLATIONS = 0.93, 0.90, 0.5
EASY = 50_000
"""Easy puzzles/s of the exported policy."""
BATCHES = (1024, 4096, 16384)
"""Puzzles a run of the exported policy: the fastest counts."""

Found = tuple[str, bool]
"""What was reached, in words, and whether that is enough."""


@app.command()
def gpu_bars(
    data: Annotated[
        Path | None,
        typer.Option("--data", "-d", help="Puzzles to measure accuracy on. Default: generated."),
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(help="Exported policy to time. Default: the shipped one.")
    ] = None,
    seconds: Annotated[float, typer.Option(help="Seconds per recipe, after warm-up.")] = 60.0,
    minutes: Annotated[float, typer.Option(help="Minutes to train in, start included.")] = 3.0,
    puzzles: Annotated[int, typer.Option(min=40, help="Puzzles to generate.")] = 60_000,
    model: Annotated[
        str, typer.Option("--size", help="Sizes of the networks, e.g. width=64.")
    ] = "",
    device: Annotated[str, typer.Option(help="cuda; or cpu, to try this command out.")] = "cuda",
) -> None:
    """Measure what a GPU is to reach, and print a verdict for each.

    Exit status: 0 where all is reached, 8 where something is not, 69 on a machine without GPU.
    """
    import torch

    if device != "cpu" and not torch.cuda.is_available():
        fail("no GPU is here that torch can use: nothing was measured", NO_GPU)
    rows = []
    begun = time.perf_counter()
    with TemporaryDirectory() as folder:
        try:
            train, unseen = _files(Path(folder), puzzles)
            run = _recipe(train, device, model, minutes)
        except ValueError as error:
            fail(error)
        bars: dict[str, Callable[[], Found]] = {
            f"production ≥ {ITERATIONS} times the baseline's it/s, at twice the batch": lambda: (
                _iterations(train, device, model, seconds)
            ),
            f"{GRIDS:.0%} of grids, solve rate {SOLVED:.0%}, violations < {VIOLATIONS} after "
            f"{minutes:g} minutes": lambda: _stretch(run, Path(folder), data or unseen, minutes),
            f"{EASY:,} easy puzzles/s": lambda: _inference(policy, unseen, device, seconds / 3),
        }
        for asks, measured in bars.items():
            reached, passed = _tried(measured)
            rows.append(
                {"bar": asks, "reached": reached, "verdict": "reached" if passed else "MISSED"}
            )
            print(f"{asks}: {reached}: {rows[-1]['verdict']}", flush=True)
    where = torch.cuda.get_device_name() if device != "cpu" else "CPU, which proves nothing"
    print(f"on {where}, torch {torch.__version__}, in {time.perf_counter() - begun:.0f} s")
    print(json.dumps({"gpu_bars": rows, "device": where, "torch": torch.__version__}))
    if any(row["verdict"] != "reached" for row in rows):
        raise SystemExit(MISSED)


def _tried(measured: Callable[[], Found]) -> Found:
    """A bar's outcome; an error is one too, so that the other bars are still measured."""
    try:
        return measured()
    except (ValueError, RuntimeError) as error:
        return f"not measured: {str(error).splitlines()[0]}", False


def _files(folder: Path, count: int) -> tuple[Path, Path]:
    """Puzzles to train on, and a thousand easy others at most to measure on."""
    from solver.generator.chunks import generate
    from solver.generator.table import table_writer

    paths = folder / "train.csv", folder / "unseen.csv"
    made = (
        generate(count, 1, mode="mixed"),
        generate(min(1000, count), 2, mode="mixed", max_rating=0),
    )
    for path, part in zip(paths, made, strict=True):
        with table_writer(path) as write:
            write(part)
    return paths


def _iterations(data: Path, device: str, model: str, seconds: float) -> Found:
    from training.commands.benchmark import against_baseline

    rates = against_baseline(data, {"device": device, **_sizes(model)}, seconds)
    ratio = rates["production"]["it_per_s"] / rates["baseline"]["it_per_s"]
    both = " and ".join(f"{name} {figures['it_per_s']:.2f}" for name, figures in rates.items())
    return f"{ratio:.2f} times ({both} it/s)", ratio >= ITERATIONS


def _sizes(model: str) -> dict[str, Any]:
    return {"model": model.split(",")} if model else {}


def _recipe(data: Path, device: str, model: str, minutes: float) -> Recipe:
    """The quick recipe with four times its batch, which a GPU does in about the same time."""
    from training.recipe.config import changed
    from training.recipe.recipes import quick

    values: dict[str, Any] = {
        "data": [str(data)],
        "device": device,
        "loader": "device",
        "batch_size": 64,
        "epoch_samples": 64_000,
        "epochs": 2,
        "minutes": minutes,
        "sinks": [],
        **_sizes(model),
    }
    return changed(quick(), values)


def _stretch(recipe: Recipe, folder: Path, data: Path, minutes: float) -> Found:
    """Train from nothing, then measure on `data`."""
    from dataclasses import replace

    from training.data.cache import packed
    from training.loop.folder import prepare
    from training.loop.start import launch
    from training.measure.evaluate import contender, evaluate

    output, begun = folder / "run", time.perf_counter()
    prepare(output, False)
    # reading the puzzles and compiling count too; validation and the report are left their part
    launch(replace(recipe, minutes=0.9 * minutes), output, False)
    spent = time.perf_counter() - begun
    it = contender(output / "policy_ema.pt", None, None, recipe.device, None)
    found = evaluate(it, packed(data, 1000), 200)["all"]
    reached = (
        f"{found['grid_acc']:.2%} of grids, solve rate {found['solve_rate']:.2%}, violations "
        f"{found['violations']:.2f} after {spent:.0f} s"
    )
    enough = found["grid_acc"] >= GRIDS and found["solve_rate"] >= SOLVED
    return reached, enough and found["violations"] < VIOLATIONS and spent <= 60 * minutes


def _inference(policy: Path | None, data: Path, device: str, seconds: float) -> Found:
    """Puzzles/s of the exported policy, at the batch that is fastest."""
    import numpy as np

    from solver.policy.session import Policy
    from training.data.cache import packed
    from training.data.rows import unpack

    session = Policy.load(policy, device=device)
    easy, _ = unpack(packed(data).cells)
    rates = {}
    for batch in BATCHES if device != "cpu" else (64,):
        puzzles = np.resize(easy.astype(np.int64), (batch, 81))
        session.predict(puzzles, batch)
        done, begun = 0, time.perf_counter()
        while (spent := time.perf_counter() - begun) < seconds / len(BATCHES):
            solved = session.predict(puzzles, batch).valid
            done += int(solved.sum())
        rates[batch] = done / spent
    batch = max(rates, key=lambda size: rates[size])
    text = f"{rates[batch]:,.0f} solved a second in batches of {batch} ({session.provider})"
    return text, rates[batch] >= EASY
