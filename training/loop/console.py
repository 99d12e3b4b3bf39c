"""What a run shows: a bar per epoch on a terminal, plain lines elsewhere, two lines an epoch.

The summaries go to stdout; the bar and remarks to stderr.
"""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn


def clock(seconds: float) -> str:
    """Seconds as mm:ss or h:mm:ss."""
    minutes, rest = divmod(int(max(0.0, seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def train_line(m: dict[str, Any]) -> str:
    """An epoch's training in a line, from its metrics."""
    return (
        f"Train - Loss: {m['train_loss']:.4f}, CE: {m['train_ce']:.4f}, "
        f"Constraint: {m['train_constraint']:.4f}, Acc: {m['train_cell_acc']:.2%}, "
        f"Time: {m['time']:.1f}s, Speed: {m['samples_per_s']:,.0f} samples/s" + _by_the_clock(m)
    )


def _by_the_clock(m: dict[str, Any]) -> str:
    """What the steps alone don't tell: with validation and checkpoints."""
    if not m.get("elapsed"):
        return ""
    per_s = m["samples_per_s"] * m["time"] / m["elapsed"]
    return f" (by the clock {m['elapsed']:.1f}s, {per_s:,.0f} samples/s)"


def val_lines(m: dict[str, Any]) -> list[str]:
    """An epoch's validation in two lines."""
    return [
        f"Val - Loss: {m['val_loss']:.4f}, Cell Acc: {m['val_cell_acc']:.2%}, "
        f"Grid Acc: {m['val_grid_acc']:.2%}, Solve Rate: {m['val_solve_rate']:.2%}",
        f"Val - Confidence: {m['val_confidence']:.4f}, Entropy: {m['val_entropy']:.4f}, "
        f"Violations: {m['val_violations']:.2f}" + _spent(m),
        *([_by_file(m["val_files"])] if "val_files" in m else []),
    ]


def _by_file(files: dict[str, dict[str, float]]) -> str:
    grids = ", ".join(f"{name} {figures['grid_acc']:.2%}" for name, figures in files.items())
    return f"Val - Grid Acc by file: {grids}"


def _spent(m: dict[str, Any]) -> str:
    if "val_time" not in m:
        return ""
    share = m["val_time"] / max(m.get("elapsed", 0.0), m["val_time"], 1e-9)
    return f", Time: {m['val_time']:.1f}s ({share:.0%} of all)"


EVERY = 60.0
"""Seconds between two lines about an epoch under way where there is no terminal."""


class Screen:
    """The console of one run; silent where `speaks` is false (all but one process)."""

    def __init__(self, speaks: bool = True, log: Path | None = None) -> None:
        self.speaks = speaks
        self._log = log if speaks else None
        self._shown = time.monotonic()
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Screen:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()  # whatever happened, the cursor is shown again

    def say(self, line: str) -> None:
        """A remark."""
        self._note(line)
        if self.speaks:
            self._console.print(line, markup=False)

    def result(self, line: str) -> None:
        """A line of results."""
        self._note(line)
        if self.speaks:
            print(line, flush=True)

    def _note(self, line: str, level: str = "INFO") -> None:
        """Add a line with its time to the log file; a disk that is full shows at checkpoints."""
        if self._log is not None:
            with contextlib.suppress(OSError), self._log.open("a", encoding="utf-8") as file:
                file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} | {level} | {line}\n")

    def start(self, title: str, done: int, total: int) -> None:
        """A bar for an epoch of `total` iterations, of which `done` are done."""
        if not self.speaks or not self._console.is_terminal:
            return
        self._bar = Progress(
            TextColumn("{task.description}:"),
            TextColumn("{task.percentage:>3.0f}%"),
            BarColumn(bar_width=None),
            TextColumn("{task.completed}/{task.total} {task.fields[figures]}"),
            console=self._console,
            expand=True,
            refresh_per_second=4,
        )
        self._task = self._bar.add_task(title, total=total, completed=done, figures="")
        self._bar.start()

    def show(
        self, done: int, total: int, seconds: float, per_s: float, loss: float, acc: float
    ) -> None:
        """Where the epoch is: iterations, time gone in s, iterations/s, loss, cell accuracy."""
        left = clock((total - done) / per_s) if per_s else "?"
        figures = f"[{clock(seconds)}<{left}, {per_s:.2f}it/s, loss={loss:.4f}, acc={acc:.1%}]"
        if self._bar is None or self._task is None:
            if self.speaks and time.monotonic() - self._shown >= EVERY:
                self._shown = time.monotonic()
                self.say(f"{done}/{total} {figures}")
            return
        self._bar.update(self._task, completed=done, figures=figures.replace("[", r"\["))

    def stop(self) -> None:
        """Leave the bar as it stands."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
        sys.stderr.flush()
