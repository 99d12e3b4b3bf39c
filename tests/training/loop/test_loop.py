"""Runs from the first step to the last: resuming, stopping, and what can go wrong."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from training.loop import loop
from training.loop.folder import prepare
from training.loop.guard import CHANCE, DivergedError, check_loss, is_out_of_memory
from training.loop.loop import TrainingError
from training.loop.progress import Progress
from training.loop.run import Run
from training.loop.start import launch, resolved
from training.network.checkpoint import RUN_SCHEMA, CheckpointError, load, load_policy, save
from training.recipe.config import Recipe, changed
from training.recipe.recipes import quick

TINY: dict[str, Any] = {
    "model": ["width=8", "hidden=8", "gate=8"],
    "epochs": 2,
    "epoch_samples": 48,
    "batch_size": 8,
    "passes": 2,
    "eval_passes": 2,
    "validation_size": 4,
    "compile": False,
    "threads": 1,
    "workers": 0,
    # SOAP's first bases are of a covariance of low rank: any rounding turns what is empty of them
    "optimizer": "adamw",
}
TIMES = ("time", "val_time", "wall", "it_per_s", "samples_per_s", "puzzles_per_s", "data_wait")


@pytest.fixture
def start(
    make_csv: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Path]:
    monkeypatch.setattr("training.loop.start.write_report", lambda *given: given[0])  # slow
    data = make_csv(40)

    def run(name: str = "run", resume: bool = False, **changes: Any) -> Path:
        recipe = resolved(changed(quick(), {**TINY, "data": [str(data)], **changes}))
        output = tmp_path / name
        prepare(output, resume)
        run.reason = launch(recipe, output, resume)  # type: ignore[attr-defined]
        return output

    return run


def metrics_of(output: Path) -> list[dict[str, Any]]:
    """A run's metrics without the figures that a clock decides."""
    lines = (output / "metrics.jsonl").read_text().splitlines()
    return [{k: v for k, v in json.loads(line).items() if k not in TIMES} for line in lines]


def same(one: Path, other: Path) -> None:
    """Two runs ended in the same weights, average, optimizer state and metrics, bit for bit."""
    a, b = (load(path / "policy.pt", RUN_SCHEMA) for path in (one, other))
    for part in ("model", "ema", "optimizer", "slots", "state", "random"):
        equal(a[part], b[part], part)
    assert metrics_of(one) == metrics_of(other)


def equal(a: Any, b: Any, where: str) -> None:
    if isinstance(a, torch.Tensor):
        assert torch.equal(a, b), where
    elif isinstance(a, dict):
        assert a.keys() == b.keys(), where
        for key in a:
            equal(a[key], b[key], f"{where}.{key}")
    elif isinstance(a, list):
        for i, (x, y) in enumerate(zip(a, b, strict=True)):
            equal(x, y, f"{where}[{i}]")
    else:
        assert a == b, where


def test_a_run_leaves_all_its_files(start: Callable[..., Path]) -> None:
    output = start()
    for name in ("policy.pt", "policy.previous.pt", "policy_best.pt", "policy_ema.pt"):
        assert (output / name).is_file()
    lines = [json.loads(line) for line in (output / "metrics.jsonl").read_text().splitlines()]
    wanted = "epoch stage lr it_per_s samples_per_s data_wait gpu_mem train_loss train_ce"
    wanted += " train_constraint train_cell_acc train_grid_acc val_loss val_ce val_cell_acc"
    wanted += " val_grid_acc val_solve_rate val_confidence val_entropy val_violations val_ece"
    assert [line["epoch"] for line in lines] == [1, 2]
    assert set(wanted.split()) <= set(lines[0])
    assert (output / "config.toml").is_file()
    assert any((output / "tensorboard").iterdir())
    assert not list(output.glob("*.tmp"))
    policy, made = load_policy(output / "policy_ema.pt")
    assert policy.config.width == 8
    assert made["steps"] == 12


