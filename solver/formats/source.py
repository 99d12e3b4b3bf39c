"""Bytes from anywhere as numbered lines of text, in bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO, Final, NamedTuple

from solver.formats.errors import FormatError

LONGEST_LINE: Final = 1 << 16
"""Bytes of a line at most; a longer one is an error, and no format needs it."""


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
    Windows-1252. Lines end with LF, CR LF or CR. Raises `FormatError` for UTF-16.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.name = name
        self.stream = stream
        self.first = stream.readline(LONGEST_LINE)
        """The first line, as bytes: for detection."""
        if self.first.startswith((b"\xff\xfe", b"\xfe\xff")):
            error = FormatError("UTF-16 text", "UTF-8 text: save the file as UTF-8")
            raise error.at(name, 1)
        self._ahead: deque[Line] = deque()
        self._lines = self._numbered()

    def __iter__(self) -> Iterator[Line]:
        return self

    def __next__(self) -> Line:
        return self._ahead.popleft() if self._ahead else next(self._lines)

    def peek(self, count: int) -> list[Line]:
        """The next `count` lines, or fewer at the end; they will be read again."""
        while len(self._ahead) < count and (line := next(self._lines, None)):
            self._ahead.append(line)
        return list(islice(self._ahead, count))

    def raw(self, limit: int) -> bytes:
        """The whole stream as bytes; `FormatError` beyond `limit` bytes. Not after lines."""
        data = self.first + self.stream.read(max(1, limit + 1 - len(self.first)))
        if len(data) > limit:
            raise FormatError(f"more than {limit >> 20} MiB", "a smaller file", file=self.name)
        return data

    def _numbered(self) -> Iterator[Line]:
        raw = self.first.removeprefix(b"\xef\xbb\xbf") or self.stream.readline(LONGEST_LINE)
        number = 0
        readline = self.stream.readline
        while raw:
            cut = not raw.endswith(b"\n") and len(raw) >= LONGEST_LINE - 3 and self._skip_line()
            try:
                text = raw.decode()
            except UnicodeDecodeError:
                text = raw.decode("cp1252", "replace")
            text = text.rstrip("\r\n")
            if "\r" in text and not cut:
                for part in text.split("\r"):
                    number += 1
                    yield Line(number, part)
            else:
                number += 1
                yield Line(number, text, cut)
            raw = readline(LONGEST_LINE)

    def _skip_line(self) -> bool:
        """Read to the end of the line; whether there was any more of it."""
        more = False
        while raw := self.stream.readline(LONGEST_LINE):
            more = True
            if raw.endswith(b"\n"):
                break
        return more
