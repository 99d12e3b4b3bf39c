"""The optimizer of a run: SOAP, AdamW, or Muon for the matrices with AdamW for the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from training.optim.soap import SOAP
from training.recipe.config import Recipe

MUON_SCALE = 10.0
"""Muon's learning rate as a multiple of AdamW's: its updates are orthogonal, not elementwise."""


class Optimizers:
    """One or more optimizers as one; each scales the run's rate by its own factor."""

    def __init__(self, parts: list[tuple[Optimizer, float]]) -> None:
        self._parts = parts

    def set_rate(self, lr: float) -> None:
        """The learning rate of the next step."""
        for part, scale in self._parts:
            for group in part.param_groups:
                group["lr"] = lr * scale

    def step(self, scaler: torch.amp.GradScaler) -> None:
        """One step of all, through the scaler of half precision (a plain step elsewhere)."""
        for part, _ in self._parts:
            scaler.step(part)
        scaler.update()

    def unscale(self, scaler: torch.amp.GradScaler) -> None:
        """Gradients in their true size, for clipping."""
        for part, _ in self._parts:
            scaler.unscale_(part)

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for part, _ in self._parts:
            part.zero_grad(set_to_none=True)

    def state_dict(self) -> dict[str, Any]:
        """The state of all, in order."""
        return {str(i): part.state_dict() for i, (part, _) in enumerate(self._parts)}

    def load_state_dict(self, kept: dict[str, Any]) -> None:
        """Restore a `state_dict`; raises `ValueError` for another optimizer's."""
        if set(kept) != {str(i) for i in range(len(self._parts))}:
            raise ValueError("the checkpoint is from another optimizer")
        for i, (part, _) in enumerate(self._parts):
            part.load_state_dict(kept[str(i)])


def build(model: nn.Module, recipe: Recipe, device: torch.device) -> Optimizers:
    """The recipe's optimizer over the model's parameters."""
    if recipe.optimizer == "soap":
        soap = SOAP(
            model.parameters(),
            lr=recipe.lr,
            betas=(0.9, recipe.beta2),
            weight_decay=recipe.weight_decay,
        )
        return Optimizers([(soap, 1.0)])
    parameters = list(model.parameters())
    matrices = [p for p in model.parameters() if p.dim() == 2 and min(p.shape) > 1]
    parts: list[tuple[Optimizer, float]] = []
    if recipe.optimizer == "muon" and matrices:
        muon = torch.optim.Muon(matrices, lr=recipe.lr, weight_decay=recipe.weight_decay)
        parts.append((muon, MUON_SCALE))
        chosen = {id(p) for p in matrices}
        parameters = [p for p in parameters if id(p) not in chosen]
    parts.append((_adamw(parameters, recipe, device), 1.0))
    return Optimizers(parts)


def _adamw(parameters: Iterable[Tensor], recipe: Recipe, device: torch.device) -> Optimizer:
    return torch.optim.AdamW(
        parameters,
        lr=recipe.lr,
        betas=(0.9, recipe.beta2),
        weight_decay=recipe.weight_decay,
        fused=True if device.type in ("cpu", "cuda") else None,
    )
