"""A puzzle's clues: what is missing, spare or contradictory is named, and nothing else."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from solver.board.grid import Grid
from solver.exact import count_solutions
from solver.solving.clues import Clue, diagnose, missing_clues

FULL = "123456789456789123789123456231674895875912364694538217317265948542897631968341572"
EASY = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"


def with_clues(grid: Grid, clues: tuple[Clue, ...]) -> list[int]:
    cells = list(grid.cells)
    for cell, digit in clues:
        cells[cell] = digit
    return cells


def test_each_single_clue_that_leaves_one_solution_is_named() -> None:
    grid = Grid.parse(EASY[:78] + "...")
    missing, fewest = missing_clues(grid)
    wanted = {
        ((cell, digit),)
        for cell, digit in product(range(81), range(1, 10))
        if not grid[cell] and count_solutions(with_clues(grid, ((cell, digit),))) == 1
    }
    assert fewest
    assert {*missing} == wanted
    assert wanted


def test_where_no_clue_is_enough_each_pair_is_named() -> None:
    two_swaps = Grid.parse(FULL.replace("1", ".").replace("2", "."))
    missing, fewest = missing_clues(two_swaps)
    blanks = [(cell, digit) for cell in range(81) if not two_swaps[cell] for digit in (1, 2)]
    assert not any(count_solutions(with_clues(two_swaps, (clue,))) == 1 for clue in blanks)
    wanted = {
        pair
        for pair in combinations(blanks, 2)
        if pair[0][0] != pair[1][0] and count_solutions(with_clues(two_swaps, pair)) == 1
    }
    assert fewest
    assert {*missing} == wanted


def test_clues_found_greedily_leave_one_solution_and_each_is_needed() -> None:
    grid = Grid.parse(EASY[:27] + 54 * ".")
    [clues], fewest = missing_clues(grid)
    assert not fewest
    assert count_solutions(with_clues(grid, clues)) == 1
    for clue in clues:
        rest = tuple(other for other in clues if other != clue)
        assert count_solutions(with_clues(grid, rest)) == 2


def test_solutions_are_listed_up_to_the_limit_and_more_are_told() -> None:
    grid = Grid.parse(EASY[:45] + 36 * ".")
    found = diagnose(grid, 5)
    assert len({tuple(solution) for solution in found.solutions.tolist()}) == 5
    assert found.more
    one = diagnose(Grid.parse(EASY), 5)
    assert (len(one.solutions), one.more, one.missing, one.conflict) == (1, False, (), ())


def test_spare_clues_are_those_that_could_go_and_together_those_that_all_could() -> None:
    found = diagnose(Grid.parse(FULL))
    assert len(found.spare) == 81
    assert {*found.together} <= {*found.spare}
    left = [0 if (cell, int(d)) in found.together else int(d) for cell, d in enumerate(FULL)]
    assert count_solutions(left) == 1


@pytest.mark.parametrize("line", ["11" + 79 * ".", EASY[:2] + "2" + EASY[3:]])
def test_a_conflict_has_no_solution_and_each_clue_of_it_is_needed(line: str) -> None:
    found = diagnose(Grid.parse(line))
    assert len(found.solutions) == 0
    cells = with_clues(Grid([0] * 81), found.conflict)
    assert count_solutions(cells) == 0
    for cell, _ in found.conflict:
        assert count_solutions([0 if at == cell else d for at, d in enumerate(cells)]) > 0
