"""Work in a thread ends when another says so, be it in the middle of a run without an end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from solver.policy.session import Policy
from solver.policy.stamp import stamp
from solver.policy.stop import Stop, StoppedError
from solver.solving.solver import Solver
from tests.solver.policies import clueless, onnx_bytes


@pytest.fixture
def endless(tmp_path: Path) -> Policy:
    """A policy that goes on adding 0 to the puzzle before it says a word."""
    model = onnx.load_from_string(onnx_bytes())
    node, info = helper.make_node, helper.make_tensor_value_info
    body = helper.make_graph(
        [node("Identity", ["go"], ["on"]), node("Add", ["before", "none"], ["after"])],
        "a pass",
        [
            info("number", TensorProto.INT64, []),
            info("go", TensorProto.BOOL, []),
            info("before", TensorProto.INT64, ["batch", 81]),
        ],
        [info("on", TensorProto.BOOL, []), info("after", TensorProto.INT64, ["batch", 81])],
        [helper.make_tensor("none", TensorProto.INT64, [1], [0])],
    )
    for each in model.graph.node:
        each.input[:] = ["passed" if name == "puzzle" else name for name in each.input]
    model.graph.node.insert(0, node("Loop", ["", "always", "puzzle"], ["passed"], body=body))
    model.graph.initializer.append(helper.make_tensor("always", TensorProto.BOOL, [], [True]))
    path = tmp_path / "endless.onnx"
    path.write_bytes(stamp(model.SerializeToString()))
    return Policy.load(path, device="cpu", threads=1)


@pytest.fixture
def soon() -> Iterator[Stop]:
    """A stop that is set when the work has begun."""
    stop = Stop()
    timer = threading.Timer(0.05, stop.set)
    timer.start()
    yield stop
    timer.join()


def test_a_run_without_an_end_ends(endless: Policy, soon: Stop) -> None:
    with pytest.raises(StoppedError):
        endless.predict(np.zeros((1, 81), int), stop=soon)


def test_a_solve_ends_with_its_run(endless: Policy, soon: Stop) -> None:
    with pytest.raises(StoppedError):
        Solver(endless).solve([0] * 81, soon)


def test_what_is_stopped_at_first_does_not_begin(endless: Policy) -> None:
    stop = Stop()
    stop.set()
    for policy in (endless, clueless()):
        with pytest.raises(StoppedError):
            policy.predict(np.zeros((1, 81), int), stop=stop)


def test_batches_side_by_side_all_end(endless: Policy, soon: Stop) -> None:
    endless.threads = 2
    with pytest.raises(StoppedError):
        endless.predict(np.zeros((4, 81), int), batch_size=1, stop=soon)


def test_a_stop_that_is_not_set_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "tiny.onnx").write_bytes(onnx_bytes())
    policy = Policy.load(tmp_path / "tiny.onnx", device="cpu", threads=1)
    puzzles = np.random.default_rng(0).integers(0, 10, (3, 81))
    said, again = (policy.predict(puzzles, stop=stop) for stop in (None, Stop()))
    np.testing.assert_array_equal(said.probabilities, again.probabilities)
