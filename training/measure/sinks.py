"""Where an epoch's metrics go: `metrics.jsonl`, and TensorBoard."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol

from solver.system.files import write_bytes
from training.recipe.config import check_known


class Sink(Protocol):
    """Something that takes a run's figures. One of your own is a class with these methods that is
    made with the run's folder, the step of its last validation and the steps done; its entry point
    in the group `sudoku_policy.sinks` gives it a name for `--sinks`."""

    def start(self, recipe: dict[str, Any]) -> None:
        """The run begins or is resumed, with this recipe."""

    def step(self, figures: dict[str, Any]) -> None:
        """Take the figures of one step; `figures["step"]` is its number from 1."""

    def write(self, metrics: dict[str, Any]) -> None:
        """Take the metrics of a validation, after `metrics["step"]` steps, in an epoch that is
        `metrics["epoch"]` from 1."""

    def close(self) -> None:
        """Nothing more comes."""


class JsonLines:
    """A line a validation and one every few steps; those after the last checkpoint are cut."""

    def __init__(self, folder: Path, validated: int, steps_done: int) -> None:
        self._path, self._steps = folder / "metrics.jsonl", folder / "steps.jsonl"
        for path, last in ((self._path, validated), (self._steps, steps_done)):
            kept = [m for m in read_metrics(path) if m.get("step", 0) <= last]
            write_bytes(path, "".join(map(_line, kept)).encode())

    def start(self, recipe: dict[str, Any]) -> None:
        """The recipe is in `config.toml` and `history.jsonl`."""

    def step(self, figures: dict[str, Any]) -> None:
        """Add a line to `steps.jsonl`."""
        with self._steps.open("a", encoding="utf-8") as file:
            file.write(_line(figures))

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


GROUPS = {"train": "train", "val": "validation", "gpu": "machine"}
SPEED = (
    *("it_per_s", "samples_per_s", "puzzles_per_s", "data_wait"),
    *("time", "val_time", "elapsed", "wall", "workers"),
)


def tag_of(name: str) -> str:
    """The TensorBoard tag of a metric: a group, and its name in it."""
    if name in SPEED:
        return f"speed/{name}"
    first, _, rest = name.partition("_")
    if first in GROUPS and rest:
        level, _, figure = rest.partition("_")
        if level in ("easy", "medium", "hard", "raw") and figure:
            return f"{GROUPS[first]} {level}/{figure}"
        return f"{GROUPS[first]}/{rest}"
    return f"optimizer/{name}"


JUDGED = ("val_grid_acc", "val_solve_rate", "val_loss")
"""What hyperparameters are judged by."""


def scalars(metrics: dict[str, Any]) -> list[tuple[str, float]]:
    """A validation's figures by their tags, those of single files too."""
    out = [
        (tag_of(name), value)
        for name, value in metrics.items()
        if isinstance(value, int | float) and name not in ("step", "epoch")
    ]
    for name, figures in metrics.get("val_files", {}).items():
        out += [(f"validation {name}/{figure}", value) for figure, value in figures.items()]
    return out


class TensorBoard:
    """The same figures for TensorBoard, all by the step, and the recipe as text."""

    def __init__(self, folder: Path, validated: int, steps_done: int) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what tensorboard's own imports deprecate
            from torch.utils.tensorboard import SummaryWriter
        # what a killed run wrote after its last checkpoint is not shown again
        purge = steps_done + 1 if steps_done else None
        self._writer: Any = SummaryWriter(str(folder / "tensorboard"), purge_step=purge)

    def start(self, recipe: dict[str, Any]) -> None:
        """The recipe as a table, and as hyperparameters beside the figures to compare by."""
        from torch.utils.tensorboard.summary import hparams

        plain = {
            k: ", ".join(map(str, v)) if isinstance(v, tuple) else v for k, v in recipe.items()
        }
        declared: Any = hparams
        for summary in declared(plain, dict.fromkeys(map(tag_of, JUDGED), 0.0)):
            self._writer.file_writer.add_summary(summary)
        rows = "\n".join(f"| {name} | {value} |" for name, value in recipe.items())
        self._writer.add_text("recipe", f"| setting | value |\n|---|---|\n{rows}")

    def step(self, figures: dict[str, Any]) -> None:
        """One scalar a figure, at the step's number."""
        for name, value in figures.items():
            if name not in ("step", "epoch"):
                self._writer.add_scalar(f"steps/{name}", value, figures["step"])

    def write(self, metrics: dict[str, Any]) -> None:
        """One scalar a figure, at the number of steps done."""
        for tag, value in scalars(metrics):
            self._writer.add_scalar(tag, value, metrics["step"])
        self._writer.flush()

    def close(self) -> None:
        """Write what is left."""
        self._writer.close()


SINKS: dict[str, Any] = {"jsonl": JsonLines, "tensorboard": TensorBoard}


def sinks_for(output: Path, names: Sequence[str], validated: int, steps_done: int) -> list[Sink]:
    """The sinks of those names for a run's folder; `metrics.jsonl` is always written.

    Raises `ValueError` for a name that no installed package gives.
    """
    out: list[Sink] = []
    for name in dict.fromkeys(["jsonl", *names]):
        kind = SINKS.get(name) or _installed(name)
        try:
            out.append(kind(output, validated, steps_done))
        except ImportError:
            if name != "tensorboard":  # a default that needs an extra; metrics.jsonl has it all
                raise
    return out


def _installed(name: str) -> Any:
    found = {point.name: point for point in entry_points(group="sudoku_policy.sinks")}
    check_known(name, [*SINKS, *found], "sink")
    return found[name].load()
