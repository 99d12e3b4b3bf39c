"""What can go wrong in a run: loss, memory, disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from tests.training.loop.runs import metrics_of, same
from training.loop import loop, step
from training.loop.guard import CHANCE, DivergedError, check_loss, is_out_of_memory
from training.loop.loop import TrainingError
from training.loop.run import Run
from training.machine.distributed import World
from training.network.checkpoint import RUN_SCHEMA, CheckpointError, load


def test_a_policy_that_answers_nan_in_validation_goes_back(
    start: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[int] = []
    rounds = Run.validate

    def broken(run: Run) -> dict[str, Any]:
        calls.append(1)
        if len(calls) == 1:
            next(run.averaged_policy.parameters()).data.fill_(float("nan"))
        return rounds(run)

    monkeypatch.setattr(Run, "validate", broken)
    start()
    assert "in validation the policy's answers are not finite" in capsys.readouterr().err


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> Callable[[set[int]], None]:
    """Make the loss of the given steps, counted from 1, NaN."""

    def set_up(calls: set[int]) -> None:
        count = 0

        def poisoned(loss: float, weight: float) -> None:
            nonlocal count
            count += 1
            check_loss(float("nan") if count in calls else loss, weight)

        monkeypatch.setattr(step, "check_loss", poisoned)

    return set_up


def test_a_diverged_loss_goes_back_at_half_the_rate(
    start: Callable[..., Path], poison: Callable, capsys: pytest.CaptureFixture[str]
) -> None:
    poison({3})
    output = start()
    progress = load(output / "policy.pt", RUN_SCHEMA)["progress"]
    assert (progress["rollbacks"], progress["lr_scale"], progress["step"]) == (1, 0.5, 12)
    assert "back to step 0 at half the rate (1 of 3)" in capsys.readouterr().err


def test_going_back_forgets_the_gradients_of_the_step_that_diverged(
    start: Callable[..., Path], poison: Callable
) -> None:
    whole = start("whole", lr=1e-3)
    poison({1})
    poisoned = start("poisoned", lr=2e-3)
    for a, b in zip(metrics_of(whole), metrics_of(poisoned), strict=True):
        assert a["train_loss"] == b["train_loss"]


def test_a_gradient_that_is_no_number_is_seen_before_the_step(
    start: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gradients, calls = step.gradients, []

    def broken(run: Run) -> Any:
        out = gradients(run)
        calls.append(1)
        if len(calls) == 2:
            next(run.policy.parameters()).grad.fill_(float("nan"))  # type: ignore[union-attr]
        return out

    monkeypatch.setattr(step, "gradients", broken)
    output = start(checkpoint_minutes=0.0)
    assert "(its gradient is nan); back to step 1 at half the rate" in capsys.readouterr().err
    for weights in load(output / "policy.pt", RUN_SCHEMA)["model"].values():
        assert bool(weights.isfinite().all())


def test_a_loss_that_keeps_diverging_ends_the_run(
    start: Callable[..., Path], poison: Callable
) -> None:
    poison(set(range(1, 99)))
    with pytest.raises(TrainingError, match=r"after 3 returns .* try a lower --lr"):
        start()


@pytest.mark.parametrize("loss", [float("nan"), float("inf"), 5 * CHANCE])
def test_no_healthy_run_has_such_a_loss(loss: float) -> None:
    with pytest.raises(DivergedError):
        check_loss(loss, 0.0)
    check_loss(CHANCE, 0.0)


def test_out_of_memory_halves_the_batch_and_keeps_the_step(
    start: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    gradients = step.gradients

    def small(run: Run) -> Any:
        if run.chunk > 4:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return gradients(run)

    whole = start("whole")
    monkeypatch.setattr(step, "gradients", small)
    halved = start("halved")
    assert (
        "4 puzzles a batch, 4 at a time, and 2 batches a step: 8 in all" in capsys.readouterr().err
    )
    for a, b in zip(metrics_of(whole), metrics_of(halved), strict=True):
        assert a["train_loss"] == pytest.approx(b["train_loss"], rel=1e-4)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_found_before_the_first_step(
    start: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run").mkdir()
    temporary = f".policy.new.pt.{os.getpid()}.tmp"
    (tmp_path / "run" / temporary).symlink_to("/dev/full")
    monkeypatch.setattr(loop, "step", None)  # a step would fail
    with pytest.raises(CheckpointError, match=r"run: can't hold a checkpoint: .*[Nn]o space left"):
        start()
    assert not list((tmp_path / "run").glob("*.pt*"))


@pytest.mark.parametrize(
    ("error", "file"),
    [
        (RuntimeError("[enforce fail at inline_container.cc:672] . unexpected pos 64"), 15),
        (RuntimeError("PytorchStreamWriter failed writing file data/3: file write failed"), 16),
        (OSError(28, "No space left on device"), 17),
    ],
    ids=["run", "average", "best"],
)
def test_a_disk_that_fills_up_in_a_run_ends_it_by_name_and_it_resumes(
    error: Exception, file: int, start: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever of a checkpoint's files it is that has no room: those of a first best are tried."""
    write, written = torch.save, []
    changes = {"checkpoint_minutes": 0.0, "carry": file != 16}

    def full(content: Any, stream: Any) -> None:
        written.append(1)
        if len(written) == file:
            raise error
        write(content, stream)

    with monkeypatch.context() as patch:
        patch.setattr("torch.save", full)
        with pytest.raises(CheckpointError, match=r"can't hold a checkpoint: .*o space .*left"):
            start(**changes)
    output = start(resume=True, **changes)
    same(start("whole", **changes), output)


