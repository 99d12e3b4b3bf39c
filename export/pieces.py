"""The graphs that an exported policy is made of, traced from torch."""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass

import torch
from onnx import ModelProto
from torch import nn

from export.tta import FirstState, Pass, Shake
from training.model import Policy

OPSET = 23


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """The graphs that the two loops are made of, as `export.tta` has them: the first state, the
    shaken state, and one pass with its probabilities."""

    first: ModelProto
    shake: ModelProto
    step: ModelProto


def trace(module: nn.Module, arguments: tuple[torch.Tensor, ...], batched: int = 1) -> ModelProto:
    """The graph of a module whose first `batched` arguments have a free first axis."""
    free = {0: torch.export.Dim("batch", min=1)}
    shapes = tuple(free if i < batched else {} for i in range(len(arguments)))
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


def pieces(policy: Policy) -> Pieces:
    """The graphs of a policy."""
    puzzle = torch.zeros(3, 81, dtype=torch.long)
    with torch.no_grad():
        state, kind = FirstState(policy)(puzzle)
    noise, strength = torch.zeros(9, 9, 9, policy.config.width), torch.zeros(())
    return Pieces(
        first=trace(FirstState(policy), (puzzle,)),
        shake=trace(Shake(), (state.clone(), noise, strength)),
        step=trace(Pass(policy), (state.clone(), kind.clone()), batched=2),
    )
