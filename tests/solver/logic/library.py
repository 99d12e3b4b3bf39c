"""The lines of other people's libraries of techniques, and what of them is expected here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from solver.board.grid import Grid
from solver.logic.pencil import Candidate, Pencil
from solver.logic.techniques import HIDDEN, NAKED, Technique

T = Technique
X_WINGS = (T.FINNED_X_WING, T.SASHIMI_X_WING)
SWORDFISH = (T.FINNED_SWORDFISH, T.SASHIMI_SWORDFISH)
JELLYFISH = (T.FINNED_JELLYFISH, T.SASHIMI_JELLYFISH)
ONE_DIGIT = (T.SKYSCRAPER, T.TWO_STRING_KITE, T.TURBOT_FISH, T.X_CHAIN)
PLAIN = (*ONE_DIGIT, T.XY_WING, T.W_WING, T.XY_CHAIN, T.ALTERNATING_CHAIN)
GROUPED = (T.EMPTY_RECTANGLE, T.GROUPED_X_CHAIN, T.GROUPED_CHAIN)
FORCING = (T.FORCING_CHAIN, T.FORCING_NET)

EXPECTED = {
    "0100": (T.LOCKED_CANDIDATES,),
    "0101": (T.LOCKED_CANDIDATES,),
    "0110": (T.NAKED_PAIR,),
    "0111": (T.NAKED_TRIPLE,),
    "0200": (T.NAKED_PAIR,),
    "0201": (T.NAKED_TRIPLE,),
    "0202": (T.NAKED_QUAD,),
    "0210": (T.HIDDEN_PAIR,),
    "0211": (T.HIDDEN_TRIPLE,),
    "0212": (T.HIDDEN_QUAD,),
    "0300": (T.X_WING,),
    "0301": (T.SWORDFISH,),
    "0302": (T.JELLYFISH,),
    "0310": X_WINGS,
    "0311": SWORDFISH,
    "0312": JELLYFISH,
    "0320": X_WINGS,
    "0321": SWORDFISH,
    "0322": JELLYFISH,
    "03111": SWORDFISH,
    "03121": JELLYFISH,
    "03211": SWORDFISH,
    "03221": JELLYFISH,
    "0400": (T.SKYSCRAPER,),
    "0401": (T.TWO_STRING_KITE,),
    "0402": (T.EMPTY_RECTANGLE,),
    "0402-1": (T.TURBOT_FISH,),
    "0403": (T.TURBOT_FISH, T.SKYSCRAPER, T.TWO_STRING_KITE),
    "0404": (T.TWO_STRING_KITE,),
    "0405": (T.EMPTY_RECTANGLE, T.TURBOT_FISH, T.TWO_STRING_KITE),
    "0500": (T.SIMPLE_COLOURING,),
    **{f"060{number}": (T.UNIQUE_RECTANGLE,) for number in range(7)},
    "0610": (T.BUG,),
    "0701": ONE_DIGIT,
    "0702": (T.XY_WING, T.XY_CHAIN),
    "0703": (T.REMOTE_PAIRS,),
    "0706": PLAIN,
    "0707": PLAIN,
    "0708": PLAIN,
    "0709": GROUPED,
    "0710": GROUPED,
    "0711": (*PLAIN, *GROUPED),
    "0800": (T.XY_WING,),
    "0801": (T.XYZ_WING,),
    "0803": (T.W_WING,),
    "0901": (T.ALS_XZ,),
    "0902": (T.ALS_XY_WING,),
    "1101": (T.SUE_DE_COQ,),
    "1201": (*FORCING, *PLAIN, *GROUPED),
    "1202": (*FORCING, *PLAIN, *GROUPED),
}
"""Code of the library, with or without its variant -> the techniques that may give it.

An empty rectangle of two candidates (0402-1, some of 0405) is a turbot fish or a kite here; a
forcing chain from two candidates is a chain.
"""

IN_PARTS = {
    "03111": "two fish on the same base lines, told as two",
    "03121": "two fish on the same base lines, told as two",
    "03211": "two fish on the same base lines, told as two",
    "03221": "two fish on the same base lines, told as two",
    "0404": "two kites in one box, told as two",
    "0405": "two empty rectangles in one box, told as two",
    "1201": "all that forcing chains take from one digit, told as one chain each",
    "1202": "all that forcing chains take from one digit, told as one chain each",
}
"""Codes whose expected eliminations are those of several of our deductions together."""

BEYOND = {
    ("1201", "..5.+416"): "529 558",
    ("1201", "9.471.8."): "167",
    ("1201", "137.5..."): "124 219 278 281 878 924 933",
    ("1201", ".62...5."): "531",
    ("1201", "69..8..."): "114 165 522 722 943",
    ("1201", ".5784..."): "287 318 456",
    ("1202", "137.5..."): "735 736 747 764 765 785",
    ("1202", "....7..1"): "312 341 372 397",
    ("1202", "..2...7."): "143 146 153 154 156 166 168",
}
"""Code and start of a line of forcing chains -> what our chains and nets don't give of its list.

