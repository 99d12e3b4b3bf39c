"""One window: a few passes with gradient and a loss at each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from training.losses import constraint, cross_entropy
from training.model import Policy, shaken


class Outcome(NamedTuple):
    """What a window gives. Losses are means over puzzles and passes; `ce` and the rest are
    detached; `right` is the number of right cells after the last pass, int64 [b]."""

    loss: Tensor
    ce: Tensor
    constraint: Tensor
    right: Tensor
    state: Tensor


class Window(nn.Module):
    """`passes` passes from each puzzle's state, or from its first state where it is fresh."""

    def __init__(self, policy: Policy, passes: int, constraint_weight: float) -> None:
        super().__init__()
        self.policy, self.passes, self.weight = policy, passes, constraint_weight
        self._pass: Callable[..., Any] = self._one_pass
        self._losses: Callable[..., Any] = self._both_losses

    def compiled(self) -> None:
        """From now on run each pass as compiled code, once for all passes of a shape; where the
        block has a kernel, that is all of it but the losses."""
        if self.policy.block.kernel is None:
            self._pass = torch.compile(self._one_pass, dynamic=False)
        else:
            self._losses = torch.compile(self._both_losses, dynamic=False)

    def _one_pass(
        self, state: Tensor, kind: Tensor, target: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        state = self.policy.block(state, kind)
        return (state, *self._losses(state, target))

    def _both_losses(self, state: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        logits = self.policy.logits(state)
        broken = constraint(logits) if self.weight else logits.new_zeros(())
        return cross_entropy(logits, target), broken

    def forward(
        self,
        puzzle: Tensor,
        target: Tensor,
        strength: Tensor,
        noise: Tensor,
        fresh: Tensor,
        state: Tensor | None,
    ) -> Outcome:
        """Puzzle and target [b, 81] int64 (digit, digit - 1), strength [b] of the standard normal
        noise [b, …], fresh [b] bool, state [b, …] or None where all are fresh."""
        kind = self.policy.kinds(puzzle)
        h = self.policy.first_state(kind)
        if state is not None:
            h = torch.where(fresh.view(-1, *[1] * (h.dim() - 1)), h, state.to(h.dtype))
        rows = strength.nonzero().flatten()
        if len(rows):
            stirred = noise[rows] * strength[rows].view(-1, *[1] * (h.dim() - 1))
            h = h.index_copy(0, rows, shaken(h[rows], stirred.to(h.dtype)))
        entropies, broken = [], []
        for _ in range(self.passes):
            h, ce, unit = self._pass(h, kind, target)
            entropies.append(ce)
            broken.append(unit)
        ce, units = torch.stack(entropies).mean(), torch.stack(broken).mean()
        loss = ce + self.weight * units
        with torch.no_grad():
            logits = self.policy.logits(h)
            right = (logits.argmax(-1) == target).sum(1)
            if not self.weight:
                units = constraint(logits)
        return Outcome(loss, ce.detach(), units.detach(), right, h.detach())
