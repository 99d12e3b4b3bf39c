"""SOAP against what it is made of: Adam, and bases of the gradients' covariances."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from training.optim.soap import SOAP


def _descend(optimizer: torch.optim.Optimizer, weight: Tensor, steps: int, seed: int = 0) -> None:
    """Steps down |A W B|² with an ill-conditioned A and B, kept the same for a seed."""
    generator = torch.Generator().manual_seed(seed)
    left = torch.randn(6, 6, generator=generator) * torch.logspace(0, -2, 6)
    right = torch.randn(5, 5, generator=generator) * torch.logspace(0, -2, 5)[:, None]
    for _ in range(steps):
        optimizer.zero_grad()
        (left @ weight @ right).square().sum().backward()
        optimizer.step()


def _weight(*shape: int) -> nn.Parameter:
    return nn.Parameter(torch.ones(*shape))


def test_the_first_step_only_measures() -> None:
    weight = _weight(6, 5)
    _descend(SOAP([weight], lr=0.1), weight, 1)
    assert torch.equal(weight, torch.ones(6, 5))


def test_vectors_get_adam_one_step_behind() -> None:
    gradients = [torch.tensor([1.0, -2.0, 0.5]) * k for k in (1, 1, 2, -1)]
    ours, theirs = _weight(3), _weight(3)
    soap = SOAP([ours], lr=0.1, weight_decay=0.01)
    adam = torch.optim.AdamW([theirs], lr=0.1, betas=(0.9, 0.95), weight_decay=0.01)
    for number, gradient in enumerate(gradients):
        ours.grad = gradient
        soap.step()
        if number:
            theirs.grad = gradient
            adam.step()
    torch.testing.assert_close(ours, theirs)


def test_the_bases_are_orthogonal_and_turn_towards_the_eigenvectors() -> None:
    weight = _weight(6, 5)
    optimizer = SOAP([weight], lr=0.01, frequency=1)
    _descend(optimizer, weight, 40)
    state = optimizer.state[weight]
    basis = state["left_basis"]
    torch.testing.assert_close(basis.T @ basis, torch.eye(6), atol=1e-5, rtol=0)
    turned = basis.T @ state["left"] @ basis
    assert (turned - turned.diag().diag()).norm() < 0.1 * turned.norm()


def test_soap_gets_further_than_adam_where_the_directions_are_mixed() -> None:
    ours, theirs = _weight(6, 5), _weight(6, 5)
    _descend(SOAP([ours], lr=0.01, weight_decay=0.0), ours, 150)
    _descend(torch.optim.AdamW([theirs], lr=0.01, weight_decay=0.0), theirs, 150)
    assert ours.detach().norm() < 0.8 * theirs.detach().norm()


def test_a_loaded_state_goes_on_bit_for_bit() -> None:
    whole = _weight(6, 5)
    optimizer = SOAP([whole], lr=0.01)
    _descend(optimizer, whole, 23)
    other = nn.Parameter(whole.detach().clone())
    resumed = SOAP([other], lr=0.01)
    resumed.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    _descend(optimizer, whole, 30)
    _descend(resumed, other, 30)
    assert torch.equal(whole, other)


def test_a_closure_is_refused() -> None:
    with pytest.raises(ValueError, match="closure"):
        SOAP([_weight(2, 2)], lr=0.1).step(lambda: 0.0)


def _published(weight: np.ndarray, gradients: list[np.ndarray], lr: float) -> np.ndarray:
    """The weights after the update rule as its authors print it (Vyas et al. 2024, algorithm 3),
    in float64: Adam's second moment in the eigenbasis, its first one outside of it, and a step of
    orthogonal iteration every tenth step. The first gradient only begins the means."""
    beta1, beta2, memory, every, eps = 0.9, 0.95, 0.95, 10, 1e-8
    first, *rest = gradients
    left, right = first @ first.T, first.T @ first
    q_left, q_right = np.linalg.eigh(left)[1], np.linalg.eigh(right)[1]
    mean, square = np.zeros_like(first), np.zeros_like(first)
    for t, gradient in enumerate(rest, 1):
        turned = q_left.T @ gradient @ q_right
        mean = beta1 * mean + (1 - beta1) * gradient
        square = beta2 * square + (1 - beta2) * turned**2
        numerator = q_left.T @ mean @ q_right / (1 - beta1**t)
        step = numerator / (np.sqrt(square / (1 - beta2**t)) + eps)
        weight = weight - lr * q_left @ step @ q_right.T
        left = memory * left + (1 - memory) * gradient @ gradient.T
        right = memory * right + (1 - memory) * gradient.T @ gradient
        if t % every == 0:
            for_left = np.argsort(-np.diag(q_left.T @ left @ q_left))
            for_right = np.argsort(-np.diag(q_right.T @ right @ q_right))
            square = square[for_left][:, for_right]
            q_left = np.linalg.qr(left @ q_left[:, for_left])[0]
            q_right = np.linalg.qr(right @ q_right[:, for_right])[0]
    return weight


def test_the_update_is_the_published_one() -> None:
    rng = np.random.default_rng(0)
    start = rng.standard_normal((6, 5))
    gradients = [rng.standard_normal((6, 5)) for _ in range(34)]
    weight = torch.nn.Parameter(torch.from_numpy(start.copy()))
    optimizer = SOAP([weight], lr=0.01, betas=(0.9, 0.95), weight_decay=0.0)
    for gradient in gradients:
        weight.grad = torch.from_numpy(gradient)
        optimizer.step()
    expected = _published(start, gradients, 0.01)
    assert np.abs(expected - start).max() > 0.05
    np.testing.assert_allclose(weight.detach().numpy(), expected, rtol=0, atol=1e-9)
