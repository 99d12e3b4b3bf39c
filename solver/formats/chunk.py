"""A stretch of a file as arrays: puzzles with what else was asked for, and the errors between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import numpy as np
import numpy.typing as npt

from solver.formats.errors import FormatError
from solver.formats.record import Record

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]

WIDTH: Final = 24
"""Bytes of a further column that are kept."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some items of a file in its order: n puzzles and, between them, errors."""

    at: Places
    """The place of each puzzle among the items, [n]."""
    lines: Places
    cells: Bytes
    solutions: Bytes
    """[n, 81], 0 where there is none."""
    texts: Mapping[str, npt.NDArray[np.bytes_]]
    """Of each further column that was asked for, [n], cut at `WIDTH`."""
    errors: list[tuple[int, FormatError]]
    """Each with its place among the items."""
    played: npt.NDArray[np.bool_]
    """Which come with play or candidates, [n]."""

    @property
    def items(self) -> int:
        """How many puzzles and errors there are."""
        return len(self.at) + len(self.errors)

    def part(self, start: int, stop: int) -> Chunk:
        """The items from place `start` up to `stop`."""
        first, last = np.searchsorted(self.at, [start, stop])
        errors = [(place - start, error) for place, error in self.errors if start <= place < stop]
        texts = {name: column[first:last] for name, column in self.texts.items()}
        at = self.at[first:last] - start
        rows = slice(first, last)
        return Chunk(
            at,
            self.lines[rows],
            self.cells[rows],
            self.solutions[rows],
            texts,
            errors,
            self.played[rows],
        )

    @classmethod
    def joined(cls, parts: list[Chunk]) -> Chunk:
        """The items of some chunks, one after the other."""
        if len(parts) == 1:
            return parts[0]
        before = [0, *accumulate(part.items for part in parts)]
        return cls(
            np.concatenate([part.at + start for part, start in zip(parts, before, strict=False)]),
            np.concatenate([part.lines for part in parts]),
            np.concatenate([part.cells for part in parts]),
            np.concatenate([part.solutions for part in parts]),
            {key: np.concatenate([part.texts[key] for part in parts]) for key in parts[0].texts},
            [
                (place + start, error)
                for part, start in zip(parts, before, strict=False)
                for place, error in part.errors
            ],
            np.concatenate([part.played for part in parts]),
        )


def settled(
    numbers: Places,
    cells: Bytes,
    solutions: Bytes,
    texts: dict[str, npt.NDArray[np.bytes_]],
    odd: Mapping[int, Record | FormatError | None],
) -> Chunk:
    """The chunk of rows, [n], where those in `odd` are what a careful reader made of them.

    None is a row that holds nothing. Fills in the arrays.
    """
    dropped = np.zeros(len(cells), bool)
    played = np.zeros(len(cells), bool)
    wrong: list[tuple[int, FormatError]] = []
    for row, item in odd.items():
        if isinstance(item, Record):
            cells[row] = item.givens.cells
            played[row] = _is_played(item)
            solutions[row] = item.solution.cells if item.solution else 0
            for key, texts_of_key in texts.items():
                if text := _value(item, key):
                    texts_of_key[row] = text.encode()[:WIDTH]
        elif item is None:
            dropped[row] = True
        else:
            wrong.append((row, item))
    places = np.arange(len(cells)) - np.cumsum(dropped)
    kept = ~dropped
    kept[[row for row, _ in wrong]] = False
    return Chunk(
        places[kept],
        numbers[kept],
        cells[kept],
        solutions[kept],
        {key: column[kept] for key, column in texts.items()},
        [(int(places[row]), error) for row, error in wrong],
        played[kept],
    )


def of_items(
    items: Iterable[Record | FormatError], columns: tuple[str, ...], solved: bool
) -> Chunk:
    """The chunk of what a careful reader yields."""
    at, errors, records = [], [], []
    for place, item in enumerate(items):
        if isinstance(item, FormatError):
            errors.append((place, item))
        else:
            at.append(place)
            records.append(item)
    cells = b"".join(bytes(record.givens) for record in records)
    blank = bytes(81)
    solutions = b"".join(
        bytes(record.solution) if solved and record.solution else blank for record in records
    )
    return Chunk(
        np.array(at, np.int64),
        np.array([record.line for record in records], np.int64),
        np.frombuffer(cells, np.uint8).reshape(-1, 81),
        np.frombuffer(solutions, np.uint8).reshape(-1, 81),
        {name: column([_value(record, name) for record in records]) for name in columns},
        errors,
        np.array([_is_played(record) for record in records], bool),
    )


def _is_played(record: Record) -> bool:
    return record.state is not None or record.pencil is not None


def _value(record: Record, name: str) -> str:
    return next((text for key, text in record.metadata.items() if key.lower() == name), "")


def column(texts: list[str]) -> npt.NDArray[np.bytes_]:
    """A column's texts as an array, cut at `WIDTH` bytes."""
    return np.array([text.encode()[:WIDTH] for text in texts], f"S{WIDTH}")
