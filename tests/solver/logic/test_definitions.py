"""Each reason is what its technique is defined as, by a second, naive reading of that."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from solver import exact
from solver.board.grid import Grid
from solver.logic.explain import deductions
from solver.logic.finders.registry import FINDERS, simplest
from solver.logic.finders.singles import singles
from solver.logic.pencil import DIGITS, Pencil
from solver.logic.techniques import Technique
from tests.solver import puzzles
from tests.solver.logic.definitions import holds, members


def check(line: str) -> Counter[Technique]:
    """Solve a puzzle by techniques; hold every single and deduction used to its definition."""
    solution = Grid(exact.solutions(Grid.parse(line).cells, limit=1)[0])
    pencil, used = Pencil.of(Grid.parse(line)), Counter[Technique]()
    while any(pencil.masks):
        marks = [set(DIGITS[mask]) for mask in pencil.masks]
        if found := singles(pencil):
            for (cell, digit), single in found.items():
                assert members(marks, single.constraint) == [(cell, digit)]
                assert solution[cell] == digit
            for cell, digit in found:
                pencil.place(cell, digit)
            used.update(single.technique for single in found.values())
            continue
        batches = (simplest(find, pencil) for find in FINDERS.values())
        batch = next(filter(None, batches), None)
        if batch is None:
            break
        for it in batch:
            assert holds(it, marks), (line, str(it))
            true = next((c, solution[c]) for c in range(81) if marks[c])
            assert not holds(replace(it, eliminations=(true,)), marks), (line, str(it))
            assert all(solution[cell] != digit for cell, digit in it.eliminations), (line, str(it))
        for it in batch:
            pencil.remove(it.eliminations)
        used.update(it.technique for it in batch)
    return used


@pytest.mark.parametrize("line", puzzles.ALL)
def test_each_reason_of_a_solve_is_what_its_technique_is_defined_as(line: str) -> None:
    assert check(line)


def test_each_deduction_of_a_grid_is_what_its_technique_is_defined_as() -> None:
    pencil = Pencil.of(Grid.parse(puzzles.BEYOND_LOGIC))
    marks = [set(DIGITS[mask]) for mask in pencil.masks]
    finders = {t: find for t, find in FINDERS.items() if t is not Technique.FORCING_NET}
    found = list(deductions(pencil, finders))
    assert found
    assert not [str(it) for it in found if not holds(it, marks)]


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("name", ["qqwing_expert", "qqwing_intermediate", "sudocue_top50000.dev"])
def test_no_reason_is_false_in_a_thousand_puzzles(name: str, shared: Path) -> None:
    lines = (shared / "lists" / f"{name}.sdm").read_text(encoding="utf-8").split()
    used = Counter[Technique]()
    for line in lines[:334]:
        used += check(line)
    assert used
    print(name, {technique.value: count for technique, count in used.most_common()})
