"""Lower precisions are the same policy, nearly."""

from __future__ import annotations

import numpy as np
import pytest

from export.build import seal
from export.parity import open_session, reference, run
from export.quantise import build
from export.views import PolicyWithViews, Views
from tests.export.samples import make_puzzles
from training.network.graph import Policy


@pytest.mark.parametrize(("precision", "near"), [("fp16", 0.02), ("int8", 0.1)])
def test_probabilities_stay_near_those_of_float32(
    policy: Policy, views: Views, precision: str, near: float
) -> None:
    puzzles = make_puzzles(3, blanks=60)
    expected = reference(PolicyWithViews(policy, views), puzzles, passes=2, views=1)
    session = open_session(seal(build(policy, views, 2, precision), policy, {}))
    found = run(session, puzzles, max_views=1)
    assert 0 < np.abs(found["probabilities"] - expected["probabilities"]).max() < near
    assert found["probabilities"].dtype == np.float32


def test_an_unknown_precision_is_refused(policy: Policy, views: Views) -> None:
    with pytest.raises(ValueError, match="choose from fp32, fp16, int8"):
        build(policy, views, 2, "fp8")
