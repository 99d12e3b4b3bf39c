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
    texts = [line.text for line in source.peek(_LOOK_AHEAD)]
    told = [text for text in texts if text.strip() and not text.strip().startswith(("#", "//"))]
    if not told:
        return None
    if csv_table.looks_like(told):
        return "csv"
    first = told[0].strip()
    if len(first) >= 81 and len(told) >= 9 and all(map(_is_sdx_row, told[:9])):
        return "sdx"
    if first.startswith(":") or (len(first) >= 81 and digits(first[:81]) is not None):
        return "hodoku" if first.startswith(":") else "txt"
    return _drawn(told, first)


def _drawn(told: list[str], first: str) -> str | None:
    if _SECTION.fullmatch(first):
        return "sdk"
    if ss.is_rule(first):
        return "ss"
    if _is_sdx_row(first):
        plain = all(len(token) == 1 for text in told for token in text.split())
        return "sdk" if plain else "sdx"
    packed = first.translate(SEPARATORS)
    if any(len(text) == 9 and digits(text) is not None for text in (packed, told[0])):
        return "ss" if any(map(ss.is_rule, told)) else "sdk"
    return "sdk" if other_row_size(packed) else None


def _is_sdx_row(text: str) -> bool:
    tokens = text.split()
    return len(tokens) == 9 and all(map(sdx.CELL.fullmatch, tokens))
