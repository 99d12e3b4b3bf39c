"""How a board is drawn, as pieces of text with the names of their looks; no colours here.

Three sizes, the largest that fits is taken: cells of 7×3, 5×3 and 3×1 characters. What colour
says is said in shape too: givens are bold on a tinted ground; the policy's and the search's
entries carry ᵖ and ˢ; conflicts carry "!"; confidence is a percentage or a block of that height.
Pencil marks have fixed places, three rows of three: as digits, or as dots in the small size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tui.game import BLANK_MARKS, Author

SIZES: Final = ((7, 3), (5, 3), (3, 1))
"""Width and height of a cell in characters."""

BLOCKS: Final = " ▁▂▃▄▅▆▇█"
SIGNS: Final = {
    None: " ",
    Author.GIVEN: " ",
    Author.OWN: " ",
    Author.POLICY: "ᵖ",
    Author.SEARCH: "ˢ",
}
LOOKS: Final = {
    None: "blank",
    Author.GIVEN: "given",
    Author.OWN: "own",
    Author.POLICY: "policy",
    Author.SEARCH: "search",
}
_BRAILLE: Final = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20))

Piece = tuple[str, tuple[str, ...], float | None]
"""Text, the names of its looks (later ones go over earlier ones), and a heat 0..1 or None."""


@dataclass(frozen=True, eq=False)
class View:
    """All that a board shows; `confidence` is float [81,9] or None for no heat map."""

    cells: tuple[int, ...] = (0,) * 81
    authors: tuple[Author | None, ...] = (None,) * 81
    marks: tuple[frozenset[int], ...] = BLANK_MARKS
    wrong: frozenset[int] = frozenset()
    broken: frozenset[int] = frozenset()
    hinted: frozenset[int] = frozenset()
    confidence: npt.NDArray[np.float32] | None = None
    same: frozenset[int] = frozenset()


def total(size: tuple[int, int]) -> tuple[int, int]:
    """Width and height of a board whose cells have this size."""
    return 9 * (size[0] + 1) + 1, 9 * (size[1] + 1) + 1


def fitting(width: int, height: int) -> tuple[int, int]:
    """The largest size of a cell that fits; the smallest where none does."""
    for size in SIZES:
        if total(size)[0] <= width and total(size)[1] <= height:
            return size
    return SIZES[-1]


def cell_at(x: int, y: int, size: tuple[int, int]) -> int | None:
    """The cell at a place on the board; on a rule, the one after it; None outside."""
    column, row = x // (size[0] + 1), y // (size[1] + 1)
    if not (0 <= x < total(size)[0] - 1 and 0 <= y < total(size)[1] - 1):
        return None
    return row * 9 + column


def confident_digit(view: View, cell: int) -> tuple[int, float]:
    """The digit most probable in a cell, and its probability."""
    assert view.confidence is not None
    best = int(view.confidence[cell].argmax())
    return best + 1, float(view.confidence[cell, best])


def line(view: View, cursor: int | None, y: int, size: tuple[int, int]) -> list[Piece]:
    """Line `y` of the board, from left to right."""
    row, inner = divmod(y, size[1] + 1)
    if inner == 0:
        return _rule(cursor, row, size)
    pieces: list[Piece] = []
    for column in range(10):
        pieces.append(_upright(cursor, row, column))
        if column < 9:
            cell = row * 9 + column
            pieces.append((_content(view, cell, inner - 1, size), *_looks(view, cursor, cell)))
    return pieces


def _looks(view: View, cursor: int | None, cell: int) -> tuple[tuple[str, ...], float | None]:
    """The looks of a cell's content, and its heat."""
    author = view.authors[cell]
    looks = [LOOKS[author]]
    heat = None
    if author is None and view.confidence is not None:
        heat = (confident_digit(view, cell)[1] - 1 / 9) * 9 / 8
        looks.append("guess")
    for name, cells in (
        ("same", view.same),
        ("broken", view.broken),
        ("hinted", view.hinted),
        ("wrong", view.wrong),
    ):
        if cell in cells:
            looks.append(name)
            heat = None if name != "same" else heat
    if cell == cursor:
        looks.append("cursor")
        heat = None
    return tuple(looks), heat


def _content(view: View, cell: int, inner: int, size: tuple[int, int]) -> str:
    """One line of a cell's inside."""
    width, height = size
    middle = inner == height // 2
    digit = view.cells[cell]
    if digit:
        if not middle:
            return " " * width
        sign = "!" if cell in view.wrong else " "
        return f"{sign}{digit}{SIGNS[view.authors[cell]]}".center(width)
    if view.confidence is not None:
        return _guess(view, cell, inner, size)
    if height == 1:
        sign = "!" if cell in view.wrong else ""
        return sign.rjust(1) + braille(view.marks[cell])
    if middle and cell in view.wrong and not view.marks[cell]:
        return "!".center(width)
    shown = (str(d) if d in view.marks[cell] else " " for d in range(inner * 3 + 1, inner * 3 + 4))
    return " ".join(shown).center(width)


def _guess(view: View, cell: int, inner: int, size: tuple[int, int]) -> str:
    """What the policy would enter in a blank cell, and how sure it is."""
    width, height = size
    digit, probability = confident_digit(view, cell)
    block = BLOCKS[max(1, min(8, round(probability * 8)))]
    sign = "!" if cell in view.wrong else " "
    if height == 1:
        return f"{sign}{digit}{block}"
    if inner == 0:
        return f"{sign}{digit} ".center(width)
    if inner == 1:
        return f"{probability:.0%}".center(width)
    filled = probability * (width - 2)
    bar = "━" * int(filled) + ("╸" if filled % 1 >= 0.5 else "")
    return f" {bar:<{width - 2}} "


def braille(marks: frozenset[int]) -> str:
    """Pencil marks as dots in their three rows of three, two characters wide."""
    codes = [0, 0]
    for digit in marks:
        row, column = divmod(digit - 1, 3)
        codes[column // 2] |= _BRAILLE[row][column % 2]
    return "".join(chr(0x2800 + code) if code else " " for code in codes)


def _upright(cursor: int | None, row: int, column: int) -> Piece:
    box = column % 3 == 0
    look = "box-rule" if box else "rule"
    near = _beside(cursor, (row, row), (column - 1, column))
    return "┃" if box else "│", (look, "cursor-rule") if near else (look,), None


def _rule(cursor: int | None, row: int, size: tuple[int, int]) -> list[Piece]:
    box = row % 3 == 0
    pieces: list[Piece] = []
    for column in range(10):
        look = "box-rule" if box or column % 3 == 0 else "rule"
        pieces.append((_joint(row, column), (look,), None))
        if column < 9:
            look = "box-rule" if box else "rule"
            near = _beside(cursor, (row - 1, row), (column, column))
            looks = (look, "cursor-rule") if near else (look,)
            pieces.append(("━─"[not box] * size[0], looks, None))
    return pieces


def _beside(cursor: int | None, rows: tuple[int, int], columns: tuple[int, int]) -> bool:
    return cursor is not None and cursor // 9 in rows and cursor % 9 in columns


def _joint(row: int, column: int) -> str:
    """The character where two rules meet; box rules are heavy."""
    kinds = {0: "┏┯┳┓", 9: "┗┷┻┛"}.get(row, "┣┿╋┫" if row % 3 == 0 else "┠┼╂┨")
    place = 0 if column == 0 else 3 if column == 9 else 2 if column % 3 == 0 else 1
    return kinds[place]
