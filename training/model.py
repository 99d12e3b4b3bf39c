"""The policy: a recurrent graph network over Sudoku's exact-cover constraint graph.

Its nodes are the 729 candidates (row, column, digit) and the 324 constraints that each hold
exactly one of them: a digit in a row, in a column, in a box, and a cell's one digit. One block,
applied T times, sends messages from candidates to constraints and back. Weights are shared over
rows and columns and over all nodes of a kind, so the network is equivariant under every Sudoku
symmetry by construction; only the noise in the first state tells two views of a puzzle apart.

Dimension letters: b batch, r row, c column, n digit, d width, t pass.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True, kw_only=True)
class PolicyConfig:
    """The shape of a policy; what a checkpoint needs to rebuild it."""

    width: int = 48
    message: int = 48
    hidden: int = 96
    noise: int = 4

    def __post_init__(self) -> None:
        if min(self.width, self.message, self.hidden, self.noise) < 1:
            raise ValueError(f"every size of a policy must be at least 1, got {self}")


class Block(nn.Module):
    """One pass: candidates -> constraints -> candidates, added to the state."""

    def __init__(self, config: PolicyConfig) -> None:
        super().__init__()
        d, m, g = config.width, config.message, config.hidden
        self.norm = nn.RMSNorm(d)
        self.gather = nn.Linear(d, 3 * m, bias=False)
        self.line, self.box, self.cell = (
            nn.Sequential(nn.SiLU(), nn.Linear(m, 2 * g, bias=False)) for _ in range(3)
        )
        self.own = nn.Linear(d, 2 * g)
        self.down = nn.Linear(g, d, bias=False)
        nn.init.zeros_(self.down.weight)

    def forward(self, h_brcnd: Tensor) -> Tensor:
        b, d = h_brcnd.shape[0], h_brcnd.shape[-1]
        x = self.norm(h_brcnd)
        line, box, cell = self.gather(x).chunk(3, dim=-1)
        m = line.shape[-1]
        rows = self.line(line.sum(2)).unsqueeze(2)
        columns = self.line(line.sum(1)).unsqueeze(1)
        boxes = self.box(box.view(b, 3, 3, 3, 3, 9, m).sum((2, 4)))
        cells = self.cell(cell.sum(3)).unsqueeze(3)
        u = self.own(x) + rows + columns + cells
        u = u.view(b, 3, 3, 3, 3, 9, -1) + boxes[:, :, None, :, None]
        gate, value = u.view(b, 9, 9, 9, -1).chunk(2, dim=-1)
        out: Tensor = h_brcnd + self.down(nn.functional.silu(gate) * value)
        assert out.shape[-1] == d
        return out


class Policy(nn.Module):
    """Puzzle [b, 81] int64 (0 blank) -> logits [b, 81, 9] at every pass."""

    def __init__(self, config: PolicyConfig) -> None:
        super().__init__()
        self.config = config
        self.kinds = nn.Embedding(3, config.width)
        self.noise = nn.Linear(config.noise, config.width, bias=False)
        self.block = Block(config)
        self.head = nn.Sequential(nn.RMSNorm(config.width), nn.Linear(config.width, 1))

    def first_state(self, puzzle_bk: Tensor, noise_brcnz: Tensor | None = None) -> Tensor:
        """State [b, 9, 9, 9, width] before the first pass.

        Each candidate starts as unknown (0), given here (1) or excluded by a given in its
        cell (2). `noise` [b, 9, 9, 9, config.noise] is standard normal; None means none.
        """
        puzzle = puzzle_bk.view(-1, 9, 9, 1)
        digit = torch.arange(1, 10, device=puzzle.device)
        kind = torch.where(puzzle == 0, 0, torch.where(puzzle == digit, 1, 2))
        h: Tensor = self.kinds(kind)
        return h if noise_brcnz is None else h + self.noise(noise_brcnz)

    def logits(self, h_brcnd: Tensor) -> Tensor:
        """Logits [b, 81, 9] of a state; softmax over the last axis gives the probabilities."""
        out: Tensor = self.head(h_brcnd).view(-1, 81, 9)
        return out

    def forward(self, puzzle_bk: Tensor, passes: int, noise_brcnz: Tensor | None = None) -> Tensor:
        """Logits [passes, b, 81, 9] after each pass."""
        h = self.first_state(puzzle_bk, noise_brcnz)
        out = []
        for _ in range(passes):
            h = self.block(h)
            out.append(self.logits(h))
        return torch.stack(out)
