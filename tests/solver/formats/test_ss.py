""".ss in its three kinds."""

from __future__ import annotations

import pytest

from solver.board.grid import Grid
from solver.formats import FormatError, Record, read_text, ss

GIVENS = Grid.parse(
    "38....5.6...9.........4.89..4.6...3.9..7.1..4.7...8.1..13.6.........4...2.5....83"
)
NEW = """38.|...|5.6
...|9..|...
...|.4.|89.
-----------
.4.|6..|.3.
9..|7.1|..4
.7.|..8|.1.
-----------
.13|.6.|...
...|..4|...
2.5|...|.83
"""
OLD = "\n".join(GIVENS.line("X")[start : start + 9] for start in range(0, 81, 9)) + "\n"
HODOKU = (
    "*-----------*\n"
    + "".join(f"|{line}|\n" if line[0] != "-" else "|---+---+---|\n" for line in NEW.splitlines())
    + "*-----------*\nI388\nE78007\n"
)


@pytest.mark.parametrize("text", [NEW, OLD, HODOKU], ids=["new", "old", "hodoku"])
def test_each_kind_reads(text: str) -> None:
    (record,) = read_text(text, "one.ss")
    assert record.givens == GIVENS


def test_a_puzzle_is_written_as_simple_sudoku_does() -> None:
    assert "".join(ss.write([Record(GIVENS)])) == NEW


def test_hodoku_lines_hold_placed_digits_and_removed_candidates() -> None:
    (record,) = read_text(HODOKU, "one.ss")
    assert record.state == GIVENS.place(38, 8)
    assert record.pencil is not None
    assert record.pencil[78] == record.grid.candidates(78) - {7}
    assert "".join(ss.write([record])) == HODOKU


def test_nine_dashes_are_nine_blanks() -> None:
    (record,) = read_text("---------\n" * 9, "one.ss")
    assert record.givens.clues == 0


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("I813", "line 14, column 2: found cell 81, expected a cell 00-80"),
        ("I0112", "line 14, column 4: found 12 to set, expected one digit 1-9"),
        ("I001", "line 14, column 4: found 1 set at r1c1, expected the given 3"),
    ],
)
def test_a_wrong_step_says_so(line: str, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_text(HODOKU.replace("I388\nE78007", line), "bad.ss")
    assert message in str(caught.value)
