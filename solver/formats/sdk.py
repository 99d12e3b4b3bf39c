"""`.sdk`, the format of SadMan Sudoku and SudoCue: one puzzle as nine rows, with metadata.

Lines of `#`, a letter and text hold metadata. `[Puzzle]` and `[State]` name the grid that
follows; other sections are skipped. Zeros, commas, spaces and bars between cells are met in the
wild and read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from solver.board.grid import Grid
from solver.formats.errors import FormatError
from solver.formats.record import Record, over
from solver.formats.rows import Rows
from solver.formats.source import Line, Source

KEYS: Final = {
    "A": "author",
    "D": "description",
    "C": "comment",
    "B": "date",
    "S": "source",
    "L": "level",
    "U": "url",
}
"""Letter -> metadata key; another letter is its own key."""

_LETTERS: Final = {key: letter for letter, key in KEYS.items()}
_MOST_LINES: Final = 10_000


def read(source: Source) -> Iterator[Record | FormatError]:
    """The one record of the file."""
    puzzle, state = Rows(), Rows()
    metadata: dict[str, list[str]] = {}
    section = "puzzle"
    line: Line | None = None
    for line in source:
        if line.number > _MOST_LINES:
            error = FormatError(f"more than {_MOST_LINES} lines", "one puzzle")
            raise error.at(source.name, line.number)
        text = line.whole()
        body = text.strip()
        rows = {"puzzle": puzzle, "state": state}.get(section)
        if body.startswith("#"):
            _note(body, metadata)
        elif body.startswith("[") and body.endswith("]"):
            section = body[1:-1].strip().lower()
        elif rows is not None and (body or len(text) == 9) and not (rows.count == 9 and not body):
            rows.add(line)
    givens = puzzle.grid(line)
    yield Record(
        givens,
        state=_state(givens, state, line) if state.count else None,
        metadata={key: "\n".join(texts) for key, texts in metadata.items()},
        source=source.name,
        line=puzzle.first,
    )


def _note(body: str, metadata: dict[str, list[str]]) -> None:
    letter, text = body[1:2], body[2:].strip()
    if letter.isalpha():
        metadata.setdefault(KEYS.get(letter.upper(), letter.upper()), []).append(text)
    elif rest := body.lstrip("# "):
        metadata.setdefault("comment", []).append(rest)


def _state(givens: Grid, rows: Rows, last: Line | None) -> Grid:
    played = rows.grid(last)
    try:
        return over(givens, played)
    except FormatError as error:
        raise error.at("", rows.first) from None


def write(records: Iterable[Record]) -> Iterator[str]:
    """The metadata that has a letter, the givens, and the state in a section of its own."""
    for record in records:
        for key, text in record.metadata.items():
            letter = _LETTERS.get(key, key)
            if len(letter) == 1 and letter.isalpha() and letter.isupper():
                yield from (f"#{letter}{part.strip()}\n" for part in text.splitlines() or [""])
        if record.state is not None:
            yield "[Puzzle]\n"
        yield from _rows(record.givens)
        if record.state is not None:
            yield "[State]\n"
            yield from _rows(record.state)


def _rows(grid: Grid) -> Iterator[str]:
    text = grid.line()
    return (text[start : start + 9] + "\n" for start in range(0, 81, 9))
