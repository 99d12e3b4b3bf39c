"""The layout of a sheet's pages, in millimetres from the upper left corner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, Literal

Paper = Literal["a4", "letter"]
Solutions = Literal["end", "back", "none"]

PAPERS: Final[dict[str, tuple[float, float]]] = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
"""Width and height."""
SLOTS: Final = {1: (1, 1), 2: (1, 2), 4: (2, 2), 6: (2, 3)}
"""Puzzles a page -> columns and rows of them."""
ANSWERS: Final = (4, 5)
"""Columns and rows of the solutions on a page."""
MARGIN: Final = 15.0
TITLE: Final = 12.0
"""Height of the title, and as much at the foot."""
HEAD: Final = 7.0
"""Height of the line above a grid."""
CODE: Final = 20.0
"""Width of a QR code, and height of a puzzle's head that has one."""
GAP: Final = 8.0
LARGEST: Final = 150.0
"""Width of the largest grid."""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text on its baseline, `size` in points; it may lead to an address."""

    x: float
    y: float
    text: str
    size: float
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False
    grey: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line, `width` thick, with square ends that reach half of that further."""

    x: float
    y: float
    to_x: float
    to_y: float
    width: float
    grey: bool = False


@dataclass(frozen=True, slots=True)
class Square:
    """A black square."""

    x: float
    y: float
    side: float


Mark = Text | Line | Square
Page = list[Mark]


@dataclass(frozen=True, slots=True)
class Printed:
    """A puzzle as a sheet shows it.

    `cells` are 81 texts: a digit, or the candidates of a blank cell behind a space; `givens` tells
    which are given. `solution` is empty where there isn't exactly one, and `said` then says so.
    `code` is the QR code of `address`, row by row.
    """

    number: int
    about: str
    cells: Sequence[str]
    givens: Sequence[bool]
    solution: Sequence[str]
    said: str = ""
    address: str = ""
    code: Sequence[Sequence[bool]] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a sheet is laid out."""

    paper: Paper = "a4"
    per_page: int = 4
    solutions: Solutions = "end"
    title: str = "Sudoku"

    def pages(self, puzzles: Sequence[Printed]) -> Iterator[Page]:
        """The pages: puzzles, and their solutions at the end, or each on the back of its page."""
        number = 0
        for some in _parts(puzzles, self.per_page):
            number += 1
            slots = self._slots(*SLOTS[self.per_page])
            page = self._frame(self.title, number)
            for printed, slot in zip(some, slots, strict=False):
                page += _puzzle(printed, *slot)
            yield page
            if self.solutions == "back":
                number += 1
                yield self._answers(some, number)
        columns, rows = ANSWERS
        for some in _parts(puzzles, columns * rows) if self.solutions == "end" else ():
            number += 1
            yield self._answers(some, number)

    def _answers(self, puzzles: Sequence[Printed], number: int) -> Page:
        page = self._frame(f"{self.title}: solutions" if self.title else "Solutions", number)
        for printed, slot in zip(puzzles, self._slots(*ANSWERS), strict=False):
            page += _solution(printed, *slot)
        return page

    def _frame(self, title: str, number: int) -> Page:
        """The title and the page's number."""
        width, height = PAPERS[self.paper]
        marks: Page = [Text(width / 2, height - MARGIN, str(number), 9, "middle", grey=True)]
        if title:
            marks.append(Text(width / 2, MARGIN + 5, title, 16, "middle", bold=True))
        return marks

    def _slots(self, columns: int, rows: int) -> Iterator[tuple[float, float, float, float]]:
        """Left, top, width and height of each place on the page, row by row."""
        width, height = PAPERS[self.paper]
        inner = height - 2 * MARGIN - 2 * TITLE
        wide = (width - 2 * MARGIN - (columns - 1) * GAP) / columns
        high = (inner - (rows - 1) * GAP / 2) / rows
        for row, column in product(range(rows), range(columns)):
            left = MARGIN + column * (wide + GAP)
            yield left, MARGIN + TITLE + row * (high + GAP / 2), wide, high


def _puzzle(printed: Printed, left: float, top: float, wide: float, high: float) -> Page:
    """A puzzle under its line; its QR code above or beside the grid, where that can be larger."""
    side, head = min(wide, high - HEAD, LARGEST), HEAD
    code_x, code_y = side, 0.0
    if printed.code:
        beside = min(wide - CODE - 2, high - HEAD, LARGEST)
        above = min(wide, high - CODE - 2, LARGEST)
        if beside > above:
            side, code_x, code_y = beside, beside + 2 + CODE, HEAD
        else:
            side, code_x, head = above, above, CODE + 2
    x, y = left + (wide - code_x) / 2, top + head
    marks: Page = [
        Text(x, y - 2, str(printed.number), 12, bold=True, address=printed.address),
        Text(x + 3 + 3 * len(str(printed.number)), y - 2, printed.about, 10, grey=True),
    ]
    module = CODE / max(len(printed.code), 1)
    marks += [
        Square(x + code_x - CODE + column * module, top + code_y + row * module, module)
        for row, line in enumerate(printed.code)
        for column, dark in enumerate(line)
        if dark
    ]
    return marks + _grid(printed.cells, printed.givens, x, y, side)


def _solution(printed: Printed, left: float, top: float, wide: float, high: float) -> Page:
    side = min(wide, high - 5)
    x, y = left + (wide - side) / 2, top + 5
    marks: Page = [Text(x, y - 1.2, str(printed.number), 8, bold=True)]
    if not printed.solution:
        return [*marks, Text(x, y + 4, printed.said, 8, grey=True)]
    return marks + _grid(printed.solution, printed.givens, x, y, side)


def _grid(cells: Sequence[str], givens: Sequence[bool], x: float, y: float, side: float) -> Page:
    """The lines of a grid and what stands in its cells: givens bold, candidates small."""
    cell = side / 9
    marks: Page = []
    for at in range(10):
        thin = at % 3 > 0
        width, place = side * (0.003 if thin else 0.009), at * cell
        marks.append(Line(x + place, y, x + place, y + side, width, thin))
        marks.append(Line(x, y + place, x + side, y + place, width, thin))
    marks.sort(key=lambda line: isinstance(line, Line) and not line.grey)
    for index, (text, given) in enumerate(zip(cells, givens, strict=True)):
        left, top = x + index % 9 * cell, y + index // 9 * cell
        if len(text) == 1:
            size = _points(0.68 * cell)
            baseline = top + 0.5 * cell + 0.245 * cell
            marks.append(Text(left + cell / 2, baseline, text, size, "middle", bold=given))
        for digit in text.strip() if len(text) > 1 else "":
            row, column = divmod(int(digit) - 1, 3)
            across, down = left + (0.21 + 0.29 * column) * cell, top + (0.21 + 0.29 * row) * cell
            size = _points(0.24 * cell)
            marks.append(Text(across, down + 0.086 * cell, digit, size, "middle", grey=True))
    return marks


def _parts(puzzles: Sequence[Printed], size: int) -> Iterator[Sequence[Printed]]:
    return (puzzles[start : start + size] for start in range(0, len(puzzles), size))


def _points(millimetres: float) -> float:
    return round(millimetres * 72 / 25.4, 2)
