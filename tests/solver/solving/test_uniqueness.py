"""The switch for people who don't take it as given that a puzzle has one solution."""

from __future__ import annotations

import pytest

from solver.logic.techniques import UNIQUENESS, Technique
from solver.solving.solution import Solution
from solver.solving.solver import Solver
from tests.solver import puzzles


def techniques(solution: Solution) -> set[Technique]:
    return {deduction.technique for step in solution.steps for deduction in step.reason.after}


@pytest.fixture(scope="module")
def told() -> dict[bool, Solution]:
    solvers = {on: Solver(device="cpu", uniqueness=on) for on in (True, False)}
    return {on: solver.solve(puzzles.NAKED_TRIPLE) for on, solver in solvers.items()}


def test_without_uniqueness_no_reason_counts_on_one_solution(told: dict[bool, Solution]) -> None:
    assert techniques(told[True]) & UNIQUENESS
    assert not techniques(told[False]) & UNIQUENESS


def test_without_uniqueness_all_is_still_explained(told: dict[bool, Solution]) -> None:
    placed, steps = told[False].logic_share
    assert placed == steps == len(told[True].steps)


def test_a_hint_without_uniqueness_never_names_a_unique_rectangle() -> None:
    for on in (True, False):
        solver = Solver(device="cpu", uniqueness=on)
        solution = solver.solve(puzzles.NAKED_TRIPLE)
        grid, hints = solution.puzzle, []
        while not grid.complete:
            hint = solver.hint(solution.puzzle, grid)
            assert hint.step is not None
            hints.append(hint.grades[-1])
            grid = grid.place(hint.step.cell, hint.step.digit)
        assert any("unique rectangle" in text for text in hints) is on
