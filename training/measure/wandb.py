"""A run's figures for Weights & Biases: `--sinks jsonl,wandb`, with the extra `wandb`.

Whatever that service is told by its own environment variables holds here too: `WANDB_MODE=offline`
keeps all on this machine.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from training.measure.sinks import scalars


class WandB:
    """A sink. The run in a folder keeps its name there, so that a resumed run continues it.

    Raises `ValueError` where the package isn't installed.
    """

    def __init__(self, folder: Path, validated: int, steps_done: int) -> None:
        try:
            self._wandb: Any = import_module("wandb")
        except ImportError:
            raise ValueError(
                "the sink wandb needs its package: pip install 'sudoku-policy[wandb]'"
            ) from None
        self._folder = folder
        self._run: Any = None

    def start(self, recipe: dict[str, Any]) -> None:
        """Begin the run, or continue the one of this folder."""
        kept = self._folder / "wandb.id"
        name = kept.read_text(encoding="utf-8") if kept.is_file() else None
        self._run = self._wandb.init(
            project="sudoku-policy",
            name=self._folder.resolve().name,
            dir=str(self._folder),
            config=recipe,
            id=name,
            resume="allow" if name else None,
        )
        kept.write_text(self._run.id, encoding="utf-8")

    def step(self, figures: dict[str, Any]) -> None:
        """The figures of one step, at its number."""
        named = {f"steps/{k}": v for k, v in figures.items() if k not in ("step", "epoch")}
        self._log(named, figures["step"])

    def write(self, metrics: dict[str, Any]) -> None:
        """The figures of a validation, at the number of steps done."""
        self._log(dict(scalars(metrics)), metrics["step"])

    def _log(self, figures: dict[str, Any], step: int) -> None:
        if self._run is not None:
            self._run.log(figures, step=step)

    def close(self) -> None:
        """Send what is left."""
        if self._run is not None:
            self._run.finish()
