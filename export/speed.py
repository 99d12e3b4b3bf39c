"""ONNX Runtime against compiled torch on the same puzzles, in alternation."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from export.parity import open_session
from export.trace import modules
from training.network.base import Network

PASSES = 16


@dataclass(frozen=True, kw_only=True)
class Speed:
    """Milliseconds a pass a puzzle on one thread, medians: the exported graph, its loops and rule
    checks included, and torch compiled, which does the passes and their probabilities alone."""

    batch: int
    onnx_ms: float
    torch_ms: float

    @property
    def ratio(self) -> float:
        """Time of ONNX Runtime over that of torch."""
        return self.onnx_ms / self.torch_ms


def against_torch(
    policy: Network, data: bytes, batches: tuple[int, ...] = (1, 4, 16), repeats: int = 15
) -> list[Speed]:
    """Time `PASSES` passes over blank grids, which stay unsolved, on one thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [_at(policy, data, batch, repeats) for batch in batches]
    finally:
        torch.set_num_threads(threads)


def _at(policy: Network, data: bytes, batch: int, repeats: int) -> Speed:
    session = open_session(data)
    first, ready, one = modules(policy)
    step = torch.compile(one, dynamic=False)
    puzzles = torch.zeros(batch, 81, dtype=torch.long)
    feed = {
        "puzzle": puzzles.numpy(),
        "max_views": np.array(1),
        "max_passes": np.array(PASSES),
    }

    def with_torch() -> None:
        with torch.inference_mode():
            state, kind = first(puzzles)
            normed, told = ready(state, kind)
            for _ in range(PASSES):
                state, normed, _probabilities = step(state, normed, told)

    def with_onnx() -> None:
        session.run(["grid"], feed)

    with_torch()
    with_onnx()
    times = [(_seconds(with_onnx), _seconds(with_torch)) for _ in range(repeats)]
    ours, theirs = np.median(times, axis=0) * 1000 / PASSES / batch
    return Speed(batch=batch, onnx_ms=float(ours), torch_ms=float(theirs))


def _seconds(work: Callable[[], None]) -> float:
    """Processor time of this process: what else runs on the machine counts for neither."""
    start = time.process_time()
    work()
    return time.process_time() - start
