"""The policy with its views, in torch: what the exported graph must compute.

A view is a Sudoku symmetry of the puzzle together with a supposition. The policy is equivariant
under every symmetry, so a symmetry alone changes nothing: what tells views apart is what they
suppose. View 0 is the puzzle itself and supposes nothing. Where it gets stuck, each later view
starts again with one candidate taken for given: the next of those that view 0 doubts most. A right
supposition is often the step that was missing; a wrong one leads to no grid that keeps the rules,
and costs its passes.

Views are tried one after the other, each for at most `passes` passes, and a puzzle stops at the
first pass whose grid is right by the rules. What no view solves is answered by view 0, which alone
believes all that it says.

Dimension letters: v view, b batch, n digit, k cell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from solver.board.symmetry import Symmetry
from training.measure.metrics import violations
from training.network.base import Network, unroll


@dataclass(frozen=True, kw_only=True)
class Views:
    """The symmetries of some views.

    `cells` [v, 81]: the cell of the puzzle that cell i of the image shows; `digits` [v, 10]: the
    image of each digit, 0 kept.
    """

    cells: np.ndarray
    digits: np.ndarray

    @classmethod
    def draw(cls, count: int, seed: int = 0) -> Views:
        """`count` views, the same for the same seed."""
        if count < 1:
            raise ValueError(f"a policy needs at least one view, got {count}")
        rng = np.random.default_rng(seed)
        symmetries = [Symmetry.identity(), *(Symmetry.random(rng) for _ in range(count - 1))]
        return cls(
            cells=np.stack([np.asarray(s.cell_map()) for s in symmetries]).astype(np.int64),
            digits=np.array([s.digits for s in symmetries], np.int64),
        )

    def __len__(self) -> int:
        return len(self.cells)

    @property
    def inverse_cells(self) -> np.ndarray:
        """[v, 81]: where in the image each cell of the puzzle went."""
        return np.argsort(self.cells, axis=1)

    @property
    def places(self) -> np.ndarray:
        """[v, 9]: the place, from 0, of each digit's image."""
        places: np.ndarray = self.digits[:, 1:] - 1
        return places


