"""The success criteria of a run: minimum, target and stretch, each with the figure reached."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import Any

from training.recipe.config import Recipe

LEVELS = ("minimum", "target", "stretch")
BEFORE = 3.38
"""Iterations/s of the trainer that the criteria compare with."""
SPEED = (5.0, 6.0, 7.0)
GRID = (0.85, 0.90, 0.93)
SOLVE = (0.80, 0.85, 0.90)
VIOLATIONS = (1.0, 0.5, 0.5)
LAST_EPOCH = 50
RATES = (("grid accuracy", "val_grid_acc", GRID), ("solve rate", "val_solve_rate", SOLVE))


@dataclass(frozen=True)
class Criterion:
    """One criterion: its level, what it asks, what was reached, and whether that is enough."""

    level: str
    asks: str
    reached: str
    passed: bool


def best_epoch(metrics: list[dict[str, Any]]) -> dict[str, Any]:
    """The best epoch in validation: by grid accuracy, then by loss, the first of equals."""
    return max(metrics, key=lambda m: (m.get("val_grid_acc") or 0.0, -m.get("val_loss", 0.0)))


def speed(metrics: list[dict[str, Any]]) -> float:
    """Iterations/s by the clock, validation included: the median of the epochs."""
    return float(statistics.median(m["it_per_s"] * _training_share(m) for m in metrics))


def _training_share(m: dict[str, Any]) -> float:
    """The share of an epoch's time that its steps took; 1 where validation wasn't timed."""
    both = m["time"] + m.get("val_time", 0.0)
    return float(m["time"] / both) if both else 1.0


def criteria(
    metrics: list[dict[str, Any]], recipe: Recipe, baseline: float | None = None
) -> list[Criterion]:
    """The criteria for a run of that recipe, from its metrics an epoch.

    With `baseline` (iterations/s of the run compared with), speed is asked as the same multiple
    of it that the document asks of its own 3.38 it/s.
    """
    best, reached = best_epoch(metrics), speed(metrics)
    out = []
    for number, level in enumerate(LEVELS):
        wanted = SPEED[number]
        if baseline is None:
            asks, text, fast = f"≥ {wanted:g} it/s", f"{reached:.2f} it/s", reached >= wanted
        else:
            ratio = reached / baseline
            asks = f"≥ {wanted / BEFORE:.2f} times the baseline's it/s"
            text, fast = f"{ratio:.2f} times", ratio >= wanted / BEFORE
        out.append(Criterion(level, f"training speed {asks}", text, fast))
        for name, key, limits in RATES:
            value = best.get(key)
            out.append(
                Criterion(
                    level,
                    f"{name} ≥ {limits[number]:.0%}",
                    "not measured" if value is None else f"{value:.2%}",
                    value is not None and value >= limits[number],
                )
            )
        if level != "stretch":
            value = best["val_violations"]
            limit = VIOLATIONS[number]
            out.append(
                Criterion(level, f"violations < {limit:g} a grid", f"{value:.2f}", value < limit)
            )
    last = metrics[-1]["epoch"]
    patient = 0 < recipe.patience <= last - best["epoch"]
    early = patient and last < recipe.epochs and last < LAST_EPOCH
    text = f"{'stopped early at' if early else 'at'} epoch {last} of {recipe.epochs}"
    out.append(Criterion("stretch", f"stops early, before epoch {LAST_EPOCH}", text, early))
    return out
