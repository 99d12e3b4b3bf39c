"""The exported graph is the reference, whatever the batch, the views and the passes."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest
import torch
from onnx import ModelProto

from export.build import seal
from export.parity import OUTPUTS, TOLERANCE, compare, open_session, reference, run
from export.quantise import build
from export.views import PolicyWithViews, Sharpness, Views
from solver.policy.stamp import read_stamp, stamp_hash
from tests.export.samples import make_puzzles
from training.network.graph import Policy


@pytest.fixture(scope="module")
def model(policy: Policy, views: Views) -> ModelProto:
    return build(policy, views, passes=4)


@pytest.fixture(scope="module")
def data(model: ModelProto, policy: Policy) -> bytes:
    return seal(model, policy, {"views": "3", "passes": "4", "run": {"seed": 1}})


@pytest.fixture(scope="module")
def session(data: bytes) -> Any:
    return open_session(data)


@pytest.fixture(scope="module")
def mixed() -> np.ndarray:
    """Some that are solved at once between some that never are."""
    puzzles = make_puzzles(7, blanks=60)
    puzzles[[1, 4]] = make_puzzles(7, blanks=0)[[1, 4]]
    return puzzles


def test_it_says_what_the_reference_says(
    policy: Policy, views: Views, session: Any, mixed: np.ndarray
) -> None:
    expected = reference(PolicyWithViews(policy, views), mixed, passes=4)
    assert expected["valid"].tolist() == [False, True, False, False, True, False, False]
    compare(expected, run(session, mixed), "all views")


def test_views_and_passes_can_be_set_in_a_run(
    policy: Policy, views: Views, session: Any, mixed: np.ndarray
) -> None:
    model = PolicyWithViews(policy, views)
    expected = reference(model, mixed, passes=2, views=1, start=2)
    assert (
        compare(
            expected, run(session, mixed, max_passes=2, max_views=1, first_view=2), "third view"
        )
        <= TOLERANCE
    )
    expected = reference(model, mixed, passes=7, views=2)
    assert (
        compare(expected, run(session, mixed, max_passes=7, max_views=2), "more passes")
        <= TOLERANCE
    )
    expected = reference(model, mixed, passes=4, start=1)
    assert (
        compare(expected, run(session, mixed, max_views=9, first_view=1), "no more than there are")
        <= TOLERANCE
    )


def test_answers_are_as_sharp_as_the_references(
    policy: Policy, views: Views, mixed: np.ndarray
) -> None:
    sharpness = Sharpness(right=3.0, wrong=0.5)
    session = open_session(build(policy, views, passes=4, sharpness=sharpness).SerializeToString())
    expected = reference(PolicyWithViews(policy, views, sharpness), mixed, passes=4)
    plain = reference(PolicyWithViews(policy, views), mixed, passes=4)
    assert np.abs(expected["probabilities"] - plain["probabilities"]).max() > 0.01
    compare(expected, run(session, mixed), "sharpened")


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_the_batch_changes_nothing(session: Any, mixed: np.ndarray, batch: int) -> None:
    whole, parts = run(session, mixed, 7), run(session, mixed, batch)
    assert compare(whole, parts, f"batches of {batch}") <= TOLERANCE


def test_the_grid_keeps_the_givens(session: Any) -> None:
    puzzles = make_puzzles(5)
    grid = run(session, puzzles)["grid"]
    assert (grid[puzzles > 0] == puzzles[puzzles > 0]).all()
    assert grid.min() >= 1
    assert grid.max() <= 9


def test_givens_that_break_a_rule_are_never_valid(session: Any) -> None:
    puzzles = make_puzzles(1, blanks=0)
    puzzles[0, 0] = puzzles[0, 1]
    assert run(session, puzzles)["valid"].tolist() == [False]


def test_the_trace_has_a_step_a_pass_and_ends_in_the_answer(session: Any) -> None:
    puzzle = make_puzzles(1, blanks=60)
    trace, probabilities, passes = session.run(
        ["trace", "probabilities", "passes"], {"puzzle": puzzle, "max_views": np.array(1)}
    )
    assert trace.shape == (passes[0], 81, 9)
    np.testing.assert_allclose(trace[-1], probabilities[0], atol=1e-6)
    np.testing.assert_allclose(trace.sum(-1), 1, atol=1e-5)


def test_the_trace_shows_other_views_in_the_puzzles_own_frame(
    session: Any, policy: Policy, views: Views
) -> None:
    puzzle = make_puzzles(1, blanks=60)
    trace = session.run(["trace"], {"puzzle": puzzle})[0]
    assert len(trace) == 4 * len(views)
    model = PolicyWithViews(policy, views)
    stage = model.begin(torch.from_numpy(puzzle))
    last = [model.look(stage, view, passes=4)[0] for view in range(len(views))][-1]
    np.testing.assert_allclose(trace[-1], last[0].numpy(), atol=1e-4)


def test_the_edge_is_what_sessions_expect(session: Any) -> None:
    assert [value.name for value in session.get_inputs()] == ["puzzle"]
    assert [value.name for value in session.get_outputs()] == [*OUTPUTS, "trace"]


def _graphs(graph: onnx.GraphProto) -> list[onnx.GraphProto]:
    inner = [a.g for node in graph.node for a in node.attribute if a.HasField("g")]
    return [graph, *(deep for each in inner for deep in _graphs(each))]


def test_no_graph_carries_stack_traces_paths_or_names_of_the_exporter(data: bytes) -> None:
    model = onnx.load_model_from_string(data)
    onnx.checker.check_model(model)
    graphs = _graphs(model.graph)
    assert len(graphs) == 4
    for graph in graphs:
        assert not graph.metadata_props
        assert not graph.value_info
        assert not graph.doc_string
        assert not any(node.metadata_props or node.doc_string for node in graph.node)
    for trace in (b"site-packages", b".py", b"torch", b"/home", b"/root"):
        assert trace not in data


def test_the_weights_stand_once(data: bytes, policy: Policy) -> None:
    model = onnx.load_model_from_string(data)
    contents = [(t.data_type, tuple(t.dims), t.raw_data) for t in model.graph.initializer]
    big = [content for content in contents if len(content[2]) > 16]
    assert len(set(big)) == len(big)
    assert not any(g.initializer for g in _graphs(model.graph)[1:])


def test_the_seal_is_the_hash_of_the_file(data: bytes) -> None:
    assert read_stamp(data) == stamp_hash(data)
    changed = data.replace(b'"seed": 1', b'"seed": 2')
    assert changed != data
    assert read_stamp(changed) != stamp_hash(changed)


def test_the_same_policy_gives_the_same_bytes(policy: Policy, views: Views, data: bytes) -> None:
    metadata = {"views": "3", "passes": "4", "run": {"seed": 1}}
    assert seal(build(policy, views, passes=4), policy, metadata) == data
