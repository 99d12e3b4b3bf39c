"""Stopping work from another thread, even during a policy's run."""

from __future__ import annotations

import threading
from typing import Any


class StoppedError(Exception):
    """The work was told to stop, and has no result."""


class Stop:
    """What ends the work that it was given to: once set, by any thread, it stays set.

    Work looks at it between its parts, and ONNX Runtime before each operator of a run, which takes
    a few milliseconds at most; then `StoppedError` is raised.

    >>> from solver import Solver
    >>> stop = Stop()
    >>> stop.set()
    >>> Solver(device="cpu").solve([0] * 81, stop)
    Traceback (most recent call last):
        ...
    solver.policy.stop.StoppedError
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set = False
        self._options: Any = None

    def set(self) -> None:
        """Have the work end."""
        with self._lock:
            self._set = True
            if self._options is not None:
                self._options.terminate = True

    def is_set(self) -> bool:
        """Whether the work is to end."""
        return self._set

    def check(self) -> None:
        """Raise `StoppedError` if the work is to end."""
        if self._set:
            raise StoppedError

    @property
    def run_options(self) -> Any:
        """`onnxruntime.RunOptions` of runs that end when this is set."""
        import onnxruntime as ort

        with self._lock:
            if self._options is None:
                self._options = ort.RunOptions()
                self._options.terminate = self._set
            return self._options
