"""Play and candidates of a file: solved within where they are right, named where they are not."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from solver import exact
from solver.board.grid import Grid
from solver.cli import data
from solver.cli import solve as command
from solver.cli.common import run
from solver.formats import Record, write
from solver.formats.record import Pencil
from solver.render.document import Solved, solution_document
from solver.render.words import verdict
from solver.solving.solution import Status
from solver.solving.solver import NoHintError, Solver
from solver.solving.start import starts_of
from tests.solver import puzzles
from tests.solver.policies import clueless, onnx_bytes

GIVENS, SOLVED = Grid.parse(puzzles.SINGLES), Grid.parse(puzzles.SINGLES_SOLVED)
SEVERAL = Grid.parse(puzzles.TWO_SOLUTIONS)
ONE, OTHER = (Grid(found) for found in exact.solutions(SEVERAL))
DIFFER = [cell for cell in range(81) if ONE[cell] != OTHER[cell]]
BLANK = GIVENS.cells.index(0)
WRONG = SOLVED[BLANK] % 9 + 1


def without(grid: Grid, cell: int, *digits: int) -> Pencil:
    """What the rules leave in a grid, without these digits in a cell."""
    marks = list(grid.all_candidates())
    marks[cell] -= set(digits)
    return tuple(marks)


def solved(*records: Record):
    return Solver(clueless()).solve_records(records)


def test_candidates_tell_which_of_several_solutions_is_meant() -> None:
    for answer, other in ((ONE, OTHER), (OTHER, ONE)):
        [found] = solved(Record(SEVERAL, pencil=without(SEVERAL, DIFFER[0], other[DIFFER[0]])))
        assert (found.status, found.grid) == (Status.SOLVED, answer)
        assert not found.proper
        assert "the only solution that the candidates in the file leave" in verdict(found)[0]


def test_play_tells_which_of_several_solutions_is_meant() -> None:
    [found] = solved(Record(SEVERAL, state=SEVERAL.place(DIFFER[0], OTHER[DIFFER[0]])))
    assert (found.status, found.grid, found.puzzle) == (Status.SOLVED, OTHER, SEVERAL)
    assert "the only solution that the play in the file leaves" in verdict(found)[0]


def test_the_steps_begin_at_the_play() -> None:
    cells = [cell for cell in range(81) if not GIVENS[cell]][:5]
    state = GIVENS
    for cell in cells:
        state = state.place(cell, SOLVED[cell])
    [found] = solved(Record(GIVENS, state=state))
    assert {step.cell for step in found.steps} == {c for c in range(81) if not state[c]}
    document = solution_document(Solved("x:1", found))
    assert (document["puzzle"], document["state"]) == (GIVENS.line(), state.line())


def test_the_steps_use_the_candidates() -> None:
    """A puzzle that takes long chains falls by singles where the file leaves a candidate a cell."""
    givens = Grid.parse(puzzles.BEYOND_LOGIC)
    answer = Grid.parse(puzzles.BEYOND_LOGIC_SOLVED)
    only = tuple(frozenset() if g else frozenset({a}) for g, a in zip(givens, answer, strict=True))
    [found] = solved(Record(givens, pencil=only))
    assert all(step.reason.logical and not step.reason.after for step in found.steps)
    [bare] = solved(Record(givens))
    assert any(step.reason.after for step in bare.steps)


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        (
            Record(GIVENS, state=GIVENS.place(BLANK, WRONG)),
            f"{WRONG} at r1c1 is wrong and left out",
        ),
        (
            Record(GIVENS, pencil=without(GIVENS, BLANK, SOLVED[BLANK])),
            f"candidate {SOLVED[BLANK]} at r1c1 is missing and put back",
        ),
        (
            Record(
                GIVENS,
                pencil=(
                    *GIVENS.all_candidates()[:BLANK],
                    frozenset(),
                    *GIVENS.all_candidates()[1:],
                ),
            ),
            f"candidate {SOLVED[BLANK]} at r1c1 is missing and put back",
        ),
    ],
)
def test_what_is_wrong_is_named_by_its_cell_and_the_rest_is_used(
    record: Record, fault: str
) -> None:
    [found] = solved(record)
    assert found.start.fault == fault
    assert (found.status, found.grid) == (Status.SOLVED, SOLVED)


def test_wrong_play_beside_right_play_goes_alone() -> None:
    right, wrong = [cell for cell in range(81) if not GIVENS[cell]][:2]
    state = GIVENS.place(right, SOLVED[right]).place(wrong, SOLVED[wrong] % 9 + 1)
    [start] = starts_of([Record(GIVENS, state=state)])
    assert start.grid == GIVENS.place(right, SOLVED[right])
    assert start.fault == f"{state[wrong]} at r1c2 is wrong and left out"


def test_of_several_solutions_the_digits_that_none_has_are_named_and_no_others() -> None:
    shared = next(cell for cell in range(81) if not SEVERAL[cell] and cell not in DIFFER)
    state = SEVERAL.place(shared, ONE[shared] % 9 + 1).place(DIFFER[0], ONE[DIFFER[0]])
    [start] = starts_of([Record(SEVERAL, state=state)])
    assert start.plain
    assert start.fault == (f"{state[shared]} at r1c1 leaves no solution; the givens alone are used")


def test_digits_of_two_solutions_that_exclude_each_other_are_both_named() -> None:
    one, other = DIFFER[:2]
    state = SEVERAL.place(one, ONE[one]).place(other, OTHER[other])
    [start] = starts_of([Record(SEVERAL, state=state)])
    assert "leave no solution; the givens alone are used" in start.fault
    assert start.fault.count(" at r") == 2


def test_nothing_is_said_of_play_in_a_puzzle_without_a_solution() -> None:
    grid = Grid.parse(puzzles.NO_SOLUTION)
    [found] = solved(Record(grid, state=grid.place(40, 1)))
    assert (found.status, found.start.fault) == (Status.NO_SOLUTION, "")


def test_a_hint_counts_on_the_candidates_where_the_givens_leave_several_solutions() -> None:
    solver = Solver(clueless())
    marks = without(SEVERAL, DIFFER[0], ONE[DIFFER[0]])
    step = solver.hint(SEVERAL, marks=marks).step
    assert step is not None
    assert step.digit == OTHER[step.cell]
    with pytest.raises(NoHintError):
        solver.hint(SEVERAL)


def test_a_cell_without_candidates_is_told_first_in_a_hint() -> None:
    marks = (*GIVENS.all_candidates()[:BLANK], frozenset(), *GIVENS.all_candidates()[BLANK + 1 :])
    hint = Solver(clueless()).hint(GIVENS, marks=marks)
    assert hint.missing == ((BLANK, SOLVED[BLANK]),)


def test_masks_restrict_the_exact_engine_plain_and_compiled() -> None:
    within = [0x3FE] * 81
    within[DIFFER[0]] = 1 << OTHER[DIFFER[0]]
    for copies in (1, 40):
        found, counts = exact.solve_many([SEVERAL.cells] * copies, within=[within] * copies)
        assert counts.tolist() == [1] * copies
        assert np.array_equal(found, [OTHER.cells] * copies)
    within[DIFFER[0]] = 0
    assert len(exact.solutions(SEVERAL.cells, within=within)) == 0
    with pytest.raises(ValueError, match=r"masks have the shape \[1, 81\]"):
        exact.solve_many([SEVERAL.cells], within=[[1, 2]])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Three games: right by its candidates, wrong in its play, and without either."""
    path = tmp_path / "games.txt"
    right = Record(SEVERAL, pencil=without(SEVERAL, DIFFER[0], ONE[DIFFER[0]]))
    write([right, Record(GIVENS, state=GIVENS.place(BLANK, WRONG)), Record(GIVENS)], path, "hodoku")
    return path


