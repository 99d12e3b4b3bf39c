"""A terminal driver that writes only what changes on the screen.

Textual repaints whole parts of widgets. Over a slow line that is felt: a move of the cursor would
write tens of kilobytes. The driver here remembers what stands in each cell of the terminal, and
of what it is given writes the cells that differ.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from rich.cells import cell_len
from textual.driver import Driver

_TOKENS: Final = re.compile(r"(\x1b\[[0-9;]*m|\x1b\[[0-9]+;[0-9]+H|\x1b[^m]*?[a-zA-Z~]|\n)")
_SGR: Final = re.compile(r"\x1b\[([0-9;]*)m")
_MOVE: Final = re.compile(r"\x1b\[([0-9]+);([0-9]+)H")
_KEEPS_SCREEN: Final = re.compile(r"\x1b\[\?(2026|25|1000|1003|1015|1006|2004|1004)[hl$]")
"""Modes whose change leaves what is on the screen."""

Cell = tuple[str, str]
"""A character and the codes of its style."""


class Screen:
    """What the terminal shows, as far as it is known: a `Cell` for each (row, column)."""

    def __init__(self) -> None:
        self.rows: dict[int, dict[int, Cell]] = {}

    def forget(self) -> None:
        """Nothing is known: what comes next is written whole."""
        self.rows.clear()

    def changes(self, data: str) -> str:
        """What has to be written for `data`, which is text with escape codes."""
        out: list[str] = []
        wanted: dict[int, dict[int, Cell]] = {}
        row = column = -1
        style = ""
        for token in _TOKENS.split(data):
            if not token or token == "\n":  # every line begins with a move of its own
                continue
            if token[0] != "\x1b":
                if row < 0 or not _plain(token):
                    return self._give_up(data)
                line = wanted.setdefault(row, {})
                for character in token:
                    line[column] = (character, style)
                    column += 1
            elif found := _SGR.fullmatch(token):
                codes = found[1]
                style = "" if codes in ("", "0") else f"{style};{codes}" if style else codes
            elif found := _MOVE.fullmatch(token):
                row, column = int(found[1]), int(found[2])
            else:
                if not _KEEPS_SCREEN.match(token):
                    return self._give_up(data)
                out.append(self._written(wanted))
                out.append(token)
                wanted = {}
        out.append(self._written(wanted))
        return "".join(out)

    def _give_up(self, data: str) -> str:
        self.forget()
        return data

    def _written(self, wanted: dict[int, dict[int, Cell]]) -> str:
        """The codes that bring the screen to what is wanted, style by style: each is given once."""
        styles: dict[str, tuple[list[str], int, int]] = {}
        for row, line in wanted.items():
            known = self.rows.setdefault(row, {})
            for column, cell in line.items():
                if known.get(column) == cell:
                    continue
                character, codes = cell
                out, last_row, after = styles.get(codes, ([], 0, 0))
                if row != last_row or column < after:
                    out.append(f"\x1b[{row};{column}H")
                elif column > after:
                    out.append(f"\x1b[{column - after}C")
                out.append(character)
                styles[codes] = out, row, column + 1
            known.update(line)
        plain, *_ = styles.pop("", ([], 0, 0))
        coloured = [f"\x1b[0;{codes}m{''.join(out)}" for codes, (out, *_) in styles.items()]
        return "".join([*plain, *coloured, *["\x1b[0m"] * bool(coloured)])


@lru_cache(maxsize=4096)
def _plain(text: str) -> bool:
    """Whether each character of a text takes one cell."""
    return text.isprintable() and cell_len(text) == len(text) and all(map(_narrow, set(text)))


def _narrow(character: str) -> bool:
    return cell_len(character) == 1


class _Thrifty:
    """Mixed into a driver: remembers the screen, and writes what changes on it."""

    if TYPE_CHECKING:
        _app: Any

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.known = Screen()
        self._shown_size: object = None
        super().__init__(*arguments, **options)

    def write(self, data: str) -> None:
        """Write what changes."""
        if self._app.size != self._shown_size:
            self._shown_size = self._app.size
            self.known.forget()
        if data := self.known.changes(data):
            super().write(data)  # type: ignore[misc]


@lru_cache
def thrifty(driver: type[Driver]) -> type[Driver]:
    """A driver like another that writes only what changes."""
    return type(f"Thrifty{driver.__name__}", (_Thrifty, driver), {})
