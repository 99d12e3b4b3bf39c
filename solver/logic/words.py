"""Deductions in words: in brief, and in two sentences for a beginner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from solver.board.grid import cell_name, unit_name
from solver.logic.pencil import Candidate
from solver.logic.techniques import HIDDEN, KINDS, NAKED, Technique

if TYPE_CHECKING:
    from solver.logic.deduction import Deduction, Node

CHAINS = frozenset(
    {
        Technique.SKYSCRAPER,
        Technique.TWO_STRING_KITE,
        Technique.EMPTY_RECTANGLE,
        Technique.XY_WING,
        Technique.W_WING,
        Technique.TURBOT_FISH,
        Technique.X_CHAIN,
        Technique.REMOTE_PAIRS,
        Technique.XY_CHAIN,
        Technique.ALTERNATING_CHAIN,
        Technique.GROUPED_X_CHAIN,
        Technique.GROUPED_CHAIN,
    }
)
"""The techniques whose links are a chain, of which one end is true."""


def names(cells: Iterable[int]) -> str:
    """Cells by name: "r1c2, r1c5"."""
    return ", ".join(map(cell_name, cells))


def listed(words: Sequence[str], last: str = "and") -> str:
    """Words as a sentence lists them: "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def candidates_listed(candidates: Iterable[Candidate], last: str = "and") -> str:
    """Candidates by digit: "2 at r1c2 and r3c4, and 5 at r3c4"."""
    by_digit: dict[int, list[int]] = {}
    for cell, digit in candidates:
        by_digit.setdefault(digit, []).append(cell)
    parts = [
        f"{digit} at {listed([cell_name(c) for c in cells], last)}"
        for digit, cells in sorted(by_digit.items())
    ]
    return listed(parts, last) if all(len(c) == 1 for c in by_digit.values()) else "; ".join(parts)


def _removed(eliminations: Sequence[Candidate]) -> str:
    """Eliminations in short: "2 r1c2, r3c4; 5 r3c4"."""
    by_digit: dict[int, list[int]] = {}
    for cell, digit in eliminations:
        by_digit.setdefault(digit, []).append(cell)
    return "; ".join(f"{digit} {names(cells)}" for digit, cells in sorted(by_digit.items()))


def _units(units: Sequence[int]) -> str:
    """Units of one kind: "rows 1 and 5", "row 1"."""
    if len(units) == 1:
        return unit_name(units[0])
    return f"{unit_name(units[0]).split()[0]}s {listed([str(unit % 9 + 1) for unit in units])}"


def _node(node: Node) -> str:
    """A node of a chain: "5 r1c2", of a group "5 r1c2/r1c3"."""
    return f"{node[0][1]} {'/'.join(cell_name(cell) for cell, _ in node)}"


def _path(deduction: Deduction) -> str:
    """The chain by its links: = is strong, - is weak."""
    text = _node(deduction.links[0].start)
    for link in deduction.links:
        text += f" {'=' if link.strong else '-'} {_node(link.end)}"
    return text


def describe(deduction: Deduction) -> str:
    """A deduction in brief: "locked candidates: 5 in box 3 only in row 1 (not 5 r1c2)"."""
    digits = ", ".join(map(str, deduction.digits))
    units = [unit_name(unit) for unit in deduction.units]
    technique = deduction.technique
    name = technique.value
    if deduction.kind and technique not in (Technique.FORCING_NET,):
        name += f" {deduction.kind}"
    if technique is Technique.LOCKED_CANDIDATES:
        what = f": {digits} in {units[0]} only in {units[1]}"
    elif technique in NAKED:
        what = f" {digits} in {names(deduction.cells)}"
    elif technique in HIDDEN:
        what = f" {digits} in {units[0]}, {names(deduction.cells)}"
    elif technique in KINDS:
        half = KINDS[technique][0]
        what = f" on {digits}, {_units(deduction.units[:half])}, {_units(deduction.units[half:])}"
        if deduction.effect:
            what += f", fins {names(cell for cell, _ in deduction.effect)}"
    elif technique is Technique.XYZ_WING:
        what = (
            f" {digits}, pivot {names(deduction.cells[:1])}, pincers {names(deduction.cells[1:])}"
        )
    elif technique in CHAINS:
        what = f": {_path(deduction)}"
    elif technique in (Technique.FORCING_CHAIN, Technique.FORCING_NET):
        what = f" from {_removed(deduction.cause)}"
        if deduction.kind == "contradiction":
            what = f" from {_removed(deduction.eliminations)} to a contradiction"
    else:
        what = f" {digits} in {names(deduction.cells)}"
    return f"{name}{what} (not {_removed(deduction.eliminations)})"