@dataclass(frozen=True, kw_only=True)
class Sharpness:
    """Powers to which the probabilities of an answer are raised, before they are made to sum to 1
    again: of a grid that is `right` by the rules, and of one that is `wrong`. `export.calibrate`
    finds them; 1 leaves the policy's own."""

    right: float = 1.0
    wrong: float = 1.0

    def of(self, probabilities_bkn: Tensor, valid_b: Tensor) -> Tensor:
        """Probabilities [b, 81, 9] of answers, sharpened by whether they are `valid_b` [b]."""
        power = torch.where(valid_b, self.right, self.wrong).view(-1, 1, 1)
        # by the largest first, so that no power makes all of them 0
        sharp = (probabilities_bkn / probabilities_bkn.amax(-1, keepdim=True)) ** power
        return sharp / sharp.sum(-1, keepdim=True)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer a puzzle: `probabilities` [b, 81, 9] float32, `grid` [b, 81] int64 with the givens
    kept, `passes` [b] int64 over all views tried, `view` [b] int64, `valid` [b] bool."""

    probabilities: Tensor
    grid: Tensor
    passes: Tensor
    view: Tensor
    valid: Tensor


def givens_mask(puzzle_bk: Tensor) -> Tensor:
    """[b, 81, 9] float32: 1 where a given stands, for a grid that keeps its givens."""
    digits = torch.arange(1, 10, device=puzzle_bk.device)
    return (puzzle_bk.unsqueeze(-1) == digits).float()


def follows_rules(shown_bkn: Tensor) -> Tensor:
    """[b] bool: does the largest digit of each cell make a grid with all digits in all units?"""
    return violations(shown_bkn.argmax(-1)) == 0


def doubts(probabilities_bkn: Tensor) -> Tensor:
    """[b, 81, 9] float32: how much each candidate is in doubt, which is what it adds to the entropy
    of its cell, times that entropy."""
    terms = torch.special.entr(probabilities_bkn)
    out: Tensor = terms * terms.sum(-1, keepdim=True)
    return out


@dataclass(kw_only=True)
class Stage:
    """Puzzles on their way from view to view, in their own frame.

    `puzzle` [b, 81]; `doubt` [b, 81, 9] float32 of the candidates of blanks that were not supposed
    yet, else 0. Before the first view there is no doubt.
    """

    puzzle: Tensor
    doubt: Tensor
    untouched: bool = True

    def take(self, rows: Tensor) -> Stage:
        """Some of them."""
        return Stage(
            puzzle=self.puzzle[rows],
            doubt=self.doubt[rows],
            untouched=self.untouched,
        )

    def suppose(self) -> Tensor:
        """The puzzles [b, 81] with the candidate of the most doubt filled in, which from now on is
        doubted no more; as they are where there is no doubt."""
        most = self.doubt.flatten(1).argmax(1)
        here = nn.functional.one_hot(most, 729).view(-1, 81, 9) * (self.doubt > 0)
        self.doubt = torch.where(here > 0, 0, self.doubt)
        return self.puzzle + (here * torch.arange(1, 10)).sum(-1)

    def settle(self, found: Tensor) -> None:
        """After the first view: its probabilities [b, 81, 9] are what later views doubt."""
        if self.untouched:
            self.doubt = doubts(found) * (self.puzzle == 0).unsqueeze(-1)
            self.untouched = False


class PolicyWithViews(nn.Module):
    """The policy and its views as one module; `forward` is the reference of the export."""

    def __init__(self, policy: Network, views: Views, sharpness: Sharpness | None = None) -> None:
        super().__init__()
        self.views, self.sharpness = views, sharpness or Sharpness()
        self.policy = policy

    def begin(self, puzzle_bk: Tensor) -> Stage:
        """Puzzles before their first view."""
        return Stage(puzzle=puzzle_bk, doubt=torch.zeros(*puzzle_bk.shape, 9))

    @torch.inference_mode()
    def forward(
        self, puzzle_bk: Tensor, passes: int, views: int | None = None, start: int = 0
    ) -> Answer:
        """Answers with views `start` to `start + views - 1`, each for at most `passes` passes.

        The first of them, whichever it is, supposes nothing.
        """
        b = len(puzzle_bk)
        views = min(views or len(self.views), len(self.views) - start)
        probabilities = torch.zeros(b, 81, 9)
        view, spent = torch.zeros(b).long(), torch.zeros(b).long()
        rows, stage = torch.arange(b), self.begin(puzzle_bk)
        for v in range(start, start + views):
            if not len(rows):
                break
            found, taken, solved = self.look(stage, v, passes)
            answers = solved | (v == start)
            probabilities[rows[answers]] = found[answers]
            view[rows[answers]] = v
            spent[rows] += taken
            left = (~solved).nonzero().flatten()
            rows, stage = rows[left], stage.take(left)
        shown = probabilities + 2 * givens_mask(puzzle_bk)
        valid = follows_rules(shown)
        return Answer(
            probabilities=self.sharpness.of(probabilities, valid),
            grid=shown.argmax(-1) + 1,
            passes=spent,
            view=view,
            valid=valid,
        )

    @torch.inference_mode()
    def look(self, stage: Stage, v: int, passes: int) -> tuple[Tensor, Tensor, Tensor]:
        """Look at puzzles in view v: probabilities [b, 81, 9], passes taken [b] and whether solved
        [b], all in the puzzles' own frame. `stage` becomes what the next view starts with."""
        views = self.views
        puzzle = stage.suppose()
        image = torch.from_numpy(views.digits[v])[puzzle[:, torch.from_numpy(views.cells[v])]]
        givens = 2 * givens_mask(image)
        found, taken = torch.zeros(len(image), 81, 9), torch.zeros(len(image)).long()
        solved = torch.zeros(len(image), dtype=torch.bool)

        def answered(rows: Tensor, logits: Tensor) -> Tensor:
            found[rows] = torch.softmax(logits, -1)
            taken[rows] += 1
            solved[rows] = follows_rules(found[rows] + givens[rows])
            return solved[rows]

        for _ in unroll(self.policy, image, passes, until=answered):
            pass
        found = found[:, torch.from_numpy(views.inverse_cells[v])]
        found = found[:, :, torch.from_numpy(views.places[v])]
        stage.settle(found)
        return found, taken, solved
