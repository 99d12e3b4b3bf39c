"""`.opensudoku`, the XML of the Android program OpenSudoku, versions 1 to 3.

`<game data="81 digits">`, or `value|note|editable|` for each cell: a cell that is not editable is
a given, a note is a list `1,2,` or a bit mask; later files hold two notes in each cell, and some
two in a few cells. Version 3 calls the attributes cells_data and user_note. Parsed with expat as
it streams; a document type, an entity, deep nesting or a huge file is an error.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Final
from xml.parsers import expat

from solver.formats.errors import FormatError, shown
from solver.formats.game import game
from solver.formats.record import Record
from solver.formats.source import Source

MOST_BYTES: Final = 64 << 20
_LONGEST_TEXT: Final = 1 << 16
_DEEPEST: Final = 8

KEYS: Final = {
    "name": "name",
    "author": "author",
    "description": "description",
    "comment": "comment",
    "created": "date",
    "source": "source",
    "level": "level",
    "sourceURL": "url",
}
"""Element -> metadata key."""

ONCE: Final = frozenset(KEYS.values()) - {"name", "comment"}
"""Metadata that only the head of a file has a place for; a folder has a name, a game a note."""

_DATA: Final = ("data", "cells_data")
_NOTES: Final = ("note", "user_note")
_XML_SAFE: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Parser:
    """An expat parser that gathers games as records."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: deque[Record | FormatError] = deque()
        self._metadata: dict[str, str] = {}
        self._folder = ""
        self._path: list[str] = []
        self._text: list[str] = []
        self._length = 0
        self.expat = expat.ParserCreate()
        self.expat.StartDoctypeDeclHandler = self._forbid
        self.expat.EntityDeclHandler = self._forbid
        self.expat.StartElementHandler = self._start
        self.expat.EndElementHandler = self._end
        self.expat.CharacterDataHandler = self._characters

    def feed(self, data: bytes, last: bool) -> None:
        """Parse the next piece. Raises `FormatError` for anything else."""
        try:
            self.expat.Parse(data, last)
        except expat.ExpatError as error:
            raise FormatError(
                expat.ErrorString(error.code) or "broken XML",
                "well-formed XML",
                file=self.name,
                line=error.lineno,
                column=error.offset + 1,
            ) from None
        except FormatError:
            raise
        except (LookupError, ValueError) as error:
            raise FormatError(shown(str(error)), "XML in UTF-8").at(self.name, 1) from None

    def place(self) -> tuple[int, int]:
        """The line and the column, from 1, of what is being parsed: of an element, its `<`."""
        return self.expat.CurrentLineNumber, self.expat.CurrentColumnNumber + 1

    def _error(self, found: str, expected: str) -> FormatError:
        return FormatError(found, expected).at(self.name, *self.place())

    def _forbid(self, *_: object) -> None:
        raise self._error("a document type or an entity", "XML without either")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._path and tag != "opensudoku":
            raise self._error(f"the element {shown(tag)}", "the element 'opensudoku'")
        self._path.append(tag)
        if len(self._path) > _DEEPEST:
            raise self._error(f"elements more than {_DEEPEST} deep", "games in folders")
        self._text, self._length = [], 0
        if tag == "folder":
            self._folder = attributes.get("name", "").strip()
        elif tag == "game":
            self._game(attributes)

    def _characters(self, text: str) -> None:
        self._length += len(text)
        if self._length > _LONGEST_TEXT:
            raise self._error(f"more than {_LONGEST_TEXT} characters of text", "a short text")
        self._text.append(text)

    def _end(self, tag: str) -> None:
        self._path.pop()
        text = "".join(self._text).strip()
        if tag == "folder":
            self._folder = ""
        elif tag in KEYS and text:
            self._metadata[KEYS[tag]] = text
        self._text, self._length = [], 0

    def _game(self, attributes: dict[str, str]) -> None:
        line, column = self.place()
        metadata = dict(self._metadata)
        if self._folder:
            metadata["name"] = self._folder
        notes = [attributes.get(key, "").strip() for key in _NOTES]
        if note := "\n".join(filter(None, notes)):
            metadata["comment"] = note
        unread = [
            key
            for key, text in attributes.items()
            if key not in _DATA + _NOTES and text.strip(" 0|")
        ]
        try:
            data = next((attributes[key] for key in _DATA if key in attributes), None)
            if data is None:
                raise FormatError("a game without data", 'a game with data="81 digits"')
            record = game(data, metadata, self.name, line)
            self.found.append(replace(record, unread=tuple(unread)))
        except FormatError as error:
            self.found.append(error.at(self.name, line, column))


def read(source: Source) -> Iterator[Record | FormatError]:
    """One record a game, with the file's metadata; a bad game is yielded as its error."""
    parser = _Parser(source.name)
    piece, total = source.first.lstrip(), 0
    while True:
        total += len(piece)
        if total > MOST_BYTES:
            error = FormatError(f"more than {MOST_BYTES >> 20} MiB", "a smaller file")
            raise error.at(source.name, *parser.place())
        parser.feed(piece, False)
        while parser.found:
            yield parser.found.popleft()
        if not (piece := source.stream.read(1 << 16)):
            break
    parser.feed(b"", True)


def write(records: Iterable[Record]) -> Iterator[str]:
    """Version 1, or 2 where a record holds a state, a pencil, or its own name or comment.

    Metadata that all records share goes into the head of the file. Of what they do not share,
    version 2 keeps the comments, with the games, and the names, as those of folders; see `ONCE`.
    """
    held = list(records)
    shared = dict(held[0].metadata) if held else {}
    for record in held:
        shared = {key: text for key, text in shared.items() if record.metadata.get(key) == text}
    own = [key for key in ("name", "comment") if key not in shared]
    rich = any(
        record.state or record.pencil or any(record.metadata.get(key) for key in own)
        for record in held
    )
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<opensudoku version="2">\n' if rich else "<opensudoku>\n"
    for tag, key in KEYS.items():
        if text := shared.get(key, "").strip():
            yield f"  <{tag}>{_escape(text)}</{tag}>\n"
    for name, games in groupby(held, lambda record: record.metadata.get("name", "").strip()):
        if rich:
            yield f'  <folder name="{_escape(name)}">\n'
        for record in games:
            note = _escape(record.metadata.get("comment", "")) if "comment" in own else ""
            extra = f' note="{note}"' if note else ""
            data = _data(record) if rich else record.givens.line("0")
            yield f'  <game data="{data}"{extra} />\n'
        if rich:
            yield "  </folder>\n"
    yield "</opensudoku>\n"


def _data(record: Record) -> str:
    full = record.grid.all_candidates()
    left = record.candidates
    cells = []
    for cell, digit in enumerate(record.grid):
        told = left[cell] != full[cell]
        note = sum(1 << (mark - 1) for mark in left[cell]) if told else 0
        cells.append(f"{digit}|{note}|{int(not record.givens[cell])}|")
    return "version: 2&#10;" + "".join(cells)


def _escape(text: str) -> str:
    from xml.sax.saxutils import escape

    return escape(
        _XML_SAFE.sub("", text), {'"': "&quot;", "\n": "&#10;", "\r": "&#10;", "\t": "&#9;"}
    )
