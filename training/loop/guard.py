"""Divergence, lost memory and signals, as exceptions that the loop handles."""

from __future__ import annotations

import math
import signal
import time
from types import FrameType, TracebackType
from typing import Any

import torch

CHANCE = math.log(9)
"""Cross-entropy in nats of knowing nothing."""


NO_MEMORY = (
    "not enough memory",
    "out of memory",
    "can't allocate memory",
    "cannot allocate memory",
)
"""What torch and the systems say where no memory is left, in lower case."""


class DivergedError(Exception):
    """The loss is NaN, infinite or far above chance."""


class InterruptedRunError(Exception):
    """Time is up or a signal came; the run is to save and leave in order."""


def check_loss(loss: float, constraint_weight: float) -> None:
    """Raise `DivergedError` for a loss that no healthy run has: four times chance and more.

    The constraint loss is at most 8 squared (all of a unit's cells certain of one digit, a
    ninth of the counts 9, the rest 0: mean (64 + 8) / 9 = 8).
    """
    if not math.isfinite(loss):
        raise DivergedError(f"it is {loss}")
    limit = 4 * CHANCE + 8 * constraint_weight
    if loss > limit:
        raise DivergedError(f"it is {loss:.3g}, above {limit:.3g}")


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that the device or the machine has no memory left."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    text = str(error).lower()
    return any(words in text for words in NO_MEMORY)


class Signals:
    """SIGINT and SIGTERM as a flag that the loop looks at between steps.

    A second signal gets the earlier handler, so that a hanging run can still be ended.
    """

    def __init__(self, minutes: float = 0.0) -> None:
        self.came: str | None = None
        self._minutes, self._start = minutes, time.monotonic()
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Signals:
        self._start = time.monotonic()
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._caught)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._restore()

    def _restore(self) -> None:
        while self._before:
            signal.signal(*self._before.popitem())

    def _caught(self, number: int, frame: FrameType | None) -> None:
        self.came = signal.Signals(number).name
        self._restore()

    @property
    def time_is_up(self) -> bool:
        """Whether the run has had its minutes."""
        return bool(self._minutes) and time.monotonic() - self._start >= self._minutes * 60
