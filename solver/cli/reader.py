"""The puzzles that a command's arguments name: files, `-` for stdin, or 81 characters each."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from solver.board.words import plural
from solver.cli.common import ExitCode, complain, fail

if TYPE_CHECKING:
    from solver.formats import FormatError, Record


class Bad:
    """What could not be read: counted, and told on stderr while it is not too much."""

    MOST: Final = 20

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, error: FormatError | str) -> None:
        self.count += 1
        if self.count <= self.MOST:
            complain(error)

    def finish(self) -> ExitCode:
        """Tell how many more there were; the exit status that they call for."""
        if self.count > self.MOST:
            complain(f"{plural(self.count - self.MOST, 'more line')} that can't be read")
        return ExitCode.USAGE if self.count else ExitCode.SOLVED


def records(arguments: list[str], bad: Bad) -> Iterator[Record]:
    """The puzzles of the arguments, one by one; what can't be read goes to `bad`."""
    from solver.formats import read_argument

    for argument in named(arguments):
        try:
            yield from read_argument(argument, on_error=bad, rules=False)
        except OSError as error:
            bad(f"{argument or repr(argument)}: {(error.strerror or str(error)).lower()}")


def first(stream: Iterator[Record], limit: int | None) -> Iterator[Record]:
    """At most `limit` of a stream, all where that is None."""
    return islice(stream, None if limit is None else min(limit, sys.maxsize))


def named(arguments: list[str]) -> list[str]:
    """The arguments, folders as the puzzle files in them; ends the command where one has none."""
    from solver.formats.folders import expand

    try:
        return expand(arguments)
    except ValueError as error:
        fail(error)


def plain_arguments(arguments: list[str]) -> list[str]:
    """The arguments, with the blanks of a puzzle that starts with a dash written as dots."""
    return [
        a.replace("-", ".") if len(a) == 81 and a[0] == "-" and "=" not in a else a
        for a in arguments
    ]
