"""The formats by name: how to read and write each, and what it can hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from solver.formats import lines, sdk
from solver.formats.errors import FormatError
from solver.formats.record import Record
from solver.formats.source import Source

Reader = Callable[[Source], Iterator[Record | FormatError]]
"""Yields the error of a puzzle it can skip; raises the error it can't go on after."""
Writer = Callable[[Iterable[Record]], Iterator[str]]
"""Yields the text of a file piece by piece."""


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


FORMATS: Final[dict[str, Format]] = {
    format.name: format
    for format in (
        Format(
            "sdk", (".sdk",), "SadMan Sudoku, SudoCue: nine rows, with metadata",
            sdk.read, sdk.write, many=False, holds=frozenset({"state", "metadata"}),
        ),
        Format(
            "sdm", (".sdm",), "81 characters a line, nothing else",
            lines.read, lines.write_sdm, many=True, holds=frozenset(),
        ),
        Format(
            "txt", (".txt",), "81 characters a line, with comments",
            lines.read, lines.write_txt, many=True, holds=frozenset({"metadata"}),
        ),
    )
}  # fmt: skip
"""Name -> format, in the order that help texts list them."""

BY_SUFFIX: Final = {suffix: format for format in FORMATS.values() for suffix in format.suffixes}