def sentences(deduction: Deduction) -> tuple[str, str]:
    """What is there, and what follows from it."""
    gone = candidates_listed(deduction.eliminations)
    there, so = _there(deduction)
    return there, f"{so} {gone}."


def _there(it: Deduction) -> tuple[str, str]:
    """The first sentence, and the second up to the candidates that go."""
    technique = it.technique
    cells = listed([cell_name(cell) for cell in it.cells])
    digits = listed([str(digit) for digit in it.digits])
    if technique is Technique.LOCKED_CANDIDATES:
        unit, other = map(unit_name, it.units)
        return (
            f"In {unit}, {digits} fits only at {listed([cell_name(c) for c in it.cells], 'or')}, "
            f"and all of these lie in {other}.",
            f"One of them takes the {digits} of {other}, which rules out",
        )
    if technique in NAKED:
        return (
            f"{cells} have only {digits} between them.",
            f"They use up these {len(it.digits)} digits, which rules out",
        )
    if technique in HIDDEN:
        return (
            f"In {unit_name(it.units[0])}, {digits} fit only at {cells}.",
            f"These {len(it.cells)} cells have no room for anything else, which rules out",
        )
    if technique in KINDS:
        return _fish(it, KINDS[technique][0])
    if technique is Technique.XYZ_WING:
        shared = it.effect[0][1]
        pivot, *pincers = (cell_name(cell) for cell in it.cells)
        return (
            f"Whichever of {digits} {pivot} holds, one of {pivot}, {listed(pincers)} is {shared}.",
            "All three are seen by the cells that lose it, which rules out",
        )
    if technique is Technique.REMOTE_PAIRS:
        ends = f"{cell_name(it.cells[0])} and {cell_name(it.cells[-1])}"
        return (
            f"{cells} hold only {digits}, and each sees the next, so the two digits take turns.",
            f"Of {ends} one is {it.digits[0]} and the other {it.digits[1]}, which rules out",
        )
    if technique in CHAINS:
        return _chain(it)
    return _rest(it, cells, digits)


def _fish(it: Deduction, size: int) -> tuple[str, str]:
    base, cover, digit = _units(it.units[:size]), _units(it.units[size:]), it.digits[0]
    if not it.effect:
        return (
            f"In {base}, {digit} fits only in {cover}.",
            f"So {base} fill {cover} with their {digit}s, which rules out",
        )
    fins = listed([cell_name(cell) for cell, _ in it.effect], "or")
    return (
        f"But for {fins}, {digit} fits in {base} only in {cover}.",
        f"Either {base} fill {cover} with their {digit}s or {fins} is {digit}: both rule out",
    )


def _chain(it: Deduction) -> tuple[str, str]:
    start, end = it.links[0].start, it.links[-1].end
    if it.kind == "loop":
        return (
            f"The chain {_path(it)} comes back to where it began, so on each of its links exactly "
            "one end is true.",
            "What sees both ends of a link can't be true, which rules out",
        )
    if start == end:
        return (
            f"If {_said(start)} were false, the chain {_path(it)} would make it true.",
            f"So {_said(start)} is true, which rules out",
        )
    return (
        f"If {_said(start)} is false, then {_said(end)} is true: {_path(it)}.",
        "So one of the two is true, and what sees both goes, which rules out",
    )


