"""The arithmetic of an exported policy: float32, float16, or 8-bit integer products.

float16 stores weights and states in half precision, which a GPU runs faster; ONNX Runtime's CPU
operators compute it in float32 between conversions. int8 quantises the constant side of every
matrix product ahead and the other side as it comes (dynamic quantisation); norms, gates and sums
stay in float32.
"""

from __future__ import annotations

import copy
import logging
import tempfile
from dataclasses import replace
from pathlib import Path

import onnx
from onnx import ModelProto

from export.build import assemble
from export.rewrite.rules import optimised
from export.trace import pieces
from export.views import Sharpness, Views
from training.network.base import Network

PRECISIONS = ("fp32", "fp16", "int8")


def quantised(model: ModelProto) -> ModelProto:
    """The same graph with its constant matrix products in 8-bit integers."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)
    try:
        with tempfile.TemporaryDirectory() as folder:
            source, target = Path(folder, "float.onnx"), Path(folder, "int8.onnx")
            onnx.save(model, source)
            quantize_dynamic(
                source,
                target,
                op_types_to_quantize=["MatMul"],
                weight_type=QuantType.QInt8,
                per_channel=True,
                extra_options={"MatMulConstBOnly": True},
            )
            return onnx.load(target)
    finally:
        root.setLevel(level)


def build(
    policy: Network,
    views: Views,
    passes: int,
    precision: str = "fp32",
    *,
    sharpness: Sharpness | None = None,
    rewrite: bool = True,
) -> ModelProto:
    """The whole graph of a policy with its views, in one of `PRECISIONS`, without metadata.

    Without `rewrite`, the pass stays as torch traced it.
    """
    if precision not in PRECISIONS:
        raise ValueError(f"unknown precision {precision!r}; choose from {', '.join(PRECISIONS)}")
    if precision == "fp16":
        policy = copy.deepcopy(policy).half()
    parts = pieces(policy)
    if rewrite:
        parts = replace(parts, ready=optimised(parts.ready), step=optimised(parts.step))
    if precision == "int8":
        parts = replace(parts, step=quantised(parts.step))
    return assemble(views, parts, passes, sharpness or Sharpness())
