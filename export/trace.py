"""The graphs that an exported policy is made of, traced from torch.

Dimension letters: b batch, r row, c column, n digit, d width, e twice the gate, k cell.
"""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass

import torch
from onnx import ModelProto
from torch import Tensor, nn

from training.network.base import Network
from training.network.graph import Policy, normed

OPSET = 23


class FirstState(nn.Module):
    """Puzzle [b, 81] -> the first state and what the puzzle says, as `Network.begin` gives them."""

    def __init__(self, policy: Network) -> None:
        super().__init__()
        self.policy = policy

    def forward(self, puzzle_bk: Tensor) -> tuple[Tensor, Tensor]:
        return self.policy.begin(puzzle_bk)


class PlainReady(nn.Module):
    """State and what the puzzle says -> what a pass needs beside the state: of a network about
    which nothing else is known, the two themselves."""

    def forward(self, state: Tensor, told: Tensor) -> tuple[Tensor, Tensor]:
        return state.clone(), told.clone()


class PlainPass(nn.Module):
    """The state and what `PlainReady` gives -> the next state, the same again, and its
    probabilities [b, 81, 9] float32."""

    def __init__(self, policy: Network) -> None:
        super().__init__()
        self.policy = policy

    def forward(self, state: Tensor, same: Tensor, told: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        h, logits = self.policy.step(same, told)
        return h, h.clone(), torch.softmax(logits.float(), dim=-1)


class Ready(nn.Module):
    """State and kinds -> what a pass needs beside the state: the state normed, and what the puzzle
    says of each candidate [b, 9, 9, 9, e], which stays as it is from pass to pass."""

    def __init__(self, policy: Policy) -> None:
        super().__init__()
        self.policy = policy

    def forward(self, h_brcnd: Tensor, kind_brcn: Tensor) -> tuple[Tensor, Tensor]:
        return normed(h_brcnd), self.policy.block.kind(kind_brcn)


class Pass(nn.Module):
    """The state and what `Ready` gives -> the next state, the same normed, and its probabilities
    [b, 81, 9] float32.

    The head and the next pass read the same normed state, so it goes along.
    """

    def __init__(self, policy: Policy) -> None:
        super().__init__()
        self.policy = policy

    def forward(
        self, h_brcnd: Tensor, x_brcnd: Tensor, told_brcne: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        block = self.policy.block
        h = block.keep * h_brcnd + block.change(x_brcnd, told_brcne)
        x = normed(h)
        # without the head's bias, of which a softmax knows nothing
        logits = nn.functional.linear(x, self.policy.head.weight).view(-1, 81, 9)
        return h, x, torch.softmax(logits.float(), dim=-1)


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """The graphs that the loops are made of: the first state, what a pass needs, and a pass."""

    first: ModelProto
    ready: ModelProto
    step: ModelProto


def trace(module: nn.Module, arguments: tuple[torch.Tensor, ...]) -> ModelProto:
    """The graph of a module whose arguments have a free first axis."""
    shapes = ({0: torch.export.Dim("batch", min=1)},) * len(arguments)
    log = logging.getLogger("torch.onnx")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            program = torch.onnx.export(
                module.eval(),
                arguments,
                dynamo=True,
                opset_version=OPSET,
                dynamic_shapes=shapes,
                verbose=False,
            )
    finally:
        log.setLevel(level)
    assert program is not None
    model: ModelProto = program.model_proto
    return model


def modules(policy: Network) -> tuple[nn.Module, nn.Module, nn.Module]:
    """What `Pieces` are traced from: for the graph network a pass cut so that nothing is done
    twice, for any other network its own."""
    if isinstance(policy, Policy):
        return FirstState(policy), Ready(policy), Pass(policy)
    return FirstState(policy), PlainReady(), PlainPass(policy)


def pieces(policy: Network) -> Pieces:
    """The graphs of a policy."""
    puzzle = torch.zeros(3, 81, dtype=torch.long)
    begin, ready, step = modules(policy)
    with torch.no_grad():
        state, told = begin(puzzle)
        x, said = ready(state, told)
    return Pieces(
        first=trace(begin, (puzzle,)),
        ready=trace(ready, (state.clone(), told.clone())),
        step=trace(step, (state.clone(), x.clone(), said.clone())),
    )
