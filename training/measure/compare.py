"""Two runs side by side, as the comparison that production was asked for draws them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from training.measure.criteria import Criterion, best_epoch, criteria, speed
from training.measure.sinks import read_metrics
from training.recipe.config import Recipe
from training.recipe.toml import recipe_from


def read_run(folder: Path) -> tuple[Recipe, list[dict[str, Any]]]:
    """A run's recipe and its metrics an epoch; raises `ValueError` for a folder without."""
    if not folder.is_dir():
        raise ValueError(f"{folder}: no such run folder")
    metrics = read_metrics(folder / "metrics.jsonl")
    if not metrics:
        raise ValueError(f"{folder / 'metrics.jsonl'}: no finished epoch to compare")
    return recipe_from(folder / "config.toml"), metrics


def _facts(recipe: Recipe, metrics: list[dict[str, Any]]) -> dict[str, Any]:
    best = best_epoch(metrics)
    seconds = [m["time"] for m in metrics]
    memory = [m["gpu_mem"] for m in metrics if m.get("gpu_mem") is not None]
    return {
        "recipe": recipe.recipe,
        "batch size": recipe.batch_size,
        "gradient accumulation": recipe.accumulation,
        "effective batch": recipe.effective_batch,
        "model EMA": "yes" if recipe.ema else "no",
        "early stopping": f"after {recipe.patience} epochs" if recipe.patience else "no",
        "loader": recipe.loader,
        "workers": "by machine" if recipe.workers < 0 else recipe.workers,
        "network": f"{recipe.architecture} {', '.join(recipe.model)}".strip(),
        "passes": recipe.passes,
        "carried states": "yes" if recipe.carry else "no",
        "optimizer": recipe.optimizer,
        "highest learning rate": recipe.lr,
        "data": ", ".join(Path(name).name for name in recipe.data),
        "scheduler": recipe.scheduler,
        "compile": recipe.compile,
        "precision": recipe.precision,
        "iterations/s": speed(metrics),
        "samples/s": sum(m["samples_per_s"] * m["time"] for m in metrics) / sum(seconds),
        "waiting for data": sum(m["data_wait"] * m["time"] for m in metrics) / sum(seconds),
        "seconds an epoch": sum(seconds) / len(seconds),
        "validation, share of time": _validation_share(metrics),
        "minutes in all": minutes_of(metrics),
        "epochs": metrics[-1]["epoch"],
        "GPU memory, GiB": max(memory) if memory else None,
        "best epoch": best["epoch"],
        "train loss": best["train_loss"],
        "validation loss": best["val_loss"],
        "cell accuracy": best["val_cell_acc"],
        "grid accuracy": best["val_grid_acc"],
        "solve rate": best["val_solve_rate"],
        "violations": best["val_violations"],
        "calibration error": best["val_ece"],
    }


def minutes_of(metrics: list[dict[str, Any]]) -> float:
    """Minutes of a run by the clock, with validation and checkpoints where these were timed."""
    wall = metrics[-1].get("wall")
    return float(wall or sum(m["time"] + m.get("val_time", 0.0) for m in metrics)) / 60


def _validation_share(metrics: list[dict[str, Any]]) -> float:
    spent = sum(m.get("val_time", 0.0) for m in metrics)
    return float(spent / max(1e-9, spent + sum(m["time"] for m in metrics)))


def compared(before: Path, after: Path) -> tuple[list[dict[str, Any]], list[Criterion]]:
    """A row a feature with both runs' values and their ratio, and the criteria for `after`."""
    (recipe_a, metrics_a), (recipe_b, metrics_b) = read_run(before), read_run(after)
    a, b = _facts(recipe_a, metrics_a), _facts(recipe_b, metrics_b)
    left, right = before.resolve().name, after.resolve().name
    if left == right:
        left, right = str(before), str(after)
    rows = []
    for name in a:
        ratio = None
        if all(isinstance(v, int | float) and v for v in (a[name], b[name])):
            ratio = b[name] / a[name]
        rows.append(
            {
                "feature": name,
                left: a[name],
                right: b[name],
                "ratio": ratio,
            }
        )
    return rows, criteria(metrics_b, recipe_b, speed(metrics_a))
