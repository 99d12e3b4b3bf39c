"""A network whose nodes are the 81 cells: each attends to the twenty that share a unit with it.

One block, applied again and again. It knows digits by their embeddings, so unlike the graph network
it is not equivariant under a relabelling of digits: train it with `augment`.

Dimension letters: b batch, k and j cell, h head, d width.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn.functional import rms_norm, silu

from solver.board.grid import UNITS
from training.network.base import Network, Sizes


@dataclass(frozen=True, kw_only=True)
class CellSizes(Sizes):
    """Width of a cell's state, heads of the attention (which divide it), width of the gate."""

    width: int = 96
    heads: int = 4
    gate: int = 192

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.width % self.heads:
            raise ValueError(f"width must be a multiple of heads, got {self}")


class CellNetwork(Network):
    """A looped transformer over the cells."""

    sizes: ClassVar[type[CellSizes]] = CellSizes

    def __init__(self, config: CellSizes) -> None:
        super().__init__(config)
        d = config.width
        self.heads = config.heads
        self.digit = nn.Embedding(10, d)
        self.place = nn.Parameter(torch.randn(81, d) * 0.02)
        self.ask = nn.Linear(d, 3 * d, bias=False)
        self.answer = nn.Linear(d, d, bias=False)
        self.up = nn.Linear(d, 2 * config.gate, bias=False)
        self.down = nn.Linear(config.gate, d, bias=False)
        self.head = nn.Linear(d, 9)
        for last in (self.answer, self.down):
            nn.init.zeros_(last.weight)
        near = torch.eye(81, dtype=torch.bool)
        for unit in torch.tensor(UNITS):
            near[unit.unsqueeze(1), unit] = True
        far = torch.zeros(81, 81).masked_fill(~near, -1e9)
        self.register_buffer("far_kj", far, persistent=False)

    def begin(self, puzzle_bk: Tensor) -> tuple[Tensor, Tensor]:
        """State [b, 81, d]; told is the puzzle."""
        return self.digit(puzzle_bk) + self.place, puzzle_bk

    def step(self, state: Tensor, told: Tensor) -> tuple[Tensor, Tensor]:
        """Attention, then a gated unit, each added to the state."""
        shape = state.shape
        x = _normed(state + self.digit(told))
        parts = self.ask(x).view(shape[0], 81, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        query, key, value = parts[0], parts[1], parts[2]
        near = query @ key.transpose(-1, -2) / query.shape[-1] ** 0.5 + self.far_kj
        heard = (near.softmax(-1) @ value).transpose(1, 2).reshape(shape)
        h = state + self.answer(heard)
        opened, shown = self.up(_normed(h)).chunk(2, dim=-1)
        h = h + self.down(silu(opened) * shown)
        return h, self.logits(h)

    def logits(self, state: Tensor) -> Tensor:
        """Logits [b, 81, 9] of a state."""
        out: Tensor = self.head(_normed(state))
        return out


def _normed(h: Tensor) -> Tensor:
    return rms_norm(h, h.shape[-1:], eps=1e-6)
