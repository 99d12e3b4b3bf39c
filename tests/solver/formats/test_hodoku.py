"""HoDoKu library lines."""

from __future__ import annotations

import pytest

from solver.formats import FormatError, read_text, to_text

LINE = (
    ":0604:1:75.+98+2.+312.96.3+58+7..8.+5+79..+8..+5+9437+6+6..+32+1+8+9+5+5938+7+6....."
    "5..+92.+8+98.2.57.34...3+8.59:132 438 468 172 175 188 192 193:174::"
)


def test_a_library_line_holds_givens_state_and_deleted_candidates() -> None:
    (record,) = read_text(LINE)
    assert record.givens.line().startswith("75..8...12.96.3.8")
    assert record.grid.line().startswith("75.982.312.96.3587")
    assert record.pencil is not None
    assert 1 not in record.pencil[19]
    assert 1 in record.grid.candidates(19)
    assert record.metadata == {"code": "0604", "digits": "1", "eliminations": "174"}
    assert to_text([record], "hodoku") == LINE + ":\n"


def test_library_lines_stand_among_plain_ones() -> None:
    plain = "." * 81
    first, second = read_text(f"#0604: Uniqueness\n{plain}\n{LINE}\n")
    assert (first.givens.clues, second.givens.clues) == (0, 29)
    assert second.metadata["heading"] == "0604: Uniqueness"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (":0604:1", "column 1: found 2 fields"),
        (f":x::{'.' * 80}:::", "found 80 cells, expected a 9x9 grid"),
        (f":x::{'.' * 70}q{'.' * 10}:::", "column 75: found 'q'"),
        (f":x::{'.' * 81}:12 345::", "column 87: found '12', expected a deleted candidate"),
        (f":x::+{'.' * 81}:::", "found '+' without a digit"),
    ],
)
def test_an_error_says_where_and_what(line: str, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_text(line)
    assert message in str(caught.value)
