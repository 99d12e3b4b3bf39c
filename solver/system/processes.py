"""Signals, and worker processes that end with their parent."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

_came: list[int] = []


def came() -> int | None:
    """The number of the signal that came last, of those that end the process; None before one."""
    return _came[-1] if _came else None


def leave_on_signals() -> None:
    """Have SIGTERM and SIGHUP raise `SystemExit`, so that what is open is closed and cleared away.

    The exit status is 128 and the signal's number, as a shell reports it. A signal that is
    ignored, as SIGHUP under nohup, stays ignored. SIGINT raises `KeyboardInterrupt` as ever.
    """
    if signal.getsignal(signal.SIGINT) in (signal.default_int_handler, signal.SIG_DFL):
        signal.signal(signal.SIGINT, _interrupt)
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _leave)
    sys.unraisablehook = _deliver_again


def _deliver_again(unraisable: sys.UnraisableHookArgs) -> None:
    """Raise again, soon, what a signal raised while C code called Python and dropped it."""
    raised = unraisable.exc_value
    if (
        not isinstance(raised, (KeyboardInterrupt, SystemExit))
        or threading.current_thread() is not threading.main_thread()
        or not hasattr(signal, "setitimer")
    ):
        sys.__unraisablehook__(unraisable)
        return
    error = type(raised)(*raised.args)

    def again(_number: int, _frame: FrameType | None) -> None:
        raise error

    signal.signal(signal.SIGALRM, again)
    signal.setitimer(signal.ITIMER_REAL, 0.01)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    _came.append(number)
    raise KeyboardInterrupt


def _leave(number: int, _frame: FrameType | None) -> None:
    _came.append(number)
    signal.signal(number, signal.SIG_DFL)  # a second one ends it at once
    raise SystemExit(128 + number)


@contextmanager
def ending_workers(pool: ProcessPoolExecutor) -> Iterator[None]:
    """Use a pool in this context; when it is left early, by an error or a signal, its workers end.

    A pool's own end waits for what they are at, which may take minutes.
    """
    try:
        yield
    except BaseException:
        for worker in [*(pool._processes or {}).values()]:
            worker.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


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
