"""The order of the puzzles: a pure function of the seed, the stage and the position.

Puzzles are drawn in blocks. Block k of a stage is the same whoever asks for it and in whatever
order, so that worker processes, the device loader, a resumed run and every process of a
distributed one see the same puzzles. Each group (a file's puzzles of a level) is gone through in
a new random order each time, and gets its share of every block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.data.augment import apply, as_tensors, random_symmetries
from training.data.cache import Packed
from training.data.rows import GIVEN

BLOCK = 512
"""Puzzles in a block: large against the number of groups, small against memory."""


@dataclass(frozen=True)
class Group:
    """Rows of one file that are drawn alike: indices int64 [n] into it, and their share."""

    file: int
    rows: NDArray[np.int64]
    share: float


@dataclass(frozen=True)
class Draw:
    """A block: the file and the row of each puzzle [BLOCK], and its symmetry if there is one."""

    files: NDArray[np.int64]
    rows: NDArray[np.int64]
    symmetries: tuple[NDArray[np.int64], NDArray[np.int64]] | None


class Stream:
    """The endless sequence of a stage's puzzles."""

    def __init__(
        self, files: Sequence[Packed], groups: Sequence[Group], seed: int, stage: int, augment: bool
    ) -> None:
        total = sum(group.share for group in groups)
        assert total > 0
        self.files, self.augment, self._key = list(files), augment, (seed, stage)
        self.groups = sorted(groups, key=lambda group: -group.share)
        self._shares = [group.share / total for group in self.groups]
        self._orders: dict[int, tuple[int, NDArray[np.int64]]] = {}

    @property
    def size(self) -> int:
        """Different puzzles in it."""
        return sum(len(group.rows) for group in self.groups)

    def _drawn(self, block: int) -> list[int]:
        """Puzzles that each group has given before `block`; the largest takes what is left."""
        rest = [int(share * block * BLOCK) for share in self._shares[1:]]
        return [block * BLOCK - sum(rest), *rest]

    def _order(self, group: int, round_: int) -> NDArray[np.int64]:
        kept = self._orders.get(group)
        if kept is None or kept[0] != round_:
            rng = np.random.default_rng([*self._key, 1, group, round_])
            kept = round_, rng.permutation(self.groups[group].rows)
            self._orders[group] = kept
        return kept[1]

    def draw(self, block: int) -> Draw:
        """The puzzles of a block, by file and row."""
        files, rows = [], []
        starts, ends = self._drawn(block), self._drawn(block + 1)
        for number, group in enumerate(self.groups):
            position, end, n = starts[number], ends[number], len(group.rows)
            while position < end:
                round_, offset = divmod(position, n)
                part = self._order(number, round_)[offset : offset + end - position]
                rows.append(part)
                files.append(np.full(len(part), group.file))
                position += len(part)
        rng = np.random.default_rng([*self._key, 2, block])
        order = rng.permutation(BLOCK)
        return Draw(
            np.concatenate(files)[order],
            np.concatenate(rows)[order],
            random_symmetries(rng, BLOCK) if self.augment else None,
        )

    def block(self, number: int) -> Tensor:
        """Packed cells [BLOCK, 81] uint8 of a block, on the CPU."""
        draw = self.draw(number)
        out = np.empty((BLOCK, 81), np.uint8)
        for file, packed in enumerate(self.files):
            here = draw.files == file
            out[here] = packed.cells[draw.rows[here]]
        return transformed(torch.from_numpy(out), draw)


def transformed(cells_bk: Tensor, draw: Draw) -> Tensor:
    """Packed cells with the block's symmetries applied, on whatever device they are."""
    if draw.symmetries is None:
        return cells_bk
    cells, digits = as_tensors(draw.symmetries, cells_bk.device)
    solution = apply((cells_bk & 15).long(), cells, digits).to(torch.uint8)
    return solution | (cells_bk & GIVEN).gather(1, cells)


def puzzle_and_target(cells_bk: Tensor) -> tuple[Tensor, Tensor]:
    """Packed cells -> puzzle [b, 81] int64 (0 blank) and target [b, 81] int64 (digit - 1)."""
    digit = (cells_bk & 15).long()
    return torch.where(cells_bk & GIVEN > 0, digit, 0), digit - 1
