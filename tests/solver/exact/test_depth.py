"""The depth of puzzles: the hardest ones known are deep, others not."""

from __future__ import annotations

from pathlib import Path

import pytest

from solver.exact import solve
from solver.exact.bands import place_of
from solver.exact.depth import STACK, SWEEPS, depth, depths
from solver.exact.lanes import get, lane, new_stack
from solver.formats import read_argument
from solver.generator.chunks import generate

PUZZLES = Path(__file__).parents[3] / "puzzles"


def depth_of(name: str) -> int:
    [record] = read_argument(str(PUZZLES / name))
    return int(depths([record.givens.cells])[0])


@pytest.mark.parametrize(
    "name", ["easter-monster", "fata-morgana", "golden-nugget", "inkala-2012", "platinum-blonde"]
)
def test_the_hardest_puzzles_known_are_deep(name: str) -> None:
    assert depth_of(f"famous/{name}.sdk") >= 500


@pytest.mark.parametrize("level", ["hard", "extreme"])
def test_puzzles_that_need_guesses_alone_are_not(level: str) -> None:
    assert 0 < depth_of(f"{level}/{level}-01.sdk") < 250


def test_singles_need_no_trial() -> None:
    assert depth_of("easy/easy-01.sdk") == 0


def test_no_candidate_counts_more_often_than_there_are_sweeps() -> None:
    for puzzle in generate(20, seed=7).puzzles.tolist():
        found = depth(puzzle, 0, new_stack(STACK, compiled=False), [0] * 729)
        assert 0 <= found <= SWEEPS * 8 * puzzle.count(0)


def test_plain_python_finds_the_same_depth(monkeypatch: pytest.MonkeyPatch) -> None:
    puzzles = generate(10, seed=3, mode="hard", min_rating=10).puzzles
    compiled = depths(puzzles)
    monkeypatch.setattr("solver.exact.compiled.available", lambda: False)
    assert depths(puzzles).tolist() == compiled.tolist()
    assert compiled.max() > 0


def test_a_trial_never_takes_the_solution_away() -> None:
    """What the sweeps leave of the candidates holds the solution's digit in every cell."""
    for puzzle in generate(5, seed=9, mode="hard", min_rating=10).puzzles.tolist():
        stack = new_stack(STACK, compiled=False)
        depth(puzzle, 0, stack, [0] * 729)
        solution = solve(puzzle)
        assert solution is not None
        for cell, digit in enumerate(solution.tolist()):
            assert lane(get(stack, cell // 27), digit - 1) >> place_of(cell) & 1


def test_a_depth_that_cant_be_reached_is_given_up_below_it() -> None:
    for puzzle in generate(5, seed=9, mode="hard", min_rating=10).puzzles.tolist():
        stack, gone = new_stack(STACK, compiled=False), [0] * 729
        whole = depth(puzzle, 0, stack, gone)
        assert depth(puzzle, whole, stack, gone) == whole
        assert depth(puzzle, whole + 1, stack, gone) <= whole
