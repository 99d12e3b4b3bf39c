"""The powers that make a policy's answers likeliest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from export.calibrate import fitted
from export.views import PolicyWithViews, Sharpness, Views
from tests.export.samples import make_puzzles
from training.network.graph import Policy


@pytest.fixture
def sure(policy: Policy) -> Iterator[Policy]:
    """The tiny policy, sure enough of what it says to be told from one that knows nothing."""
    with torch.no_grad():
        policy.head.weight.mul_(10.0)
    yield policy
    with torch.no_grad():
        policy.head.weight.div_(10.0)


@pytest.fixture
def plain() -> Views:
    return Views.draw(1)


def test_sharpness_is_of_the_kind_of_answer_and_sums_to_one() -> None:
    probabilities = torch.tensor([0.5, 0.3, 0.2, 0, 0, 0, 0, 0, 0]).expand(2, 81, 9)
    sharp = Sharpness(right=2.0, wrong=0.5).of(probabilities, torch.tensor([True, False]))
    torch.testing.assert_close(sharp.sum(-1), torch.ones(2, 81))
    torch.testing.assert_close(sharp[0, 0, :3], torch.tensor([25.0, 9.0, 4.0]) / 38)
    roots = torch.tensor([0.5, 0.3, 0.2]).sqrt()
    torch.testing.assert_close(sharp[1, 0, :3], roots / roots.sum())
    assert torch.equal(sharp.argmax(-1), probabilities.argmax(-1))


def test_answers_that_are_too_sure_are_made_less_so(sure: Policy, plain: Views) -> None:
    # solutions drawn from what the policy says: it is calibrated as it is
    puzzles = make_puzzles(60, blanks=60)
    answer = PolicyWithViews(sure, plain)(torch.from_numpy(puzzles), 3)
    assert not answer.valid.any()
    torch.manual_seed(0)
    says = answer.probabilities.flatten(0, 1)
    drawn = torch.multinomial(says, 1).view(-1, 81).numpy() + 1
    calibrated = fitted(PolicyWithViews(sure, plain), puzzles, drawn, 3)
    assert calibrated.sharpness.wrong == pytest.approx(1, rel=0.1)
    assert calibrated.sharpness.right == 1
    for error in (0.5, 2.0):
        fit = fitted(PolicyWithViews(sure, plain, Sharpness(wrong=error)), puzzles, drawn, 3)
        assert fit.sharpness.wrong == pytest.approx(1 / error, rel=0.1)
        assert fit.after < fit.before
        assert fit.puzzles == len(puzzles)


def test_valid_grids_have_a_power_of_their_own(sure: Policy, plain: Views) -> None:
    puzzles = make_puzzles(8, blanks=0)
    answer = PolicyWithViews(sure, plain)(torch.from_numpy(puzzles), 3)
    assert answer.valid.all()
    says = answer.probabilities.argmax(-1).numpy() + 1
    fit = fitted(PolicyWithViews(sure, plain), puzzles, says, 3)
    assert fit.sharpness.wrong == 1
    assert fit.sharpness.right == pytest.approx(4.0)
