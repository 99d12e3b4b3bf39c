"""Detection, what a command's argument may be, streaming, and files written whole or not at all."""

from __future__ import annotations

import io
import pickle
import tracemalloc
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import pytest

from solver.board.grid import Grid
from solver.formats import FormatError, Record, format_for, read, read_batches, read_puzzles, write
from solver.formats.detect import detect
from solver.formats.source import Source

LINE = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
ROWS = "\n".join(LINE[start : start + 9] for start in range(0, 81, 9))


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (LINE, "list.sdm", "sdm"),
        (LINE, "list.sdk", "txt"),
        (f"# singles\n\n{LINE}", "noname", "txt"),
        (ROWS, "noname", "sdk"),
        (ROWS, "one.ss", "ss"),
        (f"#AMe\n{ROWS}", "noname", "sdk"),
        ("[Puzzle]", "noname", "sdk"),
        ("*-----------*", "noname", "sdk"),
        ("1..|...|7..\n" * 3 + "-----------\n", "noname", "sdk"),
        ("2 679 6789 1 46789 5 469 9 3\n", "noname", "sdk"),
        ("2 . . 1 . 5 . 9 3\n", "noname", "sdk"),
        (":0604:1:", "noname", "hodoku"),
        ("<opensudoku>", "noname", "opensudoku"),
        ("\ufeff <opensudoku>", "noname", "opensudoku"),
        ("quizzes;solutions", "noname", "csv"),
        (f"1,{LINE}", "list.txt", "csv"),
        ("PAR1", "noname", "parquet"),
        ("what is this", "some.ss", "ss"),
        ("", "some.sdx", "sdx"),
        ("what is this", "noname", "txt"),
    ],
)
def test_content_tells_the_format_and_the_name_what_content_leaves_open(
    text: str, name: str, expected: str
) -> None:
    assert detect(Source(io.BytesIO(text.encode()), name)).name == expected


def test_an_argument_is_a_file_or_81_characters(tmp_path: Path) -> None:
    path = tmp_path / "one.sdk"
    path.write_text(ROWS)
    for argument in (str(path), LINE, LINE.replace(".", "0")):
        (record,) = read_puzzles(argument)
        assert record.givens.line() == LINE


@pytest.mark.parametrize("text", [ROWS, "\n".join(" ".join(row) for row in ROWS.split())])
def test_pasted_lines_are_a_puzzle(text: str) -> None:
    (record,) = read_puzzles(text)
    assert record.givens.line() == LINE


def test_digits_that_name_no_file_say_that_they_are_too_few() -> None:
    with pytest.raises(FormatError, match=r"argument: found 3 cells, expected 81 cells, or the na"):
        read_puzzles("123")


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        (LINE[:80], "argument, line 1, column 81: found 80 cells"),
        (LINE + "1", "argument, line 1, column 82: found '1' after 81 cells"),
        (LINE[:80] + "q", "argument, line 1, column 81: found 'q'"),
    ],
)
def test_an_argument_that_is_nearly_a_grid_says_what_is_wrong(argument: str, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_puzzles(argument)
    assert str(caught.value).startswith(message)


def test_an_absent_file_and_a_file_without_puzzles_are_different_errors(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_puzzles("no/such/file.sdk")
    (tmp_path / "empty.sdm").touch()
    with pytest.raises(FormatError, match="found no puzzle"):
        read_puzzles(str(tmp_path / "empty.sdm"))


def test_stdin_is_read_under_a_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(ROWS.encode())))
    (record,) = read_puzzles("-")
    assert (record.givens.line(), record.source) == (LINE, "<stdin>")


def test_an_error_that_is_raised_by_on_error_ends_the_reading() -> None:
    seen: list[FormatError] = []

    def refuse(error: FormatError) -> None:
        seen.append(error)
        raise error

    with pytest.raises(FormatError, match="line 1"):
        list(read(b"nonsense\nnonsense\n", on_error=refuse))
    assert len(seen) == 1


class Typed(io.RawIOBase):
    """A terminal: a line comes, and nothing after it yet."""

    def __init__(self, line: bytes) -> None:
        self._line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        assert self._line, "read on before giving what there is"
        buffer[: len(self._line)] = self._line
        size, self._line = len(self._line), b""
        return size


