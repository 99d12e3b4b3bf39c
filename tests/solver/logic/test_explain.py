"""Reasons for placements: the easiest that is enough, in chains that hold without the rest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from solver import exact
from solver.board.grid import Grid
from solver.logic.deduction import follows
from solver.logic.explain import Explainer, reasons
from solver.logic.finders.registry import FINDERS
from solver.logic.finders.singles import singles
from solver.logic.pencil import Pencil, holders, members
from solver.logic.reason import Reason, rank
from solver.logic.techniques import LOGIC, RANK, Technique
from tests.solver import puzzles

EASY_TO_HARD = {t: find for t, find in FINDERS.items() if t.level in ("medium", "hard")}


def walk(line: str, explainer: Explainer | None = None) -> Iterator[tuple[Grid, Reason]]:
    """Grids on the way of logic through a puzzle, each with the easiest reason there."""
    grid, explainer = Grid.parse(line), explainer or Explainer()
    assert explainer.reasons(grid), "logic takes no step"
    while not grid.complete and (found := explainer.reasons(grid)):
        cell, digit = min(found, key=lambda c: (rank(found[c]), c))
        yield grid, found[cell, digit]
        grid = grid.place(cell, digit)


@pytest.mark.parametrize("line", puzzles.ALL)
def test_a_chain_forces_its_digit_from_the_bare_candidates(line: str) -> None:
    solution = exact.solutions(Grid.parse(line).cells, limit=1)[0]
    for grid, reason in walk(line):
        pencil = Pencil.of(grid)
        for deduction in reason.after:
            for hit in deduction.eliminations:
                assert pencil.has(hit)
                assert follows(hit, deduction.premises, pencil.masks, deduction.guardians)
            pencil.remove(deduction.eliminations)
        assert reason.single is not None
        assert reason.placement is not None
        assert holders(reason.single, pencil.masks) == [reason.placement]
        assert solution[reason.placement[0]] == reason.placement[1]


@pytest.mark.parametrize("line", puzzles.ALL)
def test_no_deduction_of_a_chain_can_be_left_out(line: str) -> None:
    for grid, reason in walk(line):
        for left_out, gone in enumerate(reason.after):
            pencil = Pencil.of(grid)
            for index, deduction in enumerate(reason.after):
                if index != left_out:
                    pencil.remove(deduction.eliminations)
            later = [p for d in reason.after[left_out + 1 :] for p in d.premises]
            stands = {member for premise in later for member in members(premise)}
            stands = stands & set(gone.eliminations)
            assert reason.single is not None
            assert stands or len(holders(reason.single, pencil.masks)) > 1


@pytest.mark.parametrize("line", puzzles.ALL)
def test_no_easier_techniques_force_anything(line: str) -> None:
    for grid, reason in walk(line):
        easier = {t: find for t, find in FINDERS.items() if RANK[t] < RANK[reason.technique]}
        if reason.after:
            assert not Explainer(easier).reasons(grid)


@pytest.mark.parametrize("line", puzzles.ALL)
def test_where_a_chain_is_longer_no_deduction_forces_anything_alone(line: str) -> None:
    for grid, reason in walk(line, Explainer(EASY_TO_HARD)):
        if len(reason.after) > 1:
            for technique, find in EASY_TO_HARD.items():
                if RANK[technique] <= RANK[reason.technique]:
                    for deduction in find(Pencil.of(grid)):
                        pencil = Pencil.of(grid)
                        pencil.remove(deduction.eliminations)
                        assert not singles(pencil), (str(deduction), str(reason))


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        (
            puzzles.SINGLES,
            {Technique.FULL_HOUSE, Technique.HIDDEN_SINGLE_BOX},
        ),
        (puzzles.LOCKED_AND_HIDDEN_PAIR, {Technique.LOCKED_CANDIDATES, Technique.HIDDEN_PAIR}),
        (puzzles.NAKED_PAIR, {Technique.NAKED_PAIR}),
        (puzzles.NAKED_TRIPLE, {Technique.HIDDEN_PAIR, Technique.UNIQUE_RECTANGLE}),
        (puzzles.XY_WING, {Technique.XY_WING}),
        (puzzles.X_WING_AND_SWORDFISH, {Technique.SKYSCRAPER}),
    ],
)
def test_the_techniques_that_a_puzzle_needs_are_named(line: str, needed: set[Technique]) -> None:
    told = [reason for _, reason in walk(line)]
    used = {reason.technique for reason in told}
    used |= {deduction.technique for reason in told for deduction in reason.after}
    assert needed <= used <= LOGIC


def test_where_the_known_techniques_end_there_is_no_reason() -> None:
    *_, (grid, last) = walk(puzzles.BEYOND_LOGIC, Explainer(EASY_TO_HARD))
    assert last.placement is not None
    grid = grid.place(*last.placement)
    assert not grid.complete
    assert Explainer(EASY_TO_HARD).reasons(grid) == {}


def test_only_wanted_cells_get_reasons() -> None:
    grid = Grid.parse(puzzles.NAKED_PAIR)
    wanted = [cell for cell in range(81) if not grid[cell]][:5]
    found = reasons(grid, wanted)
    assert found
    assert {cell for cell, _ in found} <= set(wanted)


def test_a_hidden_single_names_its_unit_and_what_sees_the_rest_of_it() -> None:
    line = "....8..........8.....................8.........................8................."
    found = reasons(Grid.parse(line))
    assert str(found[20, 8]) == "hidden single in box 1"
    assert found[20, 8].blockers == ((4, 8), (15, 8), (37, 8), (63, 8))
    assert found[20, 8].sentences == (
        "In box 1, 8 has no other place than r3c3 because of the 8 at r1c5, r2c7, r5c2 and r8c1.",
        "Every unit needs each digit, so write 8 there.",
    )


def test_a_naked_single_says_what_leaves_no_other_digit() -> None:
    grid = Grid.parse("12345...." + "." * 72).place(44, 6).place(62, 7).place(25, 8)
    found = reasons(grid)[8, 9]
    assert str(found) == (
        "naked single, only 9 fits: row 1 has 1, 2, 3, 4, 5, column 9 has 6, 7, box 3 has 8"
    )
    assert found.sentences[1] == "So write 9 there."


def test_what_the_policy_and_the_search_decide_is_said_so() -> None:
    assert str(Reason(Technique.POLICY)) == "policy"
    assert str(Reason(Technique.SEARCH, depth=2)) == "search, depth 2"
    assert not Reason(Technique.SEARCH).logical


def test_reasons_start_from_the_pencil_marks() -> None:
    grid = Grid.parse(puzzles.XY_WING)
    solution = exact.solutions(grid.cells, limit=1)[0]
    cell = next(c for c in range(81) if Pencil.of(grid).masks[c].bit_count() > 2)
    marks = [{solution[cell]} if c == cell else set() for c in range(81)]
    assert (cell, solution[cell]) in reasons(grid, [cell], marks)
