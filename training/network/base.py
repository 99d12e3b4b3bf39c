"""The interface of a network: a first state, a pass, and the logits of a state."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, NamedTuple, Self

import torch
from torch import Tensor, nn

from training.recipe.config import check_known

MOST = 8192
"""The greatest size of a network: more is a slip, and takes all memory."""
Step = Callable[[Tensor, Tensor], Any]
"""A pass: (state, what the puzzle says) -> (the next state, its logits)."""


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """The shape of a network, all positive integers; what a checkpoint needs to rebuild it."""

    def __post_init__(self) -> None:
        if not all(1 <= getattr(self, item.name) <= MOST for item in fields(self)):
            raise ValueError(f"every size of a network must be 1 to {MOST:,}, got {self}")

    @classmethod
    def of(cls, sizes: Sequence[str]) -> Self:
        """The shape that NAME=VALUE items describe; raises `ValueError`."""
        values = {}
        for item in sizes:
            name, _, value = (part.strip() for part in item.partition("="))
            check_known(name, [f.name for f in fields(cls)], "size of the network")
            try:
                values[name] = int(value)
            except ValueError:
                raise ValueError(f"model: {item!r} isn't NAME=VALUE, e.g. width=64") from None
        return cls(**values)


class Network(nn.Module):
    """Puzzle [b, 81] int64 (0 blank) -> logits [b, 81, 9] at every pass.

    A state is one tensor and what the puzzle says is another, both with the batch as first axis.
    The state must not hold the puzzle: `step` takes it each time, and it may gain digits later.
    A network without recurrence is one whose first pass does it all.
    """

    sizes: ClassVar[type[Any]]
    """The class of `config`, a `Sizes`."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.config = config

    @abstractmethod
    def begin(self, puzzle_bk: Tensor) -> tuple[Tensor, Tensor]:
        """The state before the first pass, and what `step` takes of the puzzle."""

    @abstractmethod
    def step(self, state: Tensor, told: Tensor) -> tuple[Tensor, Tensor]:
        """One pass: the next state, and its logits [b, 81, 9]."""

    @abstractmethod
    def logits(self, state: Tensor) -> Tensor:
        """Logits [b, 81, 9] of a state; softmax over the last axis gives the probabilities."""

    def forward(self, puzzle_bk: Tensor, passes: int) -> Tensor:
        """Logits [passes, b, 81, 9] after each pass."""
        return torch.stack([one.logits for one in unroll(self, puzzle_bk, passes)])


class Pass(NamedTuple):
    """After a pass: the puzzles that took part, int64 [k], their states and logits [k, 81, 9]."""

    rows: Tensor
    state: Tensor
    logits: Tensor


def unroll(
    network: Network,
    puzzle_bk: Tensor,
    passes: int,
    *,
    until: Callable[[Tensor, Tensor], Tensor] | None = None,
) -> Iterator[Pass]:
    """Passes over puzzles from their first states, one after the other.

    `until` is given the rows and logits of each and says which of them are finished, bool [k]:
    these take no further pass. Ends after `passes`, or when no puzzle is left.
    """
    state, told = network.begin(puzzle_bk)
    return passes_from(network.step, state, told, passes, until=until)


def passes_from(
    step: Step,
    state: Tensor,
    told: Tensor,
    passes: int,
    *,
    until: Callable[[Tensor, Tensor], Tensor] | None = None,
) -> Iterator[Pass]:
    """`unroll` from any state, by `step`: a network's, or a compiled form of it."""
    rows = torch.arange(len(state), device=state.device)
    for _ in range(passes):
        if not len(rows):
            return
        state, logits = step(state, told)
        yield Pass(rows, state, logits)
        if until is not None:
            left = (~until(rows, logits)).nonzero().flatten()
            rows, state, told = rows[left], state[left], told[left]
