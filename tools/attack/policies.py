"""Policies that are wrong in every way, as files of the right form."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from solver.policy.stamp import EMPTY, stamp

METADATA = {"schema": "sudoku-policy/1", "hash": EMPTY, "views": "2", "passes": "8"}
ROW = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
FULL = np.array([int(digit) for digit in ROW])
FLOAT, INT, BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL


def constant(shares: np.ndarray, grid: np.ndarray) -> bytes:
    """A policy that says the same of every puzzle: shares [81, 9] and a grid [81]."""
    held: dict[str, np.ndarray] = {
        "shares": shares.astype(np.float32)[None],
        "digits": grid.astype(np.int64)[None],
        "one": np.array([1], np.int64),
        "end": np.array([81], np.int64),
        "nine": np.array([9], np.int64),
        "zero": np.array(0, np.int64),
        "five": np.array([5], np.int64),
    }
    node = helper.make_node
    nodes = [
        node("Shape", ["puzzle"], ["size"], start=0, end=1),
        node("Concat", ["size", "end"], ["flat"], axis=0),
        node("Concat", ["size", "end", "nine"], ["deep"], axis=0),
        node("Expand", ["shares", "deep"], ["probabilities"]),
        node("Expand", ["digits", "flat"], ["grid"]),
        node("Expand", ["five", "size"], ["passes"]),
        node("Sub", ["passes", "passes"], ["view"]),
        node("Cast", ["view"], ["valid"], to=BOOL),
    ]
    shapes: dict[str, tuple[int, list[str | int | None]]] = {
        "probabilities": (FLOAT, ["batch", 81, 9]),
        "grid": (INT, ["batch", 81]),
        "passes": (INT, ["batch"]),
        "view": (INT, ["batch"]),
        "valid": (BOOL, ["batch"]),
    }
    graph = helper.make_graph(
        nodes,
        "constant",
        [helper.make_tensor_value_info("puzzle", INT, ["batch", 81])],
        [helper.make_tensor_value_info(n, kind, shape) for n, (kind, shape) in shapes.items()],
        [numpy_helper.from_array(value, name) for name, value in held.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    helper.set_model_props(model, METADATA)
    return stamp(model.SerializeToString())


def write_all(folder: Path, seed: int) -> dict[str, Path]:
    """Name -> file of each wrong policy."""
    random = np.random.default_rng(seed)
    weights = random.random((81, 9))
    fives = np.zeros((81, 9))
    fives[:, 4] = 1.0
    made = {
        "random weights": (weights / weights.sum(1, keepdims=True), weights.argmax(1) + 1),
        "NaN": (np.full((81, 9), np.nan), np.full(81, 1)),
        "always 5": (fives, np.full(81, 5)),
        "infinite shares": (np.full((81, 9), np.inf), np.full(81, 9)),
        "one grid, sure of it": (np.eye(9)[FULL - 1], FULL),
        "digits beyond 9": (np.full((81, 9), -3.4e38), np.full(81, 2**40)),
    }
    files = {}
    for name, (shares, grid) in made.items():
        files[name] = folder / f"{name.replace(' ', '_')}.onnx"
        files[name].write_bytes(constant(shares, grid))
    return files


def hostile_graphs() -> dict[str, bytes]:
    """Name -> a policy file of the right form whose operators never end or ask for far too much."""
    node, info, tensor = helper.make_node, helper.make_tensor_value_info, helper.make_tensor
    big = tensor("big", INT, [1], [2**38])
    scalars = [tensor("most", INT, [], [2**62]), tensor("always", BOOL, [], [True])]
    scalars += [tensor("from", INT, [], [0]), tensor("step", INT, [], [1])]
    body = helper.make_graph(
        [node("Identity", ["go"], ["on"]), node("Add", ["before", "before"], ["after"])],
        "a round",
        [info("round", INT, []), info("go", BOOL, []), info("before", INT, None)],
        [info("on", BOOL, []), info("after", INT, None)],
    )
    grows = copy.deepcopy(body)
    grows.node[1].CopyFrom(node("Concat", ["before", "before"], ["after"], axis=0))
    deep = body
    for _ in range(15):
        outer = copy.deepcopy(body)
        outer.node[1].CopyFrom(node("Loop", ["most", "go", "before"], ["after"], body=deep))
        deep = outer
    first: dict[str, list[onnx.NodeProto]] = {
        "a loop without end": [node("Loop", ["", "always", "puzzle"], ["x"], body=body)],
        "a loop of 2^62 rounds": [node("Loop", ["most", "always", "puzzle"], ["x"], body=body)],
        "a loop that doubles": [node("Loop", ["most", "always", "puzzle"], ["x"], body=grows)],
        "loops 16 deep": [node("Loop", ["most", "always", "puzzle"], ["x"], body=deep)],
        "a constant of 2^38": [node("ConstantOfShape", ["big"], ["x"])],
        "a range of 2^62": [node("Range", ["from", "most", "step"], ["x"])],
        "an expansion to 2^38": [node("Expand", ["puzzle_", "big"], ["x"])],
        "a tile of 2^38": [node("Tile", ["flat_", "big"], ["x"])],
        "a domain of nobody's": [node("Run", ["puzzle"], ["x"], domain="com.example")],
        "Python's operator": [node("PyOp", ["puzzle"], ["x"], domain="ai.onnx.contrib")],
        "an operator nobody knows": [node("Exec", ["puzzle"], ["x"])],
        "a reshape to nothing": [node("Reshape", ["puzzle", "big"], ["x"])],
        "random numbers of 2^38": [node("RandomNormal", [], ["x"], shape=[2**19, 2**19])],
        "itself as its input": [node("Add", ["x", "puzzle"], ["x"])],
    }
    made = {}
    for name, nodes in first.items():
        model = onnx.load_from_string(constant(np.full((81, 9), 0.1), FULL))
        model.graph.initializer.extend([big, *scalars, tensor("puzzle_", INT, [], [1])])
        model.graph.initializer.append(tensor("flat_", INT, [1], [1]))
        # what is made is of use to the answer, so that nothing leaves it out
        uses = [node("Cast", ["x"], ["x_"], to=INT), node("ReduceMax", ["x_"], ["m"], keepdims=0)]
        uses += [node("Sub", ["m", "m"], ["none"]), node("Add", ["puzzle", "none"], ["mixed"])]
        for each in model.graph.node:
            each.input[:] = ["mixed" if name == "puzzle" else name for name in each.input]
        rest = [*model.graph.node]
        del model.graph.node[:]
        model.graph.node.extend([*nodes, *uses, *rest])
        for entry in model.metadata_props:
            entry.value = EMPTY if entry.key == "hash" else entry.value
        made[name] = stamp(model.SerializeToString())
    return made
