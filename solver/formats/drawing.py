"""One line of a drawn grid: its kind, and the nine cells in it.

Between the cells may stand spaces, commas, bars, brackets and quotes, in ASCII or box characters.
A row that leaves its blanks as spaces is recognised by the rows around it: see `spaced`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from solver.board.words import plural
from solver.formats.cells import bad_place, cell_error, digits, row_size
from solver.formats.errors import FormatError, shown
from solver.formats.source import Line

_UPRIGHT: Final = "│┃║┆┇┊┋╎╏▏▕¦｜❘"
_LEVEL: Final = "─━═┄┅┈┉╌╍╴╶╸╺‐‑‒–—―▔▁¯"
_CROSS: Final = "".join(
    chr(code) for code in range(0x2500, 0x2580) if chr(code) not in _UPRIGHT + _LEVEL
)
_DOTS: Final = "·•∙⋅․▪□▫◦☐"
_SAME: Final = str.maketrans(
    _UPRIGHT + _LEVEL + _CROSS + _DOTS + "\u00a0\u2007\u202f\u3000",
    "|" * len(_UPRIGHT) + "-" * len(_LEVEL) + "+" * len(_CROSS) + "." * len(_DOTS) + " " * 4,
)
_BETWEEN: Final = str.maketrans("", "", " \t,;|[](){}\"'")
_RULE: Final = re.compile(r"(?=.*(-{3}|={3}|[-=] [-=]|_{10}|\+))[-+=|*:.',_\s]+")
_BLANK_ROW: Final = re.compile(r"\s*([-_.*]\s*){9}")
_BRACKETS: Final = re.compile(r"[\[\](){},;\s]+")
SECTION: Final = re.compile(r"\[\s*([A-Za-z][\w .-]*?)\s*\]")
_CELL: Final = re.compile(r"[0-9Xx._*-]")
_DATE: Final = re.compile(r"\d{1,4}([-./]\d{1,4}){1,2}")
_TOKEN: Final = re.compile(r"[^\s|\[\](){}\"';]+")
MARKS: Final = re.compile(r"u[1-9]|[1-9]{1,9}|[-0._*]")
"""One cell of a row of candidates: placed by the player, a given or candidates, or neither."""

_MARKED: Final = "a given 1-9, u and a digit, or candidates"


class Kind(Enum):
    """What a line is."""

    BLANK = "blank"
    RULE = "rule"
    DASHES = "a rule, or nine blanks"
    SECTION = "section"
    NINE = "nine cells"
    WHOLE = "a whole grid"
    SOME = "some cells"
    """Cells alone, but not nine, or none between bars."""
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line and its kind."""

    line: Line
    kind: Kind
    text: str
    """The line with its box characters, dots and wide spaces in ASCII."""
    cells: tuple[str, ...] = ()
    """Of `NINE` cells: each as `MARKS` has it. Of a `WHOLE` grid, the 81 characters."""

    @property
    def name(self) -> str:
        """The name of a section."""
        match = SECTION.fullmatch(self.text.strip())
        return match[1] if match else ""

    @property
    def shape(self) -> str:
        """The line with the same sign for every cell."""
        return _CELL.sub("c", self.text.strip())

    @property
    def packed(self) -> str:
        """The cells alone, without what stands between them."""
        return self.text.translate(_BETWEEN)


def drawn(line: Line) -> Drawn:
    """What `line` is. Raises `FormatError` where it is too long."""
    text = line.whole().translate(_SAME)
    body = text.strip()
    if not body:
        return Drawn(line, Kind.BLANK, text)
    if SECTION.fullmatch(body):
        return Drawn(line, Kind.SECTION, text)
    if _BRACKETS.fullmatch(body) and max(map(body.count, ",;")) < 8:
        return Drawn(line, Kind.RULE, text)
    packed = text.translate(_BETWEEN)
    if _RULE.fullmatch(body) and not (
        _BLANK_ROW.fullmatch(body) or (len(body) == 9 and digits(body) is not None)
    ):
        kind = Kind.DASHES if packed == "-" * 9 else Kind.RULE
        return Drawn(line, kind, text, tuple(packed))
    cells = digits(packed)
    if cells is not None and len(packed) == 9:
        return Drawn(line, Kind.NINE, text, tuple(packed))
    tokens = _TOKEN.findall(text.replace(",", " "))
    marks = len(tokens) == 9 and all(map(MARKS.fullmatch, tokens))
    if cells is not None and len(packed) == 81 and not (marks and all(map(_rises, tokens))):
        return Drawn(line, Kind.WHOLE, text, tuple(packed))
    if marks:
        return Drawn(line, Kind.NINE, text, tuple(tokens))
    if cells is not None or _meant(packed) or row_size(packed):
        return Drawn(line, Kind.SOME, text)
    return Drawn(line, Kind.TEXT, text)


def _rises(token: str) -> bool:
    """Whether the digits stand as candidates do, each once and in order."""
    return "".join(sorted(set(token))) == token


def _meant(packed: str) -> bool:
    """Whether it is a row with a slip in it, rather than words."""
    good = sum(digits(character) is not None for character in packed)
    return good >= 6 and len(packed) - good <= 2


