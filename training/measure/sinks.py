"""Where an epoch's metrics go: `metrics.jsonl`, and TensorBoard."""

from __future__ import annotations

import contextlib
import json
import math
import warnings
from pathlib import Path
from typing import Any, Protocol


class Sink(Protocol):
    """Something that takes an epoch's metrics."""

    def write(self, metrics: dict[str, Any]) -> None:
        """Take the metrics of one epoch; `metrics["epoch"]` is its number from 1."""

    def close(self) -> None:
        """Nothing more comes."""


class JsonLines:
    """A line an epoch; what was written after the epoch to go on from is cut off."""

    def __init__(self, path: Path, epochs_done: int) -> None:
        self._path = path
        kept = [m for m in read_metrics(path) if m["epoch"] <= epochs_done]
        path.write_text("".join(_line(m) for m in kept), encoding="utf-8")

    def write(self, metrics: dict[str, Any]) -> None:
        """Add a line, on the disk before this returns to the caller."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(_line(metrics))

    def close(self) -> None:
        """Nothing is open between lines."""


def _line(metrics: dict[str, Any]) -> str:
    clean = {
        k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in metrics.items()
    }
    return json.dumps(clean) + "\n"


def read_metrics(path: Path) -> list[dict[str, Any]]:
    """The epochs of a `metrics.jsonl`, in order; a last line that was cut short is left out."""
    if not path.is_file():
        return []
    out = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            out.append(json.loads(line))
        except ValueError:
            break
    return out


class TensorBoard:
    """The same figures as scalars for TensorBoard."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what tensorboard's own imports deprecate
            from torch.utils.tensorboard import SummaryWriter
        self._writer: Any = SummaryWriter(str(folder))

    def write(self, metrics: dict[str, Any]) -> None:
        """One scalar a figure, at the epoch's number."""
        for name, value in metrics.items():
            if isinstance(value, int | float) and name != "epoch":
                self._writer.add_scalar(name.replace("_", "/", 1), value, metrics["epoch"])
        self._writer.flush()

    def close(self) -> None:
        """Write what is left."""
        self._writer.close()


def sinks_for(output: Path, epochs_done: int) -> list[Sink]:
    """The sinks of a run's folder."""
    out: list[Sink] = [JsonLines(output / "metrics.jsonl", epochs_done)]
    with contextlib.suppress(ImportError):  # metrics.jsonl has it all
        out.append(TensorBoard(output / "tensorboard"))
    return out
