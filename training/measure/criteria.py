"""The success criteria of a run: minimum, target and stretch, each with the figure reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from training.recipe.config import Recipe

LEVELS = ("minimum", "target", "stretch")
BEFORE, BATCH_BEFORE = 3.38, 128
"""Iterations/s of the trainer that the criteria compare with, and the puzzles in each."""
SPEED, BATCH = (5.0, 6.0, 7.0), 256
"""Iterations/s that they ask for, each of twice as many puzzles."""
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


@dataclass(frozen=True)
class Past:
    """A run as its folder tells it: its recipe, a line of metrics for each validation, and why it
    ended; empty: it still runs, or was killed."""

    recipe: Recipe
    metrics: list[dict[str, Any]]
    ended: str = ""

    @property
    def best(self) -> dict[str, Any]:
        """The best validation: by grid accuracy, then by loss, the first of equals."""
        return max(
            self.metrics, key=lambda m: (m.get("val_grid_acc") or 0.0, -m.get("val_loss", 0.0))
        )

    @property
    def seconds(self) -> float:
        """By the clock, with validation and checkpoints."""
        return sum(map(clock_of, self.metrics))

    def per_second(self, name: str) -> float:
        """What `name` counts in a second of the steps, by the clock instead."""
        return float(sum(m[name] * m["time"] for m in self.metrics)) / max(self.seconds, 1e-9)

    def iterations(self, batch: int) -> float:
        """Iterations/s by the clock, had each held `batch` puzzles."""
        return self.per_second("it_per_s") * self.recipe.batch_size / batch

    @property
    def work(self) -> tuple[Any, ...]:
        """What decides the work that a puzzle is: the speed of runs that differ in it tells
        nothing."""
        return self.recipe.architecture, self.recipe.model, self.recipe.passes


def clock_of(m: dict[str, Any]) -> float:
    """Seconds from one validation to the end of the next; where no clock was kept, of the steps
    and the validation."""
    return float(m.get("elapsed") or m["time"] + m.get("val_time", 0.0))


def criteria(run: Past, baseline: Past | None = None) -> list[Criterion]:
    """The criteria for a run.

    With `baseline`, the speeds wanted are multiples of its iterations/s, at twice the batch, as
    `SPEED` is of `BEFORE`; without, they are iterations/s of 256 puzzles.
    """
    out = []
    for number, level in enumerate(LEVELS):
        out.append(_speed(run, baseline, number))
        for name, key, limits in RATES:
            value = run.best.get(key)
            out.append(
                Criterion(
                    level,
                    f"{name} ≥ {limits[number]:.0%}",
                    "not measured" if value is None else f"{value:.2%}",
                    value is not None and value >= limits[number],
                )
            )
        if level != "stretch":
            value = run.best["val_violations"]
            limit = VIOLATIONS[number]
            out.append(
                Criterion(level, f"violations < {limit:g} a grid", f"{value:.2f}", value < limit)
            )
    last = run.metrics[-1]["epoch"]
    early = run.ended == "stopped early" and last < LAST_EPOCH
    text = f"{run.ended or 'not ended'}, at epoch {last} of {run.recipe.epochs}"
    out.append(Criterion("stretch", f"stops early, before epoch {LAST_EPOCH}", text, early))
    return out


def _speed(run: Past, baseline: Past | None, number: int) -> Criterion:
    wanted = SPEED[number]
    if baseline is None:
        reached = run.iterations(BATCH)
        asks, text = f"≥ {wanted:g} it/s of {BATCH} puzzles", f"{reached:.2f} it/s"
        passed = reached >= wanted
    else:
        asks = f"≥ {wanted / BEFORE:.2f} times the baseline's it/s, at twice its batch"
        ratio = run.iterations(BATCH) / baseline.iterations(BATCH_BEFORE)
        text, passed = f"{ratio:.2f} times", ratio >= wanted / BEFORE
        if run.work != baseline.work:
            text, passed = "not comparable: the networks or their passes differ", False
    return Criterion(LEVELS[number], f"training speed {asks}", text, passed)
