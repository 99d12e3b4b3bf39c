"""A game as JSON: the present position, the changes before it, and what was undone.

`load` checks all that it is given: a file may be damaged, or written by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from solver.board.grid import Grid
from tui.game.game import Game
from tui.game.position import Author, Candidate, Marks, Position

SCHEMA: Final = "sudoku-tui/1"
HISTORY: Final = 300
"""Positions kept before the present one, and as many after; they are written at every change."""
MALFORMED: Final = (KeyError, ValueError, TypeError, AttributeError, IndexError)

_Cell = tuple[int, Author | None, frozenset[int], frozenset[int]]
"""A cell's digit, who entered it, its marks, and the candidates struck."""

_MORE: Final[dict[str, Any]] = {
    "folder": str, "seconds": float, "hints": int, "checks": int, "counted": bool,
}  # fmt: skip
"""What else is kept of a game, and of which type it is."""


def dump(game: Game) -> dict[str, Any]:
    """A game as JSON has it, with its last `HISTORY` positions; `load` is its inverse."""
    position = game.position
    first = max(0, game.now - HISTORY)
    kept = game.positions[first : game.now + HISTORY]
    before = (Position.start(position.givens), *kept)
    return {
        "schema": SCHEMA,
        "name": game.name,
        "metadata": game.metadata,
        "givens": position.givens.line(),
        "grid": position.grid.line(),
        "authors": "".join(author.value if author else "." for author in position.authors),
        "marks": _digits(position.marks),
        "struck": _digits(position.struck),
        "history": [_change(a, b) for a, b in zip(before, kept, strict=False)],
        "now": game.now - first,
        "trace": _trace(position),
        "folder": game.folder,
        "seconds": round(game.seconds, 1),
        "hints": game.hints,
        "checks": game.checks,
        "counted": game.counted,
        "checkpoints": [_change(Position.start(position.givens), at) for at in game.checkpoints],
    }


def _digits(marks: Marks) -> dict[str, str]:
    return {str(cell): "".join(map(str, sorted(each))) for cell, each in enumerate(marks) if each}


def _trace(position: Position) -> dict[str, Any] | None:
    """The trace that is followed: where it began, how far it was played, the marks it took."""
    if position.trace is None:
        return None
    return {
        "start": position.trace.start.line(),
        "step": position.step,
        "rubbed": [list(map(list, lost)) for lost in position.rubbed],
    }


def _change(before: Position, after: Position) -> dict[str, str]:
    """The cells that differ in `after`, as digit, author, marks, struck: "6o", "..19-4"."""
    cells = enumerate(zip(_cells(before), _cells(after), strict=True))
    return {str(cell): _text(*now) for cell, (was, now) in cells if was != now}


def _cells(position: Position) -> Iterator[_Cell]:
    return zip(position.grid.cells, position.authors, position.marks, position.struck, strict=True)


def _text(digit: int, author: Author | None, marks: frozenset[int], struck: frozenset[int]) -> str:
    ruled_out = "-" + "".join(map(str, sorted(struck))) if struck else ""
    own = "".join(map(str, sorted(marks)))
    return f"{digit or '.'}{author.value if author else '.'}{own}{ruled_out}"


def _changed(position: Position, change: dict[str, str]) -> Position | None:
    """The position after a change that `_change` wrote; None where it is no such."""
    cells = [_text(*cell) for cell in _cells(position)]
    for cell, text in change.items():
        cells[int(cell)] = text
    return _position(
        position.givens,
        Grid.parse("".join(text[0] for text in cells)),
        "".join(text[1] for text in cells),
        *(tuple(frozenset(map(int, text[2:].partition("-")[part])) for text in cells)
          for part in (0, 2)),
    )  # fmt: skip


def _position(
    givens: Grid, grid: Grid, authors: str, marks: Marks, struck: Marks
) -> Position | None:
    """The position of these parts; None where they contradict one another."""
    who = tuple(None if a == "." else Author(a) for a in authors)
    filled = [digit > 0 for digit in grid]
    given = [author is Author.GIVEN for author in who]
    if len(who) != 81 or not grid.keeps(givens):
        return None
    if filled != [author is not None for author in who] or given != [d > 0 for d in givens]:
        return None
    return Position(givens, grid, who, marks, struck)


def load(saved: dict[str, Any]) -> Game | None:
    """The game that `dump` wrote, at its present position alone; None for anything else."""
    try:
        givens, grid = Grid.parse(saved["givens"]), Grid.parse(saved["grid"])
        marks, struck = _marks(saved["marks"]), _marks(saved.get("struck", {}))
        metadata = {str(key): str(value) for key, value in saved["metadata"].items()}
        name = str(saved["name"])
        position = _position(givens, grid, saved["authors"], marks, struck)
        more = {key: kind(saved[key]) for key, kind in _MORE.items() if key in saved}
        checkpoints = [
            at
            for changes in saved.get("checkpoints", [])
            if (at := _changed(Position.start(givens), changes)) is not None
        ]
    except MALFORMED:
        return None
    if position is None:
        return None
    return Game([position], metadata, name, checkpoints=checkpoints, **more)


def _marks(saved: dict[str, str]) -> Marks:
    marks = [frozenset[int]()] * 81
    for cell, digits in saved.items():
        marks[int(cell)] = frozenset(map(int, digits))
    return tuple(marks)


def load_history(game: Game, saved: dict[str, Any]) -> bool:
    """Give a game what can be undone and made again; False, and no change, if that is damaged."""
    positions: list[Position] = []
    position: Position | None = Position.start(game.position.givens)
    try:
        for change in saved["history"]:
            assert position is not None
            position = _changed(position, change)
            if position is None:
                return False
            positions.append(position)
        now = int(saved["now"])
        if now < 0 or positions[now] != game.position:
            return False
    except MALFORMED:
        return False
    game.positions, game.now = positions, now
    return True


def followed(saved: dict[str, Any]) -> tuple[Grid, int, tuple[tuple[Candidate, ...], ...]] | None:
    """The steps that a kept game followed: their start, how many were played, and the marks that
    each took away. None where it followed none."""
    try:
        trace = saved["trace"]
        rubbed = tuple(
            tuple((int(cell), int(digit)) for cell, digit in lost) for lost in trace["rubbed"]
        )
        return Grid.parse(trace["start"]), int(trace["step"]), rubbed
    except MALFORMED:
        return None
