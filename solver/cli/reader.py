"""The puzzles that a command's arguments name: files, `-` for stdin, or 81 characters each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from solver.cli.common import ExitCode, complain

if TYPE_CHECKING:
    from solver.formats import FormatError, Record


class Reader:
    """The puzzles of the arguments, one by one; what can't be read is told on stderr."""

    def __init__(self, arguments: list[str]) -> None:
        self.arguments = arguments
        self.code = ExitCode.SOLVED

    def records(self) -> Iterator[Record]:
        """All records; sets `code` where something can't be read."""
        from solver.formats import read_argument

        for argument in self.arguments:
            try:
                yield from read_argument(argument, on_error=self._report, rules=False)
            except OSError as error:
                self._report(
                    f"{argument or repr(argument)}: {(error.strerror or str(error)).lower()}"
                )

    def _report(self, error: FormatError | str) -> None:
        complain(error)
        self.code = ExitCode.USAGE


def plain_arguments(arguments: list[str]) -> list[str]:
    """The arguments, with the blanks of a puzzle that starts with a dash written as dots."""
    return [
        a.replace("-", ".") if len(a) == 81 and a[0] == "-" and "=" not in a else a
        for a in arguments
    ]
