"""The rules between the cells: heavy around boxes, light within; those at the cursor stand out."""

from __future__ import annotations

from tui.widgets.layout import Size

Piece = tuple[str, tuple[str, ...], float | None]
"""Text, the names of its looks (later ones go over earlier ones), and a heat 0..1 or None."""


def upright(cursor: int | None, row: int, column: int) -> Piece:
    """The piece of an upright rule at the left of a column; column 9 is the right end."""
    box = column % 3 == 0
    look = "box-rule" if box else "rule"
    near = _beside(cursor, (row, row), (column - 1, column))
    return "┃" if box else "│", (look, "cursor-rule") if near else (look,), None


def level(cursor: int | None, row: int, size: Size, *, numbers: bool) -> list[Piece]:
    """The rule above a row; that above the first carries the columns' numbers, if wanted."""
    box = row % 3 == 0
    pieces: list[Piece] = [(" ", ("number",), None)]
    for column in range(10):
        look = "box-rule" if box or column % 3 == 0 else "rule"
        pieces.append((_joint(row, column, ruled=size.ruled), (look,), None))
        if column < 9:
            look = "box-rule" if box else "rule"
            above = row - 1
            near = _beside(cursor, (above, row), (column, column))
            looks = (look, "cursor-rule") if near else (look,)
            if row == 0 and numbers:
                pieces += _numbered(cursor, column, size.width, looks)
            else:
                pieces.append(("━─"[not box] * size.width, looks, None))
    return pieces


def _numbered(cursor: int | None, column: int, width: int, looks: tuple[str, ...]) -> list[Piece]:
    """The part of the upper rule that carries a column's number."""
    left = width // 2
    here = cursor is not None and cursor % 9 == column
    number = ("number", "number-here") if here else ("number",)
    return [
        ("━" * left, looks, None),
        (str(column + 1), number, None),
        ("━" * (width - left - 1), looks, None),
    ]


def _beside(cursor: int | None, rows: tuple[int, int], columns: tuple[int, int]) -> bool:
    return cursor is not None and cursor // 9 in rows and cursor % 9 in columns


def _joint(row: int, column: int, *, ruled: bool) -> str:
    """The character where two rules meet; box rules are heavy."""
    kinds = {0: "┏┯┳┓", 9: "┗┷┻┛"}.get(row, "┣┿╋┫" if row % 3 == 0 else "┠┼╂┨")
    place = 0 if column == 0 else 3 if column == 9 else 2 if column % 3 == 0 else 1
    return kinds[place]