def _said(node: Node) -> str:
    """A node in a sentence: "5 at r1c2", of a group "5 at r1c2 or r1c3"."""
    return f"{node[0][1]} at {listed([cell_name(cell) for cell, _ in node], 'or')}"


def _rest(it: Deduction, cells: str, digits: str) -> tuple[str, str]:
    match it.technique:
        case Technique.SIMPLE_COLOURING:
            one, other = (names(c for c, _ in side) for side in (it.cause, it.effect))
            there = f"For {digits}, either {one} are all true or {other} are."
            if it.kind == "wrap":
                return there, "Two cells of the second group see each other, which rules out"
            return there, "What sees a cell of each group can't be true, which rules out"
        case Technique.UNIQUE_RECTANGLE:
            corners = listed([cell_name(cell) for cell in it.cells[:4]])
            others = candidates_listed(it.guardians, "or")
            return (
                f"{corners} can't all hold just {digits}: swapping these would give a second "
                f"solution, so {others} is true.",
                _so_of_rectangle(it),
            )
        case Technique.BUG:
            return (
                f"Without {it.digits[0]} at {cells}, every digit would have two places in each "
                "unit, and the puzzle would have two solutions.",
                f"So {it.digits[0]} goes there, which rules out",
            )
        case Technique.ALS_XZ | Technique.ALS_XY_WING:
            return _linked_sets(it, cells, digits)
        case Technique.SUE_DE_COQ:
            return (
                f"{cells} are as many cells as they have digits ({digits}), and none of these can "
                "stand in them twice.",
                f"So {_units(it.units[:1])} and {_units(it.units[1:])} place theirs there, which "
                "rules out",
            )
        case _:
            return _forced(it)


def _so_of_rectangle(it: Deduction) -> str:
    if it.kind == "type 3":
        near = listed([cell_name(cell) for cell in it.cells[4:]])
        return f"With {near} these use up all their digits, which rules out"
    if it.kind in ("type 4", "type 6", "hidden"):
        return "With one of the following the four would hold just those, which rules out"
    return "That rules out"


def _linked_sets(it: Deduction, cells: str, digits: str) -> tuple[str, str]:
    goal = listed(sorted({str(digit) for _, digit in it.eliminations}), "or")
    if it.technique is Technique.ALS_XY_WING:
        one, other = it.digits
        return (
            f"{cells} are three sets, each with one digit more than cells; the first can share "
            f"neither {one} with the second nor {other} with the third.",
            f"It needs one of {one} and {other}, so another set has no place for that and holds "
            f"{goal}, which rules out",
        )
    there = f"{cells} are two sets, each with one digit more than cells, and only one of them can "
    if it.kind == "double":
        return (
            f"{there}hold {listed([str(digit) for digit in it.digits], 'or')}.",
            "So each holds one of these and all its other digits, which rules out",
        )
    return (
        f"{there}hold {digits}.",
        f"The other then holds all its other digits, {goal} among them, which rules out",
    )


def _forced(it: Deduction) -> tuple[str, str]:
    if it.kind == "contradiction":
        start = candidates_listed(it.eliminations)
        path = ", ".join(f"{digit} at {cell_name(cell)}" for cell, digit in it.effect)
        where = unit_name(it.units[0]) if it.units else cell_name(it.cause[0][0])
        what = f"{it.cause[0][1]} has no place in {where}" if it.units else f"nothing fits {where}"
        if not path:
            return f"With {start}, {what}.", "So it is false, which rules out"
        return f"With {start} come {path}, and then {what}.", "So it is false, which rules out"
    starts = candidates_listed(it.cause, "or")
    return (
        f"One of {starts} must be true, and each of them leads to the same end.",
        "Whichever it is, that rules out",
    )
