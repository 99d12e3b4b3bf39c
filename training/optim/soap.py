"""SOAP: Adam in the basis in which Shampoo's preconditioner is diagonal (Vyas et al., 2024).

For a matrix W with gradient G, running means of G Gᵀ and Gᵀ G are kept, and bases of their
eigenvectors. Adam works on the gradient turned into these bases, and its step is turned back. What
that costs depends on the sizes of the matrices alone, which in a recurrent policy are small
against what a pass costs: steps are hardly slower than AdamW's, and far fewer are needed.

The update is the published one but for the means' start: here the first gradient stands in them
whole, there with a weight of 1 - `memory`, so here it is forgotten later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

NARROW = 3
"""Matrices with a side up to this, and vectors, get Adam as it is."""


class SOAP(Optimizer):
    """The optimizer; `frequency` is how many steps a basis is kept, `memory` the decay of the
    preconditioner's means. The first step only measures: it changes no weight."""

    def __init__(
        self,
        parameters: Iterable[Tensor],
        *,
        lr: float,
        betas: tuple[float, float] = (0.9, 0.95),
        weight_decay: float = 0.01,
        frequency: int = 10,
        memory: float = 0.95,
        eps: float = 1e-8,
    ) -> None:
        defaults = {
            "lr": lr,
            "betas": betas,
            "weight_decay": weight_decay,
            "frequency": frequency,
            "memory": memory,
            "eps": eps,
        }
        super().__init__(parameters, defaults)

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """One step with the gradients that the parameters hold; no closure is taken."""
        if closure is not None:
            raise ValueError("SOAP takes no closure")
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    _update(parameter, parameter.grad, self.state[parameter], group)


def _update(weight: Tensor, gradient: Tensor, state: dict[str, Any], group: dict[str, Any]) -> None:
    if not state:
        _begin(gradient, state)
        return
    state["step"] += 1
    first, second = group["betas"]
    state["mean"].lerp_(gradient, 1 - first)
    turned = _into(state, gradient)
    state["square"].lerp_(turned.square(), 1 - second)
    mean = _into(state, state["mean"]) / (1 - first ** state["step"])
    square = state["square"] / (1 - second ** state["step"])
    change = _back(state, mean / (square.sqrt() + group["eps"]))
    weight.mul_(1 - group["lr"] * group["weight_decay"]).sub_(change, alpha=group["lr"])
    if "left" in state:
        state["left"].lerp_(gradient @ gradient.T, 1 - group["memory"])
        state["right"].lerp_(gradient.T @ gradient, 1 - group["memory"])
        if state["step"] % group["frequency"] == 0:
            _turn(state)


def _begin(gradient: Tensor, state: dict[str, Any]) -> None:
    """Bases from the first gradient."""
    state["step"] = 0
    state["mean"], state["square"] = torch.zeros_like(gradient), torch.zeros_like(gradient)
    if gradient.dim() == 2 and min(gradient.shape) > NARROW:
        state["left"], state["right"] = gradient @ gradient.T, gradient.T @ gradient
        state["left_basis"] = torch.linalg.eigh(state["left"])[1]
        state["right_basis"] = torch.linalg.eigh(state["right"])[1]


def _into(state: dict[str, Any], matrix: Tensor) -> Tensor:
    if "left" not in state:
        return matrix
    turned: Tensor = state["left_basis"].T @ matrix @ state["right_basis"]
    return turned


def _back(state: dict[str, Any], matrix: Tensor) -> Tensor:
    if "left" not in state:
        return matrix
    turned: Tensor = state["left_basis"] @ matrix @ state["right_basis"].T
    return turned


def _turn(state: dict[str, Any]) -> None:
    """One step of orthogonal iteration towards the eigenvectors, the largest first."""
    for side, axis in (("left", 0), ("right", 1)):
        basis = state[f"{side}_basis"]
        image = state[side] @ basis
        order = (image * basis).sum(0).argsort(descending=True, stable=True)
        state["square"] = state["square"].index_select(axis, order)
        state[f"{side}_basis"] = torch.linalg.qr(image[:, order])[0]
