"""The policy with its views, in torch: what the exported graph must compute.

A view is a Sudoku symmetry of the puzzle together with a first state of its own. The policy is
equivariant under every symmetry, so a symmetry alone changes nothing: what tells views apart is
the noise in the first state, drawn once from a seed. View 0 is the puzzle itself without noise.

Views are tried one after the other, each for at most `passes` passes, and a puzzle stops at the
first pass whose grid is right by the rules. What no view solves is answered by its most confident
view: the highest mean over the cells of the largest probability.

Dimension letters: v view, b batch, r row, c column, n digit, z noise, k cell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from solver.grid import UNITS
from solver.symmetry import Symmetry
from training.model import Policy

RIGHT = 2.0  # added to the confidence of a right grid, so that it beats any other


@dataclass(frozen=True, kw_only=True)
class Views:
    """The constants of some views.

    `cells` [v, 81]: the cell of the puzzle that cell i of the image shows; `digits` [v, 10]: the
    image of each digit, 0 kept; `noise` [v, 9, 9, 9, z] float16, zero in view 0.
    """

    cells: np.ndarray
    digits: np.ndarray
    noise: np.ndarray

    @classmethod
    def draw(cls, count: int, noise: int, seed: int = 0) -> Views:
        """`count` views for a policy with `noise` noise channels, the same for the same seed."""
        if count < 1:
            raise ValueError(f"a policy needs at least one view, got {count}")
        rng = np.random.default_rng(seed)
        symmetries = [Symmetry.identity(), *(Symmetry.random(rng) for _ in range(count - 1))]
        draws = rng.standard_normal((count, 9, 9, 9, noise)).astype(np.float16)
        draws[0] = 0
        return cls(
            cells=np.stack([np.asarray(s.cell_map()) for s in symmetries]).astype(np.int64),
            digits=np.array([s.digits for s in symmetries], np.int64),
            noise=draws,
        )

    def __len__(self) -> int:
        return len(self.cells)

    @property
    def inverse_cells(self) -> np.ndarray:
        """[v, 81]: where in the image each cell of the puzzle went."""
        return np.argsort(self.cells, axis=1)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer a puzzle: `probabilities` [b, 81, 9] float32, `grid` [b, 81] int64 with the givens
    kept, `passes` [b] int64 over all views tried, `view` [b] int64, `valid` [b] bool."""

    probabilities: Tensor
    grid: Tensor
    passes: Tensor
    view: Tensor
    valid: Tensor


class FirstState(nn.Module):
    """Puzzle [b, 81] and the noise of one view [1, 9, 9, 9, z] -> state [b, 9, 9, 9, d] and
    kinds int64 [b, 9, 9, 9]."""

    def __init__(self, policy: Policy) -> None:
        super().__init__()
        self.policy = policy

    def forward(self, puzzle_bk: Tensor, noise_brcnz: Tensor) -> tuple[Tensor, Tensor]:
        dtype = next(self.policy.parameters()).dtype
        kind = self.policy.kinds(puzzle_bk)
        return self.policy.first_state(kind, noise_brcnz.to(dtype)), kind


class Pass(nn.Module):
    """State and kinds -> the next state, and its probabilities [b, 81, 9] float32."""

    def __init__(self, policy: Policy) -> None:
        super().__init__()
        self.policy = policy

    def forward(self, h_brcnd: Tensor, kind_brcn: Tensor) -> tuple[Tensor, Tensor]:
        h = self.policy.block(h_brcnd, kind_brcn)
        return h, torch.softmax(self.policy.logits(h).float(), dim=-1)


def givens_mask(puzzle_bk: Tensor) -> Tensor:
    """[b, 81, 9] float32: 1 where a given stands, for a grid that keeps its givens."""
    digits = torch.arange(1, 10, device=puzzle_bk.device)
    return (puzzle_bk.unsqueeze(-1) == digits).float()


def follows_rules(shown_bkn: Tensor) -> Tensor:
    """[b] bool: does the largest digit of each cell make a grid with all digits in all units?"""
    chosen = nn.functional.one_hot(shown_bkn.argmax(-1), 9).float()
    units = torch.zeros(27, 81, device=shown_bkn.device)
    units[torch.arange(27).unsqueeze(1), torch.tensor(UNITS)] = 1
    return (units @ chosen).amin((1, 2)) > 0.5


class PolicyWithViews(nn.Module):
    """The policy and its views as one module; `forward` is the reference of the export."""

    def __init__(self, policy: Policy, views: Views) -> None:
        super().__init__()
        self.views = views
        self.first = FirstState(policy)
        self.step = Pass(policy)

    @torch.inference_mode()
    def forward(
        self, puzzle_bk: Tensor, passes: int, views: int | None = None, start: int = 0
    ) -> Answer:
        """Answers with views `start` to `start + views - 1`, each for at most `passes` passes."""
        b = len(puzzle_bk)
        views = min(views or len(self.views), len(self.views) - start)
        probabilities = torch.zeros(b, 81, 9)
        best, view, spent = torch.full((b,), -1.0), torch.zeros(b).long(), torch.zeros(b).long()
        rows = torch.arange(b)
        for v in range(start, start + views):
            if not len(rows):
                break
            found, taken, still = self._view(puzzle_bk[rows], v, passes)
            sure = found.amax(-1).mean(-1) + RIGHT
            sure[still] -= RIGHT
            better = sure > best[rows]
            probabilities[rows[better]], best[rows[better]] = found[better], sure[better]
            view[rows[better]] = v
            spent[rows] += taken
            rows = rows[still]
        shown = probabilities + 2 * givens_mask(puzzle_bk)
        return Answer(
            probabilities=probabilities,
            grid=shown.argmax(-1) + 1,
            passes=spent,
            view=view,
            valid=follows_rules(shown),
        )

    def _view(self, puzzle_bk: Tensor, v: int, passes: int) -> tuple[Tensor, Tensor, Tensor]:
        """Probabilities undone [b, 81, 9], passes taken [b] and the rows left unsolved."""
        digits = torch.from_numpy(self.views.digits[v])
        image = digits[puzzle_bk[:, torch.from_numpy(self.views.cells[v])]]
        givens = 2 * givens_mask(image)
        state, kind = self.first(image, torch.from_numpy(self.views.noise[v : v + 1]))
        found, taken = torch.zeros(len(image), 81, 9), torch.zeros(len(image)).long()
        still = torch.arange(len(image))
        for t in range(passes):
            state, now = self.step(state, kind)
            found[still], taken[still] = now, t + 1
            wrong = ~follows_rules(now + givens[still])
            state, kind, still = state[wrong], kind[wrong], still[wrong]
            if not len(still):
                break
        inverse = torch.from_numpy(self.views.inverse_cells[v])
        return found[:, inverse][:, :, digits[1:] - 1], taken, still
