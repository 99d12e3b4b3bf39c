"""What tests of several commands share: the metrics of an epoch, a command's exit status."""

from __future__ import annotations

import pytest

from solver.cli.common import run

METRICS = {
    "epoch": 1,
    "stage": "easy",
    "train_loss": 1.7234,
    "train_ce": 1.5891,
    "train_constraint": 0.2686,
    "train_cell_acc": 0.4231,
    "time": 135.2,
    "samples_per_s": 1704.6,
    "it_per_s": 6.67,
    "data_wait": 0.01,
    "lr": 4e-4,
    "gpu_mem": None,
    "val_loss": 1.5123,
    "val_cell_acc": 0.4892,
    "val_grid_acc": 0.1234,
    "val_solve_rate": 0.1234,
    "val_confidence": 0.6234,
    "val_entropy": 1.2345,
    "val_violations": 2.34,
    "val_ece": 0.02,
}


def status_of(app: object, *args: str) -> int:
    with pytest.raises(SystemExit) as leave:
        run(app, list(args))  # type: ignore[arg-type]
    return int(leave.value.code or 0)
