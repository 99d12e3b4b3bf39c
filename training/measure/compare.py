"""Two runs side by side: their settings, speed and accuracy, and the success criteria.

Each side may be several runs of one recipe that differ in their seeds: then means are compared,
with 95% intervals.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.measure.criteria import Criterion, Past, criteria
from training.measure.intervals import mean_and_half
from training.measure.scoreboard import wilson
from training.measure.sinks import read_metrics
from training.recipe.toml import recipe_from
from training.recipe.transition import changes

Measure = Callable[[Path], dict[str, Any]]
"""A run's folder -> further figures of its policy."""


def read_run(folder: Path) -> Past:
    """A run by its folder; raises `ValueError` for a folder without one."""
    if not folder.is_dir():
        raise ValueError(f"{folder}: no such run folder")
    metrics = read_metrics(folder / "metrics.jsonl")
    if not metrics:
        raise ValueError(f"{folder / 'metrics.jsonl'}: no finished epoch to compare")
    ends = [line.get("ended", "") for line in read_metrics(folder / "history.jsonl")]
    return Past(recipe_from(folder / "config.toml"), metrics, ends[-1] if ends else "")


def runs_in(folder: Path) -> list[Path]:
    """The folder itself where it holds a run, or the runs in it, by name."""
    if not folder.is_dir() or (folder / "metrics.jsonl").exists():
        return [folder]
    found = sorted(path.parent for path in folder.glob("*/metrics.jsonl"))
    return found or [folder]


def _read_side(folder: Path) -> list[tuple[Path, Past]]:
    """A side's runs; raises `ValueError` where they differ in more than their seeds."""
    side = [(path, read_run(path)) for path in runs_in(folder)]
    first = side[0][1].recipe
    for path, run in side[1:]:
        found = changes(replace(first, seed=0), replace(run.recipe, seed=0))
        if any(change["kind"] != "machine" for change in found.values()):
            raise ValueError(f"{path}: differs from {side[0][0]} in {', '.join(found)}")
    return side


def _facts(folder: Path, run: Past) -> dict[str, Any]:
    recipe, metrics, best = run.recipe, run.metrics, run.best
    memory = [m["gpu_mem"] for m in metrics if m.get("gpu_mem") is not None]
    steps = sum(m["time"] for m in metrics)
    workers = metrics[-1].get("workers", recipe.workers)
    return {
        "recipe": recipe.recipe,
        "batch size": recipe.batch_size,
        "gradient accumulation": recipe.accumulation,
        "effective batch": recipe.effective_batch,
        "model EMA": "yes" if recipe.ema else "no",
        "early stopping": f"after {recipe.patience} epochs" if recipe.patience else "no",
        "loader": recipe.loader,
        "workers": "by machine" if workers < 0 else workers,
        "prefetched blocks": recipe.prefetch,
        "persistent workers": "yes" if recipe.persistent_workers else "no",
        "network": f"{recipe.architecture} {', '.join(recipe.model)}".strip(),
        "parameters": _parameters(folder),
        "passes": recipe.passes,
        "carried states": "yes" if recipe.carry else "no",
        "optimizer": recipe.optimizer,
        "highest learning rate": recipe.lr,
        "data": ", ".join(Path(name).name for name in recipe.data),
        "validated on": _validated_on(folder),
        "scheduler": recipe.scheduler,
        "compile": recipe.compile,
        "precision": recipe.precision,
        "iterations/s": run.per_second("it_per_s"),
        "samples/s": run.per_second("samples_per_s"),
        "samples/s of the steps alone": run.per_second("samples_per_s") * run.seconds / steps,
        "waiting for data": sum(m["data_wait"] * m["time"] for m in metrics) / steps,
        "seconds an epoch": run.seconds / metrics[-1]["epoch"],
        "validation, share of time": sum(m.get("val_time", 0.0) for m in metrics) / run.seconds,
        "minutes in all": run.seconds / 60,
        "epochs": metrics[-1]["epoch"],
        "GPU memory, GiB": max(memory) if memory else None,
        "best epoch": best["epoch"],
        "train loss": best["train_loss"],
        "validation loss": best["val_loss"],
        "cell accuracy": best["val_cell_acc"],
        "grid accuracy": best["val_grid_acc"],
        "grid accuracy of the weights, not averaged": best.get("val_raw_grid_acc"),
        "solve rate": best["val_solve_rate"],
        "violations": best["val_violations"],
        "calibration error": best["val_ece"],
    }


