"""What a command writes, looked at before anything is written: no input, and nothing twice."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from solver.cli.common import fail


def table_files(output: Path) -> list[Path]:
    """All that a table of answers is written by: itself, its part, its job, and its side file."""
    if not output.name:
        fail(f"{output}: is a directory")
    return [
        output,
        output.with_name(output.name + ".part"),
        output.with_name(output.name + ".job"),
        output.with_name(output.stem + ".bad.csv"),
    ]


def refuse_overlap(inputs: Iterable[str | Path], outputs: Sequence[Path | None]) -> None:
    """End the command where a file to be written is an input, or is to be written twice.

    However it is named: by another path, by a link to it, or by a second name of its own.
    """
    written = [path for path in outputs if path is not None and os.fspath(path) != "-"]
    read = [Path(name) for name in inputs if os.fspath(name) != "-" and os.path.lexists(name)]
    for number, path in enumerate(written):
        for source in read:
            if same_file(path, source):
                fail(f"{path}: is the input {source}; write to another file")
        for other in written[:number]:
            if same_file(path, other):
                fail(f"{path}: would be written twice; name another file")


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one regular file, which need not be there."""
    if os.path.realpath(one) == os.path.realpath(other):
        return not one.exists() or one.is_file()
    try:
        return one.is_file() and one.samefile(other)
    except OSError:
        return False


def refuse_unwritable(output: Path) -> None:
    """End the command where `output` can't be written, before its long work rather than after."""
    folder = next((path for path in output.absolute().parents if path.exists()), output)
    if output.is_dir():
        fail(f"{output}: is a folder")
    if not folder.is_dir():
        fail(f"{folder}: is no folder to write in")
    if not os.access(folder, os.W_OK):
        fail(f"{folder}: can't be written")


@contextmanager
def writing(output: Path, inputs: Iterable[str | Path] = ()) -> Iterator[None]:
    """Write `output` in the context, alone: ends the command where it is an input or is busy."""
    from solver.system.locks import BusyError, only_run

    refuse_overlap(inputs, [output])
    if os.fspath(output) == "-":
        yield
        return
    try:
        with only_run(output):
            yield
    except BusyError as error:
        fail(error)