There almost locked sets are links too, or one link has several causes and groups at once.
"""

LINKED_BY_SETS = {
    "81....7....415",
    "5.7....1....56",
    "....6..3..36.8",
    "...65..28.458.",
    "12..86........",
    ".5..........8.",
}
"""Starts of the exemplars of grouped chains that have an almost locked set as a link."""

SINGLES = {"0000", "0002", "0003"}

LACKED = {
    "0331": "Franken swordfish",
    "0332": "Franken jellyfish",
    "0340": "finned Franken X-wing",
    "0341": "finned Franken swordfish",
    "0342": "finned Franken jellyfish",
    "03421": "two finned Franken jellyfish",
    "0362": "finned mutant jellyfish",
    "0364": "finned mutant whale",
    "0501": "multi-colouring",
    "0502": "multi-colouring",
    "0607": "avoidable rectangle, which needs to know what was given and what was placed",
    "0608": "avoidable rectangle, which needs to know what was given and what was placed",
    "0709-2": "chain with an almost locked set as a link",
    "0710-3": "chain with an almost locked set as a link",
    "0710-4": "chain with an almost locked set as a link",
    "0711-3": "chain with an almost locked set as a link",
    "0711-4": "chain with an almost locked set as a link",
    "0903": "chain of almost locked sets",
    "0904": "death blossom",
}
"""Codes, with or without their variant, of techniques that there is no finder for."""


class Line(NamedTuple):
    """A line of the regression list: the marks, and what goes."""

    code: str
    grid: Grid
    pencil: Pencil
    text: str
    expected: set[Candidate]
    placed: set[Candidate]


def candidates(text: str) -> set[Candidate]:
    """Candidates written as digit, row and column: "524" is 5 at r2c4."""
    return {(9 * int(row) + int(column) - 10, int(digit)) for digit, row, column in text.split()}


def known(code: str, table: Iterable[str]) -> str | None:
    """The key of a code: itself, or without its variant."""
    return next((key for key in (code, code.partition("-")[0]) if key in table), None)


@lru_cache
def regression(path: Path) -> dict[str, list[Line]]:
    lines: dict[str, list[Line]] = {}
    for text in path.read_text(encoding="utf-8").splitlines():
        if text.startswith(":"):
            _, code, _, cells, deleted, gone, written, *_ = text.split(":")
            grid = Grid.parse(cells.replace("+", ""))
            pencil = Pencil.of(grid)
            pencil.remove(candidates(deleted))
            expected, placed = candidates(gone), candidates(written)
            for cell, digit in placed:
                others = ((cell, other) for other in range(1, 10) if other != digit)
                expected |= {other for other in others if pencil.has(other)}
            lines.setdefault(code, []).append(Line(code, grid, pencil, cells, expected, placed))
    return lines


SIMPLE = (
    T.LOCKED_CANDIDATES,
    *NAKED,
    *HIDDEN,
    T.X_WING,
    T.SWORDFISH,
    T.SIMPLE_COLOURING,
    T.XY_WING,
)
"""What the library calls the simple techniques."""


class Exemplar(NamedTuple):
    """A line of the exemplars: a puzzle, what leads to the technique, and what is left after."""

    puzzle: str
    before: str
    after: str


@lru_cache
def exemplars(path: Path) -> dict[str, list[Exemplar]]:
    """Those of the techniques that have a finder, by code."""
    found: dict[str, list[Exemplar]] = {}
    code = ""
    for text in path.read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"#(\d{4}):", text):
            code = heading[1]
        elif (line := re.match(r"([\d.]{81}) # (.*)", text)) and code in EXPECTED:
            words = line[2].split()
            at = [index for index, word in enumerate(words) if "(" in word]
            before = words[at[0] - 1] if at[0] else ""
            found.setdefault(code, []).append(Exemplar(line[1], before, words[at[-1] + 1]))
    return found
