"""The block's C++ kernel against the block in torch."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from training.kernel import Kernel, KernelError
from training.model import Block, Policy, PolicyConfig

SIZES = PolicyConfig(width=16, hidden=32, gate=48)


def _kernel() -> Kernel:
    try:
        return Kernel(SIZES)
    except KernelError as error:
        pytest.skip(str(error))


@pytest.fixture
def block() -> Block:
    torch.manual_seed(0)
    made = Policy(SIZES).block
    for parameter in made.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return made


@pytest.fixture
def threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def _results(block: Block) -> list[Tensor]:
    """The state after a pass of five puzzles, and the gradients of it all."""
    torch.manual_seed(1)
    h = torch.randn(5, 9, 9, 9, SIZES.width, requires_grad=True)
    kind = torch.randint(0, 3, (5, 9, 9, 9))
    out = block(h, kind)
    block.zero_grad()
    out.backward(torch.randn_like(out))
    gradients = [h.grad, *(parameter.grad for parameter in block.parameters())]
    return [out.detach(), *(gradient.clone() for gradient in gradients if gradient is not None)]


def _difference(found: Tensor, expected: Tensor) -> float:
    """The largest difference as a share of the largest value."""
    return float((found - expected).abs().max() / expected.abs().max())


def test_the_kernel_gives_torchs_state_and_gradients(block: Block) -> None:
    expected = _results(block)
    block.kernel = _kernel()
    found = _results(block)
    assert len(found) == len(expected) == 2 + len(list(block.parameters()))
    for one, other in zip(found, expected, strict=True):
        assert _difference(one, other) < 1e-5


@pytest.mark.usefixtures("threads")
def test_the_kernel_gives_each_puzzle_the_same_on_any_number_of_threads(block: Block) -> None:
    block.kernel = _kernel()
    torch.set_num_threads(1)
    one = _results(block)
    torch.set_num_threads(3)
    three = _results(block)
    assert torch.equal(one[0], three[0])
    assert torch.equal(one[1], three[1])
    for single, shared in zip(one[2:], three[2:], strict=True):
        assert _difference(shared, single) < 1e-5


def test_the_kernel_repeats_itself_bit_for_bit(block: Block) -> None:
    block.kernel = _kernel()
    first, second = _results(block), _results(block)
    assert all(torch.equal(one, other) for one, other in zip(first, second, strict=True))


def test_half_precision_is_left_to_torch(block: Block) -> None:
    kernel = _kernel()
    h = torch.zeros(1, 9, 9, 9, SIZES.width)
    assert kernel.takes(h)
    assert not kernel.takes(h.bfloat16())
    with torch.autocast("cpu", torch.bfloat16):
        assert not kernel.takes(h)


def test_a_copied_policy_keeps_the_kernel(block: Block) -> None:
    block.kernel = _kernel()
    other = copy.deepcopy(block)
    assert other.kernel is not None
    assert other.kernel.library is block.kernel.library


def test_sizes_that_do_not_fill_a_vector_are_refused() -> None:
    with pytest.raises(KernelError, match="multiples of 16"):
        Kernel(PolicyConfig(width=20))
