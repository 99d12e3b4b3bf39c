"""One temperature for a policy's confidence (Guo et al. 2017), found on puzzles it never saw.

A policy is trained on what it should say after every pass, but speaks when a grid keeps the rules
or the passes run out. The temperature that makes those answers likeliest goes into its head: the
graph stays as it is, and so does every grid.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from export.tta import PolicyWithViews
from training.metrics import Calibration
from training.model import Policy

COLDEST, HOTTEST, STEPS = 0.25, 4.0, 97
"""Factors on the logits that are tried, and how many, evenly by their logarithm."""


@dataclass(frozen=True, kw_only=True)
class Fit:
    """The factor on the logits, and the calibration error of the cells before and after."""

    factor: float
    before: float
    after: float
    puzzles: int


def fitted(policy: PolicyWithViews, puzzles: np.ndarray, solutions: np.ndarray, passes: int) -> Fit:
    """The factor under which the right digits of `puzzles` int64 [n, 81], `solutions` [n, 81] from
    1 to 9, are likeliest in the policy's answers."""
    parts = [
        policy(torch.from_numpy(puzzles[i : i + 16]), passes).probabilities
        for i in range(0, len(puzzles), 16)
    ]
    logits = torch.cat(parts).clamp_min(1e-30).log()
    target = torch.from_numpy(solutions).long() - 1
    factors = np.geomspace(COLDEST, HOTTEST, STEPS)
    losses = [_loss(logits * float(factor), target) for factor in factors]
    factor = float(factors[int(np.argmin(losses))])
    return Fit(
        factor=factor,
        before=_error(logits, target),
        after=_error(logits * factor, target),
        puzzles=len(puzzles),
    )


def _loss(logits_bkn: Tensor, target_bk: Tensor) -> float:
    return float(torch.nn.functional.cross_entropy(logits_bkn.flatten(0, 1), target_bk.flatten()))


def _error(logits_bkn: Tensor, target_bk: Tensor) -> float:
    sure, digit = torch.softmax(logits_bkn, -1).max(-1)
    calibration = Calibration.empty()
    calibration.add(sure, digit == target_bk)
    return calibration.error()


def sharpened(policy: Policy, factor: float) -> Policy:
    """The policy with its logits times `factor`."""
    other = copy.deepcopy(policy)
    with torch.no_grad():
        other.head.weight.mul_(factor)
        other.head.bias.mul_(factor)
    return other
