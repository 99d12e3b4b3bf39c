"""A tiny policy for tests: no file, no session, no clock; the same answer every time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from solver import exact
from solver.policy import Policy

PASSES = 8
METADATA = {"schema": "sudoku-policy/1", "hash": "0f1e2d3c4b5a69788796a5b4c3d2e1f0" * 2, "views": "1"}


class FakeSession:
    """Knows the solution and is sure of it to a degree that depends on the cell."""

    def __init__(self, wrong: bool = False) -> None:
        self.wrong = wrong

    def get_providers(self) -> list[str]:
        return ["CPUExecutionProvider"]

    def run(self, names: list[str], feed: dict[str, npt.NDArray[np.int64]]) -> list[Any]:
        puzzles = feed["puzzle"]
        probabilities = np.stack([self.probabilities(puzzle) for puzzle in puzzles])
        n = len(puzzles)
        grid = probabilities.argmax(2).astype(np.int64) + 1
        counts = np.full(n, PASSES, np.int64)
        return [probabilities, grid, counts, np.zeros(n, np.int64), np.ones(n, np.bool_)]

    def probabilities(self, puzzle: npt.NDArray[np.int64], share: float = 1.0) -> Any:
        """float32 [81,9]: `share` of the way from knowing nothing to being as sure as it gets."""
        solution = exact.solve(puzzle.astype(np.int8))
        answer = np.tile(np.arange(1, 10), 9) if solution is None else solution.astype(int)
        sure = 0.3 + 0.69 * ((np.arange(81) * 37 % 81) / 80)
        if self.wrong:
            answer, sure = np.where(puzzle > 0, puzzle, answer % 9 + 1), np.full(81, 0.4)
        sure = np.where(puzzle > 0, 1.0, 1 / 9 + (sure - 1 / 9) * share)
        found = np.repeat(((1 - sure) / 8)[:, None], 9, axis=1)
        found[np.arange(81), answer - 1] = sure
        return found.astype(np.float32)


class FakePolicy(Policy):
    """The policy around the fake session."""

    def __init__(self, wrong: bool = False, name: str = "fake.onnx") -> None:
        metadata = {**METADATA, "passes": str(PASSES)}
        super().__init__(FakeSession(wrong), Path(name), metadata, 1)

    def watch(self, puzzle: npt.ArrayLike) -> npt.NDArray[np.float32]:
        cells = np.asarray(puzzle, np.int64)
        shares = np.linspace(0, 1, PASSES)
        return np.stack([self._session.probabilities(cells, share) for share in shares])