def test_the_command_solves_within_and_tells_what_is_wrong(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "tiny.onnx"
    model.write_bytes(onnx_bytes())
    with pytest.raises(SystemExit) as caught:
        run(command.app, ["--model", str(model), "-f", "json", str(file)])
    out, err = capsys.readouterr()
    first, second, third = json.loads(out)["puzzles"]
    assert caught.value.code == 0
    assert first["solution"] == OTHER.line()
    assert first["candidates"][DIFFER[0]].count(str(ONE[DIFFER[0]])) == 0
    assert (second["solution"], third["solution"]) == (SOLVED.line(), SOLVED.line())
    assert (second["fault"], third["fault"]) == (f"{WRONG} at r1c1 is wrong and left out", None)
    assert err == f"note: {file}:2: {second['fault']}\n"


def test_check_counts_what_the_candidates_allow(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        run(data.app, ["check", "-f", "json", str(file)])
    out, err = capsys.readouterr()
    rows = json.loads(out)["puzzles"]
    assert [row["solutions"] for row in rows] == ["one"] * 3
    assert "more than one of the givens alone" in rows[0]["said"]
    assert rows[1]["said"].endswith(f"{WRONG} at r1c1 is wrong and left out")
    assert f"{file}:2: {WRONG} at r1c1" in err
    assert caught.value.code == 0
