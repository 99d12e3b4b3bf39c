"""Puzzles to order are what was ordered, from a seed, by any number of workers."""

from __future__ import annotations

import numpy as np
import pytest

from solver.board.grid import Grid
from solver.exact import count_solutions
from solver.generator.ordered import shape
from solver.generator.ordered.search import Chunk, Filling, Order, graded
from solver.logic.rating import difficulty, needs, solves
from solver.logic.techniques import Technique

XY_WING = "000305000000070029000000560930006100001020800002700095065000000780060000000208000"
"""Hard, 25 clues after a half turn the same; no other hard technique replaces its XY-wing."""


@pytest.mark.parametrize("symmetry", shape.SYMMETRIES)
def test_the_orbits_of_a_symmetry_hold_each_cell_once(symmetry: str) -> None:
    cells = [cell for orbit in shape.orbits(symmetry) for cell in orbit]
    assert sorted(cells) == list(range(81))


@pytest.mark.parametrize(
    ("symmetry", "turned"),
    [
        ("rotate180", lambda grid: np.rot90(grid, 2)),
        ("rotate90", np.rot90),
        ("mirror", np.fliplr),
        ("diagonal", np.transpose),
    ],
)
def test_clues_lie_in_the_pattern_that_was_ordered(symmetry: str, turned: object) -> None:
    order = Order("easy", least=28, most=40, symmetry=symmetry)
    [record] = Filling(order, 1, seed=3, most=1000).records()
    clues = np.array(record.givens.cells).reshape(9, 9) > 0
    assert (clues == turned(clues)).all()  # type: ignore[operator]
    assert 28 <= clues.sum() <= 40
    assert count_solutions(record.givens) == 1


def test_a_puzzle_of_a_level_is_solved_by_it_and_by_no_easier_one() -> None:
    records = list(Filling(Order("medium"), 3, seed=1, most=1000).records())
    assert len(records) == 3
    for record in records:
        assert solves(record.givens, "medium")
        assert not solves(record.givens, "easy")
        assert record.metadata["level"] == difficulty(record.givens).level == "medium"


def test_without_the_technique_ordered_the_others_get_stuck() -> None:
    order = Order(technique=Technique.XY_WING)
    [record] = Filling(order, 1, seed=0, most=2000).records()
    assert not solves(record.givens, "hard", without=Technique.XY_WING)
    assert solves(record.givens, "hard")


def test_a_technique_that_others_replace_is_not_needed() -> None:
    puzzle = Grid.parse(XY_WING)
    assert needs(puzzle, Technique.XY_WING)
    assert not needs(puzzle, Technique.XY_WING, level="extreme")  # a chain does the same
    assert not needs(puzzle, Technique.SWORDFISH)


def test_singles_can_be_ordered_too() -> None:
    order = Order(technique=Technique.HIDDEN_SINGLE_LINE)
    [record] = Filling(order, 1, seed=0, most=500).records()
    assert not solves(record.givens, "easy", without=Technique.HIDDEN_SINGLE_LINE)
    assert solves(record.givens, "easy")


def test_an_order_that_is_not_met_keeps_what_was_found_and_tells_the_nearest() -> None:
    filling = Filling(Order("easy", least=24, most=24), count=50, seed=0, most=70)
    found = list(filling.records())
    assert 0 < len(found) == filling.made < 50
    assert filling.tries == 70
    said = filling.shortfall()
    assert said.startswith(f"{filling.made} of 50 made in 70 tries; nearest: ")
    nearest = Grid.parse(said[-81:])
    assert said.count(graded(nearest).metadata["level"]) == 1


def test_the_same_seed_gives_the_same_puzzles_from_chunks_made_elsewhere() -> None:
    order = Order("medium", symmetry="rotate180")

    def apply(make: object) -> object:
        chunks: list[Chunk] = [make(number) for number in (1, 0)]  # type: ignore[operator]
        return reversed(chunks)

    here = Filling(order, 3, seed=5, most=128).records()
    there = Filling(order, 3, seed=5, most=128).records(apply=apply)  # type: ignore[arg-type]
    assert list(here) == list(there)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"level": "easy", "technique": Technique.X_WING}, "no easy puzzle needs an X-wing"),
        ({"technique": Technique.FULL_HOUSE}, "each is a naked single as well"),
        ({"least": 26, "most": 27, "symmetry": "rotate90"}, "no pattern with the symmetry"),
        ({"least": 10, "most": 16}, "a puzzle has 17 to 81"),
        ({"symmetry": "spiral"}, "no symmetry 'spiral'"),
    ],
)
def test_what_no_puzzle_is_can_not_be_ordered(wish: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Order(**wish)  # type: ignore[arg-type]
