"""The techniques by which people solve: names, order, levels and weights.

The order of the members is the order in which they are tried, easiest first; a technique's level
is that of a puzzle whose hardest step needs it.
"""

from __future__ import annotations

import enum
from typing import Final

from solver.board.levels import EASY, EXPERT, EXTREME, HARD, MEDIUM


class Technique(enum.Enum):
    """Why a step is taken: the name, the level, and the weight in a puzzle's score."""

    _level: str
    _weight: int

    FULL_HOUSE = "full house", EASY, 4
    HIDDEN_SINGLE_BOX = "hidden single in a box", EASY, 6
    HIDDEN_SINGLE_LINE = "hidden single in a line", EASY, 10
    NAKED_SINGLE = "naked single", EASY, 16
    LOCKED_CANDIDATES = "locked candidates", MEDIUM, 40
    NAKED_PAIR = "naked pair", MEDIUM, 60
    HIDDEN_PAIR = "hidden pair", MEDIUM, 70
    NAKED_TRIPLE = "naked triple", HARD, 90
    HIDDEN_TRIPLE = "hidden triple", HARD, 110
    X_WING = "X-wing", HARD, 120
    SKYSCRAPER = "skyscraper", HARD, 130
    TWO_STRING_KITE = "two-string kite", HARD, 130
    EMPTY_RECTANGLE = "empty rectangle", HARD, 140
    XY_WING = "XY-wing", HARD, 150
    NAKED_QUAD = "naked quad", HARD, 150
    HIDDEN_QUAD = "hidden quad", HARD, 170
    SWORDFISH = "swordfish", HARD, 160
    FINNED_X_WING = "finned X-wing", HARD, 160
    SASHIMI_X_WING = "sashimi X-wing", HARD, 170
    XYZ_WING = "XYZ-wing", HARD, 180
    W_WING = "W-wing", HARD, 180
    FINNED_SWORDFISH = "finned swordfish", HARD, 210
    SASHIMI_SWORDFISH = "sashimi swordfish", HARD, 220
    JELLYFISH = "jellyfish", HARD, 220
    FINNED_JELLYFISH = "finned jellyfish", HARD, 250
    SASHIMI_JELLYFISH = "sashimi jellyfish", HARD, 260
    SIMPLE_COLOURING = "simple colouring", EXPERT, 200
    TURBOT_FISH = "turbot fish", EXPERT, 200
    UNIQUE_RECTANGLE = "unique rectangle", EXPERT, 200
    BUG = "BUG+1", EXPERT, 200
    X_CHAIN = "X-chain", EXPERT, 260
    REMOTE_PAIRS = "remote pairs", EXPERT, 240
    XY_CHAIN = "XY-chain", EXPERT, 280
    ALTERNATING_CHAIN = "alternating chain", EXPERT, 320
    GROUPED_X_CHAIN = "grouped X-chain", EXPERT, 320
    GROUPED_CHAIN = "grouped alternating chain", EXPERT, 360
    ALS_XZ = "ALS-XZ", EXTREME, 380
    SUE_DE_COQ = "Sue de Coq", EXTREME, 380
    ALS_XY_WING = "ALS-XY-wing", EXTREME, 420
    FORCING_CHAIN = "forcing chain", EXTREME, 600
    FORCING_NET = "forcing net", EXTREME, 900
    POLICY = "policy", EXTREME, 1500
    SEARCH = "search", EXTREME, 1500

    def __new__(cls, name: str, level: str, weight: int) -> Technique:
        """A member whose value is its name."""
        member = object.__new__(cls)
        member._value_ = name
        member._level = level
        member._weight = weight
        return member

    @property
    def level(self) -> str:
        """The level of a puzzle whose hardest step this is."""
        return self._level

    @property
    def weight(self) -> int:
        """What a use of it adds to a puzzle's score."""
        return self._weight

    @property
    def with_article(self) -> str:
        """The name as a sentence says it: "an X-wing", "locked candidates"."""
        name = str(self.value)
        if name in ("locked candidates", "remote pairs", "simple colouring", "Sue de Coq"):
            return name
        return f"{'an' if name[0] in 'aeXA' else 'a'} {name}"


RANK: Final = {technique: rank for rank, technique in enumerate(Technique)}
"""Technique -> place in the order from easy to hard."""
SINGLES: Final = tuple(Technique)[:4]
LOGIC: Final = frozenset(Technique) - {Technique.POLICY, Technique.SEARCH}
"""The techniques of people; what they can't give is the policy's or the search's."""
UNIQUENESS: Final = frozenset({Technique.UNIQUE_RECTANGLE, Technique.BUG})
"""The techniques that take it as given that the puzzle has one solution."""


def technique_named(name: str) -> Technique:
    """The technique of a name, in any case, with spaces or hyphens.

    >>> technique_named("x wing")
    <Technique.X_WING: 'X-wing'>

    Raises `ValueError` for a name that no technique of people has.
    """
    from difflib import get_close_matches

    plain = {t.value.lower().replace("-", " "): t for t in Technique if t in LOGIC}
    wanted = name.strip().lower().replace("-", " ").replace("_", " ")
    if wanted in plain:
        return plain[wanted]
    near = get_close_matches(wanted, plain, 1)
    hint = f"did you mean {plain[near[0]].value!r}?" if near else ""
    known = "" if near else "choose from " + ", ".join(t.value for t in plain.values())
    raise ValueError(f"no technique {name!r}; {hint or known}")


NAKED: Final = {
    Technique.NAKED_PAIR: 2,
    Technique.NAKED_TRIPLE: 3,
    Technique.NAKED_QUAD: 4,
}
HIDDEN: Final = {
    Technique.HIDDEN_PAIR: 2,
    Technique.HIDDEN_TRIPLE: 3,
    Technique.HIDDEN_QUAD: 4,
}
_FISH: Final = (
    (Technique.X_WING, Technique.FINNED_X_WING, Technique.SASHIMI_X_WING),
    (Technique.SWORDFISH, Technique.FINNED_SWORDFISH, Technique.SASHIMI_SWORDFISH),
    (Technique.JELLYFISH, Technique.FINNED_JELLYFISH, Technique.SASHIMI_JELLYFISH),
)
KINDS: Final = {
    technique: (size, kind)
    for size, names in enumerate(_FISH, 2)
    for kind, technique in enumerate(names)
}
"""Fish -> size, and whether it is plain, finned or sashimi, as 0, 1 or 2."""
