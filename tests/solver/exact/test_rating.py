"""Ratings: 0 for singles alone, else guesses, the same each time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from solver.board.grid import Grid
from solver.exact.bands import load
from solver.exact.canonical import canonical_many
from solver.exact.lanes import new_stack
from solver.exact.rating import IMPROPER, STACK, count_guesses, rate, rate_many

SINGLES = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
INKALA = "8..........36......7..9.2...5...7.......457.....1...3...1....68..85...1..9....4.."
SOLVED = "123456789456789123789123456231674895875912364694538217317265948542897631968341572"


def test_what_singles_solve_is_rated_0() -> None:
    assert rate(Grid.parse(SINGLES)) == 0
    assert rate(Grid.parse(SOLVED)) == 0


def test_a_known_hard_puzzle_needs_hundreds_of_guesses() -> None:
    assert 100 < rate(Grid.parse(INKALA)) < 1000


def test_a_second_solution_ends_the_search_after_two_guesses() -> None:
    """Any search tries one cell's two digits, and both lead on by singles alone."""
    grid = Grid.parse(SOLVED)
    for cell in _deadly_rectangle(grid):
        grid = grid.clear(cell)
    stack = new_stack(STACK, compiled=False)
    load(grid.cells, stack)
    assert count_guesses(stack, [1, 2], 1 << 40) == (2, 2)


NONE_AT_ALL = "1234567.." + "........8" + "." * 63
IMPROPER_GRIDS = ["." * 81, "." * 80 + "1", SOLVED[:27] + "." * 54, NONE_AT_ALL]


@pytest.mark.parametrize("line", IMPROPER_GRIDS)
def test_a_puzzle_without_exactly_one_solution_has_no_rating(line: str) -> None:
    grid = Grid.parse(line)
    with pytest.raises(
        ValueError, match=r"a puzzle with (no|more than one) solution has no rating"
    ):
        rate(grid)
    for copies in (1, 40):
        assert rate_many([grid.cells] * copies).tolist() == [IMPROPER] * copies
    forms = canonical_many([grid.cells] * 2)
    assert np.count_nonzero(forms[0]) == grid.clues
    assert np.array_equal(forms[0], forms[1])


def _deadly_rectangle(grid: Grid) -> tuple[int, int, int, int]:
    """Four cells in two rows, two columns and two boxes that hold two digits crosswise."""
    for one in range(81):
        for other in range(one // 9 * 9 + 9):
            row, below = one // 9 * 9, other // 9 * 9
            left, right = one % 9, other % 9
            cells = (row + left, row + right, below + left, below + right)
            same_band = row // 27 == below // 27
            same_stack = left // 3 == right // 3
            if left != right and row != below and same_band != same_stack:
                a, b, c, d = (grid[cell] for cell in cells)
                if a == d and b == c:
                    return cells
    raise AssertionError("no such rectangle")


def test_a_rating_depends_on_the_seed_alone() -> None:
    puzzle = Grid.parse(INKALA)
    assert rate(puzzle) == rate(puzzle)
    assert rate(puzzle, seed=1) == rate(puzzle, seed=1)
    assert len({rate(puzzle, seed) for seed in range(5)}) > 1


def test_plain_and_compiled_ratings_are_the_same() -> None:
    puzzles = [Grid.parse(SINGLES), Grid.parse(INKALA), Grid.parse(SOLVED)]
    for seed in (0, 7):
        many = rate_many(np.array([puzzle.cells for puzzle in puzzles]), seed)
        assert many.dtype == np.int32
        assert many.tolist() == [rate(puzzle, seed) for puzzle in puzzles]


def test_a_puzzle_is_rated_the_same_alone_and_among_others() -> None:
    puzzle = np.array([Grid.parse(INKALA).cells])
    assert rate_many(np.repeat(puzzle, 3, axis=0)).tolist() == [rate_many(puzzle)[0]] * 3


@pytest.mark.shared
def test_lists_rank_as_their_names_say(shared: Path) -> None:
    def median(name: str) -> float:
        lines = (shared / "lists" / f"{name}.sdm").read_text().split()[:200]
        return float(np.median(rate_many([Grid.parse(line).cells for line in lines])))

    names = ("qqwing_easy", "qqwing_intermediate", "magictour_top1465", "hardest_11plus.dev")
    medians = [median(name) for name in names]
    assert medians == sorted(medians)
    assert medians[0] == 0
    assert medians[-1] > 100
