"""The C++ kernel against the same pass in torch."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import Tensor

from training.commands.benchmark import kernel
from training.network.graph import Block, Policy, PolicyConfig
from training.network.kernel import Kernel, KernelError, equipped, kernel_for, kernel_of
from training.network.kernel import _library as _kernel_library

SIZES = PolicyConfig(width=16, hidden=32, gate=48)


def _kernel() -> Kernel:
    try:
        return Kernel(SIZES)
    except KernelError as error:
        pytest.skip(str(error))


@pytest.fixture
def policy() -> Policy:
    torch.manual_seed(0)
    made = Policy(SIZES)
    for parameter in made.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return made


@pytest.fixture
def threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def _results(policy: Policy) -> list[Tensor]:
    """State and logits after two passes of five puzzles, and the gradients of it all."""
    torch.manual_seed(1)
    h = torch.randn(5, 9, 9, 9, SIZES.width, requires_grad=True)
    kind = torch.randint(0, 3, (5, 9, 9, 9))
    middle, first = policy.step(h, kind)
    out, second = policy.step(middle, kind)
    policy.zero_grad()
    logits = torch.stack([first, second])
    loss = (out * torch.randn_like(out)).sum() + (logits * torch.randn_like(logits)).sum()
    loss.backward()
    gradients = [h.grad, *(parameter.grad for parameter in policy.parameters())]
    return [out.detach(), logits.detach(), *(g.clone() for g in gradients if g is not None)]


def _difference(found: Tensor, expected: Tensor) -> float:
    """The largest difference as a share of the largest value."""
    return float((found - expected).abs().max() / expected.abs().max())


def test_the_kernel_gives_torchs_state_and_gradients(policy: Policy) -> None:
    expected = _results(policy)
    policy.kernel = _kernel()
    found = _results(policy)
    assert len(found) == len(expected) == 2 + len(list(policy.parameters()))
    for one, other in zip(found, expected, strict=True):
        assert _difference(one, other) < 1e-5


@pytest.mark.usefixtures("threads")
def test_the_kernel_gives_each_puzzle_the_same_on_any_number_of_threads(policy: Policy) -> None:
    policy.kernel = _kernel()
    torch.set_num_threads(1)
    one = _results(policy)
    torch.set_num_threads(3)
    three = _results(policy)
    assert torch.equal(one[0], three[0])
    assert torch.equal(one[1], three[1])
    assert torch.equal(one[2], three[2])
    for single, shared in zip(one[3:], three[3:], strict=True):
        assert _difference(shared, single) < 1e-5


def test_the_kernel_repeats_itself_bit_for_bit(policy: Policy) -> None:
    policy.kernel = _kernel()
    first, second = _results(policy), _results(policy)
    assert all(torch.equal(one, other) for one, other in zip(first, second, strict=True))


def test_half_precision_is_left_to_torch(policy: Policy) -> None:
    kernel = _kernel()
    h = torch.zeros(1, 9, 9, 9, SIZES.width)
    assert kernel.takes(h)
    assert not kernel.takes(h.bfloat16())
    with torch.autocast("cpu", torch.bfloat16):
        assert not kernel.takes(h)


def test_a_copied_policy_keeps_the_kernel(policy: Policy) -> None:
    policy.kernel = _kernel()
    other = copy.deepcopy(policy)
    assert other.kernel is not None
    assert other.kernel.library is policy.kernel.library


def test_sizes_that_do_not_fill_a_vector_are_refused() -> None:
    with pytest.raises(KernelError, match="multiples of 16"):
        Kernel(PolicyConfig(width=20))


def test_a_run_has_the_kernel_in_float32_on_the_cpu_alone() -> None:
    cpu = torch.device("cpu")
    _kernel()  # or there is none to be had
    policy = Policy(SIZES)
    assert kernel_for(policy, torch.float32, cpu) is not None
    for dtype, device in ((torch.bfloat16, cpu), (torch.float32, torch.device("meta"))):
        with pytest.raises(KernelError, match="float32 on a CPU"):
            kernel_for(policy, dtype, device)


def test_a_network_with_a_parameter_more_is_refused() -> None:
    _kernel()
    policy = Policy(SIZES)
    policy.block.extra = torch.nn.Linear(16, 96)
    with pytest.raises(KernelError, match=r"block\.extra"):
        kernel_of(policy)
    assert equipped(policy).kernel is None


def test_a_network_of_another_class_is_refused() -> None:
    _kernel()

    class Other(Policy):
        pass

    with pytest.raises(KernelError, match="Other"):
        kernel_of(Other(SIZES))


def test_a_block_that_computes_something_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _kernel()
    change = Block.change
    monkeypatch.setattr(Block, "change", lambda self, x, told: change(self, x, told).tanh())
    with pytest.raises(KernelError, match="state differs from torch's"):
        kernel_of(Policy(SIZES))


def test_looking_at_the_kernel_draws_no_random_number() -> None:
    _kernel()
    policy = Policy(SIZES)
    before = torch.get_rng_state()
    kernel_of(policy)
    assert torch.equal(before, torch.get_rng_state())


def test_without_a_compiler_a_policy_stays_with_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(width: int, hidden: int, gate: int) -> None:
        raise KernelError("there is no C++ compiler")

    monkeypatch.setattr("training.network.kernel._library", none)
    assert equipped(Policy(SIZES)).kernel is None


def test_a_compiler_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "kernel.cpp"
    broken.write_text("no C++ at all")
    monkeypatch.setattr("training.network.kernel.SOURCE", broken)
    _kernel_library.cache_clear()
    with pytest.raises(KernelError, match="can't compile it"):
        Kernel(PolicyConfig(width=16, hidden=16, gate=16))
    _kernel_library.cache_clear()


def test_the_benchmark_times_both_passes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _kernel()
    monkeypatch.setattr("training.network.window.Window.compiled", lambda self: None)
    kernel(batch=2, passes=2, model="width=16,hidden=32,gate=48", repeats=2)
    text, last = capsys.readouterr().out.rsplit("\n", 2)[:2]
    assert "times as fast" in text
    figures = json.loads(last)
    assert [row["pass"] for row in figures["kernel"]] == ["kernel", "compiled torch"]
    assert figures["ratio"] > 0
