"""All finders, from the easiest technique to the hardest.

A finder gives all deductions of its technique, of chains and nets the shortest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import takewhile
from typing import Final

from solver.board.levels import HARD, MEDIUM
from solver.logic.deduction import Deduction
from solver.logic.finders.almost_locked import als_xy_wing, als_xz, sue_de_coq
from solver.logic.finders.chains import candidate_chains, digit_chains, xy_chains
from solver.logic.finders.fish import fish
from solver.logic.finders.forcing import forcing_chains, forcing_nets
from solver.logic.finders.subsets import locked_candidates, subsets
from solver.logic.finders.uniqueness import bug, unique_rectangles
from solver.logic.finders.wings import (
    remote_pairs,
    simple_colouring,
    w_wings,
    xy_wings,
    xyz_wings,
)
from solver.logic.pencil import Pencil
from solver.logic.techniques import HIDDEN, KINDS, NAKED, RANK, UNIQUENESS, Technique

Finder = Callable[[Pencil], Iterator[Deduction]]

_OF: Final[dict[Technique, Finder]] = {
    Technique.LOCKED_CANDIDATES: locked_candidates,
    **{technique: partial(subsets, technique=technique) for technique in (*NAKED, *HIDDEN)},
    **{technique: partial(fish, technique=technique) for technique in KINDS},
    **{
        technique: partial(digit_chains, technique=technique)
        for technique in (
            Technique.SKYSCRAPER,
            Technique.TWO_STRING_KITE,
            Technique.EMPTY_RECTANGLE,
            Technique.TURBOT_FISH,
            Technique.X_CHAIN,
            Technique.GROUPED_X_CHAIN,
        )
    },
    Technique.XY_WING: xy_wings,
    Technique.XY_CHAIN: xy_chains,
    **{
        technique: partial(candidate_chains, technique=technique)
        for technique in (
            Technique.ALTERNATING_CHAIN,
            Technique.GROUPED_CHAIN,
        )
    },
    Technique.W_WING: w_wings,
    Technique.XYZ_WING: xyz_wings,
    Technique.REMOTE_PAIRS: remote_pairs,
    Technique.SIMPLE_COLOURING: simple_colouring,
    Technique.UNIQUE_RECTANGLE: unique_rectangles,
    Technique.BUG: bug,
    Technique.ALS_XZ: als_xz,
    Technique.ALS_XY_WING: als_xy_wing,
    Technique.SUE_DE_COQ: sue_de_coq,
    Technique.FORCING_CHAIN: forcing_chains,
    Technique.FORCING_NET: forcing_nets,
}

FINDERS: Final[dict[Technique, Finder]] = {
    technique: _OF[technique] for technique in sorted(_OF, key=RANK.__getitem__)
}
"""Technique -> its finder, easiest first."""

SAFE: Final = {t: find for t, find in FINDERS.items() if t not in UNIQUENESS}
"""The finders that don't count on the puzzle having one solution."""

QUICK: Final = {t: find for t, find in SAFE.items() if t.level in (MEDIUM, HARD)}
"""Of these, the ones that are quick where they find nothing."""


def simplest(find: Finder, pencil: Pencil) -> list[Deduction]:
    """The deductions of one technique; of chains and nets the shortest alone, which are quick."""
    found = find(pencil)
    first = next(found, None)
    if first is None:
        return []
    return [first, *takewhile(lambda it: it.length == first.length, found)]
