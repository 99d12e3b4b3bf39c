"""Reasons for placements: the easiest that is enough, in chains that hold without the rest."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from solver import exact
from solver.board.grid import Grid, unit_name
from solver.logic.explain import LOGIC, Explainer, Reason, rank, reasons
from solver.logic.techniques import FINDERS, Technique, candidate_masks, follows, holders
from tests.solver import puzzles


def walk(line: str, explainer: Explainer | None = None) -> tuple[Grid, list[Reason]]:
    """Where logic leads from a puzzle, and the reasons on the way."""
    grid, explainer, told = Grid.parse(line), explainer or Explainer(), []
    while not grid.complete and (found := explainer.reasons(grid)):
        cell, digit = min(found, key=lambda c: (rank(found[c]), c))
        told.append(found[cell, digit])
        grid = grid.place(cell, digit)
    return grid, told


@pytest.mark.parametrize("line", puzzles.ALL)
def test_a_chain_forces_its_digit_from_the_bare_candidates(line: str) -> None:
    solution = exact.solutions(Grid.parse(line).cells, limit=1)[0]
    grid, explainer = Grid.parse(line), Explainer()
    while not grid.complete and (found := explainer.reasons(grid)):
        for (cell, digit), reason in found.items():
            masks = candidate_masks(grid)
            for pattern in reason.after:
                for hit in pattern.eliminations:
                    assert masks[hit[0]] >> hit[1] & 1
                    assert follows(hit, pattern.premises, masks)
                for at, gone in pattern.eliminations:
                    masks[at] &= ~(1 << gone)
            assert reason.single is not None
            assert holders(reason.single, masks) == [(cell, digit)]
            assert solution[cell] == digit
        cell, digit = min(found, key=lambda c: (rank(found[c]), c))
        grid = grid.place(cell, digit)


@pytest.mark.parametrize("line", puzzles.ALL)
def test_no_pattern_of_a_chain_can_be_left_out(line: str) -> None:
    grid, explainer = Grid.parse(line), Explainer()
    while not grid.complete and (found := explainer.reasons(grid)):
        for reason in found.values():
            for left_out in range(len(reason.after)):
                masks = candidate_masks(grid)
                for index, pattern in enumerate(reason.after):
                    for at, gone in pattern.eliminations if index != left_out else ():
                        masks[at] &= ~(1 << gone)
                last = index_of_use(reason, left_out)
                assert reason.single is not None
                if last is None:
                    assert len(holders(reason.single, masks)) > 1
        cell, digit = min(found, key=lambda c: (rank(found[c]), c))
        grid = grid.place(cell, digit)


def index_of_use(reason: Reason, index: int) -> int | None:
    """The later pattern of a chain that stands on an elimination of pattern `index`, if any."""
    from solver.logic.techniques import members

    gone = set(reason.after[index].eliminations)
    for later in range(index + 1, len(reason.after)):
        if any(gone & set(members(premise)) for premise in reason.after[later].premises):
            return later
    return None


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        (puzzles.SINGLES, {Technique.NAKED_SINGLE, Technique.HIDDEN_SINGLE}),
        (puzzles.LOCKED_AND_HIDDEN_PAIR, {Technique.LOCKED_CANDIDATES, Technique.HIDDEN_PAIR}),
        (puzzles.NAKED_PAIR, {Technique.NAKED_PAIR}),
        (puzzles.NAKED_TRIPLE, {Technique.NAKED_TRIPLE}),
        (puzzles.XY_WING, {Technique.XY_WING}),
        (puzzles.X_WING_AND_SWORDFISH, {Technique.X_WING, Technique.SWORDFISH}),
    ],
)
def test_the_techniques_that_a_puzzle_needs_are_named(line: str, needed: set[Technique]) -> None:
    _, told = walk(line)
    used = {reason.technique for reason in told}
    used |= {pattern.technique for reason in told for pattern in reason.after}
    assert needed <= used <= LOGIC


def test_where_logic_ends_there_is_no_reason() -> None:
    grid, _ = walk(puzzles.BEYOND_LOGIC)
    assert not grid.complete
    assert reasons(grid) == {}


def test_only_wanted_cells_get_reasons() -> None:
    grid = Grid.parse(puzzles.NAKED_PAIR)
    wanted = [cell for cell in range(81) if not grid[cell]][:5]
    assert {cell for cell, _ in reasons(grid, wanted)} <= set(wanted)


def test_a_hidden_single_names_its_unit() -> None:
    grid = Grid.parse("....8....6..........." + "." * 36 + ".8......................"[:24])
    found = {c: r for c, r in reasons(grid).items() if r.technique is Technique.HIDDEN_SINGLE}
    for (cell, _), reason in found.items():
        assert reason.unit is not None
        assert str(reason) == f"hidden single in {unit_name(reason.unit)}"
        assert reason.logical
        assert cell >= 0


def test_what_the_policy_and_the_search_decide_is_said_so() -> None:
    assert str(Reason(Technique.POLICY)) == "policy"
    assert str(Reason(Technique.SEARCH, depth=2)) == "search, depth 2"
    assert not Reason(Technique.SEARCH).logical


EXEMPLAR = re.compile(r"([.\d]{81}) # (?:s )?(\w+)\(\d+\) s\s*")
LABELS = {
    "lc1": (0,), "lc2": (0,), "l2": (0, 1), "l3": (0, 3), "n2": (1,), "h2": (2,),
    "n3": (3,), "h3": (4,), "bf2": (5,), "xy": (6,), "bf3": (7,),
}  # fmt: skip
"""Label of an exemplar that needs singles and one technique -> places in `FINDERS`."""


@pytest.mark.shared
@pytest.mark.parametrize("label", LABELS)
def test_puzzles_labelled_with_a_technique_fall_to_it_and_not_to_singles(
    label: str, shared: Path
) -> None:
    text = (shared / "formats" / "hodoku_library_exemplars.txt").read_text(encoding="utf-8")
    matches = [m for m in map(EXEMPLAR.fullmatch, text.splitlines()) if m and m[2] == label]
    assert len(matches) >= 9
    matches = matches[:6]
    finders = [FINDERS[index] for index in LABELS[label]]
    for match in matches:
        assert not walk(match[1], Explainer([]))[0].complete
        grid, told = walk(match[1], Explainer(finders))
        assert grid.solved
        assert any(reason.after for reason in told)
