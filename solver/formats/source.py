"""Bytes from anywhere as numbered lines of text, in bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO, Final, NamedTuple

from solver.formats.errors import FormatError

BOM: Final = b"\xef\xbb\xbf"
PARQUET: Final = b"PAR1"
"""The first bytes of a Parquet file."""
LONGEST_LINE: Final = 1 << 16
"""Bytes of a line at most; a longer one is an error, and no format needs it."""


_CONTROLS: Final = bytes({*range(32)} - {*b"\t\n\v\f\r\x1b"})
_MAGIC: Final = {
    b"\x1f\x8b": "gzip-compressed data",
    b"PK\x03\x04": "a zip archive",
    b"BZh": "bzip2-compressed data",
    b"\xfd7zXZ": "xz-compressed data",
    b"\x28\xb5\x2f\xfd": "zstd-compressed data",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"%PDF": "a PDF",
}
"""The first bytes of files that people mistake for text -> what they are."""


class Line(NamedTuple):
    """One line without its end; lines count from 1."""

    number: int
    text: str
    cut: bool = False
    """Whether the line was longer than `LONGEST_LINE`, so that `text` is only its beginning."""

    def whole(self) -> str:
        """The text; `FormatError` where the line was too long."""
        if self.cut:
            raise FormatError(
                f"a line longer than {LONGEST_LINE} bytes",
                "text lines",
                line=self.number,
                column=len(self.text) + 1,
            )
        return self.text


class Source:
    """A byte stream that is read once, with its name for messages.

    Takes UTF-8 with or without a byte-order mark; bytes that are no UTF-8 are read as
    Windows-1252. Lines end with LF, CR LF or CR; they are numbered on from `before`. Raises
    `FormatError` for UTF-16.
    """

    def __init__(self, stream: BinaryIO, name: str, before: int = 0) -> None:
        self.name = name
        self.stream = stream
        self.before = before
        self.first = stream.readline(LONGEST_LINE)
        """The first line, as bytes: for detection."""
        if self.first.startswith((b"\xff\xfe", b"\xfe\xff")) and not before:
            raise FormatError("UTF-16 text", "UTF-8 text: save the file as UTF-8").at(name, 1)
        self._ahead: deque[Line] = deque()
        self._raw: list[bytes] | None = [self.first]
        self._lines = self._numbered(before)

    def __iter__(self) -> Iterator[Line]:
        return self

    def __next__(self) -> Line:
        self._raw = None
        return self._ahead.popleft() if self._ahead else next(self._lines)

    def peek(self, count: int) -> list[Line]:
        """The next `count` lines, or fewer at the end; they will be read again."""
        while len(self._ahead) < count and (line := next(self._lines, None)):
            self._ahead.append(line)
        return list(islice(self._ahead, count))

    def seen(self) -> bytes | None:
        """All bytes that were taken from the stream; None once a line was read, or was too long."""
        return None if self._raw is None else b"".join(self._raw)

    def raw(self, limit: int) -> bytes:
        """The whole stream as bytes, where `seen` gives any; `FormatError` beyond `limit` bytes."""
        seen = self.seen() or b""
        data = seen + self.stream.read(max(1, limit + 1 - len(seen)))
        if len(data) > limit:
            raise FormatError(f"more than {limit >> 20} MiB", "a smaller file", file=self.name)
        return data

    def _numbered(self, number: int) -> Iterator[Line]:
        raw = self.first
        if number == 0 and raw.startswith(BOM):
            raw = raw.removeprefix(BOM) or self._readline()
        while raw:
            cut = not raw.endswith(b"\n") and len(raw) >= LONGEST_LINE - 3 and self._skip_line()
            text = decoded(raw)
            if "\r" in text and not cut:
                for part in text.split("\r"):
                    number += 1
                    yield Line(number, part)
            else:
                number += 1
                yield Line(number, text, cut)
            raw = self._readline()

    def _readline(self) -> bytes:
        raw = self.stream.readline(LONGEST_LINE)
        if self._raw is not None:
            self._raw.append(raw)
        return raw

    def _skip_line(self) -> bool:
        """Read to the end of the line; whether there was any more of it."""
        self._raw = None
        more = False
        while raw := self.stream.readline(LONGEST_LINE):
            more = True
            if raw.endswith(b"\n"):
                break
        return more


class Rest:
    """The bytes that were read already, and the stream behind them."""

    def __init__(self, before: bytes, stream: BinaryIO) -> None:
        self.before = before
        self.stream = stream

    def readline(self, limit: int = -1) -> bytes:
        """As a stream's."""
        if not self.before:
            return self.stream.readline(limit)
        end = self.before.find(b"\n", 0, limit) + 1
        size = end or min(limit, len(self.before))
        line, self.before = self.before[:size], self.before[size:]
        if not end and size < limit:
            line += self.stream.readline(limit - size)
        return line


def decoded(raw: bytes) -> str:
    """The text of one line, without its end: UTF-8, or else Windows-1252."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    return text.rstrip("\r\n")


def check_text(first: bytes, name: str) -> None:
    """Raise `FormatError` where a file's first line, or its beginning, is that of no text."""
    kind = next((kind for magic, kind in _MAGIC.items() if first.startswith(magic)), None)
    if kind is None and (b"\0" in first or _controls(first) > len(first) // 10):
        kind = "an ONNX file" if name.lower().endswith(".onnx") else "a binary file"
    if kind is not None:
        raise FormatError(kind, "text, or a table in Parquet").at(name, 1)


def _controls(data: bytes) -> int:
    """How many bytes are control characters that no text has."""
    return len(data) - len(data.translate(None, _CONTROLS))
