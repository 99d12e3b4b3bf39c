"""The puzzles shipped, and those of any folder: which there are, and at what level.

A level is a name for a range of ratings (`solver.rating`); a file's own level, where it has one,
goes before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from solver.formats import FormatError, Record, read
from solver.formats.registry import BY_SUFFIX

LEVELS: Final = {
    "easy": (0, 0),
    "medium": (1, 3),
    "hard": (4, 19),
    "expert": (20, 99),
    "extreme": (100, None),
}
"""Name -> least and greatest rating; None: no greatest."""
MOST: Final = 1000
"""Puzzles taken of one file; a list of thousands is for `sudoku-solve`, not for choosing from."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A puzzle to choose: where it is, what it holds, and its number in its file from 0."""

    path: Path
    record: Record
    number: int = 0
    alone: bool = True
    """Whether its file holds no other."""

    @property
    def name(self) -> str:
        """The file's name, and the puzzle's place in a file of several."""
        return self.path.name if self.alone else f"{self.path.name} #{self.number + 1}"

    @property
    def level(self) -> str:
        """The level that the file names, or the folder it is in; empty where neither says."""
        named = self.record.metadata.get("level", "")
        folder = self.path.parent.name
        return named or (folder if folder in LEVELS else "")


def level_of(rating: int) -> str:
    """The level of a rating."""
    for level, (_, greatest) in LEVELS.items():
        if greatest is None or rating <= greatest:
            return level
    raise AssertionError(rating)


def shipped_folder() -> Path:
    """The folder of the puzzles that come with the program."""
    try:
        return Path(str(files("solver.puzzles")))
    except ModuleNotFoundError:
        return Path(__file__).resolve().parents[1] / "puzzles"


def entries(
    folder: Path, on_error: Callable[[str], object] = lambda error: None
) -> Iterator[Entry]:
    """The puzzles of a folder and the folders in it, by name, at most `MOST` of a file.

    What can't be read goes to `on_error` as one line. Raises `OSError` where the folder itself
    can't be listed.
    """
    for path in sorted(_walk(folder, on_error)):
        try:
            records = [record for _, record in zip(range(MOST), read(path), strict=False)]
        except (FormatError, OSError) as error:
            on_error(str(error))
            continue
        for number, record in enumerate(records):
            yield Entry(path, record, number, len(records) == 1)


def _walk(folder: Path, on_error: Callable[[str], object]) -> Iterator[Path]:
    for path in folder.iterdir():
        try:
            if path.is_dir() and not path.name.startswith("."):
                yield from _walk(path, on_error)
            elif path.suffix.lower() in BY_SUFFIX:
                yield path
        except OSError as error:
            on_error(str(error))
