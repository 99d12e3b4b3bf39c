"""Small files of puzzles that singles solve, and a cache of their own for every test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from training.data.augment import random_symmetries

PATTERN = np.array([(r * 3 + r // 3 + c) % 9 + 1 for r in range(9) for c in range(9)])
Grids = tuple[NDArray[np.int64], NDArray[np.int64]]


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDOKU_CACHE", str(tmp_path_factory.mktemp("cache")))


def some_puzzles(count: int, seed: int = 0) -> Grids:
    """Puzzles and solutions [count, 81]: full grids with one to nine rows short of a cell."""
    rng = np.random.default_rng(seed)
    cells, digits = random_symmetries(rng, count)
    solutions = np.take_along_axis(digits, PATTERN[cells], 1)
    puzzles = solutions.copy()
    for puzzle in puzzles:
        rows = rng.permutation(9)[: rng.integers(1, 10)]
        puzzle[rows * 9 + rng.integers(0, 9, len(rows))] = 0
    return puzzles, solutions


def lines_of(grids: Grids) -> list[str]:
    """A `puzzle,solution` line each."""
    return ["".join(map(str, p)) + "," + "".join(map(str, s)) for p, s in zip(*grids, strict=True)]


@pytest.fixture
def make_csv(tmp_path: Path) -> Callable[..., Path]:
    def make(count: int = 60, seed: int = 0, name: str = "sudoku.csv") -> Path:
        path = tmp_path / name
        lines = [line + ",0" for line in lines_of(some_puzzles(count, seed))]
        path.write_text("\n".join(["puzzle,solution,rating", *lines]) + "\n", encoding="utf-8")
        return path

    return make


@pytest.fixture
def puzzles() -> Callable[..., Grids]:
    return some_puzzles


@pytest.fixture
def csv_lines() -> Callable[[Grids], list[str]]:
    return lines_of
