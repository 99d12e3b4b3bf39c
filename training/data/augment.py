"""Random Sudoku symmetries for whole batches, as index maps that any device can apply."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


def _shuffled(rng: np.random.Generator, *shape: int) -> NDArray[np.int64]:
    """Random permutations along the last axis, int64 of that shape."""
    return np.argsort(rng.random(shape), axis=-1)


def _lines(rng: np.random.Generator, n: int) -> NDArray[np.int64]:
    """Permutations [n, 9] of nine lines that keep bands together."""
    bands, within = _shuffled(rng, n, 3), _shuffled(rng, n, 3, 3)
    return (bands[:, :, None] * 3 + within).reshape(n, 9)


def random_symmetries(
    rng: np.random.Generator, n: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """n symmetries: the cell each cell comes from [n, 81] and each digit's new name [n, 10]."""
    rows, columns = _lines(rng, n), _lines(rng, n)
    cells = rows[:, :, None] * 9 + columns[:, None, :]
    flip = rng.random(n) < 0.5
    cells[flip] = cells[flip].transpose(0, 2, 1)
    digits = np.zeros((n, 10), np.int64)
    digits[:, 1:] = _shuffled(rng, n, 9) + 1
    return cells.reshape(n, 81), digits


def apply(grid_bk: Tensor, cells_bk: Tensor, digits_bn: Tensor) -> Tensor:
    """Grids [b, 81] int64 with each its own symmetry applied."""
    return digits_bn.gather(1, grid_bk.gather(1, cells_bk))


def as_tensors(
    symmetries: tuple[NDArray[np.int64], NDArray[np.int64]], device: torch.device
) -> tuple[Tensor, Tensor]:
    """The maps of `random_symmetries` on a device."""
    cells, digits = symmetries
    return torch.from_numpy(cells).to(device), torch.from_numpy(digits).to(device)
