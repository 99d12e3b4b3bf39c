"""The shipped collection: puzzles made from a seed at every level, and famous ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from solver.board.grid import Grid
from solver.board.levels import LEVELS
from solver.formats import Record, read
from solver.generator.chunks import Mode, stream
from solver.generator.library import shipped_folder
from solver.logic.rating import Difficulty, difficulty

EACH: Final = 24
"""Puzzles at a level."""
MODE_OF: Final[dict[str, Mode]] = {
    "easy": "mixed",
    "medium": "minimal",
    "hard": "minimal",
    "expert": "minimal",
    "extreme": "hard",
}
EASY_CLUES: Final = range(27, 37)
"""Clues of an easy puzzle."""
FROM_A_CHUNK: Final = 2
"""Puzzles taken of one chunk of the generator, so that they are not variations of a few."""
SEARCHED: Final = 20
"""Guesses that the puzzles need at least among which extreme ones are looked for."""
EXAMPLE: Final = "...5...4.3...2..6..82.3.1...7.2....9..9.......3..49..6.......9..5.8.....4...13..."
"""`hard.sdk`, the puzzle of the first example: hard by its techniques, and 61 guesses."""


def collection(seed: int) -> Iterator[tuple[Path, Record]]:
    """The files of the collection, by their path in it: `EACH` a level, famous ones, `hard.sdk`."""
    for level in LEVELS:
        for number, record in enumerate(at_level(level, seed), 1):
            yield Path(level, f"{level}-{number:02}.sdk"), record
    metadata = {"author": "sudoku-policy", "description": "the first example"}
    yield Path("hard.sdk"), graded(Grid.parse(EXAMPLE), metadata)
    yield from famous()


def famous() -> Iterator[tuple[Path, Record]]:
    """Hard puzzles that people know by name, those that are shipped, by their path."""
    for path in sorted((shipped_folder() / "famous").glob("*.sdk")):
        [record] = read(path)
        known = {key: record.metadata.get(key, "") for key in ("author", "description", "date")}
        about = {key: text for key, text in known.items() if text}
        yield Path("famous", path.name), graded(record.givens, about)


def at_level(level: str, seed: int) -> Iterator[Record]:
    """`EACH` puzzles at a level, made by the generator from `seed`."""
    made = 0
    least = SEARCHED if MODE_OF[level] == "hard" else 0
    for part in stream(1 << 40, seed, MODE_OF[level], least):
        taken = 0
        for cells, clues in zip(part.puzzles, part.clues, strict=True):
            if level == "easy" and int(clues) not in EASY_CLUES:
                continue
            grid = Grid(cells)
            if (found := difficulty(grid)).level != level:
                continue
            made += 1
            taken += 1
            description = f"{level} puzzle {made} of seed {seed}"
            yield graded(grid, {"author": "sudoku-policy", "description": description}, found)
            if made == EACH:
                return
            if taken == FROM_A_CHUNK:
                break


def graded(grid: Grid, metadata: dict[str, str], known: Difficulty | None = None) -> Record:
    """A puzzle whose file names its level, and what makes it that."""
    found = known or difficulty(grid)
    hardest = "beyond all techniques" if found.hardest is None else found.hardest.value
    comment = f"{hardest}, score {found.score}, {grid.clues} clues"
    return Record(grid, metadata={**metadata, "level": found.level, "comment": comment})