@pytest.mark.parametrize(("carry", "needed"), [(True, 666_660), (False, 106_788)])
def test_a_disk_too_small_for_later_checkpoints_is_found_before_the_first_step(
    carry: bool, needed: int, start: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    free = SimpleNamespace(free=needed - 1)
    monkeypatch.setattr("shutil.disk_usage", lambda path: free)
    monkeypatch.setattr(loop, "step", None)  # a step would fail
    with pytest.raises(CheckpointError, match=r"this run's need 0\.\d MB, and 0\.\d MB are free"):
        start(carry=carry)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (
            RuntimeError("[gloo/transport/tcp/pair.cc:537] Connection reset by peer"),
            "another process of this run has ended",
        ),
        (torch.OutOfMemoryError("CUDA out of memory"), "out of memory; try a smaller --chunk"),
        (MemoryError(), "out of memory; try a smaller --chunk"),
    ],
)
def test_what_no_smaller_batch_mends_is_told_by_name(
    error: Exception, text: str, start: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: Any) -> str:
        raise error

    monkeypatch.setattr("training.loop.start._launched", broken)
    monkeypatch.setattr(
        "training.machine.distributed.join", lambda device: (World(0, 2), torch.device("cpu"))
    )
    with pytest.raises(TrainingError, match=text):
        start()


def test_an_error_shows_the_cursor_again(
    start: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[bool] = []
    monkeypatch.setattr("training.loop.console.Screen.stop", lambda self: stopped.append(True))

    def broken(run: Run) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(loop, "step", broken)
    with pytest.raises(RuntimeError, match="broken"):
        start()
    assert stopped


@pytest.mark.parametrize(
    "text",
    [
        "CUDA out of memory. Tried to allocate 2 GiB",
        "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: "
        "you tried to allocate 1 bytes. Error code 12 (Cannot allocate memory)",
        "DefaultCPUAllocator: not enough memory: you tried to allocate 1 bytes.",
    ],
)
def test_a_refused_allocation_is_recognised(text: str) -> None:
    assert is_out_of_memory(RuntimeError(text))
    assert not is_out_of_memory(RuntimeError("shapes differ"))
