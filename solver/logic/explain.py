"""Why a digit goes into a cell: the shortest chain of the easiest techniques that forces it.

A reason is true by construction: it names one constraint with one candidate left (the single),
and the deductions that took the others away, each of which follows from its own premises.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from solver.board.grid import CELL_UNITS, Grid
from solver.logic.deduction import Deduction, follows
from solver.logic.finders.registry import FINDERS, Finder
from solver.logic.finders.singles import Single, singles
from solver.logic.pencil import UNIT_BOARD, Candidate, Pencil, holders, members
from solver.logic.reason import Reason, blockers
from solver.logic.techniques import RANK, Technique

__all__ = ["Explainer", "deductions", "reasons"]

Marks = Sequence[Iterable[int] | None]
"""81 collections of pencil marks; None is a cell in which none were made."""

REPLAYED = RANK[Technique.W_WING]
"""From this rank on a technique is costly to find: its deductions are remembered."""
LONGEST = 8
"""Deductions in a chain for which the shortest is sought by trying all."""
TRIES = 400
"""Choices tried for a chain of a length; then the first found is taken."""


class _Work:
    """Pencil marks under elimination, with the deductions that took each away."""

    def __init__(self, pencil: Pencil) -> None:
        self.base, self.now = pencil.copy(), pencil
        self.found: list[Deduction] = []
        self.rounds: list[int] = []
        self.needs: list[list[Candidate]] = []
        """What each deduction stands on: candidates that earlier ones took away."""
        self.weights: list[int] = []
        self.states: list[list[int]] = []
        """The masks on which each round's deductions were found."""
        self.removed: dict[Candidate, list[int]] = {}
        """Candidate -> the deductions, of one round, that take it away."""
        self.tries = TRIES
        self.shares = True
        """Whether a deduction may stand for one of an earlier round."""

    def apply(self, batch: Sequence[Deduction]) -> None:
        """All deductions found on the present marks."""
        number = len(self.states)
        self.states.append(self.now.masks.copy())
        for deduction in batch:
            needs = self._stands_on(deduction)
            self.needs.append(needs)
            self.weights.append(1 + sum(self._weight(candidate) for candidate in needs))
            self.found.append(deduction)
            self.rounds.append(number)
        for index in range(len(self.found) - len(batch), len(self.found)):
            for candidate in self.found[index].eliminations:
                self.removed.setdefault(candidate, []).append(index)
        for deduction in batch:
            self.now.remove(deduction.eliminations)

    def _weight(self, candidate: Candidate) -> int:
        """About how many deductions it takes to rub a candidate out."""
        return min(self.weights[index] for index in self.removed[candidate])

    def _round(self, candidate: Candidate) -> int:
        return self.rounds[self.removed[candidate][0]]

    def _also(self, index: int, candidate: Candidate) -> bool:
        """Whether a chosen deduction would take away what an earlier round took, too."""
        it = self.found[index]
        return (
            self.shares
            and RANK[it.technique] < REPLAYED
            and self._round(candidate) < self.rounds[index]
            and candidate not in self.needs[index]
            and follows(candidate, it.premises, self.states[self.rounds[index]])
        )

    def chain(self, constraint: int, placed: Candidate) -> tuple[Deduction, ...]:
        """The fewest deductions that leave `constraint` one candidate, with all they stand on."""
        needed = [c for c in members(constraint) if c in self.removed and c != placed]
        self.shares = True
        chosen = self._fewest(needed)
        if not self._in_order(chosen):
            self.shares = False
            chosen = self._fewest(needed)
        return self._kept(chosen)

    def _fewest(self, needed: Sequence[Candidate]) -> dict[int, list[Candidate]]:
        for budget in range(1, LONGEST + 1):
            self.tries = TRIES
            if (chosen := self._choose(needed, {}, budget)) is not None:
                return chosen
        return self._choose(needed, {}, len(self.found), greedy=True) or {}

    def _in_order(self, chosen: Mapping[int, list[Candidate]]) -> bool:
        """Whether none stands on what a later one alone takes away."""
        gone: set[Candidate] = set()
        for index in sorted(chosen):
            if not gone.issuperset(self.needs[index]):
                return False
            gone.update(chosen[index])
        return True

    def _choose(
        self,
        needed: Sequence[Candidate],
        chosen: dict[int, list[Candidate]],
        budget: int,
        *,
        greedy: bool = False,
    ) -> dict[int, list[Candidate]] | None:
        """Deduction -> what it has to take away, for all of `needed` and what that stands on."""
        self.tries -= 1
        left = sorted(
            dict.fromkeys(needed), key=lambda candidate: (-self._round(candidate), candidate)
        )
        for place, candidate in enumerate(left):
            have = next((i for i in self.removed[candidate] if i in chosen), None)
            if have is None:
                have = next((i for i in chosen if self._also(i, candidate)), None)
            if have is not None:
                if candidate not in chosen[have]:
                    chosen = {**chosen, have: [*chosen[have], candidate]}
                continue
            if len(chosen) >= budget or (self.tries < 0 and not greedy):
                return None
            options = sorted(self.removed[candidate], key=self.weights.__getitem__)
            for index in options[:1] if greedy else options:
                more = [*left[place + 1 :], *self.needs[index]]
                trial = {**chosen, index: [candidate]}
                if (full := self._choose(more, trial, budget, greedy=greedy)) is not None:
                    return full
            return None
        return chosen

    def _stands_on(self, deduction: Deduction) -> list[Candidate]:
        """The candidates whose absence makes a deduction what it is."""
        return list(
            dict.fromkeys(
                candidate
                for premise in deduction.premises
                for candidate in members(premise)
                if candidate in self.removed
            )
        )

    def _kept(self, chosen: Mapping[int, list[Candidate]]) -> tuple[Deduction, ...]:
        return tuple(
            replace(self.found[index], eliminations=tuple(sorted(set(used))))
            for index, used in sorted(chosen.items())
        )


