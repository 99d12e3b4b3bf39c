"""What runs leave behind, and whether two left the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch

from training.network.checkpoint import RUN_SCHEMA, load

TINY: dict[str, Any] = {
    "model": ["width=8", "hidden=8", "gate=8"],
    "epochs": 2,
    "epoch_samples": 48,
    "batch_size": 8,
    "passes": 2,
    "eval_passes": 2,
    "validation_size": 4,
    "compile": False,
    "threads": 1,
    "workers": 0,
    # SOAP's first bases are of a covariance of low rank: any rounding turns what is empty of them
    "optimizer": "adamw",
}
TIMES = ("time", "val_time", "wall", "elapsed", "data_wait")
RATES = ("it_per_s", "samples_per_s", "puzzles_per_s")


def metrics_of(output: Path) -> list[dict[str, Any]]:
    """A run's metrics without the figures that a clock decides."""
    lines = (output / "metrics.jsonl").read_text().splitlines()
    clocked = (*TIMES, *RATES)
    return [{k: v for k, v in json.loads(line).items() if k not in clocked} for line in lines]


def same(one: Path, other: Path) -> None:
    """Two runs ended in the same weights, average, best, optimizer state and metrics, bit for
    bit."""
    a, b = (load(path / "policy.pt", RUN_SCHEMA) for path in (one, other))
    for part in ("model", "ema", "optimizer", "slots", "state", "random"):
        equal(a[part], b[part], part)
    for part in ("step", "epoch", "ranking", "stale"):
        assert a["progress"][part] == b["progress"][part], part
    for name in ("policy_ema.pt", "policy_best.pt"):
        equal(*(load(path / name)["model"] for path in (one, other)), name)
    assert metrics_of(one) == metrics_of(other)


def equal(a: Any, b: Any, where: str) -> None:
    if isinstance(a, torch.Tensor):
        assert torch.equal(a, b), where
    elif isinstance(a, dict):
        assert a.keys() == b.keys(), where
        for key in a:
            equal(a[key], b[key], f"{where}.{key}")
    elif isinstance(a, list):
        for i, (x, y) in enumerate(zip(a, b, strict=True)):
            equal(x, y, f"{where}[{i}]")
    else:
        assert a == b, where
