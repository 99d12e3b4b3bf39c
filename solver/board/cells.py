"""Puzzles as the engines take them, validated: 81 digits with 0 for a blank."""

from __future__ import annotations

import operator
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt


def as_puzzle(cells: Iterable[int]) -> list[int]:
    """A puzzle as a list of 81 digits; raises `ValueError` if it isn't one."""
    try:
        puzzle = [operator.index(cell) for cell in cells]
    except TypeError:
        raise ValueError("a puzzle holds whole numbers") from None
    if len(puzzle) != 81 or min(puzzle) < 0 or max(puzzle) > 9:
        raise ValueError("a puzzle is 81 digits from 0 to 9")
    return puzzle


def as_puzzles(cells: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Puzzles as a contiguous array, int64 [n, 81].

    Raises `ValueError` for another shape, for what are no whole numbers, and for one beyond 0..9.
    """
    puzzles = np.asarray(cells)
    if puzzles.size == 0:
        return np.zeros((0, 81), np.int64)
    if puzzles.ndim != 2 or puzzles.shape[1] != 81:
        raise ValueError(f"puzzles have the shape [n, 81], not {list(puzzles.shape)}")
    if not np.issubdtype(puzzles.dtype, np.integer):
        raise ValueError(f"puzzles hold whole numbers, not {puzzles.dtype}")
    if puzzles.min() < 0 or puzzles.max() > 9:
        raise ValueError("a puzzle is 81 digits from 0 to 9")
    return np.ascontiguousarray(puzzles, dtype=np.int64)
