"""Which format a file has: by its content, or by its name where that is ambiguous."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Final

from solver.formats import csv_table, drawn, own, parquet
from solver.formats.cells import digits, meant_as_grid
from solver.formats.drawing import Kind
from solver.formats.drawing import drawn as drawn_line
from solver.formats.errors import FormatError
from solver.formats.registry import BY_SUFFIX, FORMATS, Format
from solver.formats.source import Source, check_text

_LOOK_AHEAD: Final = 40


def detect(source: Source) -> Format:
    """The format of `source`; where content and name say nothing, 81 characters a line.

    Raises `FormatError` for anything but text and Parquet.
    """
    if not source.first.startswith(parquet.MAGIC):
        check_text(source.first, source.name)
    named = BY_SUFFIX.get(PurePath(source.name).suffix.lower())
    found = _by_content(source, named)
    if found is None:
        return named or FORMATS["txt"]
    if named is not None and named.read is FORMATS[found].read:
        return named
    return FORMATS[found]


def _by_content(source: Source, named: Format | None) -> str | None:
    start = source.first.removeprefix(b"\xef\xbb\xbf").lstrip()
    if source.first.startswith(parquet.MAGIC):
        return "parquet"
    if start.startswith(b"<"):
        return "opensudoku"
    if start.startswith((b"{", b"[")) and own.looks_like(source):
        return "json"
    if (found := _by_lines(_first_told(source, 1))) or (found := _by_lines(_first_told(source, 2))):
        return found
    ahead = source.peek(_LOOK_AHEAD)
    check_text("\n".join(line.text for line in ahead).encode(), source.name)
    told = [line for line in ahead if _tells(line.text)]
    texts = [line.text for line in told]
    if not told:
        return None
    if csv_table.looks_like(texts):
        return "csv"
    if any(_list_line(text) or _nearly(text) for text in texts):
        return "txt"
    try:
        kinds = [drawn_line(line).kind for line in told]
    except FormatError:
        return None
    if {Kind.NINE, Kind.WHOLE, Kind.SECTION, Kind.RULE} & {*kinds}:
        return "sdk"
    if len(told) > 2 and (kinds.count(Kind.SOME) > 2 or not any(map(meant_as_grid, texts))):
        return "sdk" if named is None or named.read in (drawn.read, FORMATS["txt"].read) else None
    return None


def _tells(text: str) -> bool:
    """Whether a line is neither blank nor a comment."""
    body = text.strip()
    return bool(body) and not body.startswith(("#", "//"))


def _first_told(source: Source, most: int) -> list[str]:
    """The first lines that say something; one by one, so that a slow pipe need not end."""
    for count in range(1, _LOOK_AHEAD + 1):
        lines = source.peek(count)
        told = [line.text.strip() for line in lines if _tells(line.text)]
        if len(told) >= most or len(lines) < count:
            return told
    return []


def _by_lines(told: list[str]) -> str | None:
    """What one line, or the first two, are enough to tell."""
    if not told:
        return None
    first = told[0]
    if first.startswith(":"):
        return "hodoku"
    if _list_line(first) and " " not in first[:81] and not csv_table.looks_like(told):
        return "txt"
    if len(told) > 1 or any(_list_line(field) for field in re.split('[,;\t"]', first)):
        return "csv" if csv_table.looks_like(told) else None
    return None


def _list_line(text: str) -> bool:
    """Whether a line holds a puzzle in one piece."""
    return any(len(part) >= 81 and digits(part[:81]) is not None for part in text.split())


def _nearly(text: str) -> bool:
    """Whether a line is meant to hold a puzzle in one piece."""
    parts = [part for part in text.split() if len(part) > 60]
    return any(meant_as_grid(part) and any(map(str.isdigit, part)) for part in parts)
