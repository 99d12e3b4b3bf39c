"""The one error of all readers: its place, what was found, what was expected."""

from __future__ import annotations

from typing import Final

_SHOWN: Final = 24


def shown(text: str) -> str:
    """`text` quoted for a message: one line, escaped, cut after 24 characters."""
    return repr(text) if len(text) <= _SHOWN else repr(text[:_SHOWN]) + "…"


class FormatError(ValueError):
    """A file, or one puzzle of a file, that can't be read.

    `line` and `column` count from 1; what concerns a whole line is at its column 1, and `line` is
    None where a file has none. `str(error)` is one line: "hard.sdk, line 3, column 7: found 'q',
    expected a digit 1-9 or a blank (0 . X * _ -)".
    """

    exit_status: Final = 2
    """Of a command that it ends: wrong input."""

    def __init__(
        self,
        found: str,
        expected: str,
        *,
        file: str = "",
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(found, expected)
        self.found = found
        self.expected = expected
        self.file = file
        self.line = line
        self.column = column

    def at(self, file: str, line: int | None = None, column: int | None = None) -> FormatError:
        """The same error, with its place as far as it was not known yet."""
        self.file = self.file or file
        if self.line is None:
            self.line = line
        if self.line is not None and self.column is None:
            self.column = column or 1
        return self

    def __str__(self) -> str:
        where = [self.file if self.file.isprintable() else repr(self.file)] if self.file else []
        if self.line is not None:
            where.append(f"line {self.line}")
        if self.column is not None:
            where.append(f"column {self.column}")
        place = ", ".join(where) + ": " if where else ""
        return f"{place}found {self.found}, expected {self.expected}"
