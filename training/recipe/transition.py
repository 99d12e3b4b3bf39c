"""A resumed run's recipe against the one that it was started with: what may change, and how."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Literal

from training.recipe.config import Recipe, option_name

Change = Literal["fixed", "schedule", "machine", "free"]
"""What a change of a field at --resume does: it is refused; the rest of the run follows another
curve; the same run continues by other means; it continues as another run."""
CHANGES: dict[Change, tuple[str, ...]] = {
    "fixed": (
        *("architecture", "model", "begin", "optimizer", "seed"),
        *("validation", "validation_size", "max_samples"),
    ),
    "schedule": (
        *("epochs", "epoch_samples", "curriculum", "lr", "scheduler", "warmup", "cooldown"),
    ),
    "machine": (
        *("minutes", "chunk", "device", "precision", "compile", "threads", "loader", "workers"),
        *("prefetch", "persistent_workers", "deterministic", "checkpoint_minutes", "sinks"),
        *("validate_steps", "validate_minutes", "keep_best"),
    ),
    "free": (
        *("recipe", "data", "shares", "exclude", "augment", "patience", "batch_size"),
        *("accumulation", "passes", "carry", "max_windows", "keep_solved", "suppose", "late"),
        *("late_windows", "eval_passes", "beta2", "weight_decay", "clip", "constraint_weight"),
        *("ema", "ema_decay"),
    ),
}
"""Every field of a recipe by what its change does."""
KINDS: dict[str, Change] = {name: kind for kind, names in CHANGES.items() for name in names}


def changes(before: Recipe, after: Recipe) -> dict[str, dict[str, Any]]:
    """The fields that differ, each with its kind of change and both values.

    Raises `ValueError` that names the first that may not change in a run.
    """
    found = {}
    for item in fields(Recipe):
        old, new = getattr(before, item.name), getattr(after, item.name)
        if old == new:
            continue
        kind = KINDS[item.name]
        if kind == "fixed":
            flag = option_name(item.name)
            raise ValueError(
                f"{flag} can't change in a run: it is {_said(old)}, not {_said(new)}; leave it "
                "out, or start a new run in another folder (--weights takes over the weights)"
            )
        found[item.name] = {"kind": kind, "from": old, "to": new}
    return found


def _said(value: Any) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, tuple) else str(value)


def from_plain(values: dict[str, Any]) -> Recipe:
    """The recipe whose fields a checkpoint kept; those that it lacks or this version doesn't know
    are left at their defaults."""
    names = {item.name for item in fields(Recipe)}
    plain: dict[str, Any] = {
        k: tuple(v) if isinstance(v, list) else v for k, v in values.items() if k in names
    }
    return Recipe(**plain)
