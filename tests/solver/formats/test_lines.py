"""81 characters a line: blanks, comments, headings, and what is wrong with a line."""

from __future__ import annotations

import pytest

from solver.formats import FormatError, read, read_text, to_text

LINE = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"


def only(text: str) -> str:
    (record,) = read_text(text)
    return record.givens.line()


@pytest.mark.parametrize("blank", "0.XxX*_-")
def test_every_usual_blank_reads(blank: str) -> None:
    assert only(LINE.replace(".", blank)) == LINE


def test_spaces_are_blanks_even_at_the_ends() -> None:
    line = "." + LINE[1:-1] + "."
    assert only(line.replace(".", " ")) == line


def test_white_space_around_a_line_is_dropped() -> None:
    assert only(f"\t  {LINE}  \n") == LINE


@pytest.mark.parametrize("mark", [" # ", "#", " // ", "//", "  "])
def test_what_follows_a_puzzle_is_its_comment(mark: str) -> None:
    (record,) = read_text(LINE + mark + "rather easy")
    assert record.metadata == {"comment": "rather easy"}


def test_a_comment_line_is_the_heading_of_the_puzzles_below() -> None:
    first, second, third = read_text(f"{LINE}\n# Singles\n{LINE}\n#\n{LINE}\n")
    assert [first.metadata, second.metadata, third.metadata] == [{}, {"heading": "Singles"}, {}]
    assert to_text([first, second, third], "txt") == f"{LINE}\n# Singles\n{LINE}\n#\n{LINE}\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_numbered_whatever_ends_them(end: str) -> None:
    assert [record.line for record in read_text(end.join([LINE, "", LINE]))] == [1, 3]


def test_a_byte_order_mark_is_no_cell() -> None:
    (record,) = read(b"\xef\xbb\xbf" + LINE.encode())
    assert record.givens.line() == LINE


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (LINE[:80], "line 1, column 81: found 80 cells, expected a 9x9 grid (81 cells)"),
        ("  " + LINE[:4] + "q" + LINE[5:], "line 1, column 7: found 'q', expected a digit 1-9"),
        (LINE + "1", "line 1, column 82: found '1' after 81 cells, expected the end of the line"),
        (
            "1" * 256,
            "line 1, column 82: found a 16x16 grid (256 cells), expected a 9x9",
        ),
        (LINE + "\n" + LINE[:9], "line 2, column 10: found 9 cells"),
        (
            LINE.replace("53..", "55.."),
            "line 1, column 1: found a wrong grid: two 5s in row 1 (r1c1, r1c2)",
        ),
        ("1", "line 1, column 2: found 1 cell, expected a 9x9"),
        ("é" + LINE[1:], "line 1, column 1: found 'é'"),
    ],
)
def test_an_error_says_where_and_what(text: str, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_text(text, "some.sdm")
    assert str(caught.value).startswith("some.sdm, ")
    assert message in str(caught.value)


def test_bad_lines_are_collected_and_the_rest_is_read() -> None:
    errors: list[FormatError] = []
    data = f"{LINE}\nnonsense\n{LINE[:70]}\n{LINE}\n".encode()
    records = list(read(data, "list.sdm", on_error=errors.append))
    assert [record.line for record in records] == [1, 4]
    assert [(error.file, error.line) for error in errors] == [("list.sdm", 2), ("list.sdm", 3)]


def test_wrong_givens_read_where_the_rules_are_off() -> None:
    (record,) = read_text("11" + "." * 79, rules=False)
    assert len(record.givens.violations()) == 2


def test_a_line_without_end_is_one_error_and_the_next_line_reads() -> None:
    errors: list[FormatError] = []
    data = b"5" * 300_000 + b"\n" + LINE.encode() + b"\n"
    (record,) = read(data, on_error=errors.append)
    assert record.line == 2
    assert "line 1, column 65537: found a line longer than 65536 bytes" in str(errors[0])
