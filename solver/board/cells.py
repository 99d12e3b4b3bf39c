"""What the engine takes: puzzles as 81 digits with 0 for a blank, checked at the door."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt


def as_puzzle(cells: Iterable[int]) -> list[int]:
    """A puzzle as a list of 81 digits; raises `ValueError` if it isn't one."""
    puzzle = [int(cell) for cell in cells]
    if len(puzzle) != 81 or min(puzzle) < 0 or max(puzzle) > 9:
        raise ValueError("a puzzle is 81 digits from 0 to 9")
    return puzzle


def as_puzzles(cells: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Puzzles as a contiguous array, int64 [n, 81]; raises `ValueError` if they aren't."""
    puzzles = np.ascontiguousarray(cells, dtype=np.int64)
    if puzzles.size == 0:
        return puzzles.reshape(0, 81)
    if puzzles.ndim != 2 or puzzles.shape[1] != 81:
        raise ValueError(f"puzzles have the shape [n, 81], not {list(puzzles.shape)}")
    if puzzles.min() < 0 or puzzles.max() > 9:
        raise ValueError("a puzzle is 81 digits from 0 to 9")
    return puzzles
