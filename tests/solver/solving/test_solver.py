"""Every answer is right, says how it was reached, and comes with the steps that lead to it."""

from __future__ import annotations

import numpy as np
import pytest

from solver import exact
from solver.board.grid import Grid
from solver.board.rules import duplicates_many, solved_many
from solver.logic.techniques import Technique
from solver.solving.answer import answer_many
from solver.solving.solution import Status
from solver.solving.solver import Solver
from tests.solver import puzzles
from tests.solver.policies import clueless, policy_that, sure_of


def test_a_policy_that_is_right_is_believed() -> None:
    solution = Solver(sure_of(puzzles.SINGLES_SOLVED, 0.9)).solve(puzzles.SINGLES)
    assert (solution.status, solution.method) == (Status.SOLVED, "policy")
    assert solution.grid == Grid.parse(puzzles.SINGLES_SOLVED)
    assert solution.confidence == pytest.approx(0.9)
    assert (solution.passes, solution.view, solution.guesses) == (5, 0, 0)
    assert solution.provider == "CPUExecutionProvider"


@pytest.mark.parametrize("line", puzzles.ALL)
def test_a_policy_that_is_wrong_is_corrected_by_search(line: str) -> None:
    solution = Solver(clueless()).solve(line)
    assert (solution.status, solution.method) == (Status.SOLVED, "search")
    assert solution.grid is not None
    assert solution.grid.solved
    assert solution.grid.keeps(Grid.parse(line))
    assert solution.attempt is not None
    assert solution.attempt.violations()


def test_a_policy_that_is_right_up_to_one_cell_is_not_believed() -> None:
    wrong = "4" + puzzles.SINGLES_SOLVED[1:]
    solution = Solver(sure_of(wrong)).solve(puzzles.SINGLES)
    assert solution.method == "search"
    assert solution.grid == Grid.parse(puzzles.SINGLES_SOLVED)
    assert solution.attempt is not None
    assert str(solution.attempt.violations()[0]).startswith("two 4s in row 1")


def test_probabilities_that_are_no_numbers_still_give_the_right_answer() -> None:
    nothing = policy_that(lambda puzzles: np.full((len(puzzles), 81, 9), np.nan))
    solution = Solver(nothing).solve(puzzles.SINGLES)
    assert solution.grid == Grid.parse(puzzles.SINGLES_SOLVED)
    assert solution.confidence == 0.0
    assert len(solution.steps) == 81 - Grid.parse(puzzles.SINGLES).clues


def test_a_puzzle_with_several_solutions_gets_two_of_them() -> None:
    solution = Solver(sure_of(puzzles.SINGLES_SOLVED)).solve(puzzles.TWO_SOLUTIONS)
    assert (solution.status, solution.method) == (Status.SEVERAL, "policy")
    assert solution.grid == Grid.parse(puzzles.SINGLES_SOLVED)
    assert solution.second is not None
    assert solution.second.solved
    assert solution.second != solution.grid
    assert solution.second.keeps(solution.puzzle)


def test_a_puzzle_without_a_solution_has_no_grid_but_shows_the_attempt() -> None:
    solution = Solver(clueless()).solve(puzzles.NO_SOLUTION)
    assert (solution.status, solution.grid) == (Status.NO_SOLUTION, None)
    assert solution.confidence == 0.0
    assert len(solution.steps) == 81 - Grid.parse(puzzles.NO_SOLUTION).clues
    assert solution.steps[-1].violations


