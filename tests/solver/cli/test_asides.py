"""What a file says beyond the givens is used or told, once, on stderr."""

from __future__ import annotations

from pathlib import Path

import pytest

from solver.board.grid import Grid
from solver.cli import data
from solver.cli.common import run
from solver.formats import Record, write
from tests.solver.puzzles import SINGLES, SINGLES_SOLVED, TWO_SOLUTIONS


def said(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    with pytest.raises(SystemExit):
        run(data.app, args)
    return capsys.readouterr().err


GIVENS, SOLVED = Grid.parse(SINGLES), Grid.parse(SINGLES_SOLVED)
BLANK = GIVENS.cells.index(0)
RIGHT, WRONG = SOLVED[BLANK], SOLVED[BLANK] % 9 + 1
MARKS = GIVENS.all_candidates()


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (Record(GIVENS, state=GIVENS.place(BLANK, RIGHT)), False),
        (Record(GIVENS, state=GIVENS.place(BLANK, WRONG)), True),
        (Record(GIVENS, pencil=MARKS), False),
        (Record(GIVENS, pencil=(*MARKS[:BLANK], frozenset(), *MARKS[BLANK + 1 :])), True),
        (Record(Grid.parse(TWO_SOLUTIONS), state=SOLVED), True),
    ],
)
def test_a_rating_is_that_of_the_givens_and_play_that_changes_the_puzzle_is_told_once(
    record: Record, told: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "play.sdx"
    write([record], path)
    text = said(capsys, "rate", str(path))
    assert text.count("the givens alone are used") == told


def test_what_a_file_holds_beyond_a_record_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "game.opensudoku"
    path.write_text(
        f'<opensudoku><game data="{SINGLES}" time="7" command_stack="1|"/></opensudoku>'
    )
    text = said(capsys, "convert", str(path), str(tmp_path / "out.sdm"))
    assert f"note: {path}: time, command_stack not kept" in text
