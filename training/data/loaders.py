"""Blocks of puzzles on their way to the device, from worker processes or drawn on it."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from solver.system.cores import available_cores
from training.data.stream import BLOCK, Stream, transformed
from training.machine.distributed import World


class _Blocks(Dataset[Tensor]):
    """Blocks by number from `first` on, for torch's loader."""

    def __init__(self, stream: Stream, first: int) -> None:
        self.stream, self.first = stream, first

    def __len__(self) -> int:
        return 1 << 40

    def __getitem__(self, index: int) -> Tensor:
        return self.stream.block(self.first + index)


class _Ordered:
    """0, 1, 2 … as a sampler that needs no list."""

    def __iter__(self) -> Iterator[int]:
        number = 0
        while True:
            yield number
            number += 1

    def __len__(self) -> int:
        return 1 << 40


def useful_workers(asked: int, device: torch.device) -> int:
    """Loader processes to start: as asked, or what this machine has use for.

    None on Windows and on the CPU, where they would take cores from training.
    """
    if asked >= 0:
        return asked
    if sys.platform == "win32" or device.type == "cpu":
        return 0
    return min(8, max(0, available_cores() - 1))


def _from_workers(
    stream: Stream,
    first: int,
    device: torch.device,
    workers: int,
    prefetch: int,
) -> Iterator[Tensor]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # more workers than cores are what was asked for
        loader: DataLoader[Tensor] = DataLoader(
            _Blocks(stream, first),
            batch_size=None,
            sampler=_Ordered(),
            num_workers=workers,
            prefetch_factor=prefetch if workers else None,
            pin_memory=device.type == "cuda",
            generator=torch.Generator(),  # or it would draw from the run's own
        )
        blocks = iter(loader)
    for block in blocks:
        yield block.to(device, non_blocking=True)


def _on_device(stream: Stream, first: int, device: torch.device) -> Iterator[Tensor]:
    """The whole packed set on the device; only the order of the puzzles goes there."""
    starts = torch.tensor([0, *(len(packed) for packed in stream.files)]).cumsum(0)
    whole = torch.empty(int(starts[-1]), 81, dtype=torch.uint8, device=device)
    for packed, start in zip(stream.files, starts.tolist(), strict=False):
        whole[start : start + len(packed)] = torch.from_numpy(np.array(packed.cells))
    number = first
    while True:
        draw = stream.draw(number)
        rows = (starts[torch.from_numpy(draw.files)] + torch.from_numpy(draw.rows)).to(device)
        yield transformed(whole[rows], draw)
        number += 1


ALONE = World()


class Feed:
    """Puzzles in any number at a time from a stream, from `position` on.

    `waited` is the time in seconds spent waiting for blocks. Of several processes only the first
    loads: it sends every block to the others, which would all load the same.
    """

    def __init__(
        self,
        stream: Stream,
        device: torch.device,
        *,
        position: int = 0,
        loader: str = "workers",
        workers: int = 0,
        prefetch: int = 4,
        world: World = ALONE,
    ) -> None:
        self.position, self.waited = position, 0.0
        self._device, self._world = device, World() if loader == "device" else world
        first, used = divmod(position, BLOCK)
        self._blocks: Iterator[Tensor] | None = None
        if loader == "device":
            self._blocks = _on_device(stream, first, device)
        elif self._world.writer:
            self._blocks = _from_workers(stream, first, device, workers, prefetch)
        self._rest = self._next()[used:]

    def _next(self) -> Tensor:
        start = time.perf_counter()
        if self._blocks is None:
            block = torch.empty(BLOCK, 81, dtype=torch.uint8, device=self._device)
        else:
            block = next(self._blocks)
        block = self._world.shared(block)
        self.waited += time.perf_counter() - start
        return block

    def take(self, n: int) -> Tensor:
        """The next n puzzles, packed, uint8 [n, 81], on the device."""
        while len(self._rest) < n:
            self._rest = torch.cat([self._rest, self._next()])
        out, self._rest = self._rest[:n], self._rest[n:]
        self.position += n
        return out
