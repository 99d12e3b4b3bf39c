"""The public API: its names, its examples, and what importing it loads."""

from __future__ import annotations

import asyncio
import doctest
import importlib
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import solver
from solver import Grid, Solution, Solver, count_solutions, load, rate
from tests.solver import puzzles
from tests.solver.policies import clueless

PROMISED = {"Grid", "Solver", "Violation", "count_solutions", "generate", "load", "rate"}


def test_the_public_names_are_sorted_and_all_there() -> None:
    assert solver.__all__ == sorted(solver.__all__)
    assert set(solver.__all__) >= PROMISED
    for name in solver.__all__:
        assert callable(getattr(solver, name))
        assert getattr(solver, name).__doc__
    assert set(solver.__all__) <= set(dir(solver))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'solev'"):
        _ = solver.solev  # type: ignore[attr-defined]


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(solver.__file__).parent / "py.typed").is_file()


SOURCE = Path(solver.__file__).parent
EXAMPLES = [
    ".".join(("solver", *path.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__")
    for path in sorted(SOURCE.rglob("*.py"))
    if "    >>> " in (text := path.read_text(encoding="utf-8")) or "\n>>> " in text
]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_in_the_docstrings_hold(name: str) -> None:
    results = doctest.testmod(importlib.import_module(name))
    assert results.failed == 0
    assert results.attempted > 0


def test_load_reads_a_file_or_a_grid(tmp_path: Path) -> None:
    file = tmp_path / "two.sdm"
    file.write_text(f"{puzzles.SINGLES}\n{puzzles.XY_WING}\n", encoding="utf-8")
    assert load(file) == [Grid.parse(puzzles.SINGLES), Grid.parse(puzzles.XY_WING)]
    assert load(puzzles.SINGLES) == [Grid.parse(puzzles.SINGLES)]
    file.write_text(f"{puzzles.SINGLES}\n\n123\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"two\.sdm, line 3"):
        load(file)


def test_solutions_are_counted_and_ratings_are_for_puzzles_with_one() -> None:
    assert count_solutions(puzzles.SINGLES) == 1
    assert count_solutions(puzzles.TWO_SOLUTIONS) == 2
    assert count_solutions(puzzles.NO_SOLUTION) == 0
    assert rate(puzzles.SINGLES) == 0
    assert rate(puzzles.BEYOND_LOGIC) == rate(puzzles.BEYOND_LOGIC, seed=0) > 0
    with pytest.raises(ValueError, match="more than one solution"):
        rate(puzzles.TWO_SOLUTIONS)


def test_what_is_printed_of_results_is_short() -> None:
    solver = Solver(clueless())
    solution = solver.solve(puzzles.SINGLES)
    step, hint = solution.steps[0], solver.hint(puzzles.SINGLES)
    assert repr(solution).startswith(
        f"Solution('solved', grid='{puzzles.SINGLES_SOLVED}', method='search', confidence="
    )
    assert str(solution) == f"solved by search\n{Grid.parse(puzzles.SINGLES_SOLVED)}"
    assert repr(solver.solve(puzzles.NO_SOLUTION)).startswith("Solution('no solution', grid=None")
    assert repr(step).startswith(f"Step('{step}', confidence=")
    assert str(step).startswith("r")
    assert repr(hint) == f"Hint({str(hint)!r})"
    for shown in (repr(solution), repr(step), repr(solver)):
        assert len(shown) < 200


@pytest.fixture(scope="module")
def shared_solver() -> Solver:
    """One solver that many ask at a time."""
    return Solver(device="cpu", threads=2)


def test_threads_and_tasks_that_share_a_solver_get_the_right_answers(
    shared_solver: Solver,
) -> None:
    asked = [puzzles.SINGLES, puzzles.XY_WING, puzzles.BEYOND_LOGIC] * 4
    alone = [shared_solver.solve(puzzle).grid for puzzle in asked]
    with ThreadPoolExecutor(6) as pool:
        assert [found.grid for found in pool.map(shared_solver.solve, asked)] == alone

    async def ask() -> list[Solution]:
        return await asyncio.gather(*(asyncio.to_thread(shared_solver.solve, p) for p in asked))

    assert [found.grid for found in asyncio.run(ask())] == alone


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_copy_of_a_process_that_has_solved_solves(shared_solver: Solver) -> None:
    many = np.array([Grid.parse(puzzles.SINGLES).cells] * 24)
    assert len(shared_solver.solve_many(many)) == 24  # with threads, which a copy has not
    copy = os.fork()
    if copy == 0:
        signal.alarm(60)
        found = shared_solver.solve_many(many)
        os._exit(not all(str(each.grid) == str(found[0].grid) != "None" for each in found))
    assert os.waitpid(copy, 0)[1] == 0


FORBIDDEN = ("torch", "onnx", "textual", "numba", "pyarrow", "pandas", "matplotlib", "rich", "ray")


@pytest.mark.parametrize("arguments", [[], ["--format", "json"]])
def test_solving_a_puzzle_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys, solver.cli.solve as command\n"
        f"sys.argv = ['sudoku-solve', *{arguments!r}, {puzzles.SINGLES!r}]\n"
        "try: command.main()\n"
        "except SystemExit as leave: assert leave.code == 0\n"
        f"print(*[m for m in {FORBIDDEN!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stderr.split() == []
    assert done.stdout
