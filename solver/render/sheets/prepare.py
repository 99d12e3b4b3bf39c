"""Puzzles prepared for a sheet: with level, solution, candidates and address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from solver.board.words import inert, plural
from solver.exact import solve_many
from solver.formats import Record
from solver.formats.links import link
from solver.logic.rating import difficulty
from solver.render.sheets.layout import Printed

CHUNK: Final = 256
"""Puzzles that go through the exact engine together."""
LONGEST: Final = 24
"""Characters of the level that a file names, at most."""
SAID: Final = ("no solution", "", "several solutions")


def prepare(
    records: Iterable[Record], *, marks: bool = False, site: str | None = None
) -> Iterator[Printed]:
    """The puzzles, numbered from 1; with `marks` the candidates of their blank cells.

    With `site`, the address that opens each there, as a QR code too. Raises `ModuleNotFoundError`
    where segno is missing for that.
    """
    stream, number = iter(records), 0
    while held := list(islice(stream, CHUNK)):
        solutions, counts = solve_many([record.givens.cells for record in held])
        for record, solution, count in zip(held, solutions, counts.tolist(), strict=True):
            number += 1
            address = "" if site is None else link(record.givens, site)
            yield Printed(
                number,
                f"{_level(record, count)} \N{MIDDLE DOT} {plural(record.givens.clues, 'clue')}",
                _texts(record, marks),
                [digit > 0 for digit in record.givens],
                [str(digit) for digit in solution] if count == 1 else (),
                SAID[count],
                address,
                _code(address) if address else (),
            )


def _level(record: Record, count: int) -> str:
    """The level that the file names, or that of the hardest technique."""
    if count != 1:
        return SAID[count]
    return inert(record.metadata.get("level", ""))[:LONGEST] or difficulty(record.givens).level


def _texts(record: Record, marks: bool) -> list[str]:
    """What stands in each cell: the digit given or placed, or the candidates."""
    return [
        str(digit) if digit else _marks(candidates) if marks else ""
        for digit, candidates in zip(record.grid, record.candidates, strict=True)
    ]


def _marks(candidates: Iterable[int]) -> str:
    """The digits, and a space that tells a lone one from a digit placed."""
    return " " + "".join(map(str, sorted(candidates)))


def _code(address: str) -> Sequence[Sequence[bool]]:
    """The modules of the address's QR code, row by row, without the quiet zone."""
    import segno

    return [[bool(module) for module in row] for row in segno.make_qr(address).matrix]