class Explainer:
    """Finds reasons along one solve; costly deductions of a grid are tried first on the next.

    `finders` are the techniques that a person knows, easiest first. `marks` are the pencil marks
    from which to reason: a cell in which any were made has no other candidates.
    """

    def __init__(
        self, finders: Mapping[Technique, Finder] = FINDERS, marks: Marks | None = None
    ) -> None:
        self._finders = finders
        self._marks = marks
        self._known: dict[Technique, dict[Deduction, tuple[list[Candidate], ...]]] = {}

    def reasons(self, grid: Grid, wanted: Collection[int] | None = None) -> dict[Candidate, Reason]:
        """(cell, digit) -> reason for the placements that logic forces now, in `wanted` cells only.

        The easiest techniques that force any are used. An empty answer says that none does.
        """
        work = _Work(Pencil.of(grid, self._marks))
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
            costly = RANK[technique] >= REPLAYED
            if costly and (again := self._replayed(technique, pencil)):
                return again
            if batch := list(find(pencil)):
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
        work: _Work,
        found: Mapping[Candidate, Single],
        wanted: Collection[int] | None,
    ) -> dict[Candidate, Reason]:
        """The reasons of the singles found, or, if shorter, those of one deduction alone."""
        told = {}
        for candidate, single in found.items():
            after = work.chain(single.constraint, candidate) if work.found else ()
            told[candidate] = _reason(grid, candidate, single, after)
        if told and min(len(reason.after) for reason in told.values()) > 1:
            hardest = max(RANK[deduction.technique] for deduction in work.found)
            alone = self._alone(grid, work.base, hardest).items()
            return {c: r for c, r in alone if wanted is None or c[0] in wanted} or told
        return told

    def _alone(self, grid: Grid, bare: Pencil, hardest: int) -> dict[Candidate, Reason]:
        """Placements that a single deduction on the bare marks forces, up to a rank."""
        told: dict[Candidate, Reason] = {}
        for technique, find in self._finders.items():
            if RANK[technique] > hardest:
                break
            if REPLAYED <= RANK[technique] < hardest:
                continue
            for deduction in find(bare):
                if not _may_force(bare, deduction):
                    continue
                alone = _Work(bare.copy())
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
    """All deductions that take a candidate away, from easy to hard."""
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
