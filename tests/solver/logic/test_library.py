"""Other people's examples of techniques: each gives the eliminations that they expect."""

from __future__ import annotations

from pathlib import Path

import pytest

from solver.board.grid import Grid
from solver.logic.deduction import follows
from solver.logic.finders.registry import FINDERS
from solver.logic.pencil import Candidate, Pencil
from solver.logic.techniques import Technique

T = Technique
EXPECTED = {
    "0100": (T.LOCKED_CANDIDATES,),
    "0101": (T.LOCKED_CANDIDATES,),
    "0110-1": (T.NAKED_PAIR,),
    "0111-1": (T.NAKED_TRIPLE,),
    "0200": (T.NAKED_PAIR,),
    "0201": (T.NAKED_TRIPLE,),
    "0202": (T.NAKED_QUAD,),
    "0210": (T.HIDDEN_PAIR,),
    "0211": (T.HIDDEN_TRIPLE,),
    "0212": (T.HIDDEN_QUAD,),
    "0300": (T.X_WING,),
    "0301": (T.SWORDFISH,),
    "0302": (T.JELLYFISH,),
    "0310": (T.FINNED_X_WING, T.SASHIMI_X_WING),
    "0311": (T.FINNED_SWORDFISH, T.SASHIMI_SWORDFISH),
    "0312": (T.FINNED_JELLYFISH, T.SASHIMI_JELLYFISH),
    "0320": (T.FINNED_X_WING, T.SASHIMI_X_WING),
    "0321": (T.FINNED_SWORDFISH, T.SASHIMI_SWORDFISH),
    "0322": (T.FINNED_JELLYFISH, T.SASHIMI_JELLYFISH),
    "0400": (T.SKYSCRAPER,),
    "0402": (T.EMPTY_RECTANGLE,),
    "0403": (T.TURBOT_FISH, T.SKYSCRAPER, T.TWO_STRING_KITE),
    "0500": (T.SIMPLE_COLOURING,),
    "0600-1": (T.UNIQUE_RECTANGLE,),
    "0601-1": (T.UNIQUE_RECTANGLE,),
    "0603-1": (T.UNIQUE_RECTANGLE,),
    "0604-1": (T.UNIQUE_RECTANGLE,),
    "0610": (T.BUG,),
    "0800": (T.XY_WING,),
    "0801": (T.XYZ_WING,),
    "0803": (T.W_WING,),
    "0901-1": (T.ALS_XZ,),
    "0901-2": (T.ALS_XZ,),
    "1101": (T.SUE_DE_COQ,),
}
"""Code of the library -> the techniques that may give it."""


def candidates(text: str) -> set[Candidate]:
    """Candidates written as digit, row and column: "524" is 5 at r2c4."""
    return {(9 * int(row) + int(column) - 10, int(digit)) for digit, row, column in text.split()}


@pytest.mark.shared
@pytest.mark.parametrize("code", EXPECTED)
def test_a_technique_gives_what_its_example_expects(code: str, shared: Path) -> None:
    text = (shared / "formats" / "hodoku_reglib.dev.txt").read_text(encoding="utf-8")
    lines = [line.split(":") for line in text.splitlines() if line.startswith(f":{code}:")]
    assert lines
    for _, _, _, grid, deleted, eliminated, placed, *_ in lines:
        pencil = Pencil.of(Grid.parse(grid.replace("+", "")))
        pencil.remove(candidates(deleted))
        expected = candidates(eliminated)
        for cell, digit in candidates(placed):
            others = ((cell, other) for other in range(1, 10) if other != digit)
            expected |= {candidate for candidate in others if pencil.has(candidate)}
        found = [d for technique in EXPECTED[code] for d in FINDERS[technique](pencil)]
        assert any(expected <= set(deduction.eliminations) for deduction in found), grid
        for deduction in found:
            for hit in deduction.eliminations:
                assert follows(hit, deduction.premises, pencil.masks, deduction.guardians)
