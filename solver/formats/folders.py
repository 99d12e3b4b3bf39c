"""Folders of puzzle files, searched recursively."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Final

from solver.formats.registry import BY_SUFFIX

STDIN: Final = "-"


def puzzle_files(
    folder: Path, on_error: Callable[[OSError], object] | None = None
) -> Iterator[Path]:
    """The files below a folder whose suffix is a known format's, in the order of their paths.

    Hidden folders, links to folders, pipes and devices are left out. A folder below that can't be
    listed goes to `on_error`. Raises `OSError` where `folder` itself can't be.
    """
    with os.scandir(folder):
        pass
    for place, folders, names in os.walk(folder, onerror=on_error):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if path.suffix.lower() in BY_SUFFIX and (path.is_file() or not path.exists()):
                yield path


def expand(arguments: Sequence[str], leave_out: Collection[Path] = ()) -> list[str]:
    """The files that arguments name: a folder stands for the puzzle files below it.

    Of a folder, the files to be written, `leave_out`, are none. Raises `ValueError` for a folder
    without a puzzle file, `OSError` for one that can't be listed.
    """
    written = {os.path.realpath(path) for path in leave_out}
    files: list[str] = []
    for argument in arguments:
        if argument == STDIN or not os.path.isdir(argument):
            files.append(argument)
            continue
        found = [
            str(path)
            for path in puzzle_files(Path(argument))
            if os.path.realpath(path) not in written
        ]
        if not found:
            raise ValueError(f"{argument}: no puzzle file is in this folder or below it")
        files += found
    return files
