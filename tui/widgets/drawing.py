"""How a board is drawn, as pieces of text with the names of their looks; no colours here.

What colour says is said in shape too: givens are bold on a tinted ground; the policy's and the
search's entries carry ᵖ and ˢ; conflicts carry "!"; the cells of a hint carry ◆ (pattern), ◇ (one
of these must be true), × (ruled out) and ● (target); confidence is a percentage or a block of
that height.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from textual.renderables.digits import DIGITS3X3, DIGITS3X3_BOLD

from tui.game.hints import Told
from tui.game.position import BLANK_MARKS, Author, Marks
from tui.widgets import rules
from tui.widgets.layout import Size
from tui.widgets.rules import Piece

BLOCKS: Final = " ▁▂▃▄▅▆▇█"
SIGNS: Final = {Author.POLICY: "ᵖ", Author.SEARCH: "ˢ"}
LOOKS: Final = {
    None: "blank",
    Author.GIVEN: "given",
    Author.OWN: "own",
    Author.POLICY: "policy",
    Author.SEARCH: "search",
}


@dataclass(frozen=True, eq=False)
class Heat:
    """The policy's probabilities for each cell, float [81,9]."""

    values: npt.NDArray[np.float32]

    def best(self, cell: int) -> tuple[int, float]:
        """The digit most probable in a cell, and its probability."""
        digit = int(self.values[cell].argmax())
        return digit + 1, float(self.values[cell, digit])


@dataclass(frozen=True)
class View:
    """All that a board shows."""

    cells: tuple[int, ...] = (0,) * 81
    authors: tuple[Author | None, ...] = (None,) * 81
    marks: Marks = BLANK_MARKS
    cursor: int | None = None
    wrong: frozenset[int] = frozenset()
    broken: frozenset[int] = frozenset()
    lined: frozenset[int] = frozenset()
    """The row, column and box of the cursor."""
    same: int = 0
    """The digit to show wherever it stands."""
    done: frozenset[int] = frozenset()
    """The digits to dim."""
    hint: Told | None = None
    heat: Heat | None = None
    differ: frozenset[int] = frozenset()
    """Cells in which another board differs."""
    numbers: bool = False
    hidden: bool = False
    """Nothing but the rules: the game is paused."""


def line(view: View, y: int, size: Size) -> list[Piece]:
    """Line `y` of the board, from left to right."""
    row, inner = size.row_at(y)
    if inner < 0:
        return rules.level(view.cursor, row, size, numbers=view.numbers)
    middle = inner == size.height // 2 if size.height > 2 else inner == 0
    number = str(row + 1) if view.numbers and middle else " "
    pieces: list[Piece] = [(number, _number_looks(view, row, 9), None)]
    for column in range(10):
        pieces.append(rules.upright(view.cursor, row, column))
        if column < 9:
            cell = row * 9 + column
            looks, heat = _looks(view, cell)
            for text, more in _content(view, cell, inner, size):
                pieces.append((text, (*looks, *more), heat))
    return pieces


def _number_looks(view: View, line: int, width: int) -> tuple[str, ...]:
    """The looks of a row's number; that of the cursor's row stands out."""
    here = view.cursor is not None and view.cursor // width == line
    return ("number", "number-here") if here else ("number",)


def _looks(view: View, cell: int) -> tuple[tuple[str, ...], float | None]:
    """The looks of a cell's ground, and its heat."""
    author = view.authors[cell]
    digit = view.cells[cell]
    looks = [LOOKS[author]]
    if view.hidden:
        return ("blank",), None
    if digit and digit in view.done:
        looks.append("done")
    heat = None
    if cell in view.lined:
        looks.append("lined-given" if author is Author.GIVEN else "lined")
    if author is None and view.heat is not None:
        heat = (view.heat.best(cell)[1] - 1 / 9) * 9 / 8
        looks.append("guess")
    if digit and digit == view.same:
        looks.append("same")
    over = _told_looks(view, cell) or (["broken"] if cell in view.broken else [])
    over += ["differ"] * (cell in view.differ)
    if cell == view.cursor and not _told_looks(view, cell):
        over.append("cursor")
    if cell in view.wrong:
        over.append("wrong-here" if cell == view.cursor else "wrong")
    return (*looks, *over), heat if not over or over == ["differ"] else None


def _told_looks(view: View, cell: int) -> list[str]:
    told = view.hint
    if told is None:
        return []
    if told.target is not None and told.target[0] == cell:
        return ["target"]
    if any(cell == place for place, _ in told.effect_digits):
        return ["effect"]
    if cell in told.pattern:
        return ["pattern"]
    if any(cell == place for place, _ in told.removals):
        return ["struck"]
    return ["look"] if cell in told.look else []


SIGNS_OF_A_HINT = {"target": "●", "pattern": "◆", "effect": "◇", "struck": "×"}


def sign(view: View, cell: int) -> str:
    """The sign of a cell beside its digit or marks: a conflict, or its part in a hint."""
    if cell in view.wrong:
        return "!"
    if cell in view.differ:
        return "≠"
    looks = _told_looks(view, cell)
    return SIGNS_OF_A_HINT.get(looks[0] if looks else "", " ")


