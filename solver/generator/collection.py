"""The puzzles that are shipped: made from a seed at every level, and famous ones by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from solver.board.grid import Grid
from solver.board.levels import LEVELS
from solver.formats import Record
from solver.generator.chunks import Mode, stream
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

FAMOUS: Final = (
    (
        "AI Escargot",
        "Arto Inkala",
        "2006",
        "1....7.9..3..2...8..96..5....53..9...1..8...26....4...3......1..4......7..7...3..",
    ),
    (
        "Inkala 2010",
        "Arto Inkala",
        "2010",
        "..53.....8......2..7..1.5..4....53...1..7...6..32...8..6.5....9..4....3......97..",
    ),
    (
        "Inkala 2012",
        "Arto Inkala",
        "2012",
        "8..........36......7..9.2...5...7.......457.....1...3...1....68..85...1..9....4..",
    ),
    (
        "Easter Monster",
        "JPF",
        "2007",
        "1.......2.9.4...5...6...7...5.9.3.......7.......85..4.7.....6...3...9.8...2.....1",
    ),
    (
        "Golden Nugget",
        "unknown",
        "2007",
        ".......39.....1..5..3.5.8....8.9...6.7...2...1..4.......9.8..5..2....6..4..7.....",
    ),
    (
        "Platinum Blonde",
        "unknown",
        "",
        ".......12........3..23..4....18....5.6..7.8.......9.....85.....9...4.5..47...6...",
    ),
    (
        "Fata Morgana",
        "unknown",
        "",
        "........3..1..56...9..4..7......9.5.7.......8.5.4.2....8..2..9...35..1..6........",
    ),
)
"""Hard puzzles that people know by name: name, author, year (empty where unsure), 81 cells.

Easter Monster is by the forum name JPF, so sudokusnake.com/eastermonster.php.
"""


def collection(seed: int) -> Iterator[tuple[Path, Record]]:
    """The files of the collection, by their path in it: `EACH` a level, famous ones, `hard.sdk`."""
    for level in LEVELS:
        for number, record in enumerate(at_level(level, seed), 1):
            yield Path(level, f"{level}-{number:02}.sdk"), record
    metadata = {"author": "sudoku-policy", "description": "the first example"}
    yield Path("hard.sdk"), graded(Grid.parse(EXAMPLE), metadata)
    yield from famous()


def famous() -> Iterator[tuple[Path, Record]]:
    """The files of the famous puzzles, by their path in the collection."""
    for name, author, year, line in FAMOUS:
        given = {"author": author, "description": name, "date": year}
        held = {key: text for key, text in given.items() if text}
        yield (
            Path("famous", name.lower().replace(" ", "-") + ".sdk"),
            graded(Grid.parse(line), held),
        )


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
