"""Every rewriting of a pass is an identity, and saves what it is there for."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
import torch
from onnx import ModelProto
from torch import Tensor, nn

from export.parity import open_session
from export.rewrite.net import Net
from export.rewrite.rules import RULES, optimised
from export.trace import pieces, trace
from training.network.graph import Policy


def result(model: ModelProto, *inputs: np.ndarray) -> list[np.ndarray]:
    onnx.checker.check_model(model)
    session = open_session(model.SerializeToString())
    names = (value.name for value in session.get_inputs())
    return session.run(None, dict(zip(names, inputs, strict=True)))


def kinds(model: ModelProto) -> list[str]:
    return [node.op_type for node in model.graph.node]


class Sums(nn.Module):
    """Products that are only summed, behind a split, with a bias inside a longer sum."""

    def __init__(self) -> None:
        super().__init__()
        self.message = nn.Linear(4, 10, bias=False)
        self.own = nn.Linear(4, 6)
        self.row, self.column = (nn.Linear(5, 6, bias=False) for _ in range(2))

    def forward(self, h: Tensor) -> Tensor:
        row, column = self.message(h).split(5, dim=-1)
        far = self.row(row.view(-1, 3, 9, 5).sum(2)).unsqueeze(2)
        return self.own(h).view(-1, 3, 9, 6) + far + self.column(column.sum(1)).view(-1, 3, 3, 6)[
            :, :, :1
        ] * 2.0  # fmt: skip


@pytest.fixture(scope="module")
def sums() -> ModelProto:
    torch.manual_seed(0)
    return trace(Sums().requires_grad_(False), (torch.zeros(2, 3, 9, 4),))


def test_a_pass_stays_what_it_was_after_every_rule(policy: Policy) -> None:
    model = pieces(policy).step
    rng = np.random.default_rng(0)
    widths = (policy.config.width, policy.config.width, 2 * policy.config.gate)
    state = [rng.standard_normal((3, 9, 9, 9, width)).astype(np.float32) for width in widths]
    expected = result(model, *state)
    net = Net(model)
    for rule in RULES:
        rule(net)
        net.tidy()
        for one, other in zip(result(net.proto(), *state), expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5, err_msg=rule.__name__)


def test_products_of_sums_take_the_place_of_sums_of_products(sums: ModelProto) -> None:
    state = np.random.default_rng(0).standard_normal((2, 3, 9, 4)).astype(np.float32)
    made = optimised(sums)
    np.testing.assert_allclose(result(made, state)[0], result(sums, state)[0], atol=1e-5)
    assert "Split" in kinds(sums)
    assert "Split" not in kinds(made)
    sizes = [t.dims for t in made.graph.initializer if len(t.dims) == 2]
    assert sorted(map(tuple, sizes)) == [(4, 6)] * 3


def test_nothing_to_rewrite_stays_as_it_is() -> None:
    model = trace(nn.Sequential(nn.Linear(4, 3), nn.Tanh()), (torch.zeros(2, 4),))
    assert sorted(kinds(optimised(model))) == sorted(kinds(model))


def test_optimised_graphs_keep_the_names_of_their_outputs(policy: Policy) -> None:
    model = pieces(policy).step
    assert [o.name for o in optimised(model).graph.output] == [o.name for o in model.graph.output]
