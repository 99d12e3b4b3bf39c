"""A deduction: a pattern found, what it stands on, and what it takes away.

A deduction is true by construction: it names a few constraints of the exact cover, its premises,
that can't all hold together with any of the candidates it takes away. `follows` checks just
that, for any deduction, by trying all ways.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from solver.board.grid import PEERS
from solver.logic.pencil import Candidate, holders
from solver.logic.techniques import Technique

Node = tuple[Candidate, ...]
"""The end of a link: a candidate, or the candidates of a group, one of which is meant."""

_SEES = tuple(frozenset(peers) for peers in PEERS)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a chain: strong, if the first is false the second is true; weak, never both."""

    start: Node
    end: Node
    strong: bool


@dataclass(frozen=True, slots=True)
class Deduction:
    """A pattern on the pencil marks, and the candidates that go because of it.

    To draw it: `units` are the units to shade; `cause` the candidates that make the pattern,
    `effect` those of which one or more must be true because of it (the ends of a chain, the
    pincers of a wing, the fins of a fish), `eliminations` the target; `links` those of a chain,
    in order. `premises` are constraints (`solver.logic.pencil`); `guardians`, of techniques that
    count on a single solution, candidates of which one must be true in it. `kind` says more of
    the technique where it has kinds ("type 1", "loop").
    """

    technique: Technique
    cells: tuple[int, ...]
    units: tuple[int, ...]
    digits: tuple[int, ...]
    premises: tuple[int, ...]
    eliminations: tuple[Candidate, ...]
    cause: tuple[Candidate, ...] = ()
    effect: tuple[Candidate, ...] = ()
    links: tuple[Link, ...] = ()
    guardians: tuple[Candidate, ...] = ()
    kind: str = ""

    @property
    def length(self) -> int:
        """How long a chain is, by its strong links, or a net, by what it stands on; 0 else."""
        if self.technique is Technique.FORCING_NET:
            return len(self.premises)
        if self.technique is Technique.SIMPLE_COLOURING:
            return 0
        return sum(link.strong for link in self.links)

    @property
    def sentences(self) -> tuple[str, str]:
        """What is there, and what follows, in a sentence each."""
        from solver.logic.words import sentences

        return sentences(self)

    def __str__(self) -> str:
        """The deduction in brief: "naked pair r1c2, r1c5 on 3, 7 (not 3 r1c8)"."""
        from solver.logic.words import describe

        return describe(self)


def conflict(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates can't both be right."""
    if one[0] == other[0]:
        return one[1] != other[1]
    return one[1] == other[1] and other[0] in _SEES[one[0]]


def follows(
    elimination: Candidate,
    premises: Sequence[int],
    masks: Sequence[int],
    guardians: Sequence[Candidate] = (),
) -> bool:
    """Whether the premises can't all hold where `elimination` is right, by trying all ways."""

    def possible(open_: list[list[Candidate]]) -> bool:
        if not open_:
            return True
        tightest = min(open_, key=len)
        rest = [choices for choices in open_ if choices is not tightest]
        return any(
            possible([[c for c in choices if not conflict(c, chosen)] for choices in rest])
            for chosen in tightest
        )

    ways = [holders(premise, masks) for premise in premises]
    if guardians:
        ways.append(list(guardians))
    return not possible([[c for c in way if not conflict(c, elimination)] for way in ways])
