"""Searches run in slices: between them they can be ended, and the slices change no answer."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from solver import exact

pytest.importorskip("numba")

LINES = (
    "8..........36......7..9.2...5...7.......457.....1...3...1....68..85...1..9....4..",
    "000000012000000003002300400001800005060070800000009000008500000900040500470006000",
    "000000000000003085001020000000507000004000100090000000500000073002010000000040000",
    "7.48..6.5......4..68.....1...7.2..8...3.85.94.9.....6......6..9..97..14..7..9..58",
)
SLOW = "060030000038004000000097000000079800000000000000003007000000000000000000000400200"
"""Fourteen clues that break no rule, no solution, and over half a million guesses to see that."""


def cells(line: str) -> list[int]:
    return [int(digit) if digit.isdigit() else 0 for digit in line]


@pytest.fixture
def puzzles() -> npt.NDArray[np.int8]:
    return np.array([cells(line) for line in LINES], np.int8)


def answers(puzzles: npt.NDArray[np.int8]) -> list[list[int]]:
    """All that the engine says of puzzles."""
    weights = np.random.default_rng(0).random((len(puzzles), 81, 9))
    found = (
        *exact.solve_many(puzzles),
        *exact.search_many(puzzles, weights),
        exact.guesses_many(puzzles),
        *(exact.solutions(puzzle, limit=30) for puzzle in puzzles),
    )
    return [part.ravel().tolist() for part in found]


@pytest.mark.parametrize("few", [0, 32])
def test_short_slices_change_no_answer(
    puzzles: npt.NDArray[np.int8], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("solver.exact.compiled.FEW", few)
    whole = answers(puzzles)
    monkeypatch.setattr("solver.exact.engine.SLICE", 2)
    monkeypatch.setattr("solver.exact.engine.COMPILED_SLICE", 2)
    assert answers(puzzles) == whole


def test_a_search_that_goes_on_compiled_finds_the_same(
    puzzles: npt.NDArray[np.int8], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("solver.exact.compiled.FEW", 32)
    whole = answers(puzzles)
    for patience in (0, 5, 30):
        monkeypatch.setattr("solver.exact.engine.SLICE", 2)
        monkeypatch.setattr("solver.exact.compiled.PATIENCE", patience)
        assert answers(puzzles) == whole


@pytest.mark.parametrize("few", [0, 32])
def test_a_check_ends_a_long_search_after_a_slice(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("solver.exact.compiled.FEW", few)
    calls = []

    def give_up() -> None:
        calls.append(None)
        if len(calls) == 3:
            raise TimeoutError

    for search in (
        lambda: exact.solve(cells(SLOW), give_up),
        lambda: exact.count_solutions(cells(SLOW), check=give_up),
        lambda: exact.solve_many([cells(SLOW)] * 2, give_up),
        lambda: exact.search_many([cells(SLOW)], np.ones((1, 81, 9)), give_up),
    ):
        calls.clear()
        with pytest.raises(TimeoutError):
            search()
        assert len(calls) == 3


def test_one_puzzle_that_takes_long_goes_on_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solver.exact.compiled.FEW", 32)
    monkeypatch.setattr("solver.exact.compiled.PATIENCE", 1000)
    slices = []
    assert exact.solve(cells(SLOW), lambda: slices.append(None)) is None
    assert len(slices) < 20, "plain Python went on to the end"
