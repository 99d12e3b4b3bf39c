"""Every deduction is true: its eliminations follow, and they never lose a solution."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest

from solver import exact
from solver.board.grid import PEERS, UNITS, Grid
from solver.logic.deduction import Deduction, follows
from solver.logic.explain import Explainer, deductions
from solver.logic.finders.registry import FINDERS
from solver.logic.finders.singles import singles
from solver.logic.pencil import Pencil, holders, members, place_in
from solver.logic.reason import rank
from solver.logic.techniques import LOGIC, SINGLES, Technique, technique_named
from tests.solver import puzzles


def states(line: str) -> Iterator[tuple[Grid, Pencil, Grid]]:
    """Grids on the way of a person through a puzzle, with their candidates and the solution."""
    solution = Grid(exact.solutions(Grid.parse(line).cells, limit=1)[0])
    grid = Grid.parse(line)
    explainer = Explainer()
    while not grid.complete:
        yield grid, Pencil.of(grid), solution
        found = explainer.reasons(grid)
        if not found:
            return
        cell, digit = min(found, key=lambda c: (rank(found[c]), c))
        grid = grid.place(cell, digit)


def clash(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Two placements that no grid holds together, by the rules alone."""
    if one[0] == other[0]:
        return one[1] != other[1]
    return one[1] == other[1] and other[0] in PEERS[one[0]]


def ways(premises: tuple[int, ...], masks: list[int]) -> Iterator[tuple[tuple[int, int], ...]]:
    """All ways to satisfy some constraints together by candidates."""
    for choice in product(*(holders(premise, masks) for premise in premises)):
        if not any(clash(a, b) for i, a in enumerate(choice) for b in choice[:i]):
            yield choice


@pytest.mark.parametrize("line", puzzles.ALL)
def test_every_elimination_follows_and_takes_no_digit_of_the_solution(line: str) -> None:
    checked = 0
    for _, pencil, solution in list(states(line))[::6]:
        for found in deductions(pencil):
            for cell, digit in found.eliminations:
                assert pencil.has((cell, digit)), found
                assert solution[cell] != digit, found
                assert follows((cell, digit), found.premises, pencil.masks, found.guardians)
                checked += 1
    assert checked > 0


@pytest.mark.parametrize("line", puzzles.ALL)
def test_a_single_is_the_one_candidate_of_its_constraint(line: str) -> None:
    for grid, pencil, solution in states(line):
        for (cell, digit), single in singles(pencil).items():
            assert holders(single.constraint, pencil.masks) == [(cell, digit)]
            assert solution[cell] == digit
            assert grid[cell] == 0


def test_singles_come_as_people_see_them() -> None:
    line = "1234567.." + "." * 45 + ".......1." + "........." * 2
    found = list(singles(Pencil.of(Grid.parse("12345678." + line[9:]))).values())
    assert found[0].technique is Technique.FULL_HOUSE
    order = [SINGLES.index(single.technique) for single in found]
    assert order == sorted(order)


def test_follows_agrees_with_trying_everything() -> None:
    rng = np.random.default_rng(1)
    grid = Grid.parse(puzzles.XY_WING)
    masks = Pencil.of(grid).masks
    blank = [cell for cell in range(81) if not grid[cell]]
    outcomes = set()
    for _ in range(200):
        cell = int(rng.choice(blank))
        digit = int(rng.choice([d for d in range(1, 10) if masks[cell] >> d & 1]))
        near = [int(c) for c in rng.choice(PEERS[cell], 2, replace=False)]
        premises = (near[0], near[1], place_in(int(rng.integers(27)), digit))
        truth = all(
            any(clash((cell, digit), held) for held in way) for way in ways(premises, masks)
        )
        assert follows((cell, digit), premises, masks) is truth
        outcomes.add(truth)
    assert outcomes == {True, False}


def test_a_constraint_has_nine_members_of_one_cell_or_one_digit() -> None:
    assert members(80) == tuple((80, digit) for digit in range(1, 10))
    assert members(place_in(26, 9)) == tuple((cell, 9) for cell in UNITS[26])
    assert len({members(constraint) for constraint in range(324)}) == 324


def test_each_technique_of_people_is_a_single_or_has_a_finder() -> None:
    assert {*SINGLES, *FINDERS} == LOGIC


def test_a_technique_is_named_in_any_spelling() -> None:
    assert technique_named("x wing") is technique_named("X-WING") is Technique.X_WING
    with pytest.raises(ValueError, match="did you mean 'swordfish'"):
        technique_named("swordfisch")


EMPTY = [0x3FE] * 81


def only(masks: list[int], technique: Technique) -> list[Deduction]:
    """The deductions of one technique in candidates without a filled cell."""
    return list(FINDERS[technique](Pencil(masks)))


def test_hidden_triple_leaves_its_cells_their_three_digits() -> None:
    masks = [mask & ~0b1110 if cell not in (0, 4, 8) else mask for cell, mask in enumerate(EMPTY)]
    found = next(d for d in only(masks, Technique.HIDDEN_TRIPLE) if d.units == (0,))
    assert (found.cells, found.digits, found.units) == ((0, 4, 8), (1, 2, 3), (0,))
    assert set(found.eliminations) == {(c, d) for c in (0, 4, 8) for d in range(4, 10)}


def test_swordfish_in_columns_takes_the_digit_from_three_rows() -> None:
    keep = {1: (0, 4), 3: (4, 8), 5: (0, 8)}
    masks = [
        mask & ~(1 << 7) if cell % 9 in keep and cell // 9 not in keep[cell % 9] else mask
        for cell, mask in enumerate(EMPTY)
    ]
    found = only(masks, Technique.SWORDFISH)[0]
    assert found.units == (10, 12, 14, 0, 4, 8)
    rest = {(row * 9 + column, 7) for row in (0, 4, 8) for column in (0, 2, 4, 6, 7, 8)}
    assert set(found.eliminations) == rest


def test_xy_wing_takes_the_shared_digit_from_what_sees_both_pincers() -> None:
    masks = list(EMPTY)
    masks[0], masks[4], masks[36] = 0b110, 0b1010, 0b1100  # 12 at r1c1, 13 at r1c5, 23 at r5c1
    found = only(masks, Technique.XY_WING)[0]
    assert set(found.cells) == {0, 4, 36}
    assert found.effect == ((4, 3), (36, 3))
    assert found.eliminations == ((40, 3),)


def test_an_empty_grid_holds_no_deduction() -> None:
    assert list(deductions(Pencil(EMPTY))) == []
    assert singles(Pencil(EMPTY)) == {}
