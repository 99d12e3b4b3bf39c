"""The data of one game of OpenSudoku: 81 digits, or the fields of 81 cells."""

from __future__ import annotations

import re

from solver.board.grid import Grid
from solver.board.words import plural
from solver.formats.cells import bad_place, cell_error, count_error, digits, other_size
from solver.formats.errors import FormatError, shown
from solver.formats.record import Record, noted


def game(data: str, metadata: dict[str, str], name: str, line: int) -> Record:
    """The record of a game. Raises `FormatError`."""
    text = data.strip()
    if "|" not in text:
        cells = digits(text)
        place = None if other_size(text) else bad_place(text)
        if place is not None:
            error = cell_error(text, place)
            raise FormatError(f"{error.found} at character {place + 1} of a game", error.expected)
        if cells is None or len(cells) != 81:
            raise count_error(text, None)
        return Record(Grid(cells), metadata=metadata, source=name, line=line)
    version = re.match(r"version:\s*(\d{1,3})\s+", text)
    fields = text[version.end() if version else 0 :].strip().removesuffix("|").split("|")
    rows = _cells(fields)
    state = Grid(int(row[0]) for row in rows)
    givens = Grid(int(row[0]) if row[-1] == "0" else 0 for row in rows)
    masks = version is None or version[1] != "1"
    marks = (
        frozenset[int]().union(*(_note(note, masks) for note in row[1:-1])) or None for row in rows
    )
    return Record(
        givens,
        state=state if state != givens else None,
        metadata=metadata,
        pencil=noted(state, marks),
        source=name,
        line=line,
    )


def _cells(fields: list[str]) -> list[list[str]]:
    """The fields of each cell, three or four. Raises `FormatError` where they don't fall so."""
    more = len(fields) - 3 * 81
    if not 0 <= more <= 81:
        raise FormatError(plural(len(fields), "field"), "81 times value|note|editable|")
    if more in (0, 81):
        each = 3 + more // 81
        rows = [fields[start : start + each] for start in range(0, len(fields), each)]
    else:
        rows = _mixed(fields, more)
    for row in rows:
        if not re.fullmatch("[0-9]", row[0]) or row[-1] not in ("0", "1"):
            raise FormatError(shown("|".join(row)), "a cell as value|note|editable|")
    return rows


def _mixed(fields: list[str], more: int) -> list[list[str]]:
    """Cells of three fields with `more` of four among them, where these can only lie in one way.

    A second note that is empty is looked for first: old versions wrote it behind some notes.
    """
    for only_empty in (True, False):
        ways = _ways(fields, only_empty)
        if ways[0].get(more, 0) == 1:
            break
    else:
        raise FormatError(plural(len(fields), "field"), "three or four for each of 81 cells")
    rows, start = [], 0
    while start < len(fields):
        longer = _is_cell(fields[start : start + 4], only_empty)
        longer = longer and ways[start + 4].get(more - 1, 0) == 1
        size = 4 if longer else 3
        more -= longer
        rows.append(fields[start : start + size])
        start += size
    return rows


def _ways(fields: list[str], only_empty: bool) -> list[dict[int, int]]:
    """In how many ways (2: or more) the fields from each place on are cells, by those of four."""
    ways: list[dict[int, int]] = [{} for _ in range(len(fields) + 5)]
    ways[len(fields)] = {0: 1}
    for start in range(len(fields) - 3, -1, -1):
        for size in (3, 4):
            if not _is_cell(fields[start : start + size], only_empty):
                continue
            for count, number in ways[start + size].items():
                key = count + (size == 4)
                ways[start][key] = min(2, ways[start].get(key, 0) + number)
    return ways


def _is_cell(row: list[str], only_empty: bool) -> bool:
    if len(row) < 3 or not re.fullmatch("[0-9]", row[0]) or row[-1] not in ("0", "1"):
        return False
    if any(not re.fullmatch(r"-|[0-9,]*", note) for note in row[1:-1]):
        return False
    given = row[-1] == "0" and row[0] == "0"
    return not given and (len(row) == 3 or not only_empty or row[2] == "")


def _note(text: str, mask: bool) -> frozenset[int]:
    if text in ("", "-", "0"):
        return frozenset()
    if mask and re.fullmatch(r"\d{1,3}", text) and int(text) < 512:
        return frozenset(digit for digit in range(1, 10) if int(text) >> (digit - 1) & 1)
    if re.fullmatch(r"([1-9],)*[1-9],?", text):
        return frozenset(int(digit) for digit in text.strip(",").split(","))
    raise FormatError(f"the note {shown(text)}", "a list of digits, or a mask 0-511")
