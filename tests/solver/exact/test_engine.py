"""The exact engine: solutions, how many there are, and search led by weights."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from solver import exact
from solver.board.grid import Grid

SOLVED = "123456789456789123789123456231674895875912364694538217317265948542897631968341572"
EASY = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
EASY_SOLVED = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
HARD = "8..........36......7..9.2...5...7.......457.....1...3...1....68..85...1..9....4.."

LISTS = (
    "hardest_11plus.dev",
    "17_clue.dev",
    "magictour_top1465",
    "sudocue_top50000.dev",
    "norvig_easy50",
    "norvig_top95",
    "norvig_hardest11",
    "qqwing_simple",
    "qqwing_easy",
    "qqwing_intermediate",
    "qqwing_expert",
)


def cells(line: str) -> tuple[int, ...]:
    return Grid.parse(line).cells


def line(grid: npt.NDArray[np.int8] | None) -> str:
    assert grid is not None
    return Grid(grid).line()


def read(path: Path) -> npt.NDArray[np.int8]:
    return np.array([cells(text[:81]) for text in path.read_text().split()], dtype=np.int8)


def test_a_puzzle_is_solved_as_by_hand() -> None:
    assert line(exact.solve(cells(EASY))) == EASY_SOLVED
    assert exact.count_solutions(cells(EASY)) == 1


def test_a_solution_keeps_the_givens_and_the_rules() -> None:
    solution = Grid(exact.solutions(cells(HARD))[0])
    assert solution.solved
    assert solution.keeps(Grid.parse(HARD))


def test_a_solved_grid_is_its_own_solution() -> None:
    assert line(exact.solve(cells(SOLVED))) == SOLVED


def test_a_grid_that_breaks_a_rule_has_no_solution() -> None:
    broken = Grid.parse(EASY).place(2, 5)
    assert exact.solve(broken) is None
    assert exact.count_solutions(broken) == 0
    assert exact.solutions(broken).shape == (0, 81)


def test_a_grid_can_keep_the_rules_and_have_no_solution() -> None:
    grid = Grid([0] * 81)
    for column in range(8):
        grid = grid.place(column, column + 1)
    stuck = grid.place(17, 9)  # r1c9 needs the 9 that its box holds
    assert not stuck.violations()
    assert exact.count_solutions(stuck) == 0


def test_two_rows_of_a_band_that_swap_two_digits_make_two_solutions() -> None:
    grid = Grid.parse(SOLVED)
    corners = [c for c in range(81) if grid[c] in (1, 2)]
    ambiguous = grid
    for cell in corners:
        ambiguous = ambiguous.clear(cell)
    found = exact.solutions(ambiguous, limit=10)
    assert line(found[0]) != line(found[1])
    swapped = SOLVED.translate(str.maketrans("12", "21"))
    assert {SOLVED, swapped} <= {line(grid) for grid in found}
    assert all(Grid(grid).solved for grid in found)


@pytest.mark.parametrize("limit", [1, 2, 16, 17, 100])
def test_solutions_are_different_and_stop_at_the_limit(limit: int) -> None:
    found = exact.solutions([0] * 81, limit=limit)
    assert found.shape == (limit, 81)
    assert len({line(grid) for grid in found}) == limit
    assert all(Grid(grid).solved for grid in found)
    assert exact.count_solutions([0] * 81, limit) == limit


def test_search_with_the_solution_as_weights_never_goes_back() -> None:
    solution = exact.solutions(cells(HARD))[0]
    weights = np.zeros((81, 9))
    weights[np.arange(81), solution - 1] = 1.0
    found, guesses = exact.search(cells(HARD), weights)
    worst, more = exact.search(cells(HARD), -weights)
    assert line(found) == line(worst) == line(solution)
    assert 0 < guesses < more


def test_search_of_a_puzzle_without_solution_finds_none() -> None:
    assert exact.search(Grid.parse(EASY).place(2, 5), np.ones((81, 9)))[0] is None


@pytest.mark.parametrize("bad", [[0] * 80, [10] + [0] * 80, [-1] + [0] * 80])
def test_what_is_no_grid_is_refused(bad: list[int]) -> None:
    with pytest.raises(ValueError, match="81 digits from 0 to 9"):
        exact.solve(bad)


def test_wrong_shapes_and_limits_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\[n, 81\], not \[81\]"):
        exact.solve_many(np.zeros(81, np.int8))
    with pytest.raises(ValueError, match="81 digits from 0 to 9"):
        exact.solve_many(np.full((2, 81), 10))
    with pytest.raises(ValueError, match=r"\[81, 9\], not \[9, 81\]"):
        exact.search([0] * 81, np.ones((9, 81)))
    with pytest.raises(ValueError, match="1 or more, not 0"):
        exact.count_solutions([0] * 81, 0)


def test_the_batch_form_agrees_with_one_by_one() -> None:
    broken = Grid.parse(EASY).place(2, 5).line()
    lines = [EASY, HARD, SOLVED, broken, "." * 81]
    solutions, counts = exact.solve_many(np.array([cells(text) for text in lines]))
    assert counts.tolist() == [1, 1, 1, 0, 2]
    assert (solutions.dtype, counts.dtype) == (np.int8, np.int8)
    assert not solutions[3].any()
    for text, solution in zip(lines, solutions, strict=True):
        if text != broken:
            assert line(exact.solve(cells(text))) == line(solution)


def test_an_empty_batch_gives_empty_arrays() -> None:
    solutions, counts = exact.solve_many(np.zeros((0, 81), np.int8))
    assert (solutions.shape, counts.shape) == ((0, 81), (0,))


def test_many_are_searched_as_one_is() -> None:
    lines = [HARD, EASY.replace("5", "."), "1234567.." + "........8" + "." * 63]
    many = np.array([cells(puzzle) for puzzle in lines])
    weights = np.random.default_rng(0).random((3, 81, 9))
    found, guesses = exact.search_many(many, weights)
    for row in range(3):
        one, taken = exact.search(many[row], weights[row])
        assert np.array_equal(found[row], np.zeros(81) if one is None else one)
        assert guesses[row] == taken
    with pytest.raises(ValueError, match=r"\[3, 81, 9\], not \[2, 81, 9\]"):
        exact.search_many(many, weights[:2])


def test_a_few_puzzles_never_load_the_compiler() -> None:
    code = (
        "import sys, solver.generator.chunks; from solver import exact\n"
        "from solver.exact.canonical import canonical_many\n"
        f"puzzle = {cells(EASY)}\n"
        "exact.solve(puzzle), exact.rate(puzzle), canonical_many([puzzle])\n"
        "exact.solve_many([puzzle] * 9), exact.rate_many([puzzle] * 9)\n"
        "assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.shared
@pytest.mark.parametrize("name", LISTS)
def test_every_real_puzzle_has_one_solution(shared: Path, name: str) -> None:
    puzzles = read(shared / "lists" / f"{name}.sdm")
    solutions, counts = exact.solve_many(puzzles)
    assert (counts == 1).all()
    assert ((puzzles == 0) | (puzzles == solutions)).all()
    grids = solutions.reshape(-1, 9, 9)
    boxes = grids.reshape(-1, 3, 3, 3, 3).transpose(0, 1, 3, 2, 4).reshape(-1, 9, 9)
    for units in (grids, grids.transpose(0, 2, 1), boxes):
        assert (np.sort(units, axis=2) == np.arange(1, 10)).all()


@pytest.mark.shared
def test_puzzles_with_several_solutions_are_found_out(shared: Path) -> None:
    counts = exact.solve_many(read(shared / "bad" / "multi_solution.sdm"))[1]
    assert (counts == 2).all()


@pytest.mark.shared
@pytest.mark.parametrize("name", ["hardest_11plus.dev", "17_clue.dev"])
def test_plain_python_takes_less_than_a_second_for_any(shared: Path, name: str) -> None:
    for puzzle in read(shared / "lists" / f"{name}.sdm")[::150]:
        started = time.process_time()
        assert exact.count_solutions(puzzle) == 1
        assert time.process_time() - started < 1.0
