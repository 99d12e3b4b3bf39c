"""How far a run is: everything about it that isn't a tensor, as one value that can be kept."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, fields
from typing import Any

SUMS = ("loss", "ce", "constraint", "cells", "grids", "fresh", "steps", "seconds", "waited", "norm")


@dataclass
class Progress:
    """Counters of a run; `sums` are those of the epoch that is under way."""

    step: int = 0
    epoch: int = 0
    epoch_step: int = 0
    stage: int = 0
    position: int = 0
    best: float = -1.0
    best_loss: float = math.inf
    stale: int = 0
    rollbacks: int = 0
    lr_scale: float = 1.0
    seconds: float = 0.0
    """Of the steps alone."""
    wall: float = 0.0
    """Of everything: steps, validation, checkpoints."""
    sums: dict[str, float] = field(default_factory=lambda: dict.fromkeys(SUMS, 0.0))

    def add(self, **values: float) -> None:
        """Add one step's figures to the epoch's sums."""
        for name, value in values.items():
            self.sums[name] += value

    def means(self) -> dict[str, float]:
        """The epoch's means a step; NaN before the first."""
        steps = self.sums["steps"]
        return {k: v / steps if steps else math.nan for k, v in self.sums.items()}

    def improve(self, grid_acc: float, loss: float) -> bool:
        """Whether an epoch's validation is the best yet: by whole grids, then by loss."""
        better = (grid_acc, -loss) > (self.best, -self.best_loss)
        if better:
            self.best, self.best_loss, self.stale = grid_acc, loss, 0
        else:
            self.stale += 1
        return better

    def next_epoch(self) -> None:
        """Count an epoch as done and start the sums anew."""
        self.epoch += 1
        self.epoch_step = 0
        self.sums = dict.fromkeys(SUMS, 0.0)

    def state_dict(self) -> dict[str, Any]:
        """Plain numbers only."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> Progress:
        """What `state_dict` gave; fields that it lacks start as new."""
        names = {f.name for f in fields(cls)}
        out = cls(**{k: v for k, v in kept.items() if k in names})
        out.sums = {**dict.fromkeys(SUMS, 0.0), **out.sums}
        return out


@dataclass(frozen=True)
class Plan:
    """How long each stage is: (level, epochs, steps an epoch), in order."""

    stages: tuple[tuple[str, int, int], ...]

    @property
    def epochs(self) -> int:
        """Epochs in all."""
        return sum(epochs for _, epochs, _ in self.stages)

    @property
    def steps(self) -> int:
        """Optimizer steps in all."""
        return sum(epochs * steps for _, epochs, steps in self.stages)

    def stage_at(self, epoch: int) -> int:
        """The number of the stage that epoch (from 0) belongs to."""
        end = 0
        for number, (_, epochs, _) in enumerate(self.stages):
            end += epochs
            if epoch < end:
                return number
        return len(self.stages) - 1
