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
from torch.nn.functional import silu


@dataclass(frozen=True, kw_only=True)
class PolicyConfig:
    """The shape of a policy; what a checkpoint needs to rebuild it."""

    width: int = 32
    message: int = 32
    hidden: int = 64
    gate: int = 32
    noise: int = 4

    def __post_init__(self) -> None:
        if min(self.width, self.message, self.hidden, self.gate, self.noise) < 1:
            raise ValueError(f"every size of a policy must be at least 1, got {self}")


class Block(nn.Module):
    """One pass: candidates -> constraints -> candidates, added to the state.

    Messages of one digit's candidates are summed over segments, the three cells that a line
    shares with a box, and from these over lines and boxes. Each segment's hidden layer sees its
    own sum beside its line's and its box's, which is what locked candidates are read from; what
    it answers goes to its three candidates. A cell's hidden layer sees the sum over its digits.
    """

    def __init__(self, config: PolicyConfig) -> None:
        super().__init__()
        d, m, hidden, gate = config.width, config.message, config.hidden, config.gate
        self.sizes = m, gate
        self.norm = nn.RMSNorm(d)
        self.message = nn.Linear(d, 2 * m, bias=False)
        self.segment = nn.Linear(m, hidden)
        self.line = nn.Linear(m, hidden, bias=False)
        self.box = nn.Linear(m, hidden, bias=False)
        self.cell = nn.Linear(m, hidden)
        self.from_segment = nn.Linear(hidden, 2 * gate, bias=False)
        self.from_cell = nn.Linear(hidden, 2 * gate, bias=False)
        self.own = nn.Linear(d, 2 * gate)
        self.down = nn.Linear(gate, d, bias=False)
        nn.init.zeros_(self.down.weight)

    def forward(self, h_brcnd: Tensor) -> Tensor:
        b = h_brcnd.shape[0]
        m, gate = self.sizes
        x = self.norm(h_brcnd)
        to_line, to_cell = self.message(x).split(m, dim=-1)
        # rows are split in band and row within it (axes 1, 2), columns in stack and column (3, 4)
        to_line = to_line.view(b, 3, 3, 3, 3, 9, m)
        in_row, in_column = to_line.sum(4), to_line.sum(2)
        box = self.box(in_row.sum(2))
        rows = self.segment(in_row) + self.line(in_row.sum(3)).unsqueeze(3) + box.unsqueeze(2)
        columns = self.segment(in_column) + self.line(in_column.sum(1)).unsqueeze(1)
        columns = columns + box.unsqueeze(3)
        cells = self.from_cell(silu(self.cell(to_cell.sum(3)))).view(b, 3, 3, 3, 3, 1, -1)
        u = self.own(x).view(b, 3, 3, 3, 3, 9, -1) + cells
        u = u + self.from_segment(silu(rows)).unsqueeze(4)
        u = u + self.from_segment(silu(columns)).unsqueeze(2)
        opened, value = u.split(gate, dim=-1)
        out: Tensor = h_brcnd + self.down(silu(opened) * value).view(h_brcnd.shape)
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