def _parameters(folder: Path) -> int | None:
    path = folder / "policy_ema.pt"
    if not path.is_file():
        return None
    from training.network.checkpoint import load_policy
    from training.network.registry import parameters_of

    return parameters_of(load_policy(path)[0])


def _validation(folder: Path) -> NDArray[np.uint8]:
    path = folder / "validation.npy"
    cells: NDArray[np.uint8] = np.load(path) if path.is_file() else np.zeros((0, 81), np.uint8)
    return cells


def _validated_on(folder: Path) -> str | None:
    """How many puzzles, and a hash that tells whether two runs had the same."""
    cells = _validation(folder)
    return f"{len(cells)} ({sha256(cells.tobytes()).hexdigest()[:6]})" if len(cells) else None


def compared(
    before: Path, after: Path, also: Measure = lambda folder: {}
) -> tuple[list[dict[str, Any]], list[Criterion]]:
    """A row a feature with both sides' values and their ratio, and the criteria for `after`."""
    sides = [_read_side(folder) for folder in (before, after)]
    facts = [[_facts(path, run) | also(path) for path, run in side] for side in sides]
    a, b = (_joined(values, _halves(side)) for values, side in zip(facts, sides, strict=True))
    left, right = before.resolve().name, after.resolve().name
    if left == right:
        left, right = str(before), str(after)
    rows = []
    nothing = None, None
    for name in dict.fromkeys([*a, *b]):
        (mine, half), (other, other_half) = a.get(name, nothing), b.get(name, nothing)
        ratio = None
        if all(isinstance(v, int | float) and v for v in (mine, other)):
            ratio = other / mine
        rows.append(
            {
                "feature": name,
                left: mine,
                f"{left} ±": half,
                right: other,
                f"{right} ±": other_half,
                "ratio": ratio,
            }
        )
    for column in (f"{left} ±", f"{right} ±"):
        if all(row[column] is None for row in rows):
            for row in rows:
                del row[column]
    return rows, _judged([run for _, run in sides[1]], [run for _, run in sides[0]])


def _halves(side: Sequence[tuple[Path, Past]]) -> dict[str, float]:
    """Half the width of the intervals of a single run's shares of grids, by its puzzles."""
    if len(side) > 1:
        return {}
    path, run = side[0]
    found = wilson(run.best["val_grid_acc"], len(_validation(path)))
    return {"grid accuracy": (found[1] - found[0]) / 2} if found else {}


def _joined(
    runs: list[dict[str, Any]], halves: dict[str, float]
) -> dict[str, tuple[Any, float | None]]:
    """Each feature's value and half its interval: of several runs, the means of figures."""
    if len(runs) == 1:
        return {name: (value, halves.get(name)) for name, value in runs[0].items()}
    out: dict[str, tuple[Any, float | None]] = {"runs": (len(runs), None)}
    for name, first in runs[0].items():
        values = [run[name] for run in runs]
        if isinstance(first, float) and all(isinstance(v, int | float) for v in values):
            mean, half = mean_and_half(values)
            out[name] = mean, half if math.isfinite(half) else None
        else:
            out[name] = (first if len(set(values)) == 1 else ", ".join(map(str, values))), None
    return out


def _judged(runs: list[Past], baselines: list[Past]) -> list[Criterion]:
    """The criteria for every run; several are judged together, and all must pass."""
    slowest = max(baselines, key=lambda run: run.per_second("it_per_s"))
    judged = [criteria(run, slowest) for run in runs]
    out = []
    for same in zip(*judged, strict=True):
        first, reached = same[0], "; ".join(c.reached for c in same)
        out.append(replace(first, reached=reached, passed=all(c.passed for c in same)))
    return out
