"""What a solution is, and how often a grid breaks a rule, for many grids at once."""

from __future__ import annotations

import numpy as np
import pytest

from solver.board.rules import duplicates_many, solved_many

ROW = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
FULL = np.array([int(digit) for digit in ROW])
BLANK = np.zeros(81, int)
LATIN = np.array([(row + column) % 9 + 1 for row in range(9) for column in range(9)])
"""Each digit once in each row and column, and not in the boxes."""


def solved(grid: np.ndarray, givens: np.ndarray = BLANK) -> bool:
    return bool(solved_many(grid[None], givens[None])[0])


def with_digit(cell: int, digit: int) -> np.ndarray:
    grid = FULL.copy()
    grid[cell] = digit
    return grid


def test_a_full_grid_without_a_broken_rule_is_a_solution_of_what_it_holds() -> None:
    assert solved(FULL)
    assert solved(FULL, FULL)
    assert solved(FULL, np.where(np.arange(81) % 3, FULL, 0))


def test_a_grid_that_changes_any_one_given_is_no_solution() -> None:
    for cell in range(81):
        givens = BLANK.copy()
        givens[cell] = FULL[cell] % 9 + 1
        assert not solved(FULL, givens)


def test_a_grid_with_any_one_other_digit_is_no_solution() -> None:
    grids = [with_digit(cell, digit) for cell in range(81) for digit in range(-1, 12)]
    same = [digit == FULL[cell] for cell in range(81) for digit in range(-1, 12)]
    assert solved_many(grids, np.zeros((len(grids), 81), int)).tolist() == same


@pytest.mark.parametrize("turned", [False, True])
def test_rows_columns_and_boxes_each_hold_all_digits(turned: bool) -> None:
    rows = np.tile(np.arange(1, 10), 9)
    for grid in (LATIN, rows, np.full(81, 5)):
        assert not solved(grid.reshape(9, 9).T.ravel() if turned else grid)


def test_each_digit_that_a_unit_holds_again_counts_once() -> None:
    rows = np.tile(np.arange(1, 10), 9)
    assert duplicates_many([FULL, BLANK]).tolist() == [0, 0]
    assert duplicates_many([LATIN]).tolist() == [9 * 3]  # three in each box
    assert duplicates_many([rows]).tolist() == [9 * 1 + 9 * 3]  # in columns, in boxes
    assert duplicates_many([np.full(81, 5)]).tolist() == [27]


def test_a_pair_counts_in_each_unit_that_it_shares() -> None:
    pairs = {(0, 8): 1, (0, 72): 1, (0, 10): 1, (0, 1): 2, (0, 9): 2, (0, 40): 0}
    for (one, other), units in pairs.items():
        for digit in range(1, 10):
            grid = BLANK.copy()
            grid[[one, other]] = digit
            assert duplicates_many([grid]).tolist() == [units]
