"""How sharp a policy's answers should be (temperature scaling, Guo et al. 2017), found on puzzles
that it never saw.

A policy is trained on what to say after every pass, but answers when a grid keeps the rules or the
passes run out. Whether it does is known, so each of the two kinds of answer has its own power.
Grids stay as they are.

A grid that breaks a rule: the power under which the right digits are likeliest. A grid that keeps
the rules is the solution of a proper puzzle, so its likelihood grows with the power without end,
which would hide where the policy hesitated. Here the power is the least one that lowers the
calibration error of cells to `ENOUGH`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from export.views import PolicyWithViews, Sharpness
from training.measure.metrics import Calibration

LOWEST, HIGHEST, STEPS = 1 / 16, 16.0, 193
"""Powers that are tried, and how many, evenly by their logarithm."""
MOST = 4096.0
"""The highest power of valid grids."""
ENOUGH = 0.005
"""The calibration error of their cells."""
FEWEST = 5
"""Answers of a kind below which its power stays 1."""


@dataclass(frozen=True, kw_only=True)
class Fit:
    """The powers, and the calibration errors of all puzzles before and after: of cells, and of
    whole grids by their least sure cell."""

    sharpness: Sharpness
    before: float
    after: float
    grid_before: float
    grid_after: float
    puzzles: int


def fitted(policy: PolicyWithViews, puzzles: np.ndarray, solutions: np.ndarray, passes: int) -> Fit:
    """The powers under which the digits of `solutions` [n, 81], from 1 to 9, are likeliest in the
    policy's answers to `puzzles` int64 [n, 81]."""
    answers = [
        policy(torch.from_numpy(puzzles[i : i + 16]), passes) for i in range(0, len(puzzles), 16)
    ]
    probabilities = torch.cat([answer.probabilities for answer in answers])
    valid = torch.cat([answer.valid for answer in answers])
    target = torch.from_numpy(solutions).long() - 1
    sharpness = Sharpness(
        right=_certainty(probabilities[valid], target[valid]),
        wrong=_power(probabilities[~valid], target[~valid]),
    )
    sharp = sharpness.of(probabilities, valid)
    return Fit(
        sharpness=sharpness,
        before=_error(probabilities, target),
        after=_error(sharp, target),
        grid_before=_error(probabilities, target, grids=True),
        grid_after=_error(sharp, target, grids=True),
        puzzles=len(puzzles),
    )


def _power(probabilities_bkn: Tensor, target_bk: Tensor) -> float:
    """The power under which the targets are likeliest."""
    if len(target_bk) < FEWEST:
        return 1.0
    logits = probabilities_bkn.clamp_min(1e-30).log().flatten(0, 1)
    powers = np.geomspace(LOWEST, HIGHEST, STEPS)
    losses = [
        float(torch.nn.functional.cross_entropy(logits * float(power), target_bk.flatten()))
        for power in powers
    ]
    best = int(np.argmin(losses))
    if best in (0, STEPS - 1):
        raise ValueError(
            f"no power between {LOWEST:g} and {HIGHEST:g} fits the answers that break a rule; "
            "calibrate on more puzzles, or leave --calibrate out"
        )
    return float(powers[best])


def _certainty(probabilities_bkn: Tensor, target_bk: Tensor) -> float:
    """The least power from 1 up under which the calibration error of cells is at most `ENOUGH`;
    `MOST` where there is none."""
    if len(target_bk) < FEWEST:
        return 1.0
    kept = torch.ones(len(target_bk), dtype=torch.bool)

    def is_enough(power: float) -> bool:
        return _error(Sharpness(right=power).of(probabilities_bkn, kept), target_bk) <= ENOUGH

    low, high = 1.0, MOST
    if is_enough(low):
        return low
    for _ in range(40):  # answers that are right are the better calibrated, the surer they are
        middle = (low * high) ** 0.5
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high


def _error(probabilities_bkn: Tensor, target_bk: Tensor, *, grids: bool = False) -> float:
    """The calibration error of cells or, by their least sure cell, of whole `grids`."""
    sure, digit = probabilities_bkn.max(-1)
    right = digit == target_bk
    calibration = Calibration.empty()
    calibration.add(*((sure.amin(1), right.all(1)) if grids else (sure, right)))
    return calibration.error()
