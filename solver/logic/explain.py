"""Why a digit goes into a cell: the shortest chain of the easiest techniques that forces it.

A reason is true by construction: it names one constraint with one candidate left (the single),
and the deductions that took the others away, each of which follows from its own premises.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from solver.board.grid import CELL_UNITS, Grid
from solver.exact.engine import Check
from solver.logic.deduction import Deduction
from solver.logic.elimination import REPLAYED, Elimination
from solver.logic.finders.registry import FINDERS, Finder, simplest
from solver.logic.finders.singles import Single, singles
from solver.logic.pencil import UNIT_BOARD, Candidate, Pencil, holders
from solver.logic.reason import Reason, blockers
from solver.logic.techniques import RANK, Technique

ALONE = RANK[Technique.SASHIMI_JELLYFISH]
"""Up to this rank one deduction alone is preferred to several."""

__all__ = ["Explainer", "deductions", "reasons"]

Marks = Sequence[Iterable[int] | None]
"""81 collections of pencil marks; None is a cell in which none were made."""


class Explainer:
    """Finds reasons along one solve; costly deductions of a grid are tried first on the next.

    `finders` are the techniques that a person knows, easiest first. `marks` are the pencil marks
    from which to reason: a cell in which any were made has no other candidates. `check` is called
    before each technique is looked for; what it raises ends the search.
    """

    def __init__(
        self,
        finders: Mapping[Technique, Finder] = FINDERS,
        marks: Marks | None = None,
        check: Check | None = None,
    ) -> None:
        self._finders = finders
        self._marks = marks
        self._check = check or (lambda: None)
        self._known: dict[Technique, dict[Deduction, tuple[list[Candidate], ...]]] = {}

    def reasons(self, grid: Grid, wanted: Collection[int] | None = None) -> dict[Candidate, Reason]:
        """(cell, digit) -> reason for the placements that logic forces now, in `wanted` cells only.

        The easiest techniques that force any are used. An empty answer says that none does.
        """
        work = Elimination(Pencil.of(grid, self._marks))
        while True:
            found = {
                candidate: single
                for candidate, single in singles(work.now).items()
                if wanted is None or candidate[0] in wanted
            }
            if found:
                return self._told(grid, work, found, wanted)
            batch = self._batch(work.now)
            if not batch:
                return {}
            work.apply(batch)

    def _batch(self, pencil: Pencil) -> list[Deduction]:
        """The deductions of the easiest technique that has any."""
        for technique, find in self._finders.items():
            self._check()
            costly = RANK[technique] >= REPLAYED
            if costly and (again := self._replayed(technique, pencil)):
                return again
            if batch := simplest(find, pencil):
                if costly:
                    known = self._known.setdefault(technique, {})
                    for deduction in batch:
                        held = (holders(p, pencil.masks) for p in deduction.premises)
                        known[deduction] = tuple(held)
                return batch
        return []

    def _replayed(self, technique: Technique, pencil: Pencil) -> list[Deduction]:
        """What is known of a technique from earlier grids and is the same pattern here."""
        batch = []
        for deduction, held in self._known.get(technique, {}).items():
            hits = tuple(c for c in deduction.eliminations if pencil.has(c))
            if hits and all(
                holders(premise, pencil.masks) == then
                for premise, then in zip(deduction.premises, held, strict=True)
            ):
                batch.append(replace(deduction, eliminations=hits))
        return batch

    def _told(
        self,
        grid: Grid,
        work: Elimination,
        found: Mapping[Candidate, Single],
        wanted: Collection[int] | None,
    ) -> dict[Candidate, Reason]:
        """The reasons of the singles found, or, if shorter, those of one deduction alone."""
        told = {}
        for candidate, single in found.items():
            after = work.chain(single.constraint, candidate) if work.found else ()
            told[candidate] = _reason(grid, candidate, single, after)
        if told and min(len(reason.after) for reason in told.values()) > 1:
            ranks = [RANK[deduction.technique] for deduction in work.found]
            alone = self._alone(grid, work.base, ranks[0], max(ranks)).items()
            return {c: r for c, r in alone if wanted is None or c[0] in wanted} or told
        return told

    def _alone(self, grid: Grid, bare: Pencil, first: int, hardest: int) -> dict[Candidate, Reason]:
        """Placements that a single deduction on the bare marks forces, from a rank up to another.

        What takes long to find is left: long chains and all that is harder.
        """
        told: dict[Candidate, Reason] = {}
        for technique, find in self._finders.items():
            self._check()
            if RANK[technique] > min(hardest, ALONE):
                break
            if RANK[technique] < first or REPLAYED <= RANK[technique] < hardest:
                continue
            for deduction in simplest(find, bare):
                if not _may_force(bare, deduction):
                    continue
                alone = Elimination(bare.copy())
                alone.apply([deduction])
                for candidate, single in singles(alone.now).items():
                    after = alone.chain(single.constraint, candidate)
                    told.setdefault(candidate, _reason(grid, candidate, single, after))
            if told:
                break
        return told


def _reason(
    grid: Grid, candidate: Candidate, single: Single, after: tuple[Deduction, ...]
) -> Reason:
    hardest = max([single.technique, *(d.technique for d in after)], key=RANK.__getitem__)
    return Reason(
        hardest,
        single.constraint,
        after,
        how=single.technique,
        placement=candidate,
        blockers=blockers(grid, single.constraint, candidate),
    )


def _may_force(pencil: Pencil, deduction: Deduction) -> bool:
    """Whether a cell or a unit is left one candidate by a deduction."""
    lost: dict[int, int] = {}
    for cell, digit in deduction.eliminations:
        lost[cell] = lost.get(cell, 0) | 1 << digit
    if any((pencil.masks[cell] & ~mask).bit_count() == 1 for cell, mask in lost.items()):
        return True
    for digit in {digit for _, digit in deduction.eliminations}:
        board = pencil.where[digit]
        for cell, gone in deduction.eliminations:
            if gone == digit:
                board &= ~(1 << cell)
        units = {
            u for cell, gone in deduction.eliminations if gone == digit for u in CELL_UNITS[cell]
        }
        if any((board & UNIT_BOARD[unit]).bit_count() == 1 for unit in units):
            return True
    return False


def deductions(
    pencil: Pencil, finders: Mapping[Technique, Finder] = FINDERS
) -> Iterator[Deduction]:
    """All deductions that take a candidate away, from easy to hard.

    They come as they are found: where the first will do, don't ask for the rest, since the long
    chains take time.
    """
    for find in finders.values():
        yield from find(pencil)


def reasons(
    grid: Grid, wanted: Collection[int] | None = None, marks: Marks | None = None
) -> dict[Candidate, Reason]:
    """(cell, digit) -> reason for the placements that logic forces in `grid`; see `Explainer`.

    >>> from solver.board.grid import Grid
    >>> row = "12345678." + "." * 72
    >>> [str(reason) for reason in reasons(Grid.parse(row)).values()]
    ['full house in row 1']
    """
    return Explainer(marks=marks).reasons(grid, wanted)
