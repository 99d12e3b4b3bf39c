"""A pattern of a chain follows from what stands before it, and is the pattern that it is called."""

from __future__ import annotations

import numpy as np
import pytest

from solver import exact
from solver.board.grid import Grid
from solver.logic.deduction import follows
from solver.logic.pencil import Pencil
from solver.logic.steps import steps_to
from solver.logic.techniques import Technique
from tests.solver import puzzles

ONCE_WRONG = "98.7..6..75.4.......3.9..7.8...79.3..3.2..7.......4..13....21...9..5..8.........6"
"""In the order of confidence, an XY-wing was named here with a pincer of one candidate."""
OF_OPEN_CELLS = {
    Technique.XY_WING,
    Technique.XYZ_WING,
    Technique.NAKED_PAIR,
    Technique.NAKED_TRIPLE,
    Technique.NAKED_QUAD,
}
"""Techniques that speak of cells with two candidates or more."""


@pytest.mark.parametrize("line", [ONCE_WRONG, puzzles.BEYOND_LOGIC, puzzles.XY_WING])
@pytest.mark.parametrize("seed", range(4))
def test_in_any_order_of_cells_every_pattern_is_true_where_it_is_named(
    line: str, seed: int
) -> None:
    puzzle = Grid.parse(line)
    answer = Grid(exact.solutions(puzzle)[0])
    sure = np.random.default_rng(seed).random((81, 9)).astype(np.float32)
    grid, patterns = puzzle, 0
    for step in steps_to(puzzle, answer, sure, order="confidence"):
        pencil = Pencil.of(grid)
        for pattern in step.reason.after:
            patterns += 1
            sizes = {pencil.masks[cell].bit_count() for cell in pattern.cells}
            if pattern.technique in OF_OPEN_CELLS:
                assert min(sizes) >= 2, str(pattern)
            if pattern.technique is Technique.XY_WING:
                assert sizes == {2}
            for candidate in pattern.eliminations:
                assert pencil.has(candidate)
                assert follows(candidate, pattern.premises, pencil.masks, pattern.guardians)
            pencil.remove(pattern.eliminations)
        grid = grid.place(step.cell, step.digit)
    assert patterns > 0
    assert grid == answer


def test_no_pattern_stands_on_one_that_is_told_after_it() -> None:
    """In the easiest order too: here a chain once stood on a later one."""
    puzzle = Grid.parse(
        "7.8...3.....6.1...5.........4.....263...8.......1...9..9.2....4....7.5..........."
    )
    sure = np.random.default_rng(0).random((81, 9)).astype(np.float32)
    grid = puzzle
    for step in steps_to(puzzle, Grid(exact.solutions(puzzle)[0]), sure):
        pencil = Pencil.of(grid)
        for pattern in step.reason.after:
            for candidate in pattern.eliminations:
                assert follows(candidate, pattern.premises, pencil.masks, pattern.guardians)
            pencil.remove(pattern.eliminations)
        if step.cell == 64:
            return
        grid = grid.place(step.cell, step.digit)
    raise AssertionError("r8c2 has a step")
