"""Metrics on grids worked by hand."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from training.measure.metrics import Calibration, entropy, keeps_rules, score, violations
from training.network.losses import constraint, cross_entropy

SOLVED = torch.tensor([[(r * 3 + r // 3 + c) % 9 for r in range(9) for c in range(9)]])
"""A right grid, digits from 0 to 8."""


def certain(grid: Tensor, sureness: float = 50.0) -> Tensor:
    return torch.nn.functional.one_hot(grid, 9).float() * sureness


def swapped() -> Tensor:
    """The right grid with the first two cells of row 1 (digits 0 and 1) swapped.

    Row and box stay right; column 1 now has two 1s and no 0, column 2 two 0s and no 1: two pairs.
    """
    grid = SOLVED.clone()
    grid[0, 0], grid[0, 1] = 1, 0
    return grid


def test_a_right_grid_has_no_violation() -> None:
    assert violations(SOLVED).tolist() == [0]


def test_a_swap_in_a_row_breaks_two_columns() -> None:
    assert violations(swapped()).tolist() == [2]


def test_a_wrong_cell_counts_in_each_of_its_units() -> None:
    grid = SOLVED.clone()
    grid[0, 0] = 8  # row 1 has its 8 at the far end, column 1 and box 1 have one each too
    assert violations(grid).tolist() == [3]


def test_a_grid_of_ones_has_36_pairs_in_each_of_27_units() -> None:
    assert violations(torch.zeros(1, 81, dtype=torch.long)).tolist() == [27 * 36]


def test_a_grid_keeps_the_rules_only_with_its_givens() -> None:
    puzzle = torch.zeros(1, 81, dtype=torch.long)
    assert keeps_rules(puzzle, SOLVED).item()
    puzzle[0, 0] = 1  # the digit that is there
    assert keeps_rules(puzzle, SOLVED).item()
    puzzle[0, 0] = 2
    assert not keeps_rules(puzzle, SOLVED).item()
    assert not keeps_rules(torch.zeros_like(puzzle), swapped()).item()


def test_entropy_of_knowing_nothing_is_ln_9() -> None:
    assert entropy(torch.full((2, 81, 9), 1 / 9)).tolist() == pytest.approx([math.log(9)] * 2)
    assert entropy(certain(SOLVED, 1.0)).tolist() == [0.0]


def test_scores_of_a_swap() -> None:
    scores = score(torch.zeros(1, 81, dtype=torch.long), SOLVED, certain(swapped()))
    assert scores.cells.item() == pytest.approx(79 / 81)
    assert not scores.grid.item()
    assert not scores.valid.item()
    assert scores.violations.item() == 2
    assert scores.confidence.item() == pytest.approx(1)
    assert scores.loss.item() == pytest.approx(2 * 50 / 81)


def test_another_solution_is_valid_but_not_right() -> None:
    other = (SOLVED + 1) % 9
    scores = score(torch.zeros(1, 81, dtype=torch.long), SOLVED, certain(other))
    assert scores.valid.item()
    assert not scores.grid.item()


def test_calibration_error_is_the_gap_of_each_bin_weighted() -> None:
    calibration = Calibration.empty()
    assert calibration.error() == 0
    # three answers at 0.9 of which two are right, one at 0.5 that is wrong
    calibration.add(torch.tensor([0.9, 0.9, 0.9, 0.5]), torch.tensor([1, 1, 0, 0]))
    assert calibration.error() == pytest.approx((abs(2 - 2.7) + abs(0 - 0.5)) / 4)


def test_calibration_counts_full_confidence() -> None:
    calibration = Calibration.empty()
    calibration.add(torch.ones(4), torch.tensor([1, 1, 1, 0]))
    assert calibration.error() == pytest.approx(0.25)


def test_cross_entropy_of_knowing_nothing_is_ln_9() -> None:
    assert cross_entropy(torch.zeros(3, 81, 9), SOLVED.expand(3, -1)).item() == pytest.approx(
        math.log(9)
    )


def test_the_constraint_loss_of_a_certain_right_grid_is_nought() -> None:
    assert constraint(certain(SOLVED)).item() == pytest.approx(0, abs=1e-9)


def test_the_constraint_loss_counts_squared_digits_a_unit() -> None:
    # two columns have a digit twice and another not at all: four counts off by one, of 27 x 9
    assert constraint(certain(swapped())).item() == pytest.approx(4 / 243)
    # all cells the same digit: in each unit one count 9, eight counts 0
    ones = certain(torch.zeros(1, 81, dtype=torch.long))
    assert constraint(ones).item() == pytest.approx((64 + 8) / 9)


def test_the_constraint_loss_pulls_towards_the_rules() -> None:
    logits = torch.zeros(1, 81, 9)
    logits[0, 0, 3] = logits[0, 1, 3] = 1.0
    logits.requires_grad_()
    constraint(logits).backward()
    assert logits.grad is not None
    assert logits.grad[0, 0, 3] > 0
