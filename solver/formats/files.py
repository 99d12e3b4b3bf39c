"""Reading from paths, streams, bytes and text; writing files and text."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from solver.board.words import inert, plural
from solver.formats.cells import check_rules, digits, meant_as_grid
from solver.formats.detect import detect
from solver.formats.errors import FormatError
from solver.formats.links import is_address
from solver.formats.record import Record
from solver.formats.registry import BY_SUFFIX, FORMATS, Format
from solver.formats.source import Source
from solver.system.files import atomic_write

Readable = str | os.PathLike[str] | bytes | BinaryIO | TextIO
"""A path, `-` for stdin, the bytes of a file, or a stream."""


def read(
    source: Readable,
    name: str | None = None,
    *,
    format: str | None = None,
    on_error: Callable[[FormatError], object] | None = None,
    rules: bool = True,
) -> Iterator[Record]:
    """The puzzles of a file, one by one: of a list, only a line is held in memory.

    `format` is a key of `FORMATS`; without it, content and name decide. The first error is
    raised as `FormatError`; with `on_error`, each goes there instead and the puzzle is skipped.
    With `rules`, givens that break a rule are an error too; without, they are read as they are.
    Raises `OSError` where a file can't be opened, `ValueError` for an unknown `format`.
    """
    with opened(source, name) as (stream, label):
        for item in _items(stream, label, format):
            error = item if isinstance(item, FormatError) else _broken(item) if rules else None
            if error is None:
                assert isinstance(item, Record)
                yield item
            elif on_error is None:
                raise error.at(label)
            else:
                on_error(error.at(label))


def _items(stream: BinaryIO, label: str, format: str | None) -> Iterator[Record | FormatError]:
    """What a reader yields and, last, the error that ended it."""
    try:
        source = Source(stream, label)
        chosen = detect(source) if format is None else format_for(label, format)
        yield from chosen.read(source)
    except FormatError as error:
        yield error


@contextmanager
def opened(source: Readable, name: str | None) -> Iterator[tuple[BinaryIO, str]]:
    """A byte stream and its name for messages; only what was opened here is closed."""
    if isinstance(source, bytes):
        yield io.BytesIO(source), name or "<text>"
    elif source == "-":
        yield sys.stdin.buffer, name or "<stdin>"
    elif isinstance(source, str | os.PathLike):
        with open(source, "rb") as stream:
            yield stream, name or inert(os.fspath(source))
    else:
        label = name or inert(getattr(source, "name", "<stream>"))
        under: Any = getattr(source, "buffer", source)
        is_text = isinstance(under, io.TextIOBase)
        yield io.BytesIO(under.read().encode("utf-8", "replace")) if is_text else under, label


def _broken(record: Record) -> FormatError | None:
    try:
        check_rules(record.givens)
    except FormatError as error:
        return error.at(record.source, record.line)
    return None


def read_text(
    text: str, name: str = "<text>", *, format: str | None = None, rules: bool = True
) -> list[Record]:
    """The puzzles of a file's text. Raises `FormatError`."""
    return list(read(text.encode("utf-8", "replace"), name, format=format, rules=rules))


def read_argument(
    argument: str,
    *,
    on_error: Callable[[FormatError], object] | None = None,
    rules: bool = True,
) -> Iterator[Record]:
    """The puzzles that a command's argument names: a file, `-` for stdin, 81 characters, an
    address of a site that shows them, or pasted lines.

    As `read`, and nothing at all is a `FormatError` too.
    """
    pasted = "\n" in argument.strip()
    meant = pasted or meant_as_grid(argument) or is_address(argument)
    literal = meant and not os.path.lexists(argument)
    source = argument.encode("utf-8", "replace") if literal else argument
    name = "argument" if literal else None
    format = "txt" if literal and not pasted else None
    found = False

    def report(error: FormatError) -> None:
        nonlocal found
        found = True
        if on_error is None:
            raise error
        on_error(error)

    try:
        for record in read(source, name, format=format, on_error=report, rules=rules):
            found = True
            yield record
    except FileNotFoundError:
        if not argument or digits(argument) is None:
            raise
        count = plural(len(argument), "cell")
        report(FormatError(count, "81 cells, or the name of a file", file="argument"))
    if not found:
        label = "<stdin>" if argument == "-" else inert(argument)
        report(FormatError("no puzzle", "at least one", file=label))


def read_puzzles(argument: str, *, rules: bool = True) -> list[Record]:
    """All that `read_argument` gives. Raises `FormatError` at the first error, and `OSError`."""
    return list(read_argument(argument, rules=rules))


def to_bytes(records: Iterable[Record], format: str) -> bytes:
    """The bytes of a file in `format` that holds `records`."""
    chosen = format_for("", format)
    return b"".join(map(_bytes, chosen.write(_counted(records, chosen))))


def to_text(records: Iterable[Record], format: str) -> str:
    """The text of a file in `format`, any but Parquet, that holds `records`."""
    return to_bytes(records, format).decode()


def _bytes(piece: str | bytes) -> bytes:
    return piece if isinstance(piece, bytes) else piece.encode("utf-8", "replace")


def write(
    records: Iterable[Record], path: str | os.PathLike[str], format: str | None = None
) -> int:
    """Write `records` to a file, or to stdout for `-`, one by one; how many there were.

    The format is that of the name's suffix where `format` is None. The file appears when it is
    whole. Raises `ValueError` for an unknown suffix and for more puzzles than the format holds.
    """
    chosen = format_for(path, format)
    count = 0

    def counted() -> Iterator[Record]:
        nonlocal count
        for record in _counted(records, chosen):
            count += 1
            yield record

    pieces = chosen.write(counted())
    if os.fspath(path) == "-":
        for piece in pieces:
            sys.stdout.buffer.write(_bytes(piece))
        sys.stdout.buffer.flush()
        return count
    with atomic_write(Path(path)) as temporary, temporary.open("wb") as stream:
        stream.writelines(map(_bytes, pieces))
    return count


def format_for(path: str | os.PathLike[str], format: str | None = None) -> Format:
    """The format to write `path` in. Raises `ValueError` that lists the known ones."""
    if format is not None and format in FORMATS:
        return FORMATS[format]
    suffix = Path(path).suffix.lower()
    if format is None and suffix in BY_SUFFIX:
        return BY_SUFFIX[suffix]
    known = ", ".join(FORMATS)
    if format is not None:
        raise ValueError(f"no format {format!r}; known: {known}")
    raise ValueError(f"the name {os.fspath(path)!r} says no format; name one of: {known}")


def _counted(records: Iterable[Record], chosen: Format) -> Iterator[Record]:
    for count, record in enumerate(records):
        if count and not chosen.many:
            raise ValueError(
                f"a .{chosen.name} file holds one puzzle; write more of them as .sdm or .csv"
            )
        yield record
