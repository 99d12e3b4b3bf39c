"""Text from elsewhere is shown harmless, and comes out of a table as it went in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.board.grid import Grid
from solver.board.words import as_written, inert, no_formula
from solver.formats import Record, read_text, to_text
from tests.solver.puzzles import SINGLES


@given(st.text())
def test_inert_text_is_one_line_of_printable_characters(text: str) -> None:
    shown = inert(text)
    assert shown.isprintable()
    assert inert(shown) == shown


@pytest.mark.parametrize("sign", ["\x1b", "\x9b", "\x07", "\u202e", "\u2066", "\x00", "\udc80"])
def test_a_character_that_controls_is_shown_as_an_escape(sign: str) -> None:
    assert sign not in inert(f"a{sign}b")
    assert inert(f"a{sign}b")[1] == "\\"


@given(st.text(alphabet="='+-@\t ab1.e", max_size=6))
def test_a_guarded_field_is_no_formula_and_reads_as_it_was(text: str) -> None:
    field = no_formula(text)
    assert field == text or field[0] == "'"
    assert as_written(field) == text


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1+cmd|'/C calc'!A0", "@SUM(A1)", "-2+3"])
def test_a_formula_in_metadata_is_text_in_csv(text: str) -> None:
    record = Record(Grid.parse(SINGLES), metadata={"level": text})
    written = to_text([record], "csv")
    assert f",{text}" not in written
    assert f"'{text}" in written.replace('""', '"')
    assert read_text(written, "a.csv") == [record]
