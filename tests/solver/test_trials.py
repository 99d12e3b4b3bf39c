"""The depth of puzzles: the hardest ones known are deep, others not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from solver import _bands
from solver._compiled import compiled
from solver._trials import DEEP, SWEEPS, depth
from solver.exact import solve
from solver.formats import read_argument
from solver.generate import generate

PUZZLES = Path(__file__).parents[2] / "puzzles"
_depth = compiled(depth)


def depth_of(name: str) -> int:
    record = next(iter(read_argument(str(PUZZLES / name))))
    stack, gone = np.zeros(_bands.STACK, np.int64), np.zeros(729, np.int64)
    cells = np.array(record.givens.cells, np.int64)
    return int(_depth(cells, stack, gone, _bands.compiled_tables()))


@pytest.mark.parametrize(
    "name", ["easter-monster", "fata-morgana", "golden-nugget", "inkala-2012", "platinum-blonde"]
)
def test_the_hardest_puzzles_known_are_deep(name: str) -> None:
    assert depth_of(f"famous/{name}.sdk") >= DEEP


@pytest.mark.parametrize("level", ["hard", "extreme"])
def test_puzzles_that_need_guesses_alone_are_not(level: str) -> None:
    assert 0 < depth_of(f"{level}/{level}-01.sdk") < DEEP / 2


def test_singles_need_no_trial() -> None:
    assert depth_of("easy/easy-01.sdk") == 0


def test_no_candidate_counts_more_often_than_there_are_sweeps() -> None:
    for puzzle in generate(20, seed=7).puzzles.tolist():
        stack, gone = [0] * _bands.STACK, [0] * 729
        found = depth(puzzle, stack, gone, _bands.plain_tables())
        assert 0 <= found <= SWEEPS * 8 * puzzle.count(0)


def test_plain_python_finds_the_same_depth() -> None:
    stack, gone = np.zeros(_bands.STACK, np.int64), np.zeros(729, np.int64)
    for puzzle in generate(10, seed=3, mode="hard", min_rating=10).puzzles.astype(np.int64):
        plain = depth(puzzle.tolist(), [0] * _bands.STACK, [0] * 729, _bands.plain_tables())
        assert plain == _depth(puzzle, stack, gone, _bands.compiled_tables())


def test_a_trial_never_takes_the_solution_away() -> None:
    """What the sweeps leave of the candidates holds the solution's digit in every cell."""
    for puzzle in generate(5, seed=9, mode="hard", min_rating=10).puzzles.tolist():
        stack = [0] * _bands.STACK
        depth(puzzle, stack, [0] * 729, _bands.plain_tables())
        solution = solve(puzzle)
        assert solution is not None
        for cell, digit in enumerate(solution.tolist()):
            assert stack[9 * (cell // 27) + digit - 1] >> (cell % 27) & 1
