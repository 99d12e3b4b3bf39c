"""The board: units, peers, grids, and what is wrong with a grid."""

from __future__ import annotations

import pickle
import re

import numpy as np
import pytest

from solver.board.grid import (
    BOX_OF,
    CELL_UNITS,
    PEERS,
    UNITS,
    Grid,
    Violation,
    ViolationKind,
    cell_name,
    unit_name,
)

SOLVED = "123456789456789123789123456231674895875912364694538217317265948542897631968341572"


def test_every_cell_lies_in_three_units_and_every_unit_has_nine_cells() -> None:
    assert len(UNITS) == 27
    assert {len(set(unit)) for unit in UNITS} == {9}
    for cell, units in enumerate(CELL_UNITS):
        assert [cell in UNITS[unit] for unit in units] == [True] * 3


def test_a_cell_has_twenty_peers_and_is_none_of_them() -> None:
    assert {len(set(peers)) for peers in PEERS} == {20}
    assert all(cell not in peers for cell, peers in enumerate(PEERS))
    assert all(cell in PEERS[peer] for cell, peers in enumerate(PEERS) for peer in peers)


def test_names_are_by_row_column_and_box() -> None:
    assert (cell_name(0), cell_name(24), cell_name(80)) == ("r1c1", "r3c7", "r9c9")
    assert (unit_name(2), unit_name(9), unit_name(26)) == ("row 3", "column 1", "box 9")
    assert BOX_OF[24] == 2


@pytest.mark.parametrize("blank", list("0.Xx*_- "))
def test_parse_takes_every_usual_blank(blank: str) -> None:
    grid = Grid.parse(blank + SOLVED[1:-1] + blank)
    assert grid.clues == 79
    assert grid.line() == "." + SOLVED[1:-1] + "."
    assert grid.line("0") == "0" + SOLVED[1:-1] + "0"


def test_parse_says_which_character_is_wrong() -> None:
    with pytest.raises(ValueError, match="character 3 is 'q'"):
        Grid.parse(SOLVED[:2] + "q" + SOLVED[3:])
    with pytest.raises(ValueError, match="81 characters, not 80"):
        Grid.parse(SOLVED[:80])


def test_a_grid_takes_81_digits_and_nothing_else() -> None:
    with pytest.raises(ValueError, match="81 cells, not 80"):
        Grid([0] * 80)
    with pytest.raises(ValueError, match="r1c2 holds 10"):
        Grid([0, 10, *[0] * 79])


def test_a_grid_is_a_value() -> None:
    grid = Grid.parse(SOLVED)
    assert grid == Grid(grid.array()) == pickle.loads(pickle.dumps(grid)) == eval(repr(grid))
    assert len({grid, Grid(grid.cells), grid.clear(0)}) == 2
    with pytest.raises(AttributeError, match="cannot assign"):
        grid.cells = ()  # type: ignore[misc]


def test_place_and_clear_return_new_grids() -> None:
    blank = Grid([0] * 81)
    placed = blank.place(40, 5)
    assert (placed[40], blank[40], placed.clear(40)) == (5, 0, blank)
    with pytest.raises(ValueError, match="digits are 1-9"):
        blank.place(40, 0)


@pytest.mark.parametrize("cell", [-1, 81])
def test_a_cell_that_is_none_is_told(cell: int) -> None:
    blank = Grid([0] * 81)
    for change in (lambda: blank.place(cell, 5), lambda: blank.clear(cell)):
        with pytest.raises(ValueError, match=f"there is no cell {cell}; cells are 0-80"):
            change()


def test_candidates_are_what_no_peer_holds() -> None:
    grid = Grid.parse(SOLVED).clear(0).clear(1)
    assert grid.candidates(0) == {1}
    assert Grid([0] * 81).place(0, 5).candidates(80) == set(range(1, 10))
    assert Grid([0] * 81).place(0, 5).candidates(10) == set(range(1, 10)) - {5}
    assert grid.candidates(2) == frozenset()


def test_a_solved_grid_is_complete_and_breaks_no_rule() -> None:
    grid = Grid.parse(SOLVED)
    assert grid.complete
    assert grid.solved
    assert not grid.clear(3).solved
    assert not grid.place(0, 2).solved
    assert grid.place(0, 2).complete


def test_duplicates_name_unit_cells_and_digit() -> None:
    grid = Grid([0] * 81).place(18, 5).place(24, 5)
    assert grid.violations() == (Violation(ViolationKind.DUPLICATE, 2, (18, 24), 5),)
    assert str(grid.violations()[0]) == "two 5s in row 3 (r3c1, r3c7)"
    box = Grid([0] * 81).place(0, 7).place(1, 7)
    assert [violation.unit for violation in box.violations()] == [0, 18]


def test_deep_violations_name_cells_without_candidate_and_units_without_place() -> None:
    grid = Grid([0] * 81)
    for cell, digit in zip(range(1, 9), range(1, 9), strict=True):
        grid = grid.place(cell, digit)
    grid = grid.place(9, 9)
    assert grid.violations() == ()
    kinds = {violation.kind for violation in grid.violations(deep=True)}
    assert kinds == {ViolationKind.NO_CANDIDATE, ViolationKind.NO_PLACE}
    texts = [str(violation) for violation in grid.violations(deep=True)]
    assert "no digit fits r1c1" in texts
    assert "no place for 9 in row 1" in texts


def test_keeps_means_every_given_is_still_there() -> None:
    solved = Grid.parse(SOLVED)
    givens = Grid.parse("." * 40 + SOLVED[40:])
    assert solved.keeps(givens)
    assert not givens.keeps(solved)
    assert not solved.place(80, 1).keeps(givens)


def test_str_draws_rows_with_box_rules() -> None:
    lines = str(Grid.parse(SOLVED).clear(0)).splitlines()
    assert lines[0] == ". 2 3 | 4 5 6 | 7 8 9"
    assert lines[3] == "------+-------+------"
    assert len(lines) == 11


def test_a_notebook_shows_the_grid_drawn_as_a_solution_is() -> None:
    drawn = Grid.parse(SOLVED)._repr_html_()
    assert re.findall(r">([1-9])</text>", drawn) == list(SOLVED)
    assert Grid.parse("." * 81)._repr_html_().count("</text>") == 0


def test_array_is_a_copy() -> None:
    grid = Grid.parse(SOLVED)
    array = grid.array()
    assert (array.shape, array.dtype) == ((81,), np.int8)
    array[0] = 9
    assert grid[0] == 1


@pytest.mark.parametrize("grid", [Grid([0] * 81), Grid.parse(SOLVED[:40] + "." * 41)])
def test_the_candidates_of_a_blank_cell_are_what_its_peers_leave(grid: Grid) -> None:
    expected = tuple(
        set() if grid[cell] else set(range(1, 10)) - {grid[peer] for peer in PEERS[cell]}
        for cell in range(81)
    )
    assert grid.all_candidates() == expected
    assert tuple(grid.candidates(cell) for cell in range(81)) == expected
