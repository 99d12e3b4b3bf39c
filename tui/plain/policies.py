"""The policy by lines: what it gives each digit, pass by pass, its steps, and another beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from solver.policy.stop import Stop
from tui import settings as kept
from tui.engine import Watched
from tui.game.position import Position, Trace
from tui.plain.table import Table, cell_of, rows_of
from tui.play.playback import told
from tui.screens.comparing import answer_facts, compare, differ_text, differences, facts
from tui.screens.comparing import told as told_facts

SHOWN: Final = 12
"""Passes that `passes` tells of at most."""


class Policies(Table):
    """The commands that ask the policy."""

    _watched: Watched | None = None

    def _watch(self) -> Watched:
        """What the policy makes of the board, asked once for each."""
        if self._watched is None or self._watched.grid != self.position.grid:
            self._watched = self.policy().watch(self.position.grid, Stop())
        return self._watched

    def do_policy(self, rest: str) -> str:
        cell = cell_of(rest)
        if cell is None:
            raise ValueError("policy r5c4 tells of a cell")
        return _ranked(self._watch().probabilities[-1][cell])

    def do_passes(self, rest: str) -> str:
        """All passes in short, the course of a cell, or the whole board after one pass."""
        course = self._watch().probabilities
        cell, last = cell_of(rest), len(course)
        numbers = np.unique(np.linspace(1, last, SHOWN).round().astype(int)).tolist()
        if cell is not None:
            return "\n".join(f"pass {n}: {_ranked(course[n - 1][cell], 2)}" for n in numbers)
        grid = self.position.grid
        blanks = [place for place in range(81) if not grid[place]]
        best = course.argmax(2) + 1
        if rest.isdecimal() and 1 <= int(rest) <= last:
            now = best[int(rest) - 1]
            return rows_of([grid[place] or int(now[place]) for place in range(81)])
        if rest:
            raise ValueError(f"passes, passes r5c4, or passes with a number from 1 to {last}")
        if not blanks:
            return "No passes: every cell is filled."
        lines = []
        for n in numbers:
            settled = int((best[n - 1][blanks] == best[-1][blanks]).sum())
            least = float(course[n - 1][blanks].max(1).min())
            lines.append(f"pass {n} of {last}: {settled} of {len(blanks)} blanks as at the end, "
                         f"least sure {least:.0%}")  # fmt: skip
        return "\n".join(lines)

    # ---- steps ----------------------------------------------------------------------------

    def _follow(self) -> Position:
        position = self.position
        if position.trace is None:
            if position.grid.complete:
                raise ValueError("every cell is filled")
            solution = self.policy().solve(position.grid, Stop(), kept.load().uniqueness)
            if not solution.steps:
                raise ValueError("no step from here; check says why")
            position = position.follow(Trace(position.grid, solution))
            self.game.amend(position)
        return position

    def do_step(self, rest: str) -> str:
        """The next step, or as many as a number says; 0 is where they began."""
        position = self._follow()
        assert position.trace is not None
        steps = position.trace.steps
        if rest and not (rest.isdecimal() and int(rest) <= len(steps)):
            raise ValueError(f"step, or step with a number from 0 to {len(steps)}")
        number = int(rest) if rest else position.step + 1
        if number > len(steps):
            return "That was the last step."
        said = told(steps[number - 1], number) if number else "Back where the steps began."
        return self.go(position.at_step(number), said)

    def do_solve(self, rest: str) -> str:
        position = self._follow()
        assert position.trace is not None
        after = position.at_step(len(position.trace.steps))
        self.go(after, "")
        return f"Solved.\n{after.grid.line()}" if after.grid.solved else "No solution from here."

    # ---- which policy ---------------------------------------------------------------------

    def do_model(self, rest: str) -> str:
        """Tell of the policy in use, or use another from now on."""
        said = ""
        if rest:
            path = "" if rest == "shipped" else rest
            self.engine = self.engine.load(path)
            self.model, self._watched = path, None
            kept.save(replace(kept.load(), model=kept.absolute(path)))
            said = "This policy plays from now on.\n"
        return said + told_facts(facts(self.policy()))

    def do_compare(self, rest: str) -> str:
        if not rest:
            raise ValueError("compare FILE, or compare shipped")
        other = self.policy().load("" if rest == "shipped" else rest)
        pair = compare((self.policy(), other), self.position.grid, Stop())
        names = ("In use", "Compared with")
        parts = [f"{name}\n{told_facts(answer_facts(each))}"
                 for name, each in zip(names, pair, strict=True)]  # fmt: skip
        last = max(len(each.probabilities) for each in pair)
        grids = [each.at(last)[0] for each in pair]
        return "\n".join([*parts, differ_text(differences(*grids))])


def _ranked(probabilities: npt.NDArray[np.float32], most: int = 4) -> str:
    """The likeliest digits of a cell."""
    ranked = sorted(range(9), key=lambda digit: -probabilities[digit])
    return ", ".join(f"{digit + 1}: {probabilities[digit]:.1%}" for digit in ranked[:most])
