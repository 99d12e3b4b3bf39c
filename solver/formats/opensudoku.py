"""`.opensudoku`, the XML of the Android program OpenSudoku, versions 1 and 2.

`<game data="81 digits">`, or `value|note|editable|` for each cell: a cell that is not editable is
a given, a note is a list `1,2,` or a bit mask; later files hold two notes a cell. Parsed with
expat as it streams; a document type, an entity, deep nesting or a huge file is an error.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final
from xml.parsers import expat

from solver.board.grid import Grid
from solver.board.words import plural
from solver.formats.cells import bad_place, cell_error, count_error, digits, other_size
from solver.formats.errors import FormatError, shown
from solver.formats.record import Record, candidates
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
        """Parse the next piece. Raises `FormatError` for what is no such XML."""
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
        if note := attributes.get("note", "").strip():
            metadata["comment"] = note
        try:
            if "data" not in attributes:
                raise FormatError("a game without data", 'a game with data="81 digits"')
            self.found.append(_record(attributes["data"], metadata, self.name, line))
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


def _record(data: str, metadata: dict[str, str], name: str, line: int) -> Record:
    text = data.strip()
    if "|" not in text:
        cells = digits(text)
        place = None if other_size(text) else bad_place(text)
        if place is not None:
            error = cell_error(text, place)
            raise FormatError(f"{error.found} at character {place + 1} of a game", error.expected)
        if cells is None or len(cells) != 81:
            raise count_error(text, None)
        return Record(Grid(cells), metadata=metadata, source=name, line=line)
    version = re.match(r"version:\s*(\d{1,3})\s+", text)
    fields = text[version.end() if version else 0 :].strip().removesuffix("|").split("|")
    each, rest = divmod(len(fields), 81)
    if rest or each not in (3, 4):
        raise FormatError(plural(len(fields), "field"), "81 times value|note|editable|")
    rows = [fields[start : start + each] for start in range(0, len(fields), each)]
    for row in rows:
        if not re.fullmatch("[0-9]", row[0]) or row[-1] not in ("0", "1"):
            raise FormatError(shown("|".join(row)), "a cell as value|note|editable|")
    state = Grid(int(row[0]) for row in rows)
    givens = Grid(int(row[0]) if row[-1] == "0" else 0 for row in rows)
    masks = version is None or version[1] != "1"
    marks = tuple(
        frozenset[int]()
        if digit
        else frozenset[int]().union(*(_note(note, masks) for note in row[1:-1]))
        for digit, row in zip(state, rows, strict=True)
    )
    return Record(
        givens,
        state=state if state != givens else None,
        metadata=metadata,
        pencil=marks if any(marks) and marks != candidates(state) else None,
        source=name,
        line=line,
    )


def _note(text: str, mask: bool) -> frozenset[int]:
    if text in ("", "-", "0"):
        return frozenset()
    if mask and re.fullmatch(r"\d{1,3}", text) and int(text) < 512:
        return frozenset(digit for digit in range(1, 10) if int(text) >> (digit - 1) & 1)
    if re.fullmatch(r"([1-9],)*[1-9],?", text):
        return frozenset(int(digit) for digit in text.strip(",").split(","))
    raise FormatError(f"the note {shown(text)}", "a list of digits, or a mask 0-511")


def write(records: Iterable[Record]) -> Iterator[str]:
    """Version 1, or 2 where a record holds a state, a pencil, or a name or comment of its own.

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
    left = record.pencil
    cells = []
    for cell, digit in enumerate(record.grid):
        note = sum(1 << (mark - 1) for mark in left[cell]) if left else 0
        cells.append(f"{digit}|{note}|{int(not record.givens[cell])}|")
    return "version: 2&#10;" + "".join(cells)


def _escape(text: str) -> str:
    from xml.sax.saxutils import escape

    return escape(
        _XML_SAFE.sub("", text), {'"': "&quot;", "\n": "&#10;", "\r": "&#10;", "\t": "&#9;"}
    )
