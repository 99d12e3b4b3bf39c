"""The rules for many grids at once: which are solved, and how many rules they break."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from solver.board.grid import UNITS

_UNITS: Final = np.array(UNITS)


def solved_many(grids: npt.ArrayLike, givens: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Which grids [n, 81] are complete, keep their givens [n, 81] and break no rule: bool [n]."""
    grid = np.asarray(grids)
    given = np.asarray(givens)
    kept = ((given == 0) | (given == grid)).all(1)
    whole = ((grid >= 1) & (grid <= 9)).all(1)
    bits = np.left_shift(1, np.clip(grid, 0, 9).astype(np.int16), dtype=np.int16)
    units = np.bitwise_or.reduce(bits[:, _UNITS], axis=2)
    solved: npt.NDArray[np.bool_] = (units == 0x3FE).all(1) & whole & kept
    return solved


def duplicates_many(grids: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Digits that stand twice or more in a unit, over the 27 units of each grid [n, 81]: [n].

    As many as `Grid.violations` names.
    """
    bits = np.left_shift(1, np.asarray(grids).astype(np.int16), dtype=np.int16) & 0x3FE
    seen = np.zeros((len(bits), 27), np.int16)
    again = np.zeros_like(seen)
    for cells in _UNITS.T:
        found = bits[:, cells]
        again |= seen & found
        seen |= found
    duplicates: npt.NDArray[np.int64] = np.bitwise_count(again).sum(1, dtype=np.int64)
    return duplicates
