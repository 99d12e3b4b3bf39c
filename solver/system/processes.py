"""Processes that end in order: by a signal, and with the one that started them."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType


def leave_on_signals() -> None:
    """Have SIGTERM and SIGHUP raise `SystemExit`, so that what is open is closed and cleared away.

    The exit status is 128 and the signal's number, as a shell reports it. A signal that is
    ignored, as SIGHUP under nohup, stays ignored.
    """
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _leave)


def _leave(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)  # a second one ends it at once
    raise SystemExit(128 + number)


def end_with_parent() -> None:
    """Have this worker process end as soon as the one that started it has ended, however.

    For the `initializer` of a pool of processes started by `multiprocessing`.
    """
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent says when to stop
    threading.Thread(target=watch, name="end with parent", daemon=True).start()
