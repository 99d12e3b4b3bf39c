"""The policy: a recurrent graph network over Sudoku's exact-cover constraint graph.

Its nodes are the 729 candidates (row, column, digit) and the 324 constraints that each hold
exactly one of them: a digit in a row, in a column, in a box, and a cell's one digit. One block,
applied T times, sends messages from candidates to constraints and back. Weights are shared over
rows and columns and over all nodes of a kind, so the network is equivariant under every Sudoku
symmetry by construction.

A pass is the same whether it is the first or the hundredth: the state decays by a factor of each
channel's own and is told again what the puzzle says, so that it neither grows nor forgets. The
puzzle may even change on the way: in training, one that is stuck continues with one more digit.

Dimension letters: b batch, r row, c column, n digit, d width, e twice the gate, t pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor, nn
from torch.nn.functional import rms_norm, silu

from training.network.base import Network, Sizes

if TYPE_CHECKING:
    from training.network.kernel import Kernel

KEPT = 0.8
"""What a channel keeps of the state in a pass, before training."""
EPS = 1e-6
"""Added to the mean square before its root is taken."""


@dataclass(frozen=True, kw_only=True)
class PolicyConfig(Sizes):
    """Width of a candidate's state, of the constraints' hidden layer, and of the gate."""

    width: int = 64
    hidden: int = 64
    gate: int = 64


def normed(h: Tensor) -> Tensor:
    """A state with a mean square of 1 over the channels of each candidate."""
    return rms_norm(h, h.shape[-1:], eps=EPS)


class Block(nn.Module):
    """One pass: candidates -> constraints -> candidates.

    The states of one digit's candidates are summed over segments, the three cells that a line
    shares with a box, and from these over lines and boxes. Each segment's hidden layer sees its
    own sum beside its line's and its box's, which is what locked candidates are read from; what
    it answers goes to its three candidates. A cell's hidden layer sees the sum over its digits.
    """

    def __init__(self, config: PolicyConfig) -> None:
        super().__init__()
        d, hidden, gate = config.width, config.hidden, config.gate
        self.segment = nn.Linear(d, hidden)
        self.line = nn.Linear(d, hidden, bias=False)
        self.box = nn.Linear(d, hidden, bias=False)
        self.cell = nn.Linear(d, hidden)
        self.from_segment = nn.Linear(hidden, 2 * gate, bias=False)
        self.from_cell = nn.Linear(hidden, 2 * gate, bias=False)
        self.own = nn.Linear(d, 2 * gate, bias=False)
        self.kind = nn.Embedding(3, 2 * gate)
        self.down = nn.Linear(gate, d, bias=False)
        self.keep = nn.Parameter(torch.full((d,), KEPT))
        nn.init.zeros_(self.kind.weight)
        nn.init.zeros_(self.down.weight)

    def forward(self, h_brcnd: Tensor, kind_brcn: Tensor) -> Tensor:
        """The state after a pass; kinds as `Policy.kinds` gives them."""
        out: Tensor = self.keep * h_brcnd + self.change(normed(h_brcnd), self.kind(kind_brcn))
        return out

    def change(self, x_brcnd: Tensor, told_brcne: Tensor) -> Tensor:
        """What a pass adds to a state, from that state normed and from what the puzzle says of
        each candidate, [b, 9, 9, 9, e]."""
        b = x_brcnd.shape[0]
        # rows are split in band and row within it (axes 1, 2), columns in stack and column (3, 4)
        nodes = x_brcnd.view(b, 3, 3, 3, 3, 9, -1)
        in_row, in_column = nodes.sum(4), nodes.sum(2)
        box = self.box(in_row.sum(2))
        rows = self.segment(in_row) + self.line(in_row.sum(3)).unsqueeze(3) + box.unsqueeze(2)
        columns = self.segment(in_column) + self.line(in_column.sum(1)).unsqueeze(1)
        columns = columns + box.unsqueeze(3)
        cells = self.from_cell(silu(self.cell(nodes.sum(5)))).unsqueeze(5)
        u = self.own(x_brcnd) + told_brcne
        u = u.view(b, 3, 3, 3, 3, 9, -1) + cells
        u = u + self.from_segment(silu(rows)).unsqueeze(4)
        u = u + self.from_segment(silu(columns)).unsqueeze(2)
        opened, value = u.chunk(2, dim=-1)
        out: Tensor = self.down(silu(opened) * value).view(x_brcnd.shape)
        return out


class Policy(Network):
    """The graph network. With a `kernel`, `step` is compiled C++ for float32 states on the CPU."""

    sizes: ClassVar[type[PolicyConfig]] = PolicyConfig

    def __init__(self, config: PolicyConfig) -> None:
        super().__init__(config)
        self.start = nn.Embedding(3, config.width)
        self.block = Block(config)
        self.head = nn.Linear(config.width, 1)
        self.kernel: Kernel | None = None

    def begin(self, puzzle_bk: Tensor) -> tuple[Tensor, Tensor]:
        """State [b, 9, 9, 9, width] before the first pass, and the puzzle's kinds."""
        kind = self.kinds(puzzle_bk)
        return self.start(kind), kind

    @staticmethod
    def kinds(puzzle_bk: Tensor) -> Tensor:
        """What a puzzle says of each candidate, int64 [b, 9, 9, 9]: nothing (0), that it is given
        (1), or that another digit is given in its cell (2)."""
        puzzle = puzzle_bk.view(-1, 9, 9, 1)
        digit = torch.arange(1, 10, device=puzzle.device)
        return torch.where(puzzle == 0, 0, torch.where(puzzle == digit, 1, 2))

    def logits(self, state: Tensor) -> Tensor:
        """Logits [b, 81, 9] of a state; softmax over the last axis gives the probabilities."""
        out: Tensor = self.head(normed(state)).view(-1, 81, 9)
        return out

    def step(self, state: Tensor, told: Tensor) -> tuple[Tensor, Tensor]:
        """One pass: the next state, and its logits [b, 81, 9]."""
        if self.kernel is not None and self.kernel.takes(state):
            return self.kernel(self, state, told)
        h = self.block(state, told)
        return h, self.logits(h)
