"""A resumed run's recipe against the one that it was started with: what may change, and how."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Literal

from training.recipe.config import Recipe, option_name

Change = Literal["fixed", "schedule", "machine", "free"]
"""What a change of a field at --resume does: it is refused; the rest of the run follows another
curve; the same run goes on by other means; the run goes on as another one."""
FIXED: tuple[str, ...] = (
    *("architecture", "model", "begin", "optimizer", "seed"),
    *("validation", "validation_size", "max_samples"),
)
SCHEDULE = ("epochs", "epoch_samples", "curriculum", "lr", "scheduler", "warmup", "cooldown")
MACHINE = (
    *("minutes", "chunk", "device", "precision", "compile", "threads", "loader", "workers"),
    *("prefetch", "checkpoint_minutes", "sinks"),
)


def change_of(name: str) -> Change:
    """What a change of the field of that name at --resume does."""
    if name in FIXED:
        return "fixed"
    return "schedule" if name in SCHEDULE else "machine" if name in MACHINE else "free"


def changes(before: Recipe, after: Recipe) -> dict[str, dict[str, Any]]:
    """The fields that differ, each with its kind of change and both values.

    Raises `ValueError` that names the first that may not change in a run.
    """
    found = {}
    for item in fields(Recipe):
        old, new = getattr(before, item.name), getattr(after, item.name)
        if old == new:
            continue
        kind = change_of(item.name)
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
