"""The exact engine against a SAT solver: as many solutions, and the same one where it is the only.

pytest --slow tests/solver/exact/test_against_sat.py
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from solver import exact
from solver.generator.chunks import generate

pysat = pytest.importorskip("pysat.solvers")

Puzzles = npt.NDArray[np.int64]


def literal(cell: int, digit: int) -> int:
    return 9 * cell + digit


def rules() -> Iterator[list[int]]:
    """Each cell holds a digit, and each unit each digit at most once."""
    grid = np.arange(81).reshape(9, 9)
    boxes = grid.reshape(3, 3, 3, 3).swapaxes(1, 2).reshape(9, 9)
    for cell in range(81):
        yield [literal(cell, digit) for digit in range(1, 10)]
        yield from (
            [-literal(cell, a), -literal(cell, b)] for a, b in combinations(range(1, 10), 2)
        )
    for unit in (*grid, *grid.T, *boxes):
        for one, other in combinations(unit.tolist(), 2):
            yield from ([-literal(one, digit), -literal(other, digit)] for digit in range(1, 10))


class Sat:
    """A SAT solver that keeps the rules and takes puzzles as assumptions."""

    def __init__(self) -> None:
        self.solver: Any = pysat.Cadical153(bootstrap_with=rules())
        self.switch = literal(80, 9)

    def solutions(self, puzzle: list[int]) -> list[list[int]]:
        """Up to two solutions."""
        self.switch += 1  # turns the clause on that rules this puzzle's first solution out
        given = [literal(cell, digit) for cell, digit in enumerate(puzzle) if digit]
        found: list[list[int]] = []
        while len(found) < 2 and self.solver.solve(assumptions=[*given, self.switch]):
            true = [one for one in self.solver.get_model()[: literal(80, 9)] if one > 0]
            self.solver.add_clause([-self.switch, *(-one for one in true)])
            found.append([(one - 1) % 9 + 1 for one in true])
        return found


def some_puzzles(count: int, seed: int) -> Puzzles:
    """Proper puzzles, as many short of one to three clues, and as many with a wrong clue."""
    third = -(-count // 3)
    random = np.random.default_rng(seed)
    half = third // 2
    proper = np.concatenate(
        [
            generate(half, seed, "minimal").puzzles,
            generate(third - half, seed, "mixed").puzzles,
        ]
    ).astype(np.int64)
    short, wrong = proper.copy(), proper.copy()
    for row in range(third):
        clues = np.flatnonzero(proper[row])
        short[row, random.choice(clues, random.integers(1, 4), replace=False)] = 0
        wrong[row, random.choice(clues)] = random.integers(1, 10)
    return np.concatenate([proper, short, wrong])[:count]


def keeps_rules(grid: npt.NDArray[np.int8], puzzle: npt.NDArray[np.int64]) -> bool:
    rows = grid.reshape(9, 9)
    boxes = rows.reshape(3, 3, 3, 3).swapaxes(1, 2).reshape(9, 9)
    units = np.concatenate([rows, rows.T, boxes])
    held = bool(((puzzle == 0) | (puzzle == grid)).all())
    return held and bool((np.sort(units, axis=1) == np.arange(1, 10)).all())


def disagreements(puzzles: Puzzles) -> list[str]:
    """The puzzles of which the engine, many at once, says something else than the SAT solver."""
    sat = Sat()
    wrong = []
    kinds = {0: 0, 1: 0, 2: 0}
    for puzzle, grid, count in zip(puzzles, *exact.solve_many(puzzles), strict=True):
        expected = sat.solutions(puzzle.tolist())
        kinds[len(expected)] += 1
        right = count == len(expected) and (not count or keeps_rules(grid, puzzle))
        if not right or (count == 1 and grid.tolist() != expected[0]):
            wrong.append("".join(map(str, puzzle)))
    assert min(kinds.values()) > 0, f"a kind of puzzle is missing: {kinds}"
    return wrong


def test_the_sat_solver_finds_the_solutions_of_puzzles_solved_by_hand() -> None:
    puzzle = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
    solution = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
    sat = Sat()
    cells = [int(digit) if digit != "." else 0 for digit in puzzle]
    assert sat.solutions(cells) == [[int(digit) for digit in solution]]
    assert sat.solutions([5, *cells[1:8], 5, *cells[9:]]) == []
    assert len(sat.solutions([0] * 81)) == 2
    assert sat.solutions(cells) == [[int(digit) for digit in solution]]


def test_the_engine_agrees_with_a_sat_solver() -> None:
    assert disagreements(some_puzzles(300, seed=1)) == []


@pytest.mark.slow
def test_the_engine_agrees_with_a_sat_solver_on_10_000_puzzles() -> None:
    assert disagreements(some_puzzles(10_000, seed=2)) == []


@pytest.mark.slow
def test_one_at_a_time_the_engine_agrees_with_a_sat_solver() -> None:
    sat = Sat()
    for puzzle in some_puzzles(1_000, seed=3).tolist():
        found = {tuple(grid) for grid in exact.solutions(puzzle, limit=2).tolist()}
        expected = sat.solutions(puzzle)
        assert len(found) == len(expected)
        assert len(expected) != 1 or found == {tuple(expected[0])}
