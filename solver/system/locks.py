"""A lock that keeps two processes from writing the same output."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class BusyError(ValueError):
    """Another process writes the same output."""


@contextmanager
def only_run(target: Path) -> Iterator[None]:
    """Keep other runs from writing `target` while the context lasts.

    The lock is a file `.NAME.lock` beside it, which goes at the end and holds nobody up where a
    killed process left it. Raises `BusyError` where another run has it, `OSError` where the folder
    can't be written. What is no regular file, as /dev/null, and Windows have no lock.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    if target.exists() and not (target.is_file() or target.is_dir()):
        yield
        return
    real = Path(os.path.realpath(target))
    path = real.with_name(f".{real.name}.lock")
    while True:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            error.filename = os.fspath(target)
            raise
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            raise BusyError(f"{target}: another run is writing it") from None
        if _same(handle, path):
            break
        os.close(handle)  # its owner removed it between opening and locking
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()
        os.close(handle)


def _same(handle: int, path: Path) -> bool:
    try:
        found, named = os.fstat(handle), path.stat()
    except OSError:
        return False
    return (found.st_dev, found.st_ino) == (named.st_dev, named.st_ino)
