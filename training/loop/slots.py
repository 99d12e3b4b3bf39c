"""The slots of a run: each holds a puzzle, its state and its age.

With `carry`, a slot keeps its puzzle from window to window, so that late passes are trained at
the price of early ones, until the puzzle is solved or its windows are used up. A share of those
that are still unsolved then continues with a digit supposed where the policy is least sure, as it
will have to at its work, and always with the right one: that is where a supposition should lead.
Another share continues unchanged for many more windows: that trains one long trajectory.
Without `carry`, every slot is given a fresh puzzle at every window: ordinary training.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from training.data.loaders import Feed
from training.data.stream import puzzle_and_target


class Slots:
    """`size` slots, shared among the processes of a distributed run.

    `puzzle` and `target` [size, 81] int64, `fresh` [size] bool, `left` [size] int64 windows that
    a puzzle may still take, `age` [size] int64 windows done, `state` [this process's slots, …] or
    None.
    """

    def __init__(
        self,
        size: int,
        *,
        carry: bool,
        max_windows: int,
        keep_solved: float,
        suppose: float = 0.0,
        late: float = 0.0,
        late_windows: int = 64,
        generator: torch.Generator,
    ) -> None:
        device = generator.device
        self.carry, self.max_windows, self.generator = carry, max_windows, generator
        self.keep_solved, self.suppose = keep_solved, suppose
        self.late, self.late_windows = late, late_windows
        self.puzzle = torch.zeros(size, 81, dtype=torch.long, device=device)
        self.target = torch.zeros_like(self.puzzle)
        self.fresh = torch.ones(size, dtype=torch.bool, device=device)
        self.left = torch.zeros(size, dtype=torch.long, device=device)
        self.age = torch.zeros(size, dtype=torch.long, device=device)
        self.state: Tensor | None = None

    def __len__(self) -> int:
        return len(self.fresh)

    def refill(self, feed: Feed) -> int:
        """Give fresh slots new puzzles and a number of windows; how many were fresh."""
        where = self.fresh.nonzero().flatten()
        n = len(where)
        if n == 0:
            return 0
        self.puzzle[where], self.target[where] = puzzle_and_target(feed.take(n))
        self.age[where] = 0
        if self.carry:
            self.left[where] = self._windows(n, self.max_windows)
        return n

    def _windows(self, n: int, most: int) -> Tensor:
        return torch.randint(1, most + 1, (n,), generator=self.generator, device=self.fresh.device)

    def advance(self, solved: Tensor, least_sure: Tensor) -> None:
        """After a window: `solved` [size] bool says whose grid is right, `least_sure` [size] int64
        which cell a supposition should fill; finished slots are fresh again."""
        if not self.carry:
            self.fresh.fill_(True)  # slots of a run that carried, resumed without, may not be
            return
        self.left -= 1
        self.age += 1
        draw = torch.rand(2, len(self), generator=self.generator, device=self.fresh.device)
        used_up = self.left <= 0
        # before half the windows the policy has had no time to be stuck
        stuck = used_up & (2 * self.age >= self.max_windows) & ~solved
        rows = (stuck & (draw[0] < self.suppose)).nonzero().flatten()
        cells = least_sure[rows]
        self.puzzle[rows, cells] = self.target[rows, cells] + 1
        self.left[rows] = self._windows(len(rows), self.max_windows)
        going_on = (draw[0] >= self.suppose) & (draw[0] < self.suppose + self.late)
        rows = (stuck & going_on).nonzero().flatten()
        self.left[rows] = self._windows(len(rows), self.late_windows)
        self.fresh = (self.left <= 0) | (solved & (draw[1] >= self.keep_solved))

    def state_dict(self) -> dict[str, Any]:
        """All of it but `state`, which a distributed run has to gather."""
        return {
            "puzzle": self.puzzle.to(torch.uint8),
            "target": self.target.to(torch.uint8),
            "fresh": self.fresh,
            "left": self.left,
            "age": self.age,
            "generator": self.generator.get_state(),
        }

    def load_state_dict(self, kept: dict[str, Any]) -> None:
        """Restore a `state_dict`; raises `ValueError` when that had another number of slots."""
        if len(kept["fresh"]) != len(self):
            raise ValueError(f"{len(kept['fresh'])} slots were kept, this run has {len(self)}")
        device = self.fresh.device
        self.puzzle = kept["puzzle"].to(device).long()
        self.target = kept["target"].to(device).long()
        self.fresh, self.left, self.age = (
            kept[name].to(device) for name in ("fresh", "left", "age")
        )
        try:
            self.generator.set_state(kept["generator"].cpu())
        except RuntimeError:  # of another kind of device, whose generators differ
            self.generator.manual_seed(int(kept["generator"].sum()) + int(self.age.sum()))
