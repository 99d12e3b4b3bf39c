"""Which format a file has: by what it holds, and by its name where that leaves it open."""

from __future__ import annotations

from pathlib import PurePath

from solver.formats.cells import digits
from solver.formats.registry import BY_SUFFIX, FORMATS, Format
from solver.formats.source import Source

_LOOK_AHEAD = 40


def detect(source: Source) -> Format:
    """The format of `source`; where content and name say nothing, 81 characters a line."""
    named = BY_SUFFIX.get(PurePath(source.name).suffix.lower())
    found = _by_content(source)
    if found is None:
        return named or FORMATS["txt"]
    if named is not None and named.read is found.read:
        return named
    return found


def _by_content(source: Source) -> Format | None:
    for line in source.peek(_LOOK_AHEAD):
        text = line.text.strip()
        if text.lower() in ("[puzzle]", "[state]"):
            return FORMATS["sdk"]
        if not text or text.startswith(("#", "//")):
            continue
        if len(text) >= 81 and digits(text[:81]) is not None:
            return FORMATS["txt"]
        packed = text.translate(str.maketrans("", "", " \t,;|"))
        if len(packed) == 9 and digits(packed) is not None:
            return FORMATS["sdk"]
        break
    return None
