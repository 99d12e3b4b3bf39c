"""How sharp a policy's answers should be (temperature scaling, Guo et al. 2017), found on puzzles
that it never saw.

A policy is trained on what to say after every pass, but answers when a grid keeps the rules or the
passes run out. Whether it does is known, so each of the two kinds of answer has a power of its own:
the one under which the right digits are likeliest. Grids stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from export.views import PolicyWithViews, Sharpness
from training.measure.metrics import Calibration

LOWEST, HIGHEST, STEPS = 0.25, 4.0, 97
"""Powers that are tried, and how many, evenly by their logarithm."""
FEWEST = 5
"""Answers of a kind below which its power stays 1."""


@dataclass(frozen=True, kw_only=True)
class Fit:
    """The powers, and the calibration error of the cells of all puzzles before and after."""

    sharpness: Sharpness
    before: float
    after: float
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
        right=_power(probabilities[valid], target[valid]),
        wrong=_power(probabilities[~valid], target[~valid]),
    )
    return Fit(
        sharpness=sharpness,
        before=_error(probabilities, target),
        after=_error(sharpness.of(probabilities, valid), target),
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
    return float(powers[int(np.argmin(losses))])


def _error(probabilities_bkn: Tensor, target_bk: Tensor) -> float:
    sure, digit = probabilities_bkn.max(-1)
    calibration = Calibration.empty()
    calibration.add(sure, digit == target_bk)
    return calibration.error()
