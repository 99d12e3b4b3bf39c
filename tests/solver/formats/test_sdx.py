""".sdx: givens, placed digits and candidates."""

from __future__ import annotations

import pytest

from solver.formats import FormatError, read_text, to_text

TEXT = """2 679 6789 1 46789 5 469 9 3
389 5 4 69 689 68 7 1 29
9 1 679 2 4679 3 4569 8 59
6 9 2 8 u1 7 3 59 4
3489 3479 3789 56 2456 46 u1 2579 2579
1 47 5 3 24 9 8 27 6
3459 2 39 7 3589 1 59 6 589
359 8 1 569 3569 6 2 4 579
7 369 369 4 35689 2 59 359 1
"""


def test_a_puzzle_in_progress_reads_and_writes_back() -> None:
    (record,) = read_text(TEXT)
    assert record.state is not None
    assert record.pencil is not None
    assert (record.givens[31], record.state[31]) == (0, 1)
    assert record.pencil[1] == {6, 7, 9}
    assert to_text([record], "sdx") == TEXT


def test_a_lone_candidate_is_no_given() -> None:
    (record,) = read_text(TEXT.replace("679 6789", "66 6789", 1))
    assert record.pencil is not None
    assert (record.givens[1], record.pencil[1]) == (0, {6})
    assert to_text([record], "sdx").startswith("2 66 6789 ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TEXT.replace("u1", "u0", 1), "line 4, column 9: found 'u0', expected a given 1-9"),
        (
            TEXT.replace(" 59 4", " 59"),
            "line 4, column 18: found a row of 8 cells",
        ),
        (TEXT[:60], "line 3, column 7: found a row of 3 cells"),
        (TEXT[:29], "line 1, column 29: found the end after 1 row, expected 9 rows"),
        ("", "line 1, column 1: found no row"),
    ],
)
def test_an_error_says_where_and_what(text: str, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_text(text, "bad.sdx")
    assert message in str(caught.value)
