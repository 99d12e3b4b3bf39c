"""The powers that make a policy's answers likeliest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from export.calibrate import ENOUGH, MOST, _certainty, fitted
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
    assert fit.grid_after < fit.grid_before


def test_right_grids_are_made_no_surer_than_calibration_asks() -> None:
    torch.manual_seed(0)
    probabilities = (torch.randn(8, 81, 9) * 3).softmax(-1)
    power = _certainty(probabilities, probabilities.argmax(-1))
    sharp = Sharpness(right=power).of(probabilities, torch.ones(8) > 0)
    # all are right, so the error is what the mean confidence lacks to 1
    assert float(1 - sharp.amax(-1).mean()) == pytest.approx(ENOUGH, abs=1e-5)
    assert 1 < power < MOST
    assert _certainty(sharp, sharp.argmax(-1)) == pytest.approx(1, abs=1e-3)


def test_a_power_at_the_end_of_the_search_is_refused(sure: Policy, plain: Views) -> None:
    puzzles = make_puzzles(20, blanks=60)
    answer = PolicyWithViews(sure, plain)(torch.from_numpy(puzzles), 3)
    assert not answer.valid.any()
    likeliest = answer.probabilities.argmax(-1).numpy() + 1  # the surer, the better, for ever
    with pytest.raises(ValueError, match=r"no power between 0\.0625 and 16 fits"):
        fitted(PolicyWithViews(sure, plain), puzzles, likeliest, 3)


def test_a_high_power_leaves_numbers() -> None:
    probabilities = torch.tensor([0.3, 0.3, 0.4, 0, 0, 0, 0, 0, 0]).expand(1, 81, 9)
    sharp = Sharpness(right=4096.0).of(probabilities, torch.tensor([True]))
    torch.testing.assert_close(sharp[0, 0], torch.tensor([0.0, 0, 1, 0, 0, 0, 0, 0, 0]))
