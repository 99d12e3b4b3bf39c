"""The shipped puzzles, those of any folder, and their levels.

A puzzle's level is that of the hardest technique it needs (`solver.logic.rating`); the level that a
file names comes before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from solver.board.grid import Grid
from solver.board.levels import LEVELS
from solver.exact import solve
from solver.exact.random import seed_words
from solver.formats import FormatError, Record, read
from solver.formats.folders import puzzle_files
from solver.generator import carve
from solver.generator.bench import Bench
from solver.logic.rating import difficulty

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


def shipped_folder() -> Path:
    """The folder of the puzzles that come with the program."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "puzzles"
    return installed if installed.is_dir() else package.parent / "puzzles"


def entries(
    folder: Path, on_error: Callable[[str], object] = lambda error: None
) -> Iterator[Entry]:
    """The puzzles of a folder and the folders in it, by name, at most `MOST` of a file.

    What can't be read goes to `on_error` as one line. Raises `OSError` where the folder itself
    can't be listed.
    """
    for path in puzzle_files(folder, lambda error: on_error(str(error))):
        try:
            records = [record for _, record in zip(range(MOST), read(path), strict=False)]
        except (FormatError, OSError) as error:
            on_error(str(error))
            continue
        for number, record in enumerate(records):
            yield Entry(path, record, number, len(records) == 1)


def new_puzzle(level: str, seed: int, cancelled: Callable[[], bool] = lambda: False) -> Record:
    """A puzzle at a level, made from a seed, with its solution: the first random minimal one.

    About two in five random puzzles are easy, and one in a hundred is extreme. Raises `ValueError`
    where the level is unknown or `cancelled` said so.
    """
    if level not in LEVELS:
        raise ValueError(f"no level {level!r}; there are {', '.join(LEVELS)}")
    for number in count():
        bench = Bench(seed_words(seed, 0, number), compiled=False)
        boards = bench.boards(1)
        carve.minimal_puzzles(bench.words, boards, bench.work)
        if cancelled():
            raise ValueError("stopped")
        if difficulty(Grid(boards[0])).level == level:
            solution = solve(boards[0])
            assert solution is not None
            return Record(Grid(boards[0]), None, Grid(solution), {"level": level})
    raise AssertionError
