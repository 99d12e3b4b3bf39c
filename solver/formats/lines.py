"""One puzzle a line: `.sdm`, plain text with comments, and HoDoKu library lines among them.

A line is 81 cells, then nothing or a comment after white space, `#` or `//`. A line that starts
with `#` or `//` is a heading of the lines after it. Words may stand before the cells, a solution
behind them; the cells may be apart, or nine characters each, one for each candidate; an address
of a site may show them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from solver.board.grid import Grid
from solver.formats import hodoku
from solver.formats.cells import bad_place, cell_error, count_error, digits, other_size
from solver.formats.errors import FormatError, shown
from solver.formats.links import find_address
from solver.formats.record import Record, noted
from solver.formats.source import Line, Source

_WHOLE: Final = re.compile(r"(?<![\w.*-])[0-9.Xx*_-]{81}(?![\w.*-])")
_CANDIDATES: Final = re.compile("[0-9.]{729}")
_BETWEEN: Final = str.maketrans("", "", " \t,;|[](){}\"'")


def read(source: Source) -> Iterator[Record | FormatError]:
    """One record a line; a line that can't be read is yielded as its error, and the next one read.

    Metadata: "comment" for the text behind a puzzle, "heading" for the comment line above it.
    """
    return records(source, source.name)


def records(lines: Iterable[Line], name: str) -> Iterator[Record | FormatError]:
    """What `read` gives, of any lines."""
    heading = ""
    for line in lines:
        try:
            text = line.whole()
            if len(text) == 81 and (cells := digits(text)) and text.strip():
                metadata = {"heading": heading} if heading else {}
                yield Record(Grid(cells), metadata=metadata, source=name, line=line.number)
                continue
            body = text.strip()
            if not body:
                continue
            if body.startswith(("#", "//")):
                heading = body.lstrip("#/ ")
                continue
            if body.startswith(":"):
                record = hodoku.parse(text, name, line.number)
                found = dict(record.metadata)
            else:
                record = _parsed(text, name, line.number)
                found = dict(record.metadata)
            if heading:
                found["heading"] = heading
            yield replace(record, metadata=found) if found else record
        except FormatError as error:
            yield error.at(name, line.number)


def _parsed(text: str, name: str, line: int) -> Record:
    """The record of a line that is more than 81 cells. Raises `FormatError`."""
    try:
        cells, comment = split(text)
    except FormatError:
        if (record := _among_words(text, name, line)) is not None:
            return record
        raise
    return Record(
        Grid(cells), metadata={"comment": comment} if comment else {}, source=name, line=line
    )


def _among_words(text: str, name: str, line: int) -> Record | None:
    """The record of a line: cells among words, apart, or as candidates; None if it has none."""
    body = text.strip()
    if _CANDIDATES.fullmatch(body):
        parts = [body[start : start + 9] for start in range(0, 729, 9)]
        marks = [part.replace("0", "").replace(".", "") for part in parts]
        givens = Grid(int(mark) if len(mark) == 1 else 0 for mark in marks)
        pencil = noted(givens, [frozenset(map(int, mark)) for mark in marks])
        return Record(givens, pencil=pencil, source=name, line=line)
    if (found := find_address(body)) is not None:
        address, givens = found
        comment = body.replace(address, "", 1).strip(" \t,;|#/\"'()<>")
        metadata = {"url": address} | ({"comment": comment} if comment else {})
        return Record(givens, metadata=metadata, source=name, line=line)
    apart = body.translate(_BETWEEN)
    if len(apart) == 81 and (cells := digits(apart)) is not None:
        return Record(Grid(cells), source=name, line=line)
    wholes = list(_WHOLE.finditer(body))
    grids = [Grid(digits(match[0]) or b"") for match in wholes]
    solved = len(wholes) == 2 and 0 not in grids[1].cells
    if len(wholes) != 1 and not solved:
        return None
    before, after = body[: wholes[0].start()], body[wholes[-1].end() :]
    metadata = {
        key: part
        for key, text in (("id", before), ("comment", after))
        if (part := text.strip(" \t,;:|=#/\"'"))
    }
    solution = grids[1] if solved else None
    return Record(grids[0], solution=solution, metadata=metadata, source=name, line=line)


def split(text: str) -> tuple[bytes, str]:
    """The 81 digits that `text` begins with and the comment behind them.

    Blanks may be spaces, and white space may stand before the puzzle: the first reading that
    gives 81 cells holds. Raises `FormatError` with the column of what is no cell.
    """
    stripped = text.lstrip()
    for start in (stripped, text):
        cells = digits(start[:81])
        rest = start[81:]
        if cells is not None and len(cells) == 81:
            if not rest or rest[0].isspace() or rest.startswith(("#", "//")):
                return cells, rest.strip(" \t#/")
            if stripped is text or start is text:
                break
    raise _error(text, stripped)


def _error(text: str, stripped: str) -> FormatError:
    indent = len(text) - len(stripped)
    token = stripped.split("#")[0].split("//")[0].rstrip()
    if " " in token and len(token.split()[0]) > 40:
        token = token.split()[0]
    place = None if other_size(token) else bad_place(token[:81])
    if place is not None:
        return cell_error(token, place, indent + 1)
    if len(token) > 81 and not other_size(token):
        return FormatError(
            f"{shown(token[81:])} after 81 cells",
            "the end of the line, or a comment after '#'",
            column=indent + 82,
        )
    return count_error(token, indent + 1)


def write_sdm(puzzles: Iterable[Record]) -> Iterator[str]:
    """The givens, one puzzle a line; nothing else has a place."""
    return (f"{record.givens.line()}\n" for record in puzzles)


def write_txt(puzzles: Iterable[Record]) -> Iterator[str]:
    """One puzzle a line with its comment; a heading above the first puzzle that has it.

    A lone `#` ends a heading.
    """
    heading = ""
    for record in puzzles:
        own = _one_line(record.metadata.get("heading", "")).strip("#/ ")
        if own != heading:
            heading = own
            yield f"# {heading}\n" if heading else "#\n"
        comment = _one_line(record.metadata.get("comment", ""))
        yield f"{record.givens.line()} # {comment}\n" if comment else f"{record.givens.line()}\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())
