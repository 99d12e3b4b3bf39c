"""The two losses, each a mean that doesn't depend on the size of the batch."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def cross_entropy(logits_bkn: Tensor, target_bk: Tensor) -> Tensor:
    """Mean over all 81 cells of -log p(right digit), in nats.

    Logits [b, 81, 9]; target [b, 81] int64, digit - 1.
    """
    return functional.cross_entropy(logits_bkn.float().flatten(0, 1), target_bk.flatten())


def constraint(logits_bkn: Tensor) -> Tensor:
    """How far the probabilities are from a grid that keeps the rules, in squared digits.

    In a right grid each unit holds each digit once. The loss is the mean over the 27 units and
    the 9 digits of (expected count of the digit in the unit - 1)². A cell's own constraint is
    kept by the softmax. 0 for a right grid that is certain; logits [b, 81, 9].
    """
    p_brcn = torch.softmax(logits_bkn.float(), -1).view(-1, 9, 9, 9)
    boxes = p_brcn.view(-1, 3, 3, 3, 3, 9).sum((2, 4)).flatten(1, 2)
    counts = torch.cat([p_brcn.sum(2), p_brcn.sum(1), boxes], 1)
    return (counts - 1).square().mean()
