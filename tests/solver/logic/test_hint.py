"""Hints say more with each grade, are true, and see digits that are wrong."""

from __future__ import annotations

import pytest

from solver.board.grid import Grid, cell_name
from solver.solving.solver import Solver
from tests.solver import puzzles
from tests.solver.policies import clueless, sure_of


def test_only_the_last_grade_tells_the_digit_of_a_single() -> None:
    hint = Solver(clueless()).hint(puzzles.SINGLES)
    assert hint.step is not None
    cell = cell_name(hint.step.cell)
    first, second, third = hint.grades
    assert cell not in first
    assert cell in second
    assert third.startswith(f"Write {hint.step.digit} at {cell}: ")
    assert str(hint) == third
    assert puzzles.SINGLES_SOLVED[hint.step.cell] == str(hint.step.digit)


def test_following_hints_solves_a_puzzle() -> None:
    solver = Solver(clueless())
    puzzle = grid = Grid.parse(puzzles.NAKED_TRIPLE)
    while not grid.complete:
        step = solver.hint(puzzle, grid).step
        assert step is not None
        grid = grid.place(step.cell, step.digit)
    assert grid.solved


def test_a_pattern_is_named_before_the_cell_it_leads_to() -> None:
    solver, grid = Solver(clueless()), Grid.parse(puzzles.XY_WING)
    while True:
        hint = solver.hint(puzzles.XY_WING, grid)
        assert hint.step is not None
        if hint.step.reason.after:
            break
        grid = grid.place(hint.step.cell, hint.step.digit)
    assert hint.step.reason.technique.value in hint.grades[0]
    assert cell_name(hint.step.cell) not in hint.grades[0]
    assert cell_name(hint.step.cell) in hint.grades[1]


def test_where_no_pattern_is_left_the_policy_speaks() -> None:
    solver = Solver(sure_of(puzzles.BEYOND_LOGIC_SOLVED))
    grid = Grid.parse(puzzles.BEYOND_LOGIC)
    while (step := solver.hint(puzzles.BEYOND_LOGIC, grid).step) and step.reason.logical:
        grid = grid.place(step.cell, step.digit)
    hint = solver.hint(puzzles.BEYOND_LOGIC, grid)
    assert hint.grades[0].startswith("No simple pattern is left here.")
    assert "policy (0.90; next best" in hint.grades[2]


def test_where_the_policy_errs_a_hint_does_not_call_it_sure() -> None:
    others = "".join(str(int(digit) % 9 + 1) for digit in puzzles.BEYOND_LOGIC_SOLVED)
    solver, grid = Solver(sure_of(others)), Grid.parse(puzzles.BEYOND_LOGIC)
    while (step := solver.hint(puzzles.BEYOND_LOGIC, grid).step) and step.reason.logical:
        grid = grid.place(step.cell, step.digit)
    assert step is not None
    _, second, third = solver.hint(puzzles.BEYOND_LOGIC, grid).grades
    cell = cell_name(step.cell)
    assert second.endswith(f"Search found the digits; of these the policy is surest at {cell}.")
    assert third.startswith(f"Write {step.digit} at {cell}: search, depth 1 (0.01; ")
    assert third.endswith(f"; the policy preferred {step.digit % 9 + 1} at 0.90).")


def test_one_pattern_helps_and_several_candidates_help() -> None:
    solver, puzzle = Solver(clueless()), Grid.parse(puzzles.XY_WING)
    grid, said = puzzle, set[str]()
    while not grid.complete:
        hint = solver.hint(puzzle, grid)
        assert hint.step is not None
        said.add(hint.grades[0])
        grid = grid.place(hint.step.cell, hint.step.digit)
    assert "Look for locked candidates; they help in box 2." in said
    assert "Look for an XY-wing; it helps in box 2." in said


def test_wrong_digits_come_before_any_step() -> None:
    state = Grid.parse(puzzles.SINGLES).place(0, 9).place(80, 1)
    hint = Solver(clueless()).hint(puzzles.SINGLES, state)
    assert hint.step is None
    assert hint.wrong == (0, 80)
    assert hint.grades == (
        "2 digits are wrong: look at box 1, box 9.",
        "2 digits are wrong: r1c1, r9c9.",
        "Take away 9 from r1c1, 1 from r9c9.",
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (puzzles.TWO_SOLUTIONS, "several solutions"),
        (puzzles.NO_SOLUTION, "no solution"),
        (puzzles.BROKEN, "givens that break a rule"),
        (puzzles.SINGLES_SOLVED, "the puzzle is solved"),
    ],
)
def test_there_is_no_hint_without_a_step_to_take(line: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Solver(clueless()).hint(line)


def test_a_state_that_changes_a_given_gets_no_hint() -> None:
    given = puzzles.SINGLES.index("6")
    state = Grid.parse(puzzles.SINGLES).place(given, 7)
    with pytest.raises(ValueError, match="changes a given"):
        Solver(clueless()).hint(puzzles.SINGLES, state)
