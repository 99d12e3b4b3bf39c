"""Runs from the first step to the last: resuming, stopping, and what can go wrong."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.training.loop.runs import TINY, metrics_of, same
from training.loop import loop
from training.loop.folder import prepare
from training.loop.guard import CHANCE
from training.loop.progress import Progress
from training.loop.start import launch, resolved
from training.network.checkpoint import RUN_SCHEMA, CheckpointError, load, load_policy
from training.recipe.config import Recipe, changed


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


def test_accumulated_batches_are_one_large_batch(start: Callable[..., Path]) -> None:
    one = start("one")
    two = start("two", batch_size=4, accumulation=2)
    for a, b in zip(metrics_of(one), metrics_of(two), strict=True):
        assert a["train_loss"] == pytest.approx(b["train_loss"], rel=1e-4)


def test_the_device_loader_trains_the_same(start: Callable[..., Path]) -> None:
    workers, device = start("workers"), start("device", loader="device")
    assert metrics_of(workers) == metrics_of(device)
    same(workers, device)


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
