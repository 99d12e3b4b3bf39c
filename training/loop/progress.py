"""The progress of a run: all of its state that isn't a tensor, as one value."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, fields
from typing import Any

SUMS = ("loss", "ce", "constraint", "cells", "grids", "fresh", "steps", "seconds", "waited", "norm")


@dataclass
class Progress:
    """Counters of a run; `sums` are those of the steps since the last validation."""

    step: int = 0
    epoch: int = 0
    epoch_step: int = 0
    stage: int = 0
    position: int = 0
    ranking: list[list[float]] = field(default_factory=list)
    """The best validations, best first: share of right grids, loss, step."""
    stale: int = 0
    """Epochs since the one that had the best validation; -1 while that one is under way."""
    rollbacks: int = 0
    lr_scale: float = 1.0
    seconds: float = 0.0
    """Of the steps alone."""
    wall: float = 0.0
    """Of everything: steps, validation, checkpoints."""
    told: float = 0.0
    """`wall` at the last validation."""
    sums: dict[str, float] = field(default_factory=lambda: dict.fromkeys(SUMS, 0.0))

    def add(self, **values: float) -> None:
        """Add one step's figures to the sums."""
        for name, value in values.items():
            self.sums[name] += value

    def means(self) -> dict[str, float]:
        """The means a step; NaN before the first."""
        steps = self.sums["steps"]
        return {k: v / steps if steps else math.nan for k, v in self.sums.items()}

    def improve(self, grid_acc: float, loss: float, keep: int = 1) -> bool:
        """Whether a validation is the best yet: by whole grids, then by loss, the first of equals.

        It is ranked among the `keep` best.
        """
        self.ranking.append([grid_acc, loss, self.step])
        self.ranking.sort(key=lambda r: (-r[0], r[1]))
        del self.ranking[keep:]
        better = self.ranking[0][2] == self.step
        if better:
            self.stale = -1  # the end of its epoch makes it 0
        return better

    def end_epoch(self) -> None:
        """Count an epoch as done."""
        self.epoch += 1
        self.epoch_step = 0
        self.stale += 1

    def state_dict(self) -> dict[str, Any]:
        """Plain numbers only."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> Progress:
        """What `state_dict` gave; fields that it lacks start as new."""
        names = {f.name for f in fields(cls)}
        out = cls(**{k: v for k, v in kept.items() if k in names})
        out.sums = {**dict.fromkeys(SUMS, 0.0), **out.sums}
        if "told" not in kept:  # of a version that validated after epochs alone
            out.told = out.wall
            if kept.get("best", -1.0) >= 0:
                out.ranking = [[kept["best"], kept["best_loss"], -1]]
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
