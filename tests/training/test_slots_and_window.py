"""Carried states: when a slot is fresh, and that a window is its passes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from training.cache import packed
from training.loaders import Feed
from training.losses import cross_entropy
from training.model import Policy, PolicyConfig, shaken
from training.slots import STRONGEST, Slots
from training.stream import Group, Stream
from training.window import Window

CPU = torch.device("cpu")


@pytest.fixture
def policy() -> Policy:
    torch.manual_seed(0)
    return Policy(PolicyConfig(width=4, hidden=4, gate=4))


@pytest.fixture
def feed(make_csv: Callable[..., Path]) -> Callable[[], Feed]:
    file = packed(make_csv())
    return lambda: Feed(Stream([file], [Group(0, np.arange(len(file)), 1.0)], 0, 0, False), CPU)


def slots(carry: bool, **changes: float) -> Slots:
    settings = {"max_windows": 3, "keep_solved": 0.0, "noise": 1.0, **changes}
    generator = torch.Generator().manual_seed(0)
    return Slots(6, carry=carry, generator=generator, **settings)  # type: ignore[arg-type]


def test_without_carry_every_slot_is_fresh_every_time(policy: Policy, feed: Callable) -> None:
    kept, source = slots(False), feed()
    assert kept.refill(source, policy) == 6
    kept.advance(torch.zeros(6, dtype=torch.bool))
    assert kept.refill(source, policy) == 6
    assert source.position == 12


def test_a_solved_slot_gets_another_puzzle_and_the_rest_stay(
    policy: Policy, feed: Callable
) -> None:
    kept, source = slots(True, max_windows=100), feed()
    kept.refill(source, policy)
    kept.left.fill_(100)
    before = kept.puzzle.clone()
    kept.advance(torch.tensor([True, False, False, True, False, False]))
    assert kept.fresh.tolist() == [True, False, False, True, False, False]
    assert kept.refill(source, policy) == 2
    assert kept.age.tolist() == [0, 1, 1, 0, 1, 1]
    assert torch.equal(kept.puzzle[1:3], before[1:3])


def test_a_slot_is_given_up_when_its_windows_are_used(policy: Policy, feed: Callable) -> None:
    kept, source = slots(True, max_windows=3), feed()
    kept.refill(source, policy)
    windows = kept.left.clone()
    assert bool(((windows >= 1) & (windows <= 3)).all())
    for done in range(1, 4):
        kept.advance(torch.zeros(6, dtype=torch.bool))
        assert torch.equal(kept.fresh, windows <= done)


def test_a_share_of_the_slots_is_shaken(policy: Policy, feed: Callable) -> None:
    source = feed()
    for share, count in ((0.0, 0), (1.0, 6)):
        kept = slots(True, noise=share)
        kept.refill(source, policy)
        assert int((kept.strength > 0).sum()) == count
        assert float(kept.strength.max()) <= STRONGEST


def test_solved_slots_may_stay(policy: Policy, feed: Callable) -> None:
    kept = slots(True, max_windows=100, keep_solved=1.0)
    kept.refill(feed(), policy)
    kept.left.fill_(100)
    kept.advance(torch.ones(6, dtype=torch.bool))
    assert not kept.fresh.any()


def test_revealed_blanks_are_the_solutions_own(policy: Policy, feed: Callable) -> None:
    plain, shown = slots(False), slots(False, reveal=1.0)
    plain.refill(feed(), policy)
    shown.refill(feed(), policy)
    assert torch.equal(shown.target, plain.target)
    more = (shown.puzzle > 0) & (plain.puzzle == 0)
    assert more.any()
    assert torch.equal(shown.puzzle[~more], plain.puzzle[~more])
    assert torch.equal(shown.puzzle[more], plain.target[more] + 1)


def test_slots_of_another_number_are_refused() -> None:
    other = Slots(5, carry=True, max_windows=1, keep_solved=0, noise=0, generator=torch.Generator())
    with pytest.raises(ValueError, match="6 slots were kept, this run has 5"):
        other.load_state_dict(slots(True).state_dict())


def test_a_window_is_the_policys_passes(policy: Policy, feed: Callable) -> None:
    with torch.no_grad():
        policy.block.down.weight.normal_(0, 0.1)
    kept = slots(False, noise=0.0)
    kept.refill(feed(), policy)
    fresh = torch.ones(6, dtype=torch.bool)
    out = Window(policy, 3, 0.5)(kept.puzzle, kept.target, kept.strength, kept.noise, fresh, None)
    logits = policy(kept.puzzle, 3)
    expected = torch.stack([cross_entropy(one, kept.target) for one in logits]).mean()
    torch.testing.assert_close(out.ce, expected)
    torch.testing.assert_close(out.loss, out.ce + 0.5 * out.constraint)
    assert torch.equal(out.right, (logits[-1].argmax(-1) == kept.target).sum(1))


def test_a_window_goes_on_from_the_state_of_slots_that_are_not_fresh(
    policy: Policy, feed: Callable
) -> None:
    with torch.no_grad():
        policy.block.down.weight.normal_(0, 0.1)
    kept = slots(True, noise=0.0)
    kept.refill(feed(), policy)
    window = Window(policy, 2, 0.0)
    first = window(kept.puzzle, kept.target, kept.strength, kept.noise, kept.fresh, None)
    fresh = torch.tensor([True, False, True, False, True, False])
    second = window(kept.puzzle, kept.target, kept.strength, kept.noise, fresh, first.state)
    torch.testing.assert_close(second.state[fresh], first.state[fresh])
    four = policy(kept.puzzle, 4)[-1]
    torch.testing.assert_close(policy.logits(second.state)[~fresh], four[~fresh])


def test_a_window_shakes_the_states_that_have_a_strength(policy: Policy, feed: Callable) -> None:
    with torch.no_grad():
        policy.block.down.weight.normal_(0, 0.1)
    kept = slots(True, noise=1.0)
    kept.refill(feed(), policy)
    strength = torch.tensor([0.0, 1.0, 0.0, 2.0, 0.0, 0.5])
    window = Window(policy, 1, 0.0)
    out = window(kept.puzzle, kept.target, strength, kept.noise, kept.fresh, None)
    kind = policy.kinds(kept.puzzle)
    stirred = strength.view(-1, 1, 1, 1, 1) * kept.noise
    expected = policy.block(shaken(policy.first_state(kind), stirred), kind)
    torch.testing.assert_close(out.state, expected.detach())
    quiet = policy.block(policy.first_state(kind), kind)
    moved = (out.state - quiet).flatten(1).abs().amax(1) > 1e-3
    assert moved.tolist() == [False, True, False, True, False, True]
