"""Candidates of a whole grid, and states over givens."""

from __future__ import annotations

import pytest

from solver.board.grid import Grid
from solver.formats import FormatError
from solver.formats.record import over, without

GRID = Grid.parse(
    "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
)


def test_no_pencil_stands_for_all_that_the_rules_leave() -> None:
    assert without(GRID, []) is None
    assert without(GRID, [(0, 1), (2, 9)]) is None
    pencil = without(GRID, [(2, 4)])
    assert pencil is not None
    assert pencil[2] == GRID.candidates(2) - {4}


def test_a_state_keeps_the_givens() -> None:
    played = Grid([0, 0, 4, *[0] * 78])
    assert over(GRID, played) == GRID.place(2, 4)
    with pytest.raises(FormatError, match="found 1 at r1c1 in the state, expected the given 5"):
        over(GRID, played.place(0, 1))
