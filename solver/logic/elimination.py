"""Pencil marks on the way down, and the shortest chain of deductions that took some away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from solver.logic.deduction import Deduction, follows
from solver.logic.pencil import Candidate, Pencil, members
from solver.logic.techniques import RANK, Technique

REPLAYED = RANK[Technique.W_WING]
"""From this rank on a technique is costly to find: its deductions are remembered."""
LONGEST = 8
"""Deductions in a chain for which the shortest is sought by trying all."""
TRIES = 400
"""Choices tried for a chain of a length; then the first found is taken."""


class Elimination:
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
        """The candidates whose absence a deduction rests on."""
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
