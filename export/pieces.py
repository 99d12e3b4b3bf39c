"""The graphs that an exported policy is made of, traced from torch."""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass

import torch
from onnx import ModelProto
from torch import nn

from export.tta import FirstState, Pass
from training.model import Policy

OPSET = 23


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """The graphs that the two loops are made of, as `export.tta` has them: the first state with
    the kinds, and one pass with its probabilities."""

    first: ModelProto
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


def pieces(policy: Policy) -> Pieces:
    """The graphs of a policy."""
    puzzle = torch.zeros(3, 81, dtype=torch.long)
    with torch.no_grad():
        state, kind = FirstState(policy)(puzzle)
    return Pieces(
        first=trace(FirstState(policy), (puzzle,)),
        step=trace(Pass(policy), (state.clone(), kind.clone())),
    )
