"""Drawn grids: whatever stands between, around and below the cells, the same puzzle is read."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from solver.board.grid import Grid
from solver.formats import FormatError, read, read_batches, read_text, to_text
from tests.solver.puzzles import ALL, LOCKED_AND_HIDDEN_PAIR, SINGLES, SINGLES_SOLVED, XY_WING

BOX = "┌───────┬───────┬───────┐", "├───────┼───────┼───────┤", "└───────┴───────┴───────┘"
PLUS = ("+-------+-------+-------+",) * 3


def rows(puzzle: str, blank: str = ".") -> list[str]:
    text = puzzle.replace(".", blank)
    return [text[start : start + 9] for start in range(0, 81, 9)]


def framed(puzzle: str, blank: str, bar: str, frame: tuple[str, str, str], space: str = " ") -> str:
    top, middle, bottom = frame
    lines = [top]
    for number, row in enumerate(rows(puzzle, blank)):
        boxes = [space.join(row[start : start + 3]) for start in (0, 3, 6)]
        inner = f"{space}{bar}{space}".join(boxes)
        lines.append(f"{bar}{space}{inner}{space}{bar}")
        if number in (2, 5):
            lines.append(middle)
    return "\n".join([*lines, bottom, ""])


def plain(puzzle: str, blank: str = ".", between: str = "") -> str:
    return "\n".join(between.join(row) for row in rows(puzzle, blank)) + "\n"


def trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n"))


def candidate_grid(puzzle: str, bar: str = "|") -> str:
    grid = Grid.parse(puzzle)
    marks = grid.all_candidates()
    cells = [
        str(digit)
        if digit
        else "".join(map(str, sorted(marks[cell]))) * (1 + (len(marks[cell]) == 1))
        for cell, digit in enumerate(grid)
    ]
    lines = ["*" + "-" * 68 + "*"]
    for number in range(9):
        row = [f"{text:8}" for text in cells[number * 9 : number * 9 + 9]]
        lines.append(bar + bar.join("".join(row[at : at + 3]) for at in (0, 3, 6)) + bar)
        if number in (2, 5):
            lines.append(bar + "-" * 68 + bar)
    return "\n".join([*lines, "*" + "-" * 68 + "*", ""])


ONE: dict[str, Callable[[str], str]] = {
    "box characters": lambda p: framed(p, "0", "│", BOX),
    "box characters, dots": lambda p: framed(p, "·", "│", BOX),
    "box characters, blanks": lambda p: framed(p, " ", "│", BOX),
    "heavy box characters": lambda p: framed(p, ".", "┃", ("┏━━━┳━━━┓", "┣━━━╋━━━┫", "┗━━━┻━━━┛")),
    "double box characters": lambda p: framed(p, ".", "║", ("╔═══╦═══╗", "╠═══╬═══╣", "╚═══╩═══╝")),
    "plus signs, blanks": lambda p: framed(p, " ", "|", PLUS),
    "plus signs, tight blanks": lambda p: framed(p, " ", "|", ("+---+---+---+",) * 3, ""),
    "equals signs": lambda p: framed(p, ".", "|", ("=" * 25,) * 3),
    "bars and dashes": lambda p: framed(p, ".", "|", ("|---|---|---|",) * 3, ""),
    "spread dashes": lambda p: framed(p, ".", "|", ("- - - + - - - + - - -",) * 3),
    "blanks that are dashes": lambda p: framed(p, "-", "|", ("+---+---+---+",) * 3, ""),
    "blanks and bars that are dashes": lambda p: framed(p, "-", "|", ("|---|---|---|",) * 3, " "),
    "spaces for blanks": lambda p: plain(p, " "),
    "spaces for blanks, trimmed": lambda p: trimmed(plain(p, " ")),
    "spaces for blanks, apart": lambda p: plain(p, " ", " "),
    "spaces for blanks, apart, trimmed": lambda p: trimmed(plain(p, " ", " ")),
    "tabs": lambda p: plain(p, "0", "\t"),
    "tabs, empty fields": lambda p: plain(p, " ", "\t").replace(" ", ""),
    "commas": lambda p: plain(p, ".", ", "),
    "semicolons, empty fields": lambda p: plain(p, " ", ";").replace(" ", ""),
    "commas, empty fields": lambda p: plain(p, " ", ",").replace(" ", ""),
    "nine bars": lambda p: "\n".join("|" + "|".join(row) + "|" for row in rows(p, " ")),
    "no frame": lambda p: "\n".join(
        f"{row[:3]} | {row[3:6]} | {row[6:]}".rstrip() for row in rows(p, " ")
    ),
    "a list of lists": lambda p: (
        "[[" + "],\n [".join(", ".join(row) for row in rows(p, "0")) + "]]"
    ),
    "a list of texts": lambda p: (
        "[\n" + ",\n".join('["' + '","'.join(row) + '"]' for row in rows(p)) + "\n]"
    ),
    "C": lambda p: "{{" + "},\n{".join(",".join(row) for row in rows(p, "0")) + "}};\n",
    "cells apart on one line": lambda p: " ".join(p.replace(".", "0")),
    "candidates": candidate_grid,
    "candidates, boxes": lambda p: candidate_grid(p, "│"),
    "words before": lambda p: f"puzzle 3: {p}\n",
    "hash and rating": lambda p: f"0123456789ab {p.replace('.', '0')}  7.2\n",
    "numbered": lambda p: f"17. {p}\n",
    "a solution behind": lambda p: f"{p} {SINGLES_SOLVED}\n" if p == SINGLES else f"{p}\n",
    "title and difficulty": lambda p: (
        "---------------------------\n9x9 (3x3) SUDOKU PUZZLE\nDifficulty: 0.50\n"
        "---------------------------\n" + framed(p, " ", "|", PLUS)
    ),
    "statistics below": lambda p: (
        f"{plain(p, '.', ' ')}\nNumber of Givens: 26\nNumber of Singles: 55\nGuesses: 0\n"
    ),
    "a program's name below": lambda p: (
        framed(p, ".", "|", (" *-----------*",) * 3, "") + " Some Program\n  Version 4.2n\n"
    ),
    "a signature above": lambda p: f"Puzzle of the day, 12 May 2021\n\n{plain(p)}",
    "a date above": lambda p: f"12.05.2021\n{plain(p)}",
    "nine rows in a comment block": lambda p: f"# one\n# two\n{plain(p)}",
}
DRESS: dict[str, Callable[[bytes], bytes]] = {
    "as is": lambda data: data,
    "carriage returns": lambda data: data.replace(b"\n", b"\r\n"),
    "byte-order mark": lambda data: b"\xef\xbb\xbf" + data,
    "no last line end": lambda data: data.rstrip(b"\n"),
    "blank lines around": lambda data: b"\n\n" + data + b"\n\n",
}


@pytest.mark.parametrize("dress", DRESS)
@pytest.mark.parametrize("style", ONE)
def test_a_drawing_is_read_whatever_its_style(style: str, dress: str) -> None:
    for puzzle in (SINGLES, LOCKED_AND_HIDDEN_PAIR, XY_WING):
        data = DRESS[dress](ONE[style](puzzle).encode())
        (record,) = read(data, "some.txt")
        assert record.givens.line() == puzzle
        (batch,) = read_batches(data, "some.txt")
        assert "".join(map(str, batch.cells[0].tolist())) == puzzle.replace(".", "0")


HEADINGS: dict[str, Callable[[int], str]] = {
    "Grid 01": lambda n: f"Grid {n:02}\n",
    "percent": lambda n: "%\n",
    "hash": lambda n: f"# puzzle {n}\n",
    "number": lambda n: f"{n}\n",
    "number and point": lambda n: f"{n}.\n",
    "dashes": lambda n: "---\n",
    "equals": lambda n: "=====\n",
    "date": lambda n: f"2021-05-{n:02}\n",
    "blank line": lambda n: "\n",
    "section": lambda n: "[Puzzle]\n",
    "words and blank lines": lambda n: f"\n\n  Puzzle no. {n} (hard)\n\n",
}


@pytest.mark.parametrize("heading", HEADINGS)
@pytest.mark.parametrize(
    "style", ["plus signs, blanks", "box characters", "candidates", "spaces for blanks", "plain"]
)
def test_many_drawings_under_headings_are_as_many_puzzles(heading: str, style: str) -> None:
    draw = ONE.get(style, plain)
    text = "".join(HEADINGS[heading](n) + draw(puzzle) for n, puzzle in enumerate(ALL, 1))
    assert [record.givens.line() for record in read_text(text, "many.txt")] == list(ALL)


def test_text_above_and_below_is_kept_as_heading_and_comment() -> None:
    text = f"Grid 01\n{plain(SINGLES)}Grid 02\nby hand\n{plain(XY_WING)}The end\n"
    first, second = read_text(text)
    assert first.metadata == {"heading": "Grid 01"}
    assert second.metadata == {"heading": "Grid 02\nby hand", "comment": "The end"}
    below = f"{plain(SINGLES)}Guesses: 0\n\n{plain(XY_WING)}Guesses: 2\n"
    assert [r.metadata["comment"] for r in read_text(below)] == ["Guesses: 0", "Guesses: 2"]


def test_a_full_grid_below_its_puzzle_is_its_solution() -> None:
    text = f"Puzzle\n{plain(SINGLES)}\nSolution\n{plain(SINGLES_SOLVED)}\n{plain(XY_WING)}"
    first, second = read_text(text)
    assert first.solution == Grid.parse(SINGLES_SOLVED)
    assert second.givens == Grid.parse(XY_WING)


def test_candidates_that_are_fewer_than_the_rules_leave_are_kept() -> None:
    text = candidate_grid(SINGLES)
    marks = Grid.parse(SINGLES).all_candidates()
    cell = next(cell for cell in range(81) if len(marks[cell]) > 2)
    token = "".join(map(str, sorted(marks[cell])))
    (record,) = read_text(text.replace(f"{token} ", f"{token[:-1]}  ", 1))
    assert record.pencil is not None
    assert record.pencil != marks
    assert read_text(to_text([record], "sdx")) == [record]


@pytest.mark.parametrize(
    "line", ["2 0 0 1 | . u5", "Day 1", "abc123", "0" * 12, "1234 5678 90ab cdef"]
)
def test_no_size_is_named_where_the_whole_grid_has_another(line: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_text(f"{line}\n{plain(SINGLES)[:60]}\n", "a.txt")
    assert not re.search(r"[0-8]x", str(caught.value))


@pytest.mark.parametrize("side", [4, 6, 12, 16, 25])
def test_a_whole_grid_of_another_size_says_so(side: int) -> None:
    letters = "123456789ABCDEFGHIJKLMNOP"[:side]
    text = "\n".join(letters[n:] + letters[:n] for n in range(side))
    with pytest.raises(FormatError, match=f"as of a {side}x{side} grid"):
        read_text(text, "a.txt")


def test_a_slip_in_a_drawing_is_found_where_it_is_and_the_next_grid_is_read() -> None:
    bad = plain(SINGLES).replace(rows(SINGLES)[4], "...96q1.2", 1)
    errors: list[FormatError] = []
    found = list(read(f"Grid 1\n{bad}Grid 2\n{plain(XY_WING)}".encode(), on_error=errors.append))
    assert [record.givens.line() for record in found] == [XY_WING]
    assert [str(error) for error in errors] == [
        "<text>, line 6, column 6: found 'q', expected a digit 1-9 or a blank (0 . X * _ -)"
    ]


@pytest.mark.parametrize("lost", [1, 4, 9])
def test_a_grid_that_lacks_a_row_is_an_error_never_another_grid(lost: int) -> None:
    kept = [row for number, row in enumerate(rows(SINGLES, "0"), 1) if number != lost]
    for text in ("\n".join(kept), "Grid 1\n" + "\n".join([*kept, "Grid 2", *rows(XY_WING)])):
        errors: list[FormatError] = []
        found = [r.givens.line() for r in read(text.encode(), on_error=errors.append)]
        assert found in ([], [XY_WING])
        assert "found the end after 8 rows" in str(errors[0])


@pytest.mark.parametrize(
    "data",
    [
        b"\x08\x09\x12\x07pytorch" + bytes(200),
        b"\x1f\x8b\x08\x00" + b"x" * 99,
        b"PK\x03\x04" + b"y" * 99,
        bytes(range(256)) * 20,
        b"\x7fELF\x02\x01\x01" + bytes(100),
        b"\n\x00\x00binary\n\x01\x02\x03\n" * 50,
        b"words\n" * 9 + b"and then \x00\n" * 50,
        random.Random(4).randbytes(5000),
        random.Random(5).randbytes(5000),
    ],
)
def test_a_binary_file_is_one_error(data: bytes) -> None:
    errors: list[FormatError] = []
    assert list(read(data, "some.sdm", on_error=errors.append)) == []
    assert [error.line for error in errors] == [1]


def test_a_file_of_words_is_one_error() -> None:
    text = "\n".join(f"This is sentence {n} of a text about nothing." for n in range(60))
    errors: list[FormatError] = []
    assert list(read(text.encode(), "notes.txt", on_error=errors.append)) == []
    assert [error.found for error in errors] == ["no row"]


MARKS = {"commas": ",", "semicolons": ";", "spaces": " ", "tabs": "\t"}


@pytest.mark.parametrize("name", MARKS)
def test_pencil_marks_of_an_sdk_are_read_and_written(name: str) -> None:
    full = Grid.parse(SINGLES).all_candidates()
    cell = next(cell for cell in range(81) if len(full[cell]) > 2)
    marks = {cell: sorted(full[cell])[:2]}
    sign = MARKS[name]
    fields = ["".join(map(str, marks.get(cell, ""))) or "." * (sign == " ") for cell in range(81)]
    lines = [sign.join(fields[start : start + 9]) for start in range(0, 81, 9)]
    text = f"[Puzzle]\n{plain(SINGLES)}[PencilMarks]\n" + "\n".join(lines) + "\n"
    (record,) = read_text(text, "a.sdk")
    assert record.pencil is not None
    assert record.pencil == tuple(frozenset(marks.get(at, fits)) for at, fits in enumerate(full))
    for format in ("sdk", "sdx", "ss", "hodoku", "opensudoku", "json"):
        assert read_text(to_text([record], format))[0].pencil == record.pencil, format
