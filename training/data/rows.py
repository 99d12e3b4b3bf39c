"""Files of puzzles, in all formats of `solver.formats` -> packed rows with their solutions.

A packed cell is one byte: the solution's digit, plus 16 where it is given. A row is 81 of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from solver.exact import solve_many
from solver.formats import Batch, read_batches

GIVEN = 16
SHOWN = 20
_BATCH = 1 << 16
_UNREADABLE = "no readable puzzle"
_REASONS = (
    "",
    "the puzzle has no solution",
    "the puzzle has more than one solution",
    "the solution given isn't the puzzle's",
)
"""What is wrong with a puzzle, by its code; 0 is nothing."""


class DataError(ValueError):
    """A file of puzzles that can't be used; its text says which, where and why."""


@dataclass
class Rejects:
    """Rows that were left out: how many of each kind, and the first few by line."""

    counts: Counter[str] = field(default_factory=Counter)
    first: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, kind: str, reason: str) -> None:
        """Count one row; `line` counts from 1, and `reason` may say more than its kind."""
        self.counts[kind] += 1
        if len(self.first) < SHOWN:
            self.first.append((line, reason))

    @property
    def total(self) -> int:
        """All rows that were left out."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Rows:
    """Some rows of a file: cells uint8 [n, 81], rating int32 [n], -1 where the file has none."""

    cells: NDArray[np.uint8]
    rating: NDArray[np.int32]


def unpack(cells: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Packed [..., 81] -> (puzzle with 0 for blanks, solution), both uint8 [..., 81]."""
    solution: NDArray[np.uint8] = cells & np.uint8(15)
    puzzle: NDArray[np.uint8] = np.where(cells & GIVEN, solution, np.uint8(0))
    return puzzle, solution


def read_rows(path: Path, rejects: Rejects) -> Iterator[Rows]:
    """The good rows of a file, a batch at a time; the bad ones are added to `rejects`.

    Solutions come from the exact engine; one that the file gives has to be the same. Raises
    `DataError` for a file that can't be opened.
    """
    try:
        for batch in read_batches(path, size=_BATCH, solutions=True, columns=("rating",)):
            cells, why = _packed(batch.cells, batch.solutions)
            bad = [
                (error.line or 1, _UNREADABLE, f"{error.found}, expected {error.expected}")
                for error in batch.errors
            ]
            for line, code in zip(batch.lines[why > 0].tolist(), why[why > 0], strict=True):
                bad.append((line, _REASONS[code], _REASONS[code]))
            for line, kind, reason in sorted(bad):
                rejects.add(line, kind, reason)
            good = why == 0
            yield Rows(cells[good], _guesses(batch)[good])
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}") from None


def _guesses(batch: Batch) -> NDArray[np.int32]:
    """The file's ratings [n], -1 where it has none; a column with fractions, as Sudoku
    Explainer's, is on another scale than guesses and isn't taken."""
    rating = np.maximum(batch.numbers("rating"), -1)
    if re.search(r"\.\d*[1-9]", "\n".join(batch.texts["rating"])):
        rating[:] = -1
    return rating


def _packed(
    givens: NDArray[np.int8], told: NDArray[np.int8] | None
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Puzzles and the file's solutions, [n, 81] -> (packed cells [n, 81], reason [n])."""
    solutions, counts = solve_many(givens)
    why = np.select([counts == 0, counts > 1], [1, 2], 0)
    if told is not None:
        why[(why == 0) & told.any(1) & (told != solutions).any(1)] = 3
    cells = solutions.astype(np.uint8) | np.where(givens > 0, GIVEN, 0).astype(np.uint8)
    return cells, why.astype(np.uint8)
