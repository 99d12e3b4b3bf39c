"""An exponential moving average of the weights, by torch's `AveragedModel`."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.optim.swa_utils import AveragedModel

from training.network.base import Network

Tensors = tuple[Tensor, ...] | list[Tensor]


def decay_at(step: int, decay: float) -> float:
    """The decay of the update after `step` earlier ones: (1 + step) / (10 + step) at most.

    The warm-up keeps the first, untrained weights from staying in the average.
    """
    return min(decay, (1 + step) / (10 + step))


def averaged(policy: Network, decay: float) -> AveragedModel:
    """The average of `policy`'s weights; call `update_parameters` once per optimizer step."""

    @torch.no_grad()
    def update(averages: Tensors, current: Tensors, updates: Tensor | int) -> None:
        torch._foreach_lerp_(averages, current, 1 - decay_at(int(updates), decay))

    return AveragedModel(policy, multi_avg_fn=update)


def policy_of(model: AveragedModel) -> Network:
    """The averaged policy itself."""
    policy = model.module
    assert isinstance(policy, Network)
    return policy
