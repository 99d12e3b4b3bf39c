"""Other people's examples of techniques: each gives the eliminations that they expect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from solver import exact
from solver.board.grid import Grid
from solver.logic.deduction import Deduction
from solver.logic.finders.registry import FINDERS
from solver.logic.finders.singles import singles
from solver.logic.pencil import Pencil
from solver.logic.techniques import RANK, Technique
from tests.solver.logic.library import (
    BEYOND,
    EXPECTED,
    IN_PARTS,
    LACKED,
    LINKED_BY_SETS,
    SIMPLE,
    SINGLES,
    Exemplar,
    Line,
    candidates,
    exemplars,
    known,
    regression,
)


@pytest.mark.shared
def test_each_line_of_the_regression_list_is_tested_or_named(shared: Path) -> None:
    codes = regression(shared / "formats" / "hodoku_reglib.dev.txt")
    assert not [c for c in codes if not (c in SINGLES or known(c, EXPECTED) or known(c, LACKED))]


@pytest.mark.shared
@pytest.mark.parametrize("key", [*sorted(SINGLES), *EXPECTED])
def test_a_technique_gives_what_each_line_of_its_code_expects(key: str, shared: Path) -> None:
    for code, lines in regression(shared / "formats" / "hodoku_reglib.dev.txt").items():
        for line in lines:
            if code in SINGLES and code == key:
                assert line.placed <= set(singles(line.pencil))
            elif not known(code, LACKED) and known(code, EXPECTED) == key:
                check(line, key)


def check(line: Line, key: str) -> None:
    """One line: some deduction takes away what is expected, and none what is true."""
    found = [d for technique in EXPECTED[key] for d in FINDERS[technique](line.pencil)]
    if line.code.endswith("x"):
        assert not found, line
        return
    solution = Grid(exact.solutions(line.grid.cells, limit=1)[0])
    every = set()
    for deduction in found:
        every |= set(deduction.eliminations)
    assert not [(cell, digit) for cell, digit in every if solution[cell] == digit]
    if key in IN_PARTS:
        beyond = candidates(BEYOND.get((key, line.text[:8]), ""))
        assert line.expected - every == beyond, line
    else:
        assert any(line.expected <= set(d.eliminations) for d in found), line


def fill(pencil: Pencil) -> None:
    while found := singles(pencil):
        for cell, digit in found:
            if pencil.has((cell, digit)):
                pencil.place(cell, digit)


def way(pencil: Pencil, techniques: Iterable[Technique]) -> Iterator[Pencil]:
    """The marks on the way of some techniques and singles, until these are stuck."""
    known = tuple(techniques)
    while True:
        fill(pencil)
        yield pencil
        batches = ([*FINDERS[technique](pencil)] for technique in known)
        batch = next(filter(None, batches), None)
        if batch is None:
            return
        for deduction in batch:
            pencil.remove(deduction.eliminations)


@pytest.mark.shared
@pytest.mark.parametrize("key", [code for code in EXPECTED if len(code) == 4])
def test_a_technique_is_found_in_each_of_its_exemplars(key: str, shared: Path) -> None:
    lines = exemplars(shared / "formats" / "hodoku_library_exemplars.txt").get(key, [])
    ours = EXPECTED[key]
    hardest = min(RANK[technique] for technique in ours)
    easier = {
        "": (),
        "s": (),
        "ssts": SIMPLE,
        "x": [technique for technique in FINDERS if RANK[technique] < hardest],
    }
    for line in lines:
        if any(key == "0711" and line.puzzle.startswith(start) for start in LINKED_BY_SETS):
            continue
        before = [technique for technique in easier[line.before] if technique not in ours]
        states = way(Pencil.of(Grid.parse(line.puzzle)), before)
        found = ((pencil, [*using(pencil, ours)]) for pencil in states)
        assert any(batch and leads(pencil, batch, line, ours) for pencil, batch in found), line


def using(pencil: Pencil, techniques: Iterable[Technique]) -> Iterator[Deduction]:
    for technique in techniques:
        yield from FINDERS[technique](pencil)


def leads(
    pencil: Pencil, batch: list[Deduction], line: Exemplar, ours: tuple[Technique, ...]
) -> bool:
    """Whether the technique leads where the exemplar says: to singles, or simple techniques."""
    if line.after == "x":
        return True
    after = pencil.copy()
    for deduction in batch:
        after.remove(deduction.eliminations)
    *_, last = way(after, (*SIMPLE, *ours) if line.after == "ssts" else ours)
    return not any(last.masks)