def test_a_run_says_what_it_runs_by_and_keeps_it_with_the_time(
    start: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    output = start()
    said = capsys.readouterr()
    assert "eager torch" in said.err
    assert "12 of 12 steps to do, each of 8 puzzles and 2 passes; adamw, cosine" in said.err
    lines = (output / "train.log").read_text().splitlines()
    stamp = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \| INFO \| "
    assert all(re.match(stamp, line) for line in lines)
    for line in (*said.out.splitlines(), *said.err.splitlines()[1:]):
        assert any(kept.endswith(line) for kept in lines), line


def test_the_weights_are_validated_beside_their_average(start: Callable[..., Path]) -> None:
    lines = [json.loads(line) for line in (start() / "metrics.jsonl").read_text().splitlines()]
    for m in lines:
        assert m["val_raw_loss"] != m["val_loss"]
        assert m["wall"] > m["time"] > 0
        assert m["val_time"] > 0
        assert m["grad_norm"] > 0
    assert lines[1]["wall"] > lines[0]["wall"]


def test_every_few_steps_leave_a_line(
    start: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "STEPS_TOLD", 4)
    lines = [json.loads(line) for line in (start() / "steps.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [4, 8, 12]
    assert {"lr", "loss", "norm", "cells"} <= set(lines[0])


KILLED = """
import os, signal
from pathlib import Path
from training.loop.run import Run
after = Run.after_step
def die(run):
    if run.progress.step == {step}:
        os.kill(os.getpid(), signal.SIGKILL)
    after(run)
Run.after_step = die
from training.loop.start import launch
from training.recipe.toml import recipe_from
launch(recipe_from(Path({config!r})), Path({output!r}), False)
"""


@pytest.mark.parametrize(("carry", "optimizer"), [(True, "soap"), (False, "adamw")])
def test_a_killed_run_resumed_is_the_run_that_never_stopped(
    carry: bool, optimizer: str, start: Callable[..., Path], tmp_path: Path
) -> None:
    changes = {"carry": carry, "optimizer": optimizer, "checkpoint_minutes": 0.0}
    whole = start("whole", **changes)
    killed = tmp_path / "killed"
    killed.mkdir()
    config = str(whole / "config.toml")
    code = KILLED.format(step=9, config=config, output=str(killed))
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert load(killed / "policy.pt", RUN_SCHEMA)["progress"]["step"] == 8
    start("killed", resume=True, **changes)
    same(whole, killed)


def test_a_signal_saves_and_leaves_in_order(
    start: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    after = Run.after_step

    def interrupted(run: Run) -> None:
        if run.progress.step == 4:
            os.kill(os.getpid(), signal.SIGTERM)
        after(run)

    with monkeypatch.context() as patch:
        patch.setattr(Run, "after_step", interrupted)
        output = start("stopped")
    assert start.reason == "SIGTERM"  # type: ignore[attr-defined]
    assert load(output / "policy.pt", RUN_SCHEMA)["progress"]["step"] == 4
    start("stopped", resume=True)
    same(start("whole"), output)


def test_a_run_may_be_made_longer(start: Callable[..., Path]) -> None:
    output = start("longer")
    start("longer", resume=True, epochs=3)
    assert [m["epoch"] for m in metrics_of(output)] == [1, 2, 3]


def test_a_run_may_begin_with_a_policys_weights(start: Callable[..., Path]) -> None:
    first = start("first")
    policy, _ = load_policy(first / "policy_ema.pt")
    second = start("second", begin=str(first / "policy_ema.pt"), lr=1e-12, epochs=1)
    other, made = load_policy(second / "policy_ema.pt")
    for weight, kept in zip(other.parameters(), policy.parameters(), strict=True):
        torch.testing.assert_close(weight, kept)
    assert made["recipe"]["begin"] == "policy_ema.pt"


def test_a_policy_of_other_sizes_is_no_beginning(start: Callable[..., Path]) -> None:
    first = start("first")
    sizes = ["width=4", "hidden=8", "gate=8"]
    with pytest.raises(CheckpointError, match=r"'width': 8.*width=4.*--model"):
        start("second", begin=str(first / "policy_ema.pt"), model=sizes)


def test_an_average_begun_at_resume_begins_with_the_runs_weights(
    start: Callable[..., Path],
) -> None:
    output = start(ema=False)
    weights = load(output / "policy.pt", RUN_SCHEMA)["model"]
    start(resume=True, ema=True)
    policy, _ = load_policy(output / "policy_ema.pt")
    for name, value in policy.state_dict().items():
        assert torch.equal(value, weights[name])


def test_a_run_that_carried_goes_on_without_on_fresh_puzzles(
    start: Callable[..., Path],
) -> None:
    output = start(carry=True, epochs=1, keep_solved=1.0, max_windows=8)
    start(resume=True, carry=False, epochs=2)
    assert bool(load(output / "policy.pt", RUN_SCHEMA)["slots"]["fresh"].all())


def test_a_policy_that_answers_nan_in_validation_goes_back(
    start: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[int] = []
    rounds = loop.Run.validate

    def broken(run: Run) -> dict[str, Any]:
        calls.append(1)
        if len(calls) == 1:
            next(run.averaged_policy.parameters()).data.fill_(float("nan"))
        return rounds(run)

    monkeypatch.setattr(Run, "validate", broken)
    start()
    assert "in validation the policy's answers are not finite" in capsys.readouterr().err


def test_the_best_epoch_is_the_one_of_least_loss_while_no_grid_is_right() -> None:
    p = Progress()
    assert p.improve(0.0, 2.0)
    assert p.improve(0.0, 1.5)
    assert not p.improve(0.0, 1.6)
    assert p.stale == 1
    assert p.improve(0.1, 3.0)
    assert not p.improve(0.0, 0.1)
    assert (p.best, p.best_loss, p.stale) == (0.1, 3.0, 1)


def test_time_ends_a_run_in_order(start: Callable[..., Path]) -> None:
    output = start(minutes=1e-9)
    assert start.reason == "time"  # type: ignore[attr-defined]
    assert load(output / "policy.pt", RUN_SCHEMA)["progress"]["step"] == 1


def test_a_run_that_gains_nothing_stops_early(start: Callable[..., Path]) -> None:
    output = start(epochs=9, patience=2, lr=1e-12, epoch_samples=8)
    assert start.reason == "stopped early"  # type: ignore[attr-defined]
    assert len(metrics_of(output)) == 3


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> Callable[[set[int]], None]:
    """Make the loss of the given steps, counted from 1, NaN."""

    def set_up(calls: set[int]) -> None:
        count = 0

        def poisoned(loss: float, weight: float) -> None:
            nonlocal count
            count += 1
            check_loss(float("nan") if count in calls else loss, weight)

        monkeypatch.setattr(loop, "check_loss", poisoned)

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
    gradients, calls = loop._gradients, []

    def broken(run: Run) -> Any:
        out = gradients(run)
        calls.append(1)
        if len(calls) == 2:
            next(run.policy.parameters()).grad.fill_(float("nan"))  # type: ignore[union-attr]
        return out

    monkeypatch.setattr(loop, "_gradients", broken)
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
    start: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gradients = loop._gradients

    def small(run: Run) -> Any:
        if run.chunk > 4:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return gradients(run)

    whole = start("whole")
    monkeypatch.setattr(loop, "_gradients", small)
    halved = start("halved")
    assert (
        "4 puzzles a batch, 4 at a time, and 2 batches a step: 8 in all" in capsys.readouterr().err
    )
    for a, b in zip(metrics_of(whole), metrics_of(halved), strict=True):
        assert a["train_loss"] == pytest.approx(b["train_loss"], rel=1e-4)


def test_accumulated_batches_are_one_large_batch(start: Callable[..., Path]) -> None:
    one = start("one")
    two = start("two", batch_size=4, accumulation=2)
    for a, b in zip(metrics_of(one), metrics_of(two), strict=True):
        assert a["train_loss"] == pytest.approx(b["train_loss"], rel=1e-4)


def test_the_device_loader_trains_the_same(start: Callable[..., Path]) -> None:
    workers, device = start("workers"), start("device", loader="device")
    assert metrics_of(workers) == metrics_of(device)
    same(workers, device)


def test_a_folder_that_holds_a_run_is_not_overwritten(start: Callable[..., Path]) -> None:
    start(epochs=1)
    with pytest.raises(ValueError, match="already holds a run; resume it with --resume"):
        start(epochs=1)
    with pytest.raises(ValueError, match=r"other.policy\.pt: no checkpoint to resume"):
        start("other", resume=True)


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


def test_another_architecture_is_refused_by_name(start: Callable[..., Path]) -> None:
    start(epochs=1)
    with pytest.raises(ValueError, match=r"--model can't change in a run: it is width=8, hidden=8"):
        start(resume=True, model=["width=4"])


def test_more_slots_start_with_fresh_puzzles(
    start: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    start(epochs=1)
    start(resume=True, epochs=2, batch_size=4)
    assert "starting all slots with fresh puzzles: 8 slots were kept" in capsys.readouterr().err


@pytest.mark.parametrize(
    "change", [{"optimizer": "soap"}, {"seed": 5}, {"validation_size": 3}, {"max_samples": 9}]
)
def test_what_may_not_change_is_refused_before_anything_is_written(
    change: dict[str, Any], start: Callable[..., Path]
) -> None:
    output = start(epochs=1)
    before = {path.name: path.read_bytes() for path in output.glob("*.*")}
    (name,) = change
    with pytest.raises(ValueError, match=f"--{name.replace('_', '-')} can't change in a run"):
        start(resume=True, epochs=2, **change)
    assert before == {path.name: path.read_bytes() for path in output.glob("*.*")}
    start(resume=True, epochs=2)


def test_what_may_change_is_added_to_the_history(start: Callable[..., Path]) -> None:
    output = start(epochs=1)
    start(resume=True, epochs=2, lr=1e-4, threads=2)
    first, second = map(json.loads, (output / "history.jsonl").read_text().splitlines())
    assert first["recipe"]["epochs"] == 1
    assert second["step"] == 6
    kinds = {name: change["kind"] for name, change in second["changes"].items()}
    assert kinds == {"epochs": "schedule", "lr": "schedule", "threads": "machine"}
    assert second["changes"]["lr"] == {"kind": "schedule", "from": 0.002, "to": 1e-4}


def test_changed_puzzles_are_refused_at_resume(
    start: Callable[..., Path], make_csv: Callable[..., Path]
) -> None:
    start(epochs=1)
    make_csv(40, seed=1)
    with pytest.raises(ValueError, match=r"sudoku\.csv: holds other puzzles than when the run beg"):
        start(resume=True, epochs=2)


def test_a_checkpoint_of_another_kind_of_device_goes_on(start: Callable[..., Path]) -> None:
    output = start(epochs=1, carry=True)
    kept = load(output / "policy.pt", RUN_SCHEMA)
    kept["slots"]["generator"] = torch.zeros(16, dtype=torch.uint8)  # as a GPU's is
    kept["scaler"] = {}
    save(output / "policy.pt", kept)
    start(resume=True, epochs=2, carry=True)
    assert [m["epoch"] for m in metrics_of(output)] == [1, 2]


def test_half_precision_may_begin_at_resume(start: Callable[..., Path]) -> None:
    output = start(epochs=1)
    start(resume=True, epochs=2, precision="float16")
    assert load(output / "policy.pt", RUN_SCHEMA)["scaler"]


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


def test_a_run_learns(start: Callable[..., Path]) -> None:
    first, *_, last = metrics_of(start(epochs=3, epoch_samples=96, lr=1e-2))
    assert last["val_loss"] < first["val_loss"]
    assert last["train_ce"] < 0.5 * CHANCE


def test_production_goes_through_its_stages(make_csv: Callable[..., Path], tmp_path: Path) -> None:
    changes = {**TINY, "epochs": 3, "curriculum": ["easy=1", "medium=1", "hard=1"], "carry": False}
    recipe = changed(Recipe(), {**changes, "data": [str(make_csv(40))], "constraint_weight": 0.5})
    prepare(tmp_path / "run", False)
    launch(resolved(recipe), tmp_path / "run", False)
    found = metrics_of(tmp_path / "run")
    assert [m["stage"] for m in found] == ["easy", "medium", "hard"]
    for m in found:
        assert m["train_loss"] == pytest.approx(m["train_ce"] + 0.5 * m["train_constraint"])
