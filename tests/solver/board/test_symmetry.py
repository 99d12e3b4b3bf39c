"""The symmetries of Sudoku, and the form that all equivalent puzzles share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from solver.board.grid import Grid
from solver.board.symmetry import Symmetry
from solver.exact.canonical import canonical_many

SOLVED = "123456789456789123789123456231674895875912364694538217317265948542897631968341572"
PUZZLE = "8..........36......7..9.2...5...7.......457.....1...3...1....68..85...1..9....4.."
OTHER = "1....7.9..3..2...8..96..5....53..9...1..8...26....4...3......1..4......7..7...3.."

ORDER = tuple(range(9))
DIGITS = tuple(range(10))


def canonical(grid: Iterable[int]) -> npt.NDArray[np.int8]:
    form: npt.NDArray[np.int8] = canonical_many([list(grid)])[0]
    return form


def symmetries(count: int) -> list[Symmetry]:
    rng = np.random.default_rng(5)
    return [Symmetry.random(rng) for _ in range(count)]


def test_the_identity_changes_nothing() -> None:
    grid = Grid.parse(PUZZLE).array()
    assert np.array_equal(Symmetry.identity().apply(grid), grid)
    assert Symmetry.identity().cell_map().tolist() == list(range(81))


def test_each_part_does_what_it_says() -> None:
    grid = Grid.parse(SOLVED).array()
    rows = Symmetry(False, (1, 0, 2, 3, 4, 5, 6, 7, 8), ORDER, DIGITS).apply(grid)
    assert rows[:9].tolist() == grid[9:18].tolist()
    columns = Symmetry(False, ORDER, (3, 4, 5, 0, 1, 2, 6, 7, 8), DIGITS).apply(grid)
    assert columns[:6].tolist() == [4, 5, 6, 1, 2, 3]
    digits = Symmetry(False, ORDER, ORDER, (0, 2, 1, 3, 4, 5, 6, 7, 8, 9)).apply(grid)
    assert digits[:3].tolist() == [2, 1, 3]
    turned = Symmetry(True, ORDER, ORDER, DIGITS).apply(grid)
    assert turned.reshape(9, 9).T.ravel().tolist() == grid.tolist()


def test_a_symmetry_takes_solved_grids_to_solved_grids() -> None:
    grid = Grid.parse(SOLVED).array()
    moved = [Grid(symmetry.apply(grid)) for symmetry in symmetries(50)]
    assert all(grid.solved for grid in moved)
    assert len(set(moved)) == 50


def test_the_cell_map_says_where_cells_come_from() -> None:
    grid = Grid.parse(PUZZLE).array()
    for symmetry in symmetries(20):
        digits = np.array(symmetry.digits)
        assert np.array_equal(symmetry.apply(grid), digits[grid[symmetry.cell_map()]])


def test_many_grids_are_transformed_at_once() -> None:
    grids = np.array([[Grid.parse(PUZZLE).cells, Grid.parse(OTHER).cells]])
    symmetry = symmetries(1)[0]
    assert symmetry.apply(grids).shape == (1, 2, 81)
    assert np.array_equal(symmetry.apply(grids)[0, 1], symmetry.apply(grids[0, 1]))


def test_what_is_no_symmetry_is_refused() -> None:
    with pytest.raises(ValueError, match=r"rows .* keeps threes together"):
        Symmetry(False, (0, 3, 2, 1, 4, 5, 6, 7, 8), ORDER, DIGITS)
    with pytest.raises(ValueError, match="columns"):
        Symmetry(False, ORDER, (0, 0, 2, 3, 4, 5, 6, 7, 8), DIGITS)
    with pytest.raises(ValueError, match="digits"):
        Symmetry(False, ORDER, ORDER, (1, 0, 2, 3, 4, 5, 6, 7, 8, 9))
    with pytest.raises(ValueError, match=r"\[..., 81\], not \[80\]"):
        Symmetry.identity().apply(np.zeros(80, np.int8))


@pytest.mark.parametrize("line", [PUZZLE, OTHER, SOLVED[:60] + "." * 21])
def test_equivalent_puzzles_have_the_same_form(line: str) -> None:
    grid = Grid.parse(line).array()
    moved = np.array([symmetry.apply(grid) for symmetry in symmetries(30)])
    forms = canonical_many(moved)
    assert np.array_equal(np.unique(forms, axis=0), canonical(grid)[None])


def test_the_form_is_the_least_of_many_equivalents_and_one_of_them() -> None:
    grid = Grid.parse(PUZZLE).array()
    form = canonical(grid)
    assert np.count_nonzero(form) == np.count_nonzero(grid)
    assert canonical(form).tolist() == form.tolist()
    assert all(form.tolist() <= symmetry.apply(grid).tolist() for symmetry in symmetries(500))


def test_forms_worked_out_by_hand() -> None:
    """A clue goes to the last cell; two equal ones in different bands and stacks to r6c9, r9c6."""
    one = Grid([0] * 81).place(0, 7)
    assert Grid(canonical(one)) == Grid([0] * 81).place(80, 1)
    two = one.place(40, 7)
    assert Grid(canonical(two)) == Grid([0] * 81).place(53, 1).place(77, 1)


def test_inequivalent_puzzles_have_different_forms() -> None:
    puzzle, other = Grid.parse(PUZZLE), Grid.parse(OTHER)
    assert canonical(puzzle).tolist() != canonical(other).tolist()
    clue = next(cell for cell in range(81) if puzzle[cell])
    changed = puzzle.clear(clue)
    assert canonical(puzzle).tolist() != canonical(changed).tolist()


def test_plain_and_compiled_forms_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    puzzles = [Grid.parse(line).cells for line in (PUZZLE, OTHER)]
    plain = canonical_many(puzzles)
    monkeypatch.setattr("solver.exact.compiled.FEW", 0)
    fast = canonical_many(puzzles)
    assert fast.dtype == np.int8
    assert fast.tolist() == plain.tolist()


@pytest.mark.shared
def test_real_lists_hold_no_equivalent_puzzles(shared: Path) -> None:
    lines = (shared / "lists" / "17_clue.dev.sdm").read_text().split()[:500]
    forms = canonical_many([Grid.parse(line).cells for line in lines])
    assert len(np.unique(forms, axis=0)) == len(lines)