def test_a_puzzle_without_exactly_one_solution_is_looked_at_in_one_view(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    policy, asked = clueless(), []
    ask = policy.predict

    def predict(array: np.ndarray, batch: int | None, stop: object, views: int | None) -> object:
        asked.append((len(array), views))
        return ask(array, batch, stop, views)

    monkeypatch.setattr(policy, "predict", predict)
    lines = [puzzles.SINGLES, puzzles.BROKEN, puzzles.NO_SOLUTION, puzzles.TWO_SOLUTIONS]
    Solver(policy).solve_many(np.array([Grid.parse(line).cells for line in lines]))
    assert asked == [(1, None), (2, 1)]


def test_an_attempt_is_told_from_the_surest_cell_on_in_any_order() -> None:
    digits = np.array([int(c) for c in puzzles.SINGLES_SOLVED])
    said = np.zeros((81, 9), np.float32)
    said[np.arange(81), digits - 1] = np.random.default_rng(1).uniform(0.5, 1, 81)
    policy = policy_that(lambda cells: np.repeat(said[None], len(cells), axis=0))
    puzzle = Grid.parse(puzzles.SINGLES)
    wrong = next(
        grid
        for digit in puzzle.candidates(0) - {int(digits[0])}
        if not exact.count_solutions(grid := puzzle.place(0, digit))
    )
    steps = Solver(policy, order="logic").solve(wrong).steps
    assert any(step.reason.logical for step in steps)
    sure = [int(100 * step.confidence) for step in steps]
    assert sure == sorted(sure, reverse=True)


def test_givens_that_break_a_rule_are_invalid_and_not_tried() -> None:
    solution = Solver(clueless()).solve(puzzles.BROKEN)
    assert (solution.status, solution.grid) == (Status.INVALID, None)
    assert (solution.method, solution.attempt, solution.steps) == (None, None, ())


def test_many_puzzles_come_back_in_their_order_whatever_becomes_of_each() -> None:
    lines = [puzzles.SINGLES, puzzles.BROKEN, puzzles.NO_SOLUTION, puzzles.BEYOND_LOGIC] * 12
    array = np.array([Grid.parse(line).cells for line in lines])
    solutions = Solver(sure_of(puzzles.SINGLES_SOLVED)).solve_many(array)
    assert [s.puzzle.line() for s in solutions] == lines
    expected = [Status.SOLVED, Status.INVALID, Status.NO_SOLUTION, Status.SOLVED] * 12
    assert [s.status for s in solutions] == expected
    assert [s.method for s in solutions[:4]] == ["policy", None, "search", "search"]
    assert Solver(clueless()).solve_many(np.zeros((0, 81), int)) == []


@pytest.mark.parametrize("grid", ["123", "q" * 81, [1] * 80, [10] * 81])
def test_what_is_no_grid_is_an_error(grid: object) -> None:
    with pytest.raises(ValueError, match=r"grid|cell|character"):
        Solver(clueless()).solve(grid)  # type: ignore[arg-type]


def test_an_unknown_order_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown order 'luck'"):
        Solver(clueless(), order="luck")


class TestSteps:
    @pytest.mark.parametrize("order", ["confidence", "logic"])
    @pytest.mark.parametrize("line", puzzles.ALL[::2])
    def test_they_lead_from_the_puzzle_to_the_answer_without_a_violation(
        self, line: str, order: str
    ) -> None:
        solution = Solver(clueless(), order=order).solve(line)
        grid = solution.puzzle
        for step in solution.steps:
            assert grid[step.cell] == 0
            grid = grid.place(step.cell, step.digit)
            assert step.violations == grid.violations() == ()
        assert grid == solution.grid

    def test_in_order_of_confidence_the_surest_cell_comes_first(self) -> None:
        rng = np.random.default_rng(3)
        digits = np.array([int(c) for c in puzzles.SINGLES_SOLVED])
        said = np.full((81, 9), 0.01, np.float32)
        said[np.arange(81), digits - 1] = 0.5 + 0.5 * rng.random(81)
        policy = policy_that(lambda batch: np.repeat(said[None], len(batch), 0))
        solver = Solver(policy, order="confidence")
        sure = [int(step.confidence * 100) for step in solver.steps(puzzles.SINGLES)]
        assert sure == sorted(sure, reverse=True)

    def test_in_order_of_logic_singles_explain_what_singles_solve(self) -> None:
        solution = Solver(clueless(), order="logic").solve(puzzles.SINGLES)
        assert {step.reason.technique.level for step in solution.steps} == {"easy"}
        assert solution.logic_share == (len(solution.steps), len(solution.steps))

    def test_where_logic_ends_the_policy_or_the_search_decides_and_is_counted(self) -> None:
        by_policy = Solver(sure_of(puzzles.BEYOND_LOGIC_SOLVED), order="logic")
        solution = by_policy.solve(puzzles.BEYOND_LOGIC)
        techniques = [step.reason.technique for step in solution.steps]
        assert Technique.POLICY in techniques
        assert Technique.SEARCH not in techniques
        logical, count = solution.logic_share
        assert logical == count - techniques.count(Technique.POLICY) < count

    def test_the_search_decides_where_the_policy_prefers_another_digit(self) -> None:
        shifted = "".join(str(int(digit) % 9 + 1) for digit in puzzles.BEYOND_LOGIC_SOLVED)
        for policy, technique in (
            (sure_of(shifted), Technique.SEARCH),
            (clueless(), Technique.POLICY),  # whose first choice is right for the 1s
        ):
            steps = Solver(policy).steps(puzzles.BEYOND_LOGIC)
            decided = [step for step in steps if not step.reason.logical]
            assert {step.reason.technique for step in decided} == {technique}
            assert all(step.disputed is (technique is Technique.SEARCH) for step in decided)
            depths = [step.depth for step in decided]
            assert depths == [step.reason.depth for step in decided]
            assert depths == list(range(1, len(decided) + 1))

    def test_the_runner_up_is_the_likeliest_other_digit(self) -> None:
        step = Solver(clueless()).solve(puzzles.SINGLES).steps[0]
        assert step.runner_up is not None
        other, likely = step.runner_up
        assert other != step.digit
        assert likely == pytest.approx(0.12 if step.digit != 1 else 0.11)
        assert step.disputed is (step.digit != 1)


class TestChecks:
    def test_solved_means_complete_within_the_rules_and_keeping_the_givens(self) -> None:
        right = np.array(Grid.parse(puzzles.SINGLES_SOLVED).cells)
        givens = np.array(Grid.parse(puzzles.SINGLES).cells)
        blank, twice = right.copy(), right.copy()
        blank[0] = 0
        twice[0] = right[1]
        relabelled = np.where(right == 1, 2, np.where(right == 2, 1, right))
        grids = np.stack([right, blank, twice, relabelled])
        assert solved_many(grids, givens[None]).tolist() == [True, False, False, False]
        assert solved_many(relabelled[None], np.zeros((1, 81), int)).tolist() == [True]

    def test_as_many_duplicates_are_counted_as_a_grid_names(self) -> None:
        grids = np.zeros((3, 81), int)
        grids[1, [0, 1]] = 5  # a pair in row 1 and in box 1
        grids[2, :9] = 7  # 36 pairs in row 1, 3 in each of three boxes
        assert duplicates_many(grids).tolist() == [0, 2, 4]
        assert duplicates_many(grids).tolist() == [len(Grid(g).violations()) for g in grids]


def test_many_puzzles_get_the_same_answers_as_few() -> None:
    lines = [*puzzles.ALL, puzzles.TWO_SOLUTIONS, puzzles.NO_SOLUTION, puzzles.BROKEN, "." * 81]
    cells = np.array([Grid.parse(line).cells for line in lines])
    few = answer_many(clueless(), cells)
    many = answer_many(clueless(), np.tile(cells, (4, 1)))
    assert many.status == few.status * 4
    assert np.array_equal(many.grids, np.tile(few.grids, (4, 1)))
    assert np.array_equal(many.guesses, np.tile(few.guesses, 4))
    several = np.tile([status is Status.SEVERAL for status in few.status], 4)
    assert solved_many(many.second, many.puzzles)[several].all()
    assert (many.second != many.grids).any(1)[several].all()
    assert not many.second[~several].any()
