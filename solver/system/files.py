"""Atomic writes: a file appears whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

_unfinished: set[Path] = set()


@contextlib.contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """A temporary file's path, to be written in the context, that then takes the place of `path`.

    A link stays a link, and what is no regular file, as /dev/stdout, is written to as it is. On an
    error, and when the program is interrupted, the temporary file goes and `path` stays as it was.
    What a killed process has left beside `path` is cleared away. An `OSError` of the temporary
    file names `path`.

    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "a.txt"
    >>> with atomic_write(target) as temporary:
    ...     _ = temporary.write_text("whole")
    >>> target.read_text(), [file.name for file in target.parent.iterdir()]
    ('whole', ['a.txt'])
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        yield path
        return
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    _clear(target)
    _unfinished.add(temporary)
    try:
        yield temporary
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        temporary.replace(target)
    except OSError as error:
        if error.filename is not None and os.fspath(error.filename) == os.fspath(temporary):
            error.filename = os.fspath(path)
        raise
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        _unfinished.discard(temporary)


def remove_unfinished() -> None:
    """Remove the temporary files of this process, which is about to end without leaving them."""
    for temporary in list(_unfinished):
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` to `path`, whole or not at all."""
    with atomic_write(path) as temporary:
        temporary.write_bytes(data)


def _clear(path: Path) -> None:
    """Remove the temporary files of `path` whose process has ended."""
    start = f".{path.name}."
    with contextlib.suppress(OSError):
        for entry in os.scandir(path.parent):
            if entry.name.startswith(start) and entry.name.endswith(".tmp"):
                number = entry.name[len(start) : -len(".tmp")]
                if number.isdecimal() and not _runs(int(number)):
                    os.unlink(entry.path)


def _runs(number: int) -> bool:
    """Whether there is a process of this number; True where the system can't say."""
    if os.name != "posix":
        return True
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
