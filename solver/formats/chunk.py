"""Part of a file as arrays: puzzles, the columns asked for, and the errors between them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from solver.formats.errors import FormatError
from solver.formats.record import Record

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some items of a file in its order: n puzzles and, between them, errors."""

    at: Places
    """The place of each puzzle among the items, [n]."""
    lines: Places
    cells: Bytes
    solutions: Bytes
    """[n, 81], 0 where there is none."""
    texts: Mapping[str, Texts]
    """Of each further column that was asked for, strings [n]."""
    errors: list[tuple[int, FormatError]]
    """Each with its place among the items."""
    played: Mapping[int, Record]
    """Those that come with play or candidates, by their row."""
    unasked: frozenset[str]
    """What else they come with, by name, that was not asked for."""

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
        played = {row - first: item for row, item in self.played.items() if first <= row < last}
        return Chunk(
            at,
            self.lines[rows],
            self.cells[rows],
            self.solutions[rows],
            texts,
            errors,
            played,
            self.unasked,
        )

    @classmethod
    def joined(cls, parts: list[Chunk]) -> Chunk:
        """The items of some chunks, one after the other."""
        if len(parts) == 1:
            return parts[0]
        before = [0, *accumulate(part.items for part in parts)]
        rows = [0, *accumulate(len(part.at) for part in parts)]
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
            {
                start + row: item
                for part, start in zip(parts, rows, strict=False)
                for row, item in part.played.items()
            },
            frozenset().union(*(part.unasked for part in parts)),
        )


def settled(
    numbers: Places,
    cells: Bytes,
    solutions: Bytes,
    texts: dict[str, Texts],
    odd: Mapping[int, Record | FormatError | None],
    names: Iterable[str] = (),
) -> Chunk:
    """The chunk of rows, [n], where those in `odd` are what a careful reader made of them.

    None is a row that holds nothing; `names` are all that the rows have columns for. Fills in the
    arrays.
    """
    dropped = np.zeros(len(cells), bool)
    played: list[tuple[int, Record]] = []
    wrong: list[tuple[int, FormatError]] = []
    for row, item in odd.items():
        if isinstance(item, Record):
            cells[row] = item.givens.cells
            if _is_played(item):
                played.append((row, item))
            solutions[row] = item.solution.cells if item.solution else 0
            for key, texts_of_key in texts.items():
                texts_of_key[row] = text_of(further(item), key)
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
        {int(kept[:row].sum()): item for row, item in played},
        _unasked(names, texts)
        | _unasked(_names(item for item in odd.values() if isinstance(item, Record)), texts),
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
        {name: column(text_of(further(record), name) for record in records) for name in columns},
        errors,
        {row: record for row, record in enumerate(records) if _is_played(record)},
        _unasked(_names(records), columns),
    )


def _unasked(names: Iterable[str], asked: Collection[str]) -> frozenset[str]:
    known = {name.lower() for name in asked}
    return frozenset(name for name in names if name.lower() not in known)


def _names(records: Iterable[Record]) -> Iterator[str]:
    return (name for record in records for name in (*further(record), *record.unread))


def further(record: Record) -> Mapping[str, str]:
    """What else a record holds beside the puzzle and its candidates, by name."""
    grids = {"solution": record.solution, "state": record.state}
    return {**{key: grid.line("0") for key, grid in grids.items() if grid}, **record.metadata}


def _is_played(record: Record) -> bool:
    return record.state is not None or record.pencil is not None


def text_of(found: Mapping[str, str], name: str) -> str:
    """The text by a name, in any case; "" where there is none."""
    if name in found:
        return found[name]
    return next((text for key, text in found.items() if key.lower() == name.lower()), "")


def column(texts: Iterable[str]) -> Texts:
    """A column's texts as an array."""
    return np.array([*texts, None], object)[:-1]
