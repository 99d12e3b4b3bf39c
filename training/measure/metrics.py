"""Every metric, defined once. All are of a batch of grids; digits are counted from 0 to 8."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

BINS = 15


def unit_counts(grid_bk: Tensor, digits: int = 9) -> Tensor:
    """How often each digit is in each unit, int64 [b, 27, n]; grid [b, 81] int64, 0 to n - 1."""
    cell_brcn = functional.one_hot(grid_bk, digits).view(-1, 9, 9, digits)
    boxes = cell_brcn.view(-1, 3, 3, 3, 3, digits).sum((2, 4)).flatten(1, 2)
    return torch.cat([cell_brcn.sum(2), cell_brcn.sum(1), boxes], 1)


def violations(grid_bk: Tensor) -> Tensor:
    """Pairs of equal digits in a unit, int64 [b]; a pair in a box and a row counts twice."""
    counts = unit_counts(grid_bk)
    return (counts * (counts - 1) // 2).sum((1, 2))


def keeps_rules(puzzle_bk: Tensor, grid_bk: Tensor) -> Tensor:
    """Whether a full grid keeps the givens and breaks no rule, bool [b].

    Puzzle [b, 81] with 0 for blanks, 1 to 9; grid [b, 81] from 0 to 8.
    """
    given = ((puzzle_bk == 0) | (puzzle_bk == grid_bk + 1)).all(1)
    return given & (violations(grid_bk) == 0)


def entropy(probability_bkn: Tensor) -> Tensor:
    """Mean over the cells of the entropy in nats, float [b]; probabilities [b, 81, 9]."""
    out: Tensor = torch.special.entr(probability_bkn).sum(-1).mean(-1)
    return out


@dataclass
class Calibration:
    """Counts by equal bins of confidence, for the expected calibration error (Guo 2017)."""

    total: Tensor
    confidence: Tensor
    right: Tensor

    @classmethod
    def empty(cls) -> Calibration:
        """No answers yet."""
        return cls(*(torch.zeros(BINS, dtype=torch.float64) for _ in range(3)))

    def add(self, confidence: Tensor, right: Tensor) -> None:
        """Answers of any shape: how sure each was in [0, 1], and whether it was right."""
        sure = confidence.flatten().double().cpu()
        bins = (sure * BINS).long().clamp(0, BINS - 1)
        self.total += torch.bincount(bins, minlength=BINS).double()
        self.confidence += torch.bincount(bins, sure, BINS)
        self.right += torch.bincount(bins, right.flatten().double().cpu(), BINS)

    def error(self) -> float:
        """Mean over all answers of |share right - mean confidence| of their bin; 0 for none."""
        if not float(self.total.sum()):
            return 0.0
        return float((self.right - self.confidence).abs().sum() / self.total.sum())


@dataclass(frozen=True)
class Scores:
    """What is known of each grid after one forward pass, each of shape [b]."""

    cells: Tensor
    grid: Tensor
    valid: Tensor
    confidence: Tensor
    least: Tensor
    entropy: Tensor
    violations: Tensor
    loss: Tensor


def score(puzzle_bk: Tensor, target_bk: Tensor, logits_bkn: Tensor) -> Scores:
    """Score one forward pass.

    Puzzle [b, 81] (0 blank), target [b, 81] (0 to 8), logits [b, 81, 9]. `cells` is the share of
    the 81 cells that are right; `grid` whether all are; `valid` whether the argmax grid keeps
    the givens and the rules; `confidence` the mean over the cells of the highest probability,
    `least` its minimum; `loss` the mean cross-entropy in nats.
    """
    log_p = torch.log_softmax(logits_bkn.float(), -1)
    p = log_p.exp()
    confidence, answer = p.max(-1)
    right = answer == target_bk
    return Scores(
        cells=right.float().mean(1),
        grid=right.all(1),
        valid=keeps_rules(puzzle_bk, answer),
        confidence=confidence.mean(1),
        least=confidence.min(1).values,
        entropy=entropy(p),
        violations=violations(answer),
        loss=-log_p.gather(2, target_bk.unsqueeze(2)).flatten(1).mean(1),
    )
