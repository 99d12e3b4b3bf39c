"""One window: a few passes with gradient and a loss at each."""

from __future__ import annotations

from contextlib import nullcontext
from typing import NamedTuple

import torch
from torch import Tensor, nn

from training.network.base import Network, Step, passes_from
from training.network.losses import constraint, cross_entropy


class Outcome(NamedTuple):
    """What a window gives. Losses are means over puzzles and passes; `ce` and the rest are
    detached. After the last pass: `right` is the number of right cells, int64 [b], and
    `least_sure` the cell of the highest entropy among them, int64 [b]."""

    loss: Tensor
    ce: Tensor
    constraint: Tensor
    right: Tensor
    least_sure: Tensor
    state: Tensor


class Window(nn.Module):
    """`passes` passes from each puzzle's state, or from its first state where it is fresh."""

    def __init__(self, policy: Network, passes: int, constraint_weight: float) -> None:
        super().__init__()
        self.policy, self.passes, self.weight = policy, passes, constraint_weight
        self._step: Step = policy.step

    def compiled(self) -> None:
        """From now on run each pass as compiled code, once for all passes of a shape."""
        self._step = torch.compile(self.policy.step, dynamic=False)

    def forward(
        self,
        puzzle: Tensor,
        target: Tensor,
        fresh: Tensor,
        state: Tensor | None,
    ) -> Outcome:
        """Puzzle and target [b, 81] int64 (digit, digit - 1), fresh [b] bool, state [b, …] or None
        where all are fresh."""
        h, told = self.policy.begin(puzzle)
        if state is not None:
            h = torch.where(fresh.view(-1, *[1] * (h.dim() - 1)), h, state.to(h.dtype))
        passes = list(passes_from(self._step, h, told, self.passes))
        _, state, last = passes[-1]
        logits_tbkn = torch.stack([one.logits for one in passes])
        ce = cross_entropy(logits_tbkn.flatten(0, 1), target.repeat(self.passes, 1))
        with nullcontext() if self.weight else torch.no_grad():
            units = constraint(logits_tbkn.flatten(0, 1))
        loss = ce + self.weight * units
        if last.dtype != torch.float32:  # or ties of rounded logits would decide what is right
            with torch.no_grad(), torch.autocast(puzzle.device.type, enabled=False):
                last = self.policy.logits(state.float())
        right = last.argmax(-1) == target
        doubt = torch.special.entr(last.detach().softmax(-1)).sum(-1)
        least_sure = torch.where(right, doubt, -1).argmax(1)
        return Outcome(loss, ce.detach(), units.detach(), right.sum(1), least_sure, state.detach())
