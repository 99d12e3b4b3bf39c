"""The learning rate's curves and the average of the weights, against their closed forms."""

from __future__ import annotations

import pytest
import torch

from training.network.graph import Policy, PolicyConfig
from training.optim.ema import averaged, decay_at, policy_of
from training.optim.schedule import rate, warmup_steps

NAMES = ("swell", "cosine", "trapezoid", "constant")


@pytest.mark.parametrize("name", NAMES)
def test_the_rate_rises_to_one_and_never_above(name: str) -> None:
    rates = [rate(name, step, 1000, 0.05, 0.3) for step in range(1000)]
    assert max(rates) == pytest.approx(1.0)
    assert rates[:50] == sorted(rates[:50])
    assert warmup_steps(1000, 0.05) == 50


@pytest.mark.parametrize(("name", "end"), [("swell", 1e-4), ("cosine", 0.01), ("trapezoid", 0)])
def test_the_rate_falls_at_the_end(name: str, end: float) -> None:
    assert rate(name, 1000, 1000, 0.05, 0.3) == pytest.approx(end, abs=1e-6)


@pytest.mark.parametrize("total", [10, 100, 1234])
def test_onecycle_is_torchs(total: int) -> None:
    weight = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([weight], lr=1.0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1.0, total, cycle_momentum=False)
    for step in range(total):
        expected = optimizer.param_groups[0]["lr"]
        assert rate("onecycle", step, total, 0.05) == pytest.approx(expected, rel=1e-6)
        optimizer.step()
        if step < total - 1:
            schedule.step()


def test_a_trapezoid_is_flat_until_its_last_third() -> None:
    assert rate("trapezoid", 700, 1000, 0.0, 0.3) == 1
    assert rate("trapezoid", 850, 1000, 0.0, 0.3) == pytest.approx(0.5)


def test_a_longer_run_moves_the_decay_later() -> None:
    assert rate("trapezoid", 900, 1000, 0.0, 0.3) < 1
    assert rate("trapezoid", 900, 2000, 0.0, 0.3) == 1


def test_a_warmup_takes_at_most_500_steps() -> None:
    assert warmup_steps(1_000_000, 0.05) == 500


def test_the_decay_of_the_average_warms_up() -> None:
    assert decay_at(0, 0.99) == pytest.approx(0.1)
    assert decay_at(90, 0.99) == pytest.approx(91 / 100)
    assert decay_at(10_000, 0.99) == 0.99


def test_the_average_is_its_closed_form() -> None:
    policy = Policy(PolicyConfig(width=2, hidden=2, gate=2))
    model = averaged(policy, 0.5)
    expected = 0.0
    for step in range(6):
        with torch.no_grad():
            for parameter in policy.parameters():
                parameter.fill_(float(step))
        model.update_parameters(policy)
        # torch copies the first weights; later updates go by the decay after `step` updates
        decay = decay_at(step, 0.5)
        expected = float(step) if step == 0 else decay * expected + (1 - decay) * step
    for parameter in policy_of(model).parameters():
        torch.testing.assert_close(parameter, torch.full_like(parameter, expected))
