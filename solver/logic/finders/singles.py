"""Singles: the placements that one constraint forces."""

from __future__ import annotations

from dataclasses import dataclass

from solver.logic.pencil import DIGITS, UNIT_BOARD, Candidate, Pencil, place_in
from solver.logic.techniques import Technique


@dataclass(frozen=True, slots=True)
class Single:
    """How a placement is forced: by which constraint, and what that is called."""

    technique: Technique
    constraint: int


def singles(pencil: Pencil, without: Technique | None = None) -> dict[Candidate, Single]:
    """Every placement that one constraint forces, each by the easiest way, easiest first.

    A full house is the last blank cell of a unit; then come hidden singles, in boxes before
    lines, and naked singles; one kind of them is left out if asked for.
    """
    found: dict[Candidate, Single] = {}
    hidden: list[tuple[Candidate, Single]] = []
    masks, where = pencil.masks, pencil.where
    blank = 0
    for board in where:
        blank |= board
    for unit in (*range(18, 27), *range(18)):
        left = blank & UNIT_BOARD[unit]
        if not left:
            continue
        last = left & (left - 1) == 0
        in_box = Technique.HIDDEN_SINGLE_BOX if unit >= 18 else Technique.HIDDEN_SINGLE_LINE
        technique = Technique.FULL_HOUSE if last else in_box
        if technique is without:
            continue
        for digit in range(1, 10):
            place = where[digit] & left
            if place and place & (place - 1) == 0:
                candidate = place.bit_length() - 1, digit
                single = Single(technique, place_in(unit, digit))
                if last:
                    found.setdefault(candidate, single)
                else:
                    hidden.append((candidate, single))
    for candidate, single in hidden:
        found.setdefault(candidate, single)
    for cell in range(81 * (without is not Technique.NAKED_SINGLE)):
        mask = masks[cell]
        if mask and mask & (mask - 1) == 0:
            found.setdefault((cell, DIGITS[mask][0]), Single(Technique.NAKED_SINGLE, cell))
    return found
