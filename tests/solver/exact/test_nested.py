"""What trials with trials in them leave: little of ordinary puzzles, much where T&E(3) is due."""

from __future__ import annotations

import numpy as np
import pytest

from solver.exact import compiled
from solver.exact.nested import nested_many

HARD = "100005800960310004050000000300002007000090400009000200000009060006000001041000020"
GOLDEN = "000000039000001005003050800008090006070002000100400000009080050020000600400700000"


def cells(text: str) -> list[int]:
    return [int(digit) for digit in text]


def test_trials_within_trials_leave_nothing_of_a_hard_puzzle_and_some_of_the_hardest() -> None:
    hard, golden = nested_many([cells(HARD), cells(GOLDEN)], 200)
    assert hard == 0
    assert 0 < golden < 500


def test_plain_python_counts_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    puzzles = np.array([cells(GOLDEN)])
    fast = nested_many(puzzles, 3)
    monkeypatch.setattr(compiled, "available", lambda: False)
    assert nested_many(puzzles, 3).tolist() == fast.tolist()