def is_short(row: Drawn) -> bool:
    """Whether a line of cells is rather a number, a date or a sign above a grid."""
    body = row.text.strip()
    return (
        row.kind is Kind.SOME
        and "|" not in body
        and (len(body) <= 6 or bool(_DATE.fullmatch(body)))
    )


def follows(first: Drawn, second: Drawn) -> bool:
    """Whether two lines are a number and the next one, or the same sign: headings of grids."""
    if not (is_short(first) and is_short(second)):
        return False
    one, other = (line.text.strip().rstrip(".:)") for line in (first, second))
    if one.isdecimal() and other.isdecimal():
        return int(other) == int(one) + 1
    return one == other or _DATE.fullmatch(other) is not None


def row_error(row: Drawn, marks: bool) -> FormatError:
    """What is wrong with a row of `SOME` cells; with `marks`, of candidates."""
    text, number = row.text, row.line.number
    if marks:
        tokens = list(_TOKEN.finditer(text))
        for token in tokens:
            if not MARKS.fullmatch(token[0]):
                return FormatError(shown(token[0]), _MARKED, line=number, column=token.start() + 1)
        column = tokens[9].start() + 1 if len(tokens) > 9 else len(text.rstrip()) + 1
        found = f"a row of {plural(len(tokens), 'cell')}"
        return FormatError(found, "9 cells", line=number, column=column)
    packed = row.packed
    places = [place for place, character in enumerate(text, 1) if character.translate(_BETWEEN)]
    if (place := bad_place(packed)) is not None:
        error = cell_error(packed, place)
        error.column = places[place]
        return error.at("", number)
    column = places[9] if len(places) > 9 else len(text.rstrip()) + 1
    return FormatError(
        f"{plural(len(packed), 'cell')} in a row", "9 cells", line=number, column=column
    )


def spaced(rows: Sequence[Drawn]) -> list[str] | None:
    """The nine rows, of nine characters each, of a grid whose blanks are spaces, or None.

    Fields between commas, tabs or nine pairs of bars may be empty; else all digits stand in nine
    columns at even distances, as the rows or the three parts of each row between bars show.
    """
    texts = [row.text for row in rows]
    if not all(set(text.translate(_BETWEEN)) <= set("123456789") for text in texts):
        return None
    for delimiter in "\t,;":
        if any(delimiter in text for text in texts):
            return _fields([text.strip(" ").split(delimiter) for text in texts])
    if any("|" in text for text in texts):
        parts = [text.strip().split("|") for text in texts]
        if all(len(part) >= 9 for part in parts):
            return _fields(parts)
        return _barred(texts)
    return _bare([text.expandtabs() for text in texts])


def _fields(rows: list[list[str]]) -> list[str] | None:
    found = []
    for fields in rows:
        held = [field.strip() for field in fields]
        if len(held) > 9 and not held[-1]:
            held.pop()
        if len(held) > 9 and not held[0]:
            held.pop(0)
        if len(held) > 9 or any(len(field) > 1 for field in held):
            return None
        found.append("".join(field or "." for field in held).ljust(9, "."))
    return found


def _barred(texts: list[str]) -> list[str] | None:
    rows = [text.strip().split("|") for text in texts]
    outer = all(not row[0] for row in rows)
    rows = [row[1:4] for row in rows] if outer else [text.rstrip().split("|") for text in texts]
    rows = [row + [""] * (3 - len(row)) for row in rows]
    if any(len(row) > 4 or any(part.strip() for part in row[3:]) for row in rows):
        return None
    width = max(len(row[1]) for row in rows)
    if outer:
        width = max(len(part) for row in rows for part in row[:3])
        parts = [[part.ljust(width) for part in row[:3]] for row in rows]
    else:
        first = max(len(row[0]) for row in rows)
        parts = [
            [row[0].ljust(first).rjust(width)[-width:], row[1].ljust(width), row[2].ljust(width)]
            for row in rows
        ]
    if any(len(part) != width for row in parts for part in row):
        return None
    for step in range(1, width):
        for offset in range(width - 2 * step):
            places = [offset, offset + step, offset + 2 * step]
            even = offset == width - 1 - places[2]
            if even and all(_only_at(part, places) for row in parts for part in row):
                return ["".join(part[place] for part in row for place in places) for row in parts]
    return None


def _bare(texts: list[str]) -> list[str] | None:
    """Without bars: columns at the distances of a row, with or without gaps between the boxes."""
    indents = [len(text) - len(text.lstrip()) for text in texts if text.strip()]
    for shift in dict.fromkeys((0, min(indents, default=0))):
        shifted = [text[shift:] for text in texts]
        for step, gap in ((1, 0), (1, 1), (2, 0), (2, 1), (2, 2), (3, 0), (3, 1), (4, 0)):
            places = [cell * step + cell // 3 * gap for cell in range(9)]
            if all(_only_at(text, places) for text in shifted):
                wide = [text.ljust(places[8] + 1) for text in shifted]
                return ["".join(text[place] for place in places) for text in wide]
    return None


def _only_at(text: str, places: Sequence[int]) -> bool:
    return all(place in places for place, character in enumerate(text) if character != " ")
