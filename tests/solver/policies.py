"""Policies for tests: small ONNX files of the right form, and sessions that say what is asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from onnx import TensorProto, helper

from solver.board.rules import solved_many
from solver.policy.session import OUTPUTS, Policy
from solver.policy.stamp import EMPTY, stamp

METADATA = {"schema": "sudoku-policy/1", "hash": EMPTY, "views": "2", "passes": "8"}
FLOAT, INT, BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL
SHAPES: dict[str, tuple[int, list[Any]]] = {
    "probabilities": (FLOAT, ["batch", 81, 9]),
    "grid": (INT, ["batch", 81]),
    "passes": (INT, ["batch"]),
    "view": (INT, ["batch"]),
    "valid": (BOOL, ["batch"]),
}


def onnx_bytes(
    metadata: dict[str, str] | None = None,
    width: int = 81,
    without: str = "",
    kinds: dict[str, int] | None = None,
    sealed: bool = True,
) -> bytes:
    """A policy that repeats the givens: what it says is 1 at each given and 0 elsewhere."""
    shapes = {name: shape for name, shape in SHAPES.items() if name != without}
    kinds = kinds or {}
    digits = helper.make_tensor("digits", INT, [9], list(range(1, 10)))
    one = helper.make_tensor("one", INT, [1], [1])
    two = helper.make_tensor("two", INT, [1], [2])
    node = helper.make_node
    nodes = [
        node("Unsqueeze", ["puzzle", "two"], ["cells"]),
        node("Equal", ["cells", "digits"], ["same"]),
        node("Cast", ["same"], ["probabilities"], to=FLOAT),
        node("Max", ["puzzle", "one"], ["grid"]),
        node("ReduceMin", ["grid", "one"], ["passes"], keepdims=0),
        node("Sub", ["passes", "passes"], ["view"]),
        node("Cast", ["view"], ["valid"], to=kinds.get("valid", BOOL)),
    ]
    graph = helper.make_graph(
        nodes,
        "repeats the givens",
        [helper.make_tensor_value_info("puzzle", INT, ["batch", width])],
        [
            helper.make_tensor_value_info(name, kinds.get(name, kind), shape)
            for name, (kind, shape) in shapes.items()
        ],
        [digits, one, two],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    helper.set_model_props(model, METADATA if metadata is None else metadata)
    data: bytes = model.SerializeToString()
    return stamp(data) if sealed else data


class Session:
    """What `Policy` needs of an ONNX Runtime session, answered by a function of the puzzles."""

    def __init__(self, says: Callable[[np.ndarray], np.ndarray]) -> None:
        self.says = says

    def get_providers(self) -> list[str]:
        return ["CPUExecutionProvider"]

    def get_outputs(self) -> list[Any]:
        return [SimpleNamespace(name=name) for name in (*OUTPUTS, "trace")]

    def get_overridable_initializers(self) -> list[Any]:
        return [SimpleNamespace(name="max_views")]

    def run(self, names: list[str], feed: dict[str, np.ndarray]) -> list[np.ndarray]:
        puzzles = feed["puzzle"]
        probabilities = self.says(puzzles).astype(np.float32)
        grid = np.where(puzzles > 0, puzzles, probabilities.argmax(2) + 1)
        n = len(puzzles)
        found = {
            "probabilities": probabilities,
            "grid": grid,
            "passes": np.full(n, 5),
            "view": np.zeros(n, np.int64),
            "valid": solved_many(grid, puzzles),
            "trace": np.stack([probabilities[0] * share + 0.01 for share in (0.5, 1.0)]),
        }
        return [found[name] for name in names]


def policy_that(says: Callable[[np.ndarray], np.ndarray]) -> Policy:
    """A policy whose probabilities [n, 81, 9] are `says(puzzles [n, 81])`."""
    metadata = {**METADATA, "hash": "0" * 64}
    return Policy(Session(says), Path("fake.onnx"), metadata, threads=1)


def sure_of(solution: str, confidence: float = 0.9) -> Policy:
    """A policy that gives the digits of one grid, whatever the puzzle."""
    digits = np.array([int(c) for c in solution])
    rest = (1 - confidence) / 8
    said = np.full((81, 9), rest, np.float32)
    said[np.arange(81), digits - 1] = confidence
    return policy_that(lambda puzzles: np.repeat(said[None], len(puzzles), axis=0))


def clueless() -> Policy:
    """A policy that finds the digit 1 a little likelier than the others, everywhere."""
    said = np.full((81, 9), 0.11, np.float32)
    said[:, 0] = 0.12
    return policy_that(lambda puzzles: np.repeat(said[None], len(puzzles), axis=0))
