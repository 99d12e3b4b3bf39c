"""The puzzles that are being worked on: each slot holds one, its state and its age.

With `carry`, a slot keeps its puzzle from window to window, so that late passes are trained at
the price of early ones, until the puzzle is solved or its windows are used up. Without, every
slot is given a fresh puzzle at every window: ordinary training.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from training.loaders import Feed
from training.model import Policy
from training.stream import puzzle_and_target

STRONGEST = 2.0
"""The strongest noise that a window begins with, in units of the state's own size."""


class Slots:
    """`size` slots, shared among the processes of a distributed run.

    `puzzle` and `target` [size, 81] int64, `fresh` [size] bool, `left` [size] int64 windows that
    a puzzle may still take, `age` [size] int64 windows done, `state` [this process's slots, …] or
    None. `strength` [size] is that of the `noise` [size, …] with which the next window begins;
    where it is 0 the noise may be anything.
    """

    def __init__(
        self,
        size: int,
        *,
        carry: bool,
        max_windows: int,
        keep_solved: float,
        noise: float,
        reveal: float = 0.0,
        generator: torch.Generator,
    ) -> None:
        device = generator.device
        self.carry, self.max_windows, self.generator = carry, max_windows, generator
        self.keep_solved, self.noise_share, self.reveal = keep_solved, noise, reveal
        self.puzzle = torch.zeros(size, 81, dtype=torch.long, device=device)
        self.target = torch.zeros_like(self.puzzle)
        self.fresh = torch.ones(size, dtype=torch.bool, device=device)
        self.left = torch.zeros(size, dtype=torch.long, device=device)
        self.age = torch.zeros(size, dtype=torch.long, device=device)
        self.strength = torch.zeros(size, device=device)
        self.noise: Tensor | None = None
        self.state: Tensor | None = None

    def __len__(self) -> int:
        return len(self.fresh)

    def refill(self, feed: Feed, policy: Policy) -> int:
        """Give fresh slots new puzzles and a number of windows, and some slots noise; how many
        were fresh."""
        where = self.fresh.nonzero().flatten()
        n, device = len(where), self.fresh.device
        self._stir(policy.config.width)
        if n == 0:
            return 0
        puzzle, self.target[where] = puzzle_and_target(feed.take(n))
        self.puzzle[where] = self._revealed(puzzle, self.target[where]) if self.reveal else puzzle
        self.age[where] = 0
        if self.carry:
            self.left[where] = torch.randint(
                1, self.max_windows + 1, (n,), generator=self.generator, device=device
            )
        return n

    def _stir(self, width: int) -> None:
        """Noise for a share of the slots, of every strength from none to the most."""
        size, device = len(self), self.fresh.device
        self.strength = STRONGEST * torch.rand(size, generator=self.generator, device=device)
        draw = torch.rand(size, generator=self.generator, device=device)
        self.strength *= draw < self.noise_share
        if self.noise is None:
            self.noise = torch.zeros(size, 9, 9, 9, width, device=device)
        rows = self.strength.nonzero().flatten()
        shape = (len(rows), *self.noise.shape[1:])
        self.noise[rows] = torch.randn(shape, generator=self.generator, device=device)

    def _revealed(self, puzzle: Tensor, target: Tensor) -> Tensor:
        """Puzzles with some of their blanks filled in: none in most, any share in `reveal`."""
        n, device = len(puzzle), puzzle.device
        share = torch.rand(n, 1, generator=self.generator, device=device)
        share *= torch.rand(n, 1, generator=self.generator, device=device) < self.reveal
        shown = torch.rand(n, 81, generator=self.generator, device=device) < share
        return torch.where(shown, target + 1, puzzle)

    def advance(self, solved: Tensor) -> None:
        """After a window: `solved` [size] bool says whose grid is right; finished slots are
        fresh again."""
        if not self.carry:
            return
        self.left -= 1
        self.age += 1
        draw = torch.rand(len(self), generator=self.generator, device=self.fresh.device)
        self.fresh = (self.left <= 0) | (solved & (draw >= self.keep_solved))

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
        """Go on from `state_dict`; raises `ValueError` when that had another number of slots."""
        if len(kept["fresh"]) != len(self):
            raise ValueError(f"{len(kept['fresh'])} slots were kept, this run has {len(self)}")
        device = self.fresh.device
        self.puzzle = kept["puzzle"].to(device).long()
        self.target = kept["target"].to(device).long()
        self.fresh, self.left, self.age = (
            kept[name].to(device) for name in ("fresh", "left", "age")
        )
        self.generator.set_state(kept["generator"])
