"""The symmetries of Sudoku: digits, bands, stacks, rows, columns and transposition.

Two puzzles are equivalent if a symmetry takes one to the other; then their canonical forms are
the same (`solver.exact.canonical`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_LINES = tuple(range(9))


@dataclass(frozen=True, slots=True)
class Symmetry:
    """Row `i`, column `j` of the result comes from `rows[i]`, `columns[j]` of the grid.

    With `transpose` the grid is transposed first. Digit d becomes `digits[d]`; `digits[0]` is 0.
    Raises `ValueError` for rows or columns that don't keep their threes together, and digits
    that are no permutation.
    """

    transpose: bool
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    digits: tuple[int, ...]

    def __post_init__(self) -> None:
        for name, lines in (("rows", self.rows), ("columns", self.columns)):
            threes = [{line // 3 for line in lines[start : start + 3]} for start in (0, 3, 6)]
            if sorted(lines) != list(_LINES) or any(len(three) != 1 for three in threes):
                raise ValueError(f"{name} {lines} are no permutation that keeps threes together")
        if sorted(self.digits) != list(range(10)) or self.digits[0] != 0:
            raise ValueError(f"digits {self.digits} are no permutation of 0-9 that keeps 0")

    @classmethod
    def identity(cls) -> Symmetry:
        """The symmetry that changes nothing."""
        return cls(False, _LINES, _LINES, tuple(range(10)))

    @classmethod
    def random(cls, rng: np.random.Generator) -> Symmetry:
        """One of the 2 * 6^8 * 9! symmetries, all equally likely."""
        digits = (0, *(int(digit) + 1 for digit in rng.permutation(9)))
        return cls(bool(rng.integers(2)), _random_lines(rng), _random_lines(rng), digits)

    def cell_map(self) -> npt.NDArray[np.int64]:
        """Where each cell of the result comes from, int64 [81]: out[i] is in[cell_map[i]]."""
        rows = np.array(self.rows)[:, None]
        columns = np.array(self.columns)[None, :]
        cells = 9 * columns + rows if self.transpose else 9 * rows + columns
        flat: npt.NDArray[np.int64] = cells.astype(np.int64).ravel()
        return flat

    def apply(self, cells: npt.ArrayLike) -> npt.NDArray[np.int8]:
        """Grids, int [..., 81], transformed: int8 of the same shape."""
        grids = np.asarray(cells)
        if grids.shape[-1:] != (81,):
            raise ValueError(f"grids have the shape [..., 81], not {list(grids.shape)}")
        digits = np.array(self.digits, dtype=np.int8)
        moved: npt.NDArray[np.int8] = digits[grids[..., self.cell_map()]]
        return moved


def _random_lines(rng: np.random.Generator) -> tuple[int, ...]:
    return tuple(
        3 * int(three) + int(line) for three in rng.permutation(3) for line in rng.permutation(3)
    )
