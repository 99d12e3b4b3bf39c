"""JSON of puzzles: what `sudoku-solve` writes as json and jsonl, and lists of the same objects.

An object has a key "puzzle" of 81 cells, maybe "solution" and "state", and "pencil" with 81
strings; other texts and numbers in it, or in an object "metadata" in it, are metadata. Objects
stand one a line, in a list, or in a list under "puzzles".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from solver.formats.errors import FormatError, shown
from solver.formats.record import Pencil, Record
from solver.formats.source import BOM, LONGEST_LINE, Rest, Source
from solver.formats.table import PUZZLE, RESERVED, SOLUTION, Columns

_MOST_BYTES: Final = 64 << 20
RESERVED_KEYS: Final = RESERVED | {"pencil"}
"""Keys that hold no metadata."""
_SHORT: Final = 200
_KEYS: Final = tuple(f'"{name}"' for name in ("puzzles", *sorted(PUZZLE)))


def looks_like(source: Source) -> bool:
    """Whether a file that begins with a bracket names a puzzle in its first lines."""
    text = source.first.decode("latin-1")
    if len(text) >= LONGEST_LINE - 3:
        return text.lstrip("[{ \ufeff\xef\xbb\xbf").startswith('"')
    if len(text) < _SHORT:
        text = "\n".join(line.text for line in source.peek(40))
    return any(key in text for key in _KEYS)


def read(source: Source) -> Iterator[Record | FormatError]:
    """One record an object; `Record.line` counts lines, or the objects of a list, from 1."""
    rest = Rest((source.seen() or b"").removeprefix(BOM), source.stream)
    first = rest.readline(_MOST_BYTES + 1)
    start = _parsed(first)
    if isinstance(start, dict) and not isinstance(start.get("puzzles"), list):
        number = 0
        while first:
            number += 1
            if len(first) > _MOST_BYTES:
                raise FormatError(f"a line of more than {_MOST_BYTES >> 20} MiB", "JSON")
            if first.strip():
                yield _record(_parsed(first), source.name, number)
            first = rest.readline(_MOST_BYTES + 1)
        return
    data = first + rest.before + source.stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        error = FormatError(f"more than {_MOST_BYTES >> 20} MiB in one JSON value", "jsonl")
        raise error.at(source.name, 1)
    found = _parsed(data)
    if isinstance(found, FormatError):
        raise found.at(source.name, 1)
    if isinstance(found, dict):
        found = found.get("puzzles", [found])
    if not isinstance(found, list):
        raise FormatError("no list of puzzles", "objects with a puzzle").at(source.name, 1)
    for number, item in enumerate(found, 1):
        yield _record(item, source.name, number)


def _parsed(data: bytes) -> Any:
    """The value of some JSON, or the error."""
    try:
        return json.loads(data)
    except json.JSONDecodeError as error:
        return FormatError(f"broken JSON ({error.msg})", "JSON", line=error.lineno)
    except (ValueError, RecursionError) as error:
        return FormatError(f"broken JSON ({shown(str(error))})", "JSON")


def _record(item: Any, name: str, number: int) -> Record | FormatError:
    if isinstance(item, FormatError):
        item.line = number
        return item.at(name)
    if isinstance(item, str):
        item = {"puzzle": item}
    if not isinstance(item, dict):
        return FormatError("no object", "an object with a puzzle").at(name, number)
    if isinstance(more := item.get("metadata"), dict):
        item = {**more, **{key: value for key, value in item.items() if key != "metadata"}}
    fields = {
        key: str(value).lower() if isinstance(value, bool) else str(value)
        for key, value in item.items()
        if isinstance(value, str | int | float)
    }
    columns = Columns.named(list(fields))
    if columns is None:
        return FormatError("no puzzle", "an object with a puzzle").at(name, number)
    try:
        record = columns.record(list(fields.values()), name, number)
        pencil = _pencil(item["pencil"]) if item.get("pencil") is not None else None
    except FormatError as error:
        error.column = None
        return error.at(name, number)
    lost = tuple(
        key
        for key, value in item.items()
        if value and key not in fields and key != "pencil" and key.lower() not in SOLUTION
    )
    return Record(
        record.givens, record.state, record.solution, record.metadata, pencil, name, number, lost
    )


def _pencil(value: Any) -> Pencil:
    if (
        isinstance(value, list)
        and len(value) == 81
        and all(isinstance(cell, str) and set(cell) <= set("123456789") for cell in value)
    ):
        return tuple(frozenset(map(int, cell)) for cell in value)
    raise FormatError("a pencil", "81 strings of digits 1-9")


def write_lines(records: Iterable[Record]) -> Iterator[str]:
    """One object a line."""
    return (json.dumps(_object(record), ensure_ascii=False) + "\n" for record in records)


def write(records: Iterable[Record]) -> Iterator[str]:
    """A list with one object a line."""
    before = "[\n"
    for record in records:
        yield before + json.dumps(_object(record), ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _object(record: Record) -> dict[str, Any]:
    made: dict[str, Any] = {"puzzle": record.givens.line()}
    if record.solution is not None:
        made["solution"] = record.solution.line()
    if record.state is not None:
        made["state"] = record.state.line()
    if record.pencil is not None:
        made["pencil"] = ["".join(map(str, sorted(marks))) for marks in record.pencil]
    others = {
        key: text for key, text in record.metadata.items() if key.lower() not in RESERVED_KEYS
    }
    return {**made, **others}
