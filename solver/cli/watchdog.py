"""Ctrl-C and a limit of time that hold in compiled code too, where Python hears no signal."""

from __future__ import annotations

import _thread
import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from typing import Final

from solver.system.files import remove_unfinished

GRACE: Final = 3.0
"""Seconds that a command has to leave in order, from Ctrl-C or the limit of time on."""
TIMED_OUT: Final = 124
"""The exit status of a command that gave up; that of `timeout`."""
_ENDS: Final = {
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
}


class Watchdog:
    """A thread that ends the process where the main thread does not.

    The system's own handler wakes it through a pipe; it gives the main thread `GRACE` seconds to
    act on the signal, none after a second one, and then ends the process.
    """

    def __init__(self) -> None:
        self.timed_out = False
        self._status = 128 + signal.SIGINT
        self._over = threading.Event()
        self._last_word = threading.Lock()

    def start(self) -> bool:
        """Watch from now on; False where the system or the thread doesn't allow it."""
        try:
            reader, writer = os.pipe()
            os.set_blocking(writer, False)
            self._before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        except (ValueError, OSError):
            return False
        self._pipe = reader, writer
        threading.Thread(target=self._watch, daemon=True, name="watchdog").start()
        return True

    def stop(self) -> None:
        """Watch no more."""
        self._over.set()
        with contextlib.suppress(ValueError):
            signal.set_wakeup_fd(self._before)
        os.close(self._pipe[1])

    def limit(self, seconds: float) -> None:
        """Interrupt the main thread after this time, and say so."""

        def wait() -> None:
            if self._over.wait(seconds):
                return
            self.timed_out = True
            _thread.interrupt_main()
            self._end_after(GRACE)

        self.said = f"gave up after {seconds:g} s"
        threading.Thread(target=wait, daemon=True, name="limit").start()

    said = ""

    def has_last_word(self) -> bool:
        """Whether the caller is the first to end the command, and so the one to say why."""
        return self._last_word.acquire(blocking=False)

    def _watch(self) -> None:
        asked = 0
        with contextlib.suppress(OSError):
            while found := os.read(self._pipe[0], 1):
                if found[0] in _ENDS:
                    asked += 1
                    self._status = 128 + found[0]
                    grace = GRACE if asked == 1 else 0.0
                    threading.Thread(target=self._end_after, args=(grace,), daemon=True).start()
        os.close(self._pipe[0])

    def _end_after(self, seconds: float) -> None:
        if self._over.wait(seconds) or not self.has_last_word():
            return
        with contextlib.suppress(OSError):
            text = f"error: {self.said}\n" if self.timed_out else "stopped\n"
            os.write(2, text.encode())
        remove_unfinished()
        os._exit(TIMED_OUT if self.timed_out else self._status)


_watching: list[Watchdog] = []


def limit(seconds: float) -> None:
    """Have the command that runs give up after this time."""
    if not _watching:
        raise ValueError("this system has no limit of time")
    _watching[-1].limit(seconds)


@contextlib.contextmanager
def watching() -> Iterator[Watchdog | None]:
    """Watch over the main thread in this context; None where that can't be."""
    dog = Watchdog()
    if not dog.start():
        yield None
        return
    _watching.append(dog)
    try:
        yield dog
    finally:
        _watching.remove(dog)
        dog.stop()
