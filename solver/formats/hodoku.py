"""HoDoKu library lines: `:code:digits:givens:deleted:eliminations:placements:extra:`.

In the givens, `+d` is a digit that was placed; deleted candidates are triples of digit, row and
column. The code names a technique, as in the headings of HoDoKu's own library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from solver.board.grid import Grid
from solver.board.words import plural
from solver.formats.cells import bad_place, cell_error, count_error, digits
from solver.formats.errors import FormatError, shown
from solver.formats.record import Record, without

FIELDS: Final = ("code", "digits", "", "", "eliminations", "placements", "extra")
"""The metadata key of each field; the givens and the deleted candidates are no metadata."""
_TRIPLE: Final = re.compile(r"[1-9]{3}")


def parse(text: str, name: str, line: int) -> Record:
    """The record of one library line. Raises `FormatError` with the column."""
    fields = text.strip().split(":")[1:]
    if len(fields) < 3:
        raise FormatError(plural(len(fields), "field"), ":code:digits:givens:…", column=1)
    column = text.index(":") + len(fields[0]) + len(fields[1]) + 4
    givens, state = _grids(fields[2], column)
    deleted = fields[3].split() if len(fields) > 3 else []
    for triple in deleted:
        if not _TRIPLE.fullmatch(triple):
            raise FormatError(
                shown(triple),
                "a deleted candidate as digit, row and column",
                column=column + len(fields[2]) + 1,
            )
    removed = [
        (row * 9 + place - 10, digit)
        for digit, row, place in (map(int, three) for three in deleted)
    ]
    return Record(
        givens,
        state=state if state != givens else None,
        metadata={
            key: field.strip()
            for key, field in zip(FIELDS, fields, strict=False)
            if key and field.strip()
        },
        pencil=without(state, removed),
        source=name,
        line=line,
    )


def _grids(text: str, column: int) -> tuple[Grid, Grid]:
    placed = [match.start() for match in re.finditer(r"\+", text)]
    cells = digits(text.replace("+", ""))
    if cells is None:
        packed = text.replace("+", "0")
        place = bad_place(packed)
        assert place is not None
        raise cell_error(packed, place, column)
    if len(cells) != 81:
        raise count_error(text.replace("+", ""), column)
    ours = {position - before for before, position in enumerate(placed)}
    for cell in ours:
        if cell > 80 or not cells[cell]:
            raise FormatError("'+' without a digit", "'+' and a placed digit", column=column)
    return Grid(0 if cell in ours else digit for cell, digit in enumerate(cells)), Grid(cells)


def write(records: Iterable[Record]) -> Iterator[str]:
    """One library line a record; colons in the metadata become semicolons."""
    for record in records:
        cells = "".join(
            "+" * (digit != 0 and not given) + (str(digit) if digit else ".")
            for given, digit in zip(record.givens, record.grid, strict=True)
        )
        left = record.candidates
        deleted = " ".join(
            f"{digit}{cell // 9 + 1}{cell % 9 + 1}"
            for cell, possible in enumerate(record.grid.all_candidates())
            for digit in sorted(possible - left[cell])
        )
        fields = [
            " ".join(record.metadata.get(key, "").replace(":", ";").split()) for key in FIELDS
        ]
        fields[2:4] = [cells, deleted]
        yield f":{':'.join(fields)}:\n"
