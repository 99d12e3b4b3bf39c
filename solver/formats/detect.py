"""Which format a file has: by what it holds, and by its name where that leaves it open."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Final

from solver.formats import csv_table, parquet, sdx, ss
from solver.formats.cells import digits, other_row_size
from solver.formats.registry import BY_SUFFIX, FORMATS, Format
from solver.formats.rows import SEPARATORS
from solver.formats.source import Source

_LOOK_AHEAD: Final = 40
_SECTION: Final = re.compile(r"\[\s*(puzzle|state)\s*\]", re.IGNORECASE)


def detect(source: Source) -> Format:
    """The format of `source`; where content and name say nothing, 81 characters a line."""
    named = BY_SUFFIX.get(PurePath(source.name).suffix.lower())
    found = _by_content(source)
    if found is None:
        return named or FORMATS["txt"]
    if named is not None and named.read is FORMATS[found].read:
        return named
    return FORMATS[found]


def _by_content(source: Source) -> str | None:
    if source.first.startswith(parquet.MAGIC):
        return "parquet"
    if source.first.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return "opensudoku"
    if (found := _by_line(_first_told(source))) is not None:
        return found
    told = [line.text for line in source.peek(_LOOK_AHEAD) if _tells(line.text)]
    if not told:
        return None
    if csv_table.looks_like(told):
        return "csv"
    first = told[0].strip()
    if len(first) >= 81 and digits(first[:81]) is not None:
        return "sdx" if len(told) >= 9 and all(map(_is_sdx_row, told[:9])) else "txt"
    return _drawn(told, first)


def _tells(text: str) -> bool:
    """Whether a line is neither blank nor a comment."""
    body = text.strip()
    return bool(body) and not body.startswith(("#", "//"))


def _first_told(source: Source) -> str:
    """The first line that says something; one line at a time, so that a slow pipe need not end."""
    for count in range(1, _LOOK_AHEAD + 1):
        lines = source.peek(count)
        if len(lines) < count:
            break
        if _tells(lines[-1].text):
            return lines[-1].text.strip()
    return ""


def _by_line(first: str) -> str | None:
    """What one line is enough to tell."""
    if first.startswith(":"):
        return "hodoku"
    if csv_table.looks_like([first]):
        return "csv"
    plain = len(first) >= 81 and digits(first[:81]) is not None and " " not in first[:81]
    return "txt" if plain else None


def _drawn(told: list[str], first: str) -> str | None:
    if _SECTION.fullmatch(first):
        return "sdk"
    if ss.is_rule(first):
        return "ss"
    if _is_sdx_row(first):
        return "sdk" if all(len(token) == 1 for text in told for token in text.split()) else "sdx"
    packed = first.translate(SEPARATORS)
    if any(len(text) == 9 and digits(text) is not None for text in (packed, told[0])):
        return "ss" if any(map(ss.is_rule, told)) else "sdk"
    return "sdk" if other_row_size(packed) else None


def _is_sdx_row(text: str) -> bool:
    tokens = text.split()
    return len(tokens) == 9 and all(map(sdx.CELL.fullmatch, tokens))