# ---- what stands in a cell -------------------------------------------------------------------

Part = tuple[str, tuple[str, ...]]
"""Text, and looks over those of the cell."""


def _content(view: View, cell: int, inner: int, size: Size) -> list[Part]:
    """One line of a cell's inside."""
    if view.hidden:
        return [(" " * size.width, ())]
    if view.cells[cell]:
        return [(_digit(view, cell, inner, size), ())]
    if view.heat is not None:
        return [(_guess(view, view.heat, cell, inner, size), ())]
    if size.height == 1:
        return _few_marks(view, cell)
    if size.height == 2:
        return _two_rows(view, cell, inner)
    return _three_rows(view, cell, inner, size)


def _digit(view: View, cell: int, inner: int, size: Size) -> str:
    """The digit of a filled cell, in large numerals where there is room for them."""
    digit, author = view.cells[cell], view.authors[cell]
    mark, by = sign(view, cell), SIGNS.get(author, " ") if author else " "
    if size.height < 3 or size.width < 7:
        middle = 0 if size.height < 3 else 1
        return f"{mark}{digit}{by}".center(size.width) if inner == middle else " " * size.width
    row = inner - size.height // 2 + 1
    if not 0 <= row < 3:
        return " " * size.width
    font = DIGITS3X3_BOLD if author is Author.GIVEN else DIGITS3X3
    numeral = _numeral(font, digit)[row]
    left, right = (mark if row == 1 else " "), (by if row == 0 else " ")
    return f"{left} {numeral} {right}".center(size.width)


def _numeral(font: list[str], digit: int) -> list[str]:
    start = 3 * (digit + 1)
    return [row.ljust(3) for row in font[start : start + 3]]


def _guess(view: View, heat: Heat, cell: int, inner: int, size: Size) -> str:
    """What the policy would enter in a blank cell, and how sure it is."""
    digit, probability = heat.best(cell)
    block = BLOCKS[max(1, min(8, round(probability * 8)))]
    mark, width = sign(view, cell), size.width
    if size.height == 1:
        return f"{mark}{digit}{block}"
    top = size.height // 2 - 1 if size.height > 2 else 0
    if inner == top:
        return f"{mark}{digit} ".center(width)
    if inner == top + 1:
        return f"{probability:.0%}".center(width)
    if inner != top + 2:
        return " " * width
    filled = probability * (width - 2)
    bar = "━" * int(filled) + ("╸" if filled % 1 >= 0.5 else "")
    return f" {bar:<{width - 2}} "


def _mark(view: View, cell: int, digit: int) -> Part:
    """One mark at its place, or nothing there; those of a hint look as it has them."""
    told, pair = view.hint, (cell, digit)
    shown = digit in view.marks[cell]
    if told is not None:
        if told.target == pair:
            return str(digit), ("target-digit",)
        if pair in told.effect_digits:
            return str(digit), ("effect-digit",)
        if pair in told.pattern_digits:
            return str(digit), ("pattern-digit",)
        if pair in told.removals:
            return str(digit), ("struck-digit",)
    look = ("same-mark",) if shown and digit == view.same else ()
    return (str(digit) if shown else " "), look


def _few_marks(view: View, cell: int) -> list[Part]:
    """Up to three marks in three characters; of more, two and a plus sign."""
    digits = [digit for digit in range(1, 10) if _mark(view, cell, digit)[0] != " "]
    mark = sign(view, cell)
    room = 3 if mark == " " else 2
    shown = digits if len(digits) <= room else digits[: room - 1]
    parts = [_mark(view, cell, digit) for digit in shown]
    if len(digits) > room:
        parts.append(("+", ()))
    lead = [] if mark == " " else [(mark, ())]
    return [*lead, *parts, (" " * (room - len(parts)), ())]


def _two_rows(view: View, cell: int, inner: int) -> list[Part]:
    """1 to 5 above 6 to 9 and the cell's sign."""
    if inner == 0:
        return [_mark(view, cell, digit) for digit in range(1, 6)]
    return [*(_mark(view, cell, digit) for digit in range(6, 10)), (sign(view, cell), ())]


def _three_rows(view: View, cell: int, inner: int, size: Size) -> list[Part]:
    """Three rows of three, in the middle of the cell; its sign at the left of the second."""
    width = size.width
    row = inner - size.height // 2 + 1
    if not 0 <= row < 3:
        return [(" " * width, ())]
    gap = " " if width >= 5 else ""
    side = (width - 3 - 2 * len(gap)) // 2
    lead = sign(view, cell).ljust(side) if side and row == 1 else " " * side
    parts: list[Part] = [(lead, ())]
    for digit in range(row * 3 + 1, row * 3 + 4):
        text, looks = _mark(view, cell, digit)
        if not side and row == 1 and digit == 4 and text == " ":
            text = sign(view, cell)
        parts += [(text, looks), (gap, ())]
    return [*parts[:-1], (" " * side, ())]
