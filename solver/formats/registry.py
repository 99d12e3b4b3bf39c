"""The formats by name: how to read and write each, and what it can hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from solver.formats import csv_table, drawn, hodoku, lines, opensudoku, own, parquet, sdk, sdx, ss
from solver.formats.errors import FormatError
from solver.formats.record import Record
from solver.formats.source import Source
from solver.formats.table import RESERVED

Reader = Callable[[Source], Iterator[Record | FormatError]]
"""Yields the error of a puzzle that it skips; raises the error that ends it."""
Writer = Callable[[Iterable[Record]], Iterator[str] | Iterator[bytes]]
"""Yields the text of a file, or of Parquet the bytes, piece by piece."""


@dataclass(frozen=True, slots=True)
class Format:
    """One file format."""

    name: str
    suffixes: tuple[str, ...]
    about: str
    read: Reader
    write: Writer
    many: bool
    """Whether one file holds any number of puzzles."""
    holds: frozenset[str]
    """Which of "state", "solution", "metadata" and "pencil" it has a place for."""
    has_key: Callable[[str], bool] = lambda key: True
    """Whether it has a place for metadata of a key."""
    reserved: frozenset[str] = frozenset()
    """Keys of metadata, in lower case, that it has no place for."""
    once: frozenset[str] = frozenset()
    """Keys of metadata that a file holds once, for all its puzzles."""
    removes: bool = False
    """Whether its pencil says what is removed, so that it can't hold more than the rules leave."""
    notes: bool = False
    """Whether its pencil is a person's notes, so that none in a cell says nothing of it."""

    def leaves_out(self, record: Record) -> list[str]:
        """What `write` would lose of a record: parts, and keys of its metadata."""
        lost = [
            part
            for part in ("state", "solution", "pencil")
            if getattr(record, part) is not None and part not in self.holds
        ]
        if self.removes and record.pencil is not None:
            left = zip(record.pencil, record.grid.all_candidates(), strict=True)
            lost += ["candidates against the rules"] * any(marks - fits for marks, fits in left)
        if self.notes and record.pencil is not None:
            cells = zip(record.grid, record.pencil, record.grid.all_candidates(), strict=True)
            bare = any(not digit and fits and not marks for digit, marks, fits in cells)
            lost += ["cells without a candidate"] * bare
        known = self.has_key if "metadata" in self.holds else lambda key: False
        return lost + sorted(
            key for key in record.metadata if not known(key) or key.lower() in self.reserved
        )


class Losses:
    """What a file in a format would lose of the records that are put into it."""

    def __init__(self, format: Format) -> None:
        self._format = format
        self._left_out: set[str] = set()
        self._first: Mapping[str, str] | None = None
        self._differ: set[str] = set()

    def add(self, record: Record) -> None:
        """Count in the next record of the file."""
        self._left_out.update(self._format.leaves_out(record))
        if self._first is None:
            self._first = record.metadata
        for key in self._format.once - self._differ:
            if record.metadata.get(key) != self._first.get(key):
                self._differ.add(key)

    def __str__(self) -> str:
        """What is lost, for people: "solution, nor for level where puzzles differ"; or nothing."""
        differ = f"{', '.join(sorted(self._differ))} where puzzles differ" if self._differ else ""
        return ", nor for ".join(filter(None, (", ".join(sorted(self._left_out)), differ)))


FORMATS: Final[dict[str, Format]] = {
    format.name: format
    for format in (
        Format(
            "sdk", (".sdk",), "SadMan Sudoku, SudoCue: nine rows, with metadata",
            drawn.read, sdk.write, many=False, holds=frozenset({"state", "metadata", "pencil"}),
            has_key=sdk.holds_key, notes=True,
        ),
        Format(
            "sdm", (".sdm",), "81 characters a line, nothing else",
            lines.read, lines.write_sdm, many=True, holds=frozenset(),
        ),
        Format(
            "txt", (".txt",), "81 characters a line, with comments",
            lines.read, lines.write_txt, many=True, holds=frozenset({"metadata"}),
            has_key=frozenset({"comment", "heading"}).__contains__,
        ),
        Format(
            "ss", (".ss",), "Simple Sudoku: nine drawn rows, HoDoKu's with the play",
            drawn.read, ss.write, many=False, holds=frozenset({"state", "pencil"}), removes=True,
        ),
        Format(
            "sdx", (".sdx",), "SudoCue: a puzzle in progress, with candidates",
            drawn.read, sdx.write, many=False, holds=frozenset({"state", "pencil"}),
        ),
        Format(
            "hodoku", (), "HoDoKu library lines, :code:digits:givens:…",
            lines.read, hodoku.write, many=True,
            holds=frozenset({"state", "pencil", "metadata"}),
            has_key=frozenset(filter(None, hodoku.FIELDS)).__contains__, removes=True,
        ),
        Format(
            "opensudoku", (".opensudoku",), "OpenSudoku's XML, versions 1 to 3",
            opensudoku.read, opensudoku.write, many=True,
            holds=frozenset({"state", "pencil", "metadata"}),
            has_key=frozenset(opensudoku.KEYS.values()).__contains__, once=opensudoku.ONCE,
            notes=True,
        ),
        Format(
            "csv", (".csv",), "a table: puzzle, solution and other columns",
            csv_table.read, csv_table.write, many=True,
            holds=frozenset({"state", "solution", "metadata"}), reserved=RESERVED,
        ),
        Format(
            "json", (), "a list of objects with puzzle, solution and other keys",
            own.read, own.write, many=True,
            holds=frozenset({"state", "solution", "metadata", "pencil"}),
            reserved=own.RESERVED_KEYS,
        ),
        Format(
            "jsonl", (".jsonl",), "the same objects, one a line",
            own.read, own.write_lines, many=True,
            holds=frozenset({"state", "solution", "metadata", "pencil"}),
            reserved=own.RESERVED_KEYS,
        ),
        Format(
            "parquet", (".parquet", ".pq"), "the same table as Parquet (needs pyarrow)",
            parquet.read, parquet.write, many=True,
            holds=frozenset({"state", "solution", "metadata"}), reserved=RESERVED,
        ),
    )
}  # fmt: skip
"""Name -> format, in the order that help texts list them."""

BY_SUFFIX: Final = {suffix: format for format in FORMATS.values() for suffix in format.suffixes}
