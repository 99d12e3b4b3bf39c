"""The temperature that makes a policy's answers likeliest."""

from __future__ import annotations

import pytest
import torch

from export.calibrate import fitted, sharpened
from export.tta import PolicyWithViews, Views
from tests.export.samples import TINY, make_puzzles
from training.model import Policy


@pytest.fixture
def plain() -> Views:
    return Views.draw(1, TINY.width)


def test_sharper_logits_give_the_same_grid(policy: Policy) -> None:
    puzzles = torch.from_numpy(make_puzzles(3, blanks=50))
    before, after = (one(puzzles, 3)[-1] for one in (policy, sharpened(policy, 2.5)))
    torch.testing.assert_close(after, before * 2.5)
    assert torch.equal(after.argmax(-1), before.argmax(-1))


def test_a_policy_that_is_too_sure_is_made_less_so(policy: Policy, plain: Views) -> None:
    # solutions drawn from what the policy says: it is calibrated as it is
    policy = sharpened(policy, 10.0)
    puzzles = make_puzzles(60, blanks=60)
    says = PolicyWithViews(policy, plain)(torch.from_numpy(puzzles), 3).probabilities
    torch.manual_seed(0)
    drawn = torch.multinomial(says.flatten(0, 1), 1).view(-1, 81).numpy() + 1
    calibrated = fitted(PolicyWithViews(policy, plain), puzzles, drawn, 3)
    assert calibrated.factor == pytest.approx(1, rel=0.1)
    for error in (0.5, 2.0):
        wrong = PolicyWithViews(sharpened(policy, error), plain)
        fit = fitted(wrong, puzzles, drawn, 3)
        assert fit.factor == pytest.approx(1 / error, rel=0.1)
        assert fit.after < fit.before
        assert fit.puzzles == len(puzzles)


def test_the_search_stays_within_its_bounds(policy: Policy, plain: Views) -> None:
    puzzles = make_puzzles(4, blanks=60)
    says = PolicyWithViews(policy, plain)(torch.from_numpy(puzzles), 3).probabilities
    never = says.argmin(-1).numpy() + 1
    assert fitted(PolicyWithViews(policy, plain), puzzles, never, 3).factor == pytest.approx(0.25)
    always = says.argmax(-1).numpy() + 1
    found = fitted(PolicyWithViews(policy, plain), puzzles, always, 3).factor
    assert found == pytest.approx(4.0)
