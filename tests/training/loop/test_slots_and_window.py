"""Carried states: when a slot is fresh, and that a window is its passes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from training.data.cache import packed
from training.data.loaders import Feed
from training.data.stream import Group, Stream
from training.loop.slots import Slots
from training.network.graph import Policy, PolicyConfig
from training.network.losses import cross_entropy
from training.network.window import Window

CPU = torch.device("cpu")
NOWHERE = torch.zeros(6, dtype=torch.long)


@pytest.fixture
def policy() -> Policy:
    torch.manual_seed(0)
    return Policy(PolicyConfig(width=4, hidden=4, gate=4))


@pytest.fixture
def feed(make_csv: Callable[..., Path]) -> Callable[[], Feed]:
    file = packed(make_csv())
    return lambda: Feed(Stream([file], [Group(0, np.arange(len(file)), 1.0)], 0, 0, False), CPU)


def slots(carry: bool, **changes: float) -> Slots:
    settings = {"max_windows": 3, "keep_solved": 0.0, **changes}
    generator = torch.Generator().manual_seed(0)
    return Slots(6, carry=carry, generator=generator, **settings)  # type: ignore[arg-type]


def test_without_carry_every_slot_is_fresh_every_time(feed: Callable) -> None:
    kept, source = slots(False), feed()
    assert kept.refill(source) == 6
    kept.advance(torch.zeros(6, dtype=torch.bool), NOWHERE)
    assert kept.refill(source) == 6
    assert source.position == 12


def test_a_solved_slot_gets_another_puzzle_and_the_rest_stay(feed: Callable) -> None:
    kept, source = slots(True, max_windows=100), feed()
    kept.refill(source)
    kept.left.fill_(100)
    before = kept.puzzle.clone()
    kept.advance(torch.tensor([True, False, False, True, False, False]), NOWHERE)
    assert kept.fresh.tolist() == [True, False, False, True, False, False]
    assert kept.refill(source) == 2
    assert kept.age.tolist() == [0, 1, 1, 0, 1, 1]
    assert torch.equal(kept.puzzle[1:3], before[1:3])


def test_a_slot_is_given_up_when_its_windows_are_used(feed: Callable) -> None:
    kept, source = slots(True, max_windows=3), feed()
    kept.refill(source)
    windows = kept.left.clone()
    assert bool(((windows >= 1) & (windows <= 3)).all())
    for done in range(1, 4):
        kept.advance(torch.zeros(6, dtype=torch.bool), NOWHERE)
        assert torch.equal(kept.fresh, windows <= done)


def test_solved_slots_may_stay(feed: Callable) -> None:
    kept = slots(True, max_windows=100, keep_solved=1.0)
    kept.refill(feed())
    kept.left.fill_(100)
    kept.advance(torch.ones(6, dtype=torch.bool), NOWHERE)
    assert not kept.fresh.any()


def test_puzzles_that_stay_unsolved_go_on_with_a_digit_supposed(feed: Callable) -> None:
    kept = slots(True, max_windows=2, suppose=1.0)
    kept.refill(feed())
    kept.left.fill_(1)
    before, cell = kept.puzzle.clone(), (kept.puzzle == 0).int().argmax(1)
    solved = torch.tensor([True, False, False, True, False, False])
    kept.advance(solved, cell)
    assert torch.equal(kept.fresh, solved)
    assert torch.equal(kept.puzzle[solved], before[solved])
    rows = (~solved).nonzero().flatten()
    digit = kept.target[rows, cell[rows]] + 1
    before[rows, cell[rows]] = digit
    assert torch.equal(kept.puzzle, before)
    assert bool((kept.left[rows] >= 1).all())


def test_puzzles_that_stay_unsolved_may_go_on_for_long_as_they_are(feed: Callable) -> None:
    kept = slots(True, max_windows=1, late=1.0, late_windows=500)
    kept.refill(feed())
    before = kept.puzzle.clone()
    solved = torch.tensor([True, False, False, False, False, False])
    kept.advance(solved, NOWHERE)
    assert kept.fresh.tolist() == solved.tolist()
    assert torch.equal(kept.puzzle, before)
    assert int(kept.left[1:].min()) >= 1
    assert 12 < int(kept.left.max()) <= 500


def test_nothing_is_supposed_before_the_policy_had_time(feed: Callable) -> None:
    kept = slots(True, max_windows=12, suppose=1.0)
    kept.refill(feed())
    kept.left.fill_(1)
    kept.advance(torch.zeros(6, dtype=torch.bool), torch.zeros(6, dtype=torch.long))
    assert kept.fresh.all()


def test_slots_of_another_number_are_refused() -> None:
    other = Slots(5, carry=True, max_windows=1, keep_solved=0, generator=torch.Generator())
    with pytest.raises(ValueError, match="6 slots were kept, this run has 5"):
        other.load_state_dict(slots(True).state_dict())


def test_a_window_is_the_policys_passes(policy: Policy, feed: Callable) -> None:
    with torch.no_grad():
        policy.block.down.weight.normal_(0, 0.1)
    kept = slots(False)
    kept.refill(feed())
    fresh = torch.ones(6, dtype=torch.bool)
    out = Window(policy, 3, 0.5)(kept.puzzle, kept.target, fresh, None)
    logits = policy(kept.puzzle, 3)
    expected = torch.stack([cross_entropy(one, kept.target) for one in logits]).mean()
    torch.testing.assert_close(out.ce, expected)
    torch.testing.assert_close(out.loss, out.ce + 0.5 * out.constraint)
    right = logits[-1].argmax(-1) == kept.target
    assert torch.equal(out.right, right.sum(1))
    probabilities = logits[-1].detach().softmax(-1)
    for i, cell in enumerate(out.least_sure):
        doubt = -(probabilities[i] * probabilities[i].log()).sum(-1)
        assert bool(right[i, cell])
        assert float(doubt[cell]) == pytest.approx(float(doubt[right[i]].max()))


def test_a_window_goes_on_from_the_state_of_slots_that_are_not_fresh(
    policy: Policy, feed: Callable
) -> None:
    with torch.no_grad():
        policy.block.down.weight.normal_(0, 0.1)
    kept = slots(True)
    kept.refill(feed())
    window = Window(policy, 2, 0.0)
    first = window(kept.puzzle, kept.target, kept.fresh, None)
    fresh = torch.tensor([True, False, True, False, True, False])
    second = window(kept.puzzle, kept.target, fresh, first.state)
    torch.testing.assert_close(second.state[fresh], first.state[fresh])
    four = policy(kept.puzzle, 4)[-1]
    torch.testing.assert_close(policy.logits(second.state)[~fresh], four[~fresh])
