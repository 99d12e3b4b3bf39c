"""Any bytes give grids or a `FormatError`: tried on seeded inputs, broken and made up.

An input is noise, words of the formats strewn together, or a good file of some format with bytes
changed, cut, doubled and put in. Each is read by detection or as a format drawn at random,
strictly or with errors collected; what was read must read the same as arrays and once written.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from solver.board.grid import Grid
from solver.formats.batches import read_batches
from solver.formats.errors import FormatError
from solver.formats.files import read, to_bytes
from solver.formats.record import Record
from solver.formats.registry import FORMATS

SLOWEST: Final = 2.0
"""Seconds of the processor that one input of some kilobytes may take at most."""

_TEXT_FORMATS: Final = [format for format in FORMATS.values() if format.name != "parquet"]
_SOLVED: Final = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
_WORDS: Final = (
    b"#A", b"#C", b"[Puzzle]", b"[State]", b"[", b"]", b"\n", b"\r\n", b"\r", b"|", b"-----------",
    b"*-----------*", b"|---+---+---|", b"I123", b"E78007", b"u1", b"679", b"2 ", b"1..|...|7..",
    b":0604:1:", b"+", b":132 438:", b":", b"::::", b"<?xml version='1.0'?>", b"<opensudoku>",
    b"<opensudoku version='2'>", b"</opensudoku>", b"<game data='", b"'/>", b"<!DOCTYPE x [",
    b"<!ENTITY a 'b'>", b"]>", b"&a;", b"&#10;", b"version: 2 ", b"0|0|1|", b"5|-|0|",
    b"<folder name='", b"puzzle,solution\n", b"quizzes;solutions\n", b",", b";", b"\t", b'"', b"id",
    b"\xef\xbb\xbf", b"\xff\xfe", b"PAR1", b"\x00", b"\xc3", b"\x80", b"//", b" ", b"." * 81,
    b"." * 9, b"53..7....", b"X", b"_", b"0" * 81, b"." * 256,
    _SOLVED.encode(), _SOLVED[:80].encode(), b"\xe2\x80\xa8",
)  # fmt: skip


@dataclass(slots=True)
class Tally:
    """What came of the inputs."""

    inputs: int = 0
    puzzles: int = 0
    errors: int = 0
    by_format: Counter[str] = field(default_factory=Counter)
    """How many inputs each format had."""


class FuzzError(AssertionError):
    """An input that broke a promise; `data` is that input."""

    def __init__(self, message: str, data: bytes) -> None:
        super().__init__(message)
        self.data = data


def fuzz(count: int, seed: int) -> Tally:
    """Read `count` inputs of `seed`. Raises `FuzzError` for the first that breaks a promise."""
    tally = Tally()
    seeds = _good_files()
    for index in range(count):
        rng = random.Random(f"{seed}:{index}")
        data = make_input(rng, seeds)
        tried = None if rng.random() < 0.7 else rng.choice(list(FORMATS))
        _try(data, tried, rng.random() < 0.5, tally)
    return tally


def _try(data: bytes, tried: str | None, strict: bool, tally: Tally) -> None:
    collected: list[FormatError] = []
    started = time.process_time()
    try:
        puzzles = list(read(data, format=tried, on_error=None if strict else collected.append))
    except FormatError as raised:
        collected.append(raised)
        puzzles = []
    except Exception as other:
        raise FuzzError(f"{type(other).__name__}: {other} (format {tried})", data) from other
    seconds = time.process_time() - started
    if seconds > SLOWEST:
        raise FuzzError(f"{seconds:.1f} s for {len(data)} bytes (format {tried})", data)
    for error in collected:
        if not str(error).isprintable() or len(str(error)) > 400:
            raise FuzzError(f"the message {str(error)!r} (format {tried})", data)
    if puzzles:
        try:
            _compare(puzzles, data, tried)
        except (FormatError, LookupError, TypeError, ArithmeticError) as error:
            raise FuzzError(f"{type(error).__name__}: {error} (read again)", data) from error
    tally.inputs += 1
    tally.puzzles += len(puzzles)
    tally.errors += len(collected)
    tally.by_format[tried or "detected"] += 1


def _compare(puzzles: list[Record], data: bytes, tried: str | None) -> None:
    """What was read must also be read as arrays, and survive being written in some format."""
    seen = {
        (int(line), cells.tobytes())
        for batch in read_batches(data, size=7, format=tried)
        for line, cells in zip(batch.lines, batch.cells, strict=True)
    }
    for record in puzzles:
        if (record.line, bytes(record.givens)) not in seen:
            raise FuzzError(f"line {record.line} is not in its batch (format {tried})", data)
    format = _TEXT_FORMATS[len(data) % len(_TEXT_FORMATS)]
    again = list(read(to_bytes(puzzles[:1], format.name), format=format.name))
    kept = "state" not in format.holds or again[0].grid == puzzles[0].grid
    if again[0].givens != puzzles[0].givens or not kept:
        raise FuzzError(f"written as {format.name} it reads otherwise", data)


def _good_files() -> list[bytes]:
    full = Grid.parse(_SOLVED)
    givens = Grid(digit if cell % 3 else 0 for cell, digit in enumerate(full))
    state = givens.place(0, full[0])
    pencil = tuple(frozenset(sorted(state.candidates(cell))[:1]) for cell in range(81))
    rich = Record(
        givens, state, full, {"author": "A. Nyone", "comment": "first", "level": "easy"}, pencil
    )
    plain = Record(givens)
    files = []
    for format in FORMATS.values():
        for records in ([rich], [plain], [rich, plain] * 3):
            if format.many or len(records) == 1:
                try:
                    files.append(to_bytes(records, format.name))
                except ModuleNotFoundError:
                    continue
    return files


def make_input(rng: random.Random, seeds: list[bytes]) -> bytes:
    """One input: noise, strewn words, or a good file with some changes."""
    kind = rng.random()
    if kind < 0.1:
        return rng.randbytes(rng.randrange(400))
    if kind < 0.3:
        return b"".join(rng.choices(_WORDS, k=rng.randrange(1, 60)))
    if kind < 0.4:
        cells = rng.choice((b"0123456789.", b"123456789.X*_- \n", b"u123456789 \n"))
        return bytes(rng.choices(cells, k=rng.choice((9, 80, 81, 82, 90, 170, 256))))
    data = bytearray(rng.choice(seeds))
    for change in _changes(rng):
        change(data)
    if rng.random() < 0.01:
        data *= rng.randrange(2, 40)
    return bytes(data)


def _changes(rng: random.Random) -> Iterator[Callable[[bytearray], None]]:
    def flip(data: bytearray) -> None:
        if data:
            data[rng.randrange(len(data))] = rng.randrange(256)

    def cut(data: bytearray) -> None:
        start = rng.randrange(len(data) + 1)
        del data[start : start + rng.randrange(1, 30)]

    def truncate(data: bytearray) -> None:
        del data[rng.randrange(len(data) + 1) :]

    def insert(data: bytearray) -> None:
        place = rng.randrange(len(data) + 1)
        data[place:place] = rng.choice(_WORDS)

    def double(data: bytearray) -> None:
        start = rng.randrange(len(data) + 1)
        data[start:start] = data[start : start + rng.randrange(1, 200)]

    for _ in range(rng.choice((0, 1, 1, 1, 2, 3, 8))):
        yield rng.choice((flip, flip, cut, insert, insert, double, truncate))
