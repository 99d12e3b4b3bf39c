"""Decoding step by step, and the summary of a set of puzzles."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from training.measure.validate import (
    NotFiniteError,
    by_label,
    decode,
    measure,
    summary,
    with_solved,
)

SOLUTION = torch.tensor([[(r * 3 + r // 3 + c) % 9 + 1 for r in range(9) for c in range(9)]])


def oracle(puzzle: Tensor) -> Tensor:
    """Sure of the right digit everywhere."""
    return torch.nn.functional.one_hot(SOLUTION - 1, 9).float().expand(len(puzzle), -1, -1) * 30


def timid(puzzle: Tensor) -> Tensor:
    """Right, and never very sure: the surest cell is the first."""
    return oracle(puzzle) / 30 * torch.linspace(3, 2, 81)[:, None]


def stubborn(puzzle: Tensor) -> Tensor:
    """Sure of a 1 everywhere."""
    return torch.nn.functional.one_hot(torch.zeros(len(puzzle), 81, dtype=torch.long), 9) * 30.0


def blank(*cells: int) -> Tensor:
    puzzle = SOLUTION.clone()
    puzzle[0, list(cells)] = 0
    return puzzle


def test_sure_cells_are_placed_at_once() -> None:
    calls = []

    def counted(puzzle: Tensor) -> Tensor:
        calls.append(len(puzzle))
        return oracle(puzzle)

    assert torch.equal(decode(counted, blank(*range(40))), SOLUTION)
    assert calls == [1]


def test_the_surest_cell_is_placed_where_none_is_sure() -> None:
    seen: list[list[int]] = []

    def watched(puzzle: Tensor) -> Tensor:
        seen.append((puzzle[0] == 0).nonzero().flatten().tolist())
        return timid(puzzle)

    assert torch.equal(decode(watched, blank(5, 50, 20)), SOLUTION)
    assert seen == [[5, 20, 50], [20, 50], [50]]


def test_a_grid_that_breaks_a_rule_is_given_up() -> None:
    grids = decode(stubborn, torch.cat([blank(1, 2), blank(0)]))
    # cell 0 held the 1 of its row: the second puzzle needs a 1 there and nowhere else
    assert grids[0, 1:3].tolist() == [1, 1]
    assert torch.equal(grids[1:], SOLUTION)


def test_decoding_keeps_the_givens() -> None:
    puzzle = torch.cat([blank(3, 4), blank(80)])
    grids = decode(stubborn, puzzle)
    assert bool(((puzzle == 0) | (grids == puzzle)).all())


def test_one_cell_is_placed_where_several_are_equally_sure() -> None:
    def flat(puzzle: Tensor) -> Tensor:
        return oracle(puzzle) / 30

    seen: list[int] = []

    def watched(puzzle: Tensor) -> Tensor:
        seen.append(int((puzzle == 0).sum()))
        return flat(puzzle)

    assert torch.equal(decode(watched, blank(5, 50, 20)), SOLUTION)
    assert seen == [3, 2, 1]


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_answers_that_are_no_numbers_are_refused(value: float) -> None:
    def broken(puzzle: Tensor) -> Tensor:
        return torch.full((len(puzzle), 81, 9), value)

    with pytest.raises(NotFiniteError):
        decode(broken, blank(1, 2))
    with pytest.raises(NotFiniteError):
        measure(broken, blank(1), SOLUTION - 1, 1)


def test_the_summary_of_a_right_and_a_wrong_answer() -> None:
    def half(puzzle: Tensor) -> Tensor:
        out = oracle(puzzle).clone()
        out[1] = out[1].roll(1, -1)  # the second grid is another one, and against its givens
        return out

    puzzle, target = torch.cat([blank(0), blank(1)]), (SOLUTION - 1).expand(2, -1)
    table = with_solved(measure(half, puzzle, target, 2), half, puzzle, 2, torch.arange(2))
    figures = summary(table)
    assert figures["grid_acc"] == 0.5
    assert figures["cell_acc"] == 0.5
    assert figures["valid"] == 0.5
    assert figures["violations"] == 0
    assert figures["confidence"] == pytest.approx(1)
    assert figures["ece"] == pytest.approx(0.5)
    assert figures["sure"] == 1
    assert figures["sure_wrong"] == 0.5
    assert figures["solve_rate"] == 0.5


def test_a_solve_rate_that_was_not_measured_is_no_number() -> None:
    table = measure(oracle, blank(0), SOLUTION - 1, 1)
    assert math.isnan(summary(table)["solve_rate"])
    assert summary(table)["grid_acc"] == 1


def test_levels_without_puzzles_are_left_out() -> None:
    puzzle, target = torch.cat([blank(0)] * 3), (SOLUTION - 1).expand(3, -1)
    found = by_label(measure(oracle, puzzle, target, 2), np.array(["easy", "hard", "easy"]))
    assert {level: figures["puzzles"] for level, figures in found.items()} == {"easy": 2, "hard": 1}
