""".sdk: metadata, sections, the quirks of programs, and errors in rows."""

from __future__ import annotations

import pytest

from solver.formats import FormatError, read_text, to_text

ROWS = """53..7....
6..195...
.98....6.
8...6...3
4..8.3..1
7...2...6
.6....28.
...419..5
....8..79
"""
LINE = ROWS.replace("\n", "")
FULL = f"""#ARuud
#DA random puzzle
#CJust start
#Cand go on
#B03-08-2006
#SSudoCue
#LEasy
#Uhttp://www.sudocue.net/
[Puzzle]
{ROWS}[State]
534{ROWS[3:]}"""


def test_metadata_and_sections_survive_a_round_trip() -> None:
    (record,) = read_text(FULL, "one.sdk")
    assert record.metadata == {
        "author": "Ruud",
        "description": "A random puzzle",
        "comment": "Just start\nand go on",
        "date": "03-08-2006",
        "source": "SudoCue",
        "level": "Easy",
        "url": "http://www.sudocue.net/",
    }
    assert record.state is not None
    assert record.state.line().startswith("534.7")
    assert to_text([record], "sdk") == FULL


def test_a_state_may_hold_the_placed_digits_alone() -> None:
    played = "..4......\n" + ".........\n" * 8
    (record,) = read_text(f"[Puzzle]\n{ROWS}[State]\n{played}", "one.sdk")
    assert record.state == record.givens.place(2, 4)


@pytest.mark.parametrize("name", ["[Colors]", "[PencilMarks]"])
def test_a_section_that_can_t_be_read_is_kept_as_it_is(name: str) -> None:
    text = f"[Puzzle]\n{ROWS}{name}\n12 nonsense\nand more\n"
    (record,) = read_text(text, "one.sdk")
    assert record.givens.line() == LINE
    assert record.metadata == {name: "12 nonsense\nand more"}


@pytest.mark.parametrize(
    "text",
    [
        ROWS.replace("\n", "\r\n"),
        ROWS.rstrip("\n"),
        ROWS.replace(".", "0"),
        ROWS.replace(".", " "),
        "\n".join(" ".join(row) for row in ROWS.split()),
        "\n".join(",".join(row) for row in ROWS.split()),
        "\n".join(f"{row[:3]} {row[3:6]}  {row[6:]}" for row in ROWS.split()),
        "\n\n".join(ROWS.split()),
    ],
    ids=[
        "crlf",
        "no final newline",
        "zeros",
        "blank as space",
        "spaced",
        "commas",
        "boxes",
        "gaps",
    ],
)
def test_the_quirks_of_programs_read(text: str) -> None:
    (record,) = read_text(text)
    assert record.givens.line() == LINE


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ROWS.replace("6..195...", "6..19q..."), "line 2, column 6: found 'q'"),
        (
            ROWS.replace("6..195...", "6..195.."),
            "line 2, column 9: found 8 cells in a row",
        ),
        (ROWS[:50], "line 5, column 10: found the end after 5 rows, expected 9 rows of 9 cells"),
        (ROWS + "1........\n", "line 10, column 10: found the end after 1 row"),
        (ROWS[:9], "line 1, column 10: found the end after 1 row, expected 9 rows"),
        ("[State]\n" + ROWS, "line 10, column 10: found no row, expected 9 rows"),
        ("", "line 1, column 1: found no row"),
        (
            "1...............\n" * 16,
            "line 1, column 10: found a row of 16 cells, as of a 16x16",
        ),
        (f"{ROWS}[State]\n1{ROWS[1:]}", "line 11, column 1: found 1 at r1c1 in the state"),
        ("1.......1\n" + ROWS[10:], "line 1, column 1: found a wrong grid: two 1s in row 1"),
    ],
)
def test_an_error_says_where_and_what(text: str, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_text(text, "bad.sdk")
    assert message in str(caught.value)
    assert caught.value.file == "bad.sdk"
