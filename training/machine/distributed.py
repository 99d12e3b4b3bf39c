"""Several processes as one run: torchrun starts them, each works on its slice of the slots."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch import distributed as dist

CPU = torch.device("cpu")


@dataclass(frozen=True)
class World:
    """This process among all of a run; alone it is 0 of 1."""

    rank: int = 0
    size: int = 1
    device: torch.device = CPU

    @property
    def writer(self) -> bool:
        """Whether this process writes files and speaks."""
        return self.rank == 0

    def slice_of(self, total: int) -> slice:
        """This process's part of `total` things, which `size` must divide."""
        each = total // self.size
        return slice(self.rank * each, (self.rank + 1) * each)

    def sum(self, values: Tensor) -> Tensor:
        """The sum over all processes."""
        if self.size > 1:
            dist.all_reduce(values)
        return values

    def shared(self, values: Tensor) -> Tensor:
        """The first process's values, written into `values` in all others."""
        if self.size > 1:
            dist.broadcast(values, 0)
        return values

    def gather(self, part: Tensor) -> Tensor:
        """All processes' equally large parts, joined along the first axis in order."""
        if self.size == 1:
            return part
        parts = [torch.empty_like(part) for _ in range(self.size)]
        dist.all_gather(parts, part.contiguous())
        return torch.cat(parts)

    def gather_objects(self, part: Any) -> list[Any]:
        """One object of each process, in order."""
        if self.size == 1:
            return [part]
        parts: list[Any] = [None] * self.size
        dist.all_gather_object(parts, part)
        return parts

    def any(self, *flags: bool) -> tuple[bool, ...]:
        """Of each flag whether any process has it set: one exchange for all."""
        if self.size == 1:
            return flags
        counts = self.sum(torch.tensor(flags, dtype=torch.int32, device=self.device))
        return tuple(count > 0 for count in counts.tolist())

    def wait(self) -> None:
        """Until all processes are here."""
        if self.size > 1:
            dist.barrier()


def join(device: torch.device) -> tuple[World, torch.device]:
    """Join the run that torchrun started, with this process's device; alone without torchrun."""
    if "RANK" not in os.environ or "WORLD_SIZE" not in os.environ:
        return World(), device
    if device.type == "cuda":
        device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        torch.cuda.set_device(device)
    if not dist.is_initialized():
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    return World(dist.get_rank(), dist.get_world_size(), device), device


def is_lost(error: BaseException) -> bool:
    """Whether an error says that another process can't be reached any more."""
    kinds = (dist.DistBackendError, dist.DistNetworkError)
    return isinstance(error, kinds) or "gloo" in str(error)


def leave() -> None:
    """Leave the run, if this process is in one."""
    if dist.is_available() and dist.is_initialized():
        dist.destroy_process_group()