@pytest.mark.parametrize("text", [f"# mine\n{LINE}\n", f"puzzle,level\n{LINE},easy\n"])
def test_a_list_gives_its_first_puzzle_before_its_second_line_is_there(text: str) -> None:
    record = next(read(io.BufferedReader(Typed(text.encode()))))
    assert record.givens.line() == LINE


def test_errors_and_records_travel_between_processes() -> None:
    errors: list[FormatError] = []
    data = f"puzzle,solution\n{LINE[:80]}q,\n{LINE},\n".encode()
    (record,) = read(data, "some.csv", on_error=errors.append)
    assert pickle.loads(pickle.dumps(record)) == record
    assert str(pickle.loads(pickle.dumps(errors[0]))) == str(errors[0])
    assert "line 2, column 81" in str(errors[0])


def test_text_streams_read_too() -> None:
    for stream in (io.StringIO(LINE), io.TextIOWrapper(io.BytesIO(LINE.encode()))):
        (record,) = read(stream)
        assert record.givens.line() == LINE


def test_utf_16_says_to_save_as_utf_8() -> None:
    with pytest.raises(FormatError, match="found UTF-16 text, expected UTF-8"):
        list(read(LINE.encode("utf-16")))


def test_other_bytes_than_utf_8_are_read_as_windows_1252() -> None:
    (record,) = read("#AJosé\n".encode("cp1252") + ROWS.encode())
    assert record.metadata == {"author": "José"}


class Endless(io.RawIOBase):
    """A stream that repeats a line for a number of times."""

    def __init__(self, line: bytes, times: int) -> None:
        self._lines: Iterator[bytes] = repeat(line, times)
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        while not self._left:
            line = next(self._lines, None)
            if line is None:
                return 0
            self._left = line * 500
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size


@pytest.mark.parametrize("line", [f"{LINE}\n", f"{LINE},{LINE}\n"], ids=["list", "table"])
def test_a_long_list_streams_in_little_memory(line: str) -> None:
    stream = io.BufferedReader(Endless(line.encode(), 24))
    tracemalloc.start()
    count = sum(len(batch.cells) for batch in read_batches(stream, "big"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 12_000
    assert peak < 14 << 20


@pytest.mark.parametrize(
    ("head", "piece", "times"),
    [(b"", b"5", 3_000_000), (b"<opensudoku>", b"<a/>", 100_000), (b"", b"\0\n", 5_000)],
    ids=["one line", "xml", "zero bytes"],
)
def test_a_huge_file_of_nonsense_takes_little_memory(head: bytes, piece: bytes, times: int) -> None:
    data = head + piece * times
    errors: list[FormatError] = []
    tracemalloc.start()
    with pytest.raises(FormatError):
        next(read(data))
    assert (
        list(read(data, on_error=lambda error: errors.append(error) if not errors else None)) == []
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(errors) == 1
    assert peak < 1 << 20


def test_batches_hold_what_reading_gives() -> None:
    lines = [LINE, "# a comment", "nonsense", LINE[::-1], "", LINE[:70], LINE + " # easy", " " * 81]
    data = "\n".join(lines).encode()
    errors: list[FormatError] = []
    records = list(read(data, "list", on_error=errors.append))
    batches = list(read_batches(data, "list", size=2))
    assert [batch.cells.shape[1] for batch in batches] == [81] * len(batches)
    cells = [tuple(map(int, row)) for batch in batches for row in batch.cells]
    assert cells == [record.givens.cells for record in records]
    assert [int(n) for batch in batches for n in batch.lines] == [r.line for r in records]
    found = [str(error) for batch in batches for error in batch.errors]
    assert found == [str(error) for error in errors]


def test_a_file_that_can_t_be_written_whole_is_not_written(tmp_path: Path) -> None:
    record = Record(Grid.parse(LINE))
    path = tmp_path / "one.sdk"
    path.write_text("before")
    with pytest.raises(ValueError, match="holds one puzzle"):
        write([record, record], path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_without_a_known_suffix_needs_a_format(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="says no format"):
        write([], tmp_path / "noname")
    for wrong in (lambda: format_for("a.sdk", "xyz"), lambda: list(read(b"", format="xyz"))):
        with pytest.raises(ValueError, match="no format 'xyz'; known: sdk, sdm"):
            wrong()
    assert format_for("a.SDK").name == "sdk"
