"""Runs from the first step to the last: what they leave, and how they end."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.training.loop.runs import TINY, metrics_of, same
from training.loop import course, loop, validation
from training.loop.folder import prepare
from training.loop.guard import CHANCE
from training.loop.start import launch, resolved
from training.network.checkpoint import RUN_SCHEMA, CheckpointError, load, load_policy
from training.network.registry import built
from training.network.window import Window
from training.recipe.config import Recipe, changed


def test_a_run_leaves_all_its_files(start: Callable[..., Path]) -> None:
    output = start()
    for name in ("policy.pt", "policy.previous.pt", "policy_best.pt", "policy_ema.pt"):
        assert (output / name).is_file()
    lines = [json.loads(line) for line in (output / "metrics.jsonl").read_text().splitlines()]
    wanted = "epoch stage lr it_per_s samples_per_s data_wait gpu_mem train_loss train_ce"
    wanted += " train_constraint train_cell_acc train_grid_acc val_loss val_cell_acc"
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
    with pytest.raises(CheckpointError, match=r"'width': 8.*width=4.*--size"):
        start("second", begin=str(first / "policy_ema.pt"), model=sizes)


def test_time_ends_a_run_in_order(start: Callable[..., Path]) -> None:
    output = start(minutes=1e-9)
    assert start.reason == "time"  # type: ignore[attr-defined]
    assert load(output / "policy.pt", RUN_SCHEMA)["progress"]["step"] == 1


def test_a_run_shorter_than_an_epoch_is_validated_at_its_end(start: Callable[..., Path]) -> None:
    output = start(minutes=1e-9)
    (line,) = metrics_of(output)
    assert (line["epoch"], line["step"]) == (1, 1)
    assert line["val_loss"] > 0
    start(minutes=0.0, resume=True)
    assert [m["step"] for m in metrics_of(output)] == [1, 6, 12]


def test_a_run_whose_time_is_up_at_an_epochs_last_step_has_ended_the_epoch(
    start: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_last = property(lambda signals: len(calls) == 6)
    calls: list[int] = []
    step = loop.step
    monkeypatch.setattr(loop, "step", lambda run: calls.append(1) or step(run))
    with monkeypatch.context() as patch:
        patch.setattr("training.loop.guard.Signals.time_is_up", at_last)
        output = start()
    assert start.reason == "time"  # type: ignore[attr-defined]
    start(resume=True)
    assert [(m["epoch"], m["step"]) for m in metrics_of(output)] == [(1, 6), (2, 12)]
    assert all(m["train_loss"] > 0 for m in metrics_of(output))


def test_validation_by_steps_changes_no_weight(start: Callable[..., Path]) -> None:
    whole, often = start("whole"), start("often", validate_steps=4)
    assert [m["step"] for m in metrics_of(often)] == [4, 6, 8, 12]
    assert [m["epoch"] for m in metrics_of(often)] == [1, 1, 2, 2]
    a, b = (load(path / "policy.pt", RUN_SCHEMA) for path in (whole, often))
    for name, value in a["model"].items():
        assert torch.equal(value, b["model"][name])
    first, second = metrics_of(often)[:2]
    both = 4 * first["train_loss"] + 2 * second["train_loss"]
    assert both / 6 == pytest.approx(metrics_of(whole)[0]["train_loss"])


def test_validation_comes_by_the_clock_too(start: Callable[..., Path]) -> None:
    assert len(metrics_of(start(validate_minutes=1e-9, epochs=1))) == 6


def test_the_best_few_policies_are_kept(start: Callable[..., Path]) -> None:
    output = start(validate_steps=2, keep_best=3)
    by_rank = sorted(metrics_of(output), key=lambda m: (-m["val_grid_acc"], m["val_loss"]))
    wanted = {f"step-{m['step']:06}.pt" for m in by_rank[:3]}
    assert {path.name for path in (output / "best").iterdir()} == wanted
    best, _ = load_policy(output / "best" / f"step-{by_rank[0]['step']:06}.pt")
    same, _ = load_policy(output / "policy_best.pt")
    for name, value in best.state_dict().items():
        assert torch.equal(value, same.state_dict()[name])


def test_a_run_tells_how_long_it_will_take(
    start: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(loop, "STEPS_TOLD", 3)
    start()
    assert re.search(
        r"\d+ ms a step: about [\d:]+ an epoch and [\d:]+ to the end", capsys.readouterr().err
    )


def test_validation_is_in_float32_whatever_trains(
    start: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def watched(answer: Any, puzzle: Any, *rest: Any) -> Any:
        seen.append(answer(puzzle).dtype)
        return measure(answer, puzzle, *rest)

    measure = validation.measure
    monkeypatch.setattr(validation, "measure", watched)
    start(precision="bfloat16", epochs=1)
    assert seen == [torch.float32, torch.float32]


def test_a_deterministic_run_is_the_same_here_and_leaves_torch_as_it_was(
    start: Callable[..., Path],
) -> None:
    same(start("plain"), start("deterministic", deterministic=True))
    assert not torch.are_deterministic_algorithms_enabled()


@pytest.mark.parametrize(("persistent", "loaders"), [(True, 1), (False, 3)])
def test_loader_processes_outlast_an_epoch_if_they_are_to(
    persistent: bool,
    loaders: int,
    start: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = start("whole", epochs=3)
    made: list[int] = []
    feed = course.Feed

    def counted(*given: Any, **named: Any) -> Any:
        made.append(named["position"])
        return feed(*given, **named)

    monkeypatch.setattr(course, "Feed", counted)
    same(whole, start("again", epochs=3, persistent_workers=persistent))
    assert len(made) == loaders


def test_a_stage_without_puzzles_is_left_out(
    start: Callable[..., Path],
    make_csv: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = make_csv(40)
    data.write_text(data.read_text().replace(",0\n", ",9\n"))  # all of them hard
    stages = {"epochs": 2, "curriculum": ["easy=1", "hard=1"]}
    found = metrics_of(start("hard", data=[str(data)], **stages))
    assert [m["stage"] for m in found] == ["hard"]
    assert "is easy or easier: that stage is left out, 1 epoch\n" in capsys.readouterr().err


def test_a_run_that_gains_nothing_stops_early(start: Callable[..., Path]) -> None:
    output = start(epochs=9, patience=2, lr=1e-12, epoch_samples=8)
    assert start.reason == "stopped early"  # type: ignore[attr-defined]
    assert len(metrics_of(output)) == 3


def test_accumulated_batches_are_one_large_batch(start: Callable[..., Path]) -> None:
    one = start("one")
    two = start("two", batch_size=4, accumulation=2)
    for a, b in zip(metrics_of(one), metrics_of(two), strict=True):
        assert a["train_loss"] == pytest.approx(b["train_loss"], rel=1e-4)


def test_the_device_loader_trains_the_same(
    start: Callable[..., Path],
) -> None:
    workers, device = start("workers"), start("device", loader="device")
    assert metrics_of(workers) == metrics_of(device)
    same(workers, device)


def test_a_folder_that_holds_a_run_is_not_overwritten(start: Callable[..., Path]) -> None:
    start(epochs=1)
    with pytest.raises(ValueError, match="already holds a run; resume it with --resume"):
        start(epochs=1)
    with pytest.raises(ValueError, match=r"other.policy\.pt: no checkpoint to resume"):
        start("other", resume=True)


def test_a_run_learns(start: Callable[..., Path]) -> None:
    first, *_, last = metrics_of(start(epochs=3, epoch_samples=96, lr=1e-2))
    assert last["val_loss"] < first["val_loss"]
    assert last["train_ce"] < 0.5 * CHANCE


def test_production_goes_through_its_stages(
    make_csv: Callable[..., Path],
    tmp_path: Path,
) -> None:
    changes = {**TINY, "epochs": 3, "curriculum": ["easy=1", "medium=1", "hard=1"], "carry": False}
    recipe = changed(Recipe(), {**changes, "data": [str(make_csv(40))], "constraint_weight": 0.5})
    prepare(tmp_path / "run", False)
    launch(resolved(recipe), tmp_path / "run", False)
    found = metrics_of(tmp_path / "run")
    assert [m["stage"] for m in found] == ["easy", "medium", "hard"]
    for m in found:
        assert m["train_loss"] == pytest.approx(m["train_ce"] + 0.5 * m["train_constraint"])


def test_validation_tells_files_apart_and_keeps_to_them_at_resume(
    start: Callable[..., Path], make_csv: Callable[..., Path]
) -> None:
    files = [str(make_csv(60, 1, "one.csv")), str(make_csv(60, 2, "two.csv"))]
    both = {"data": files, "shares": [0.75, 0.25], "validation_size": 4}
    start(epochs=1, **both)
    first, second = metrics_of(start(epochs=2, resume=True, **both))
    for m in (first, second):
        parts = [f["loss"] * f["puzzles"] for f in m["val_files"].values()]
        count = sum(f["puzzles"] for f in m["val_files"].values())
        assert sum(parts) / count == pytest.approx(m["val_loss"])
        assert list(m["val_files"]) == ["one.csv", "two.csv"]
    counts = [[f["puzzles"] for f in m["val_files"].values()] for m in (first, second)]
    assert counts[0] == counts[1]


def test_a_window_in_half_precision_is_judged_in_full() -> None:
    """Ties of rounded logits would decide what is right and what to suppose."""
    torch.manual_seed(0)
    policy = built("graph", ["width=8", "hidden=8", "gate=8"])
    puzzle = torch.randint(0, 10, (16, 81))
    target = torch.randint(0, 9, (16, 81))
    with torch.autocast("cpu", torch.bfloat16):
        out = Window(policy, 2, 0.0)(puzzle, target, torch.ones(16) > 0, None)
    exact = policy.logits(out.state.float()).argmax(-1)
    assert torch.equal(out.right, (exact == target).sum(1))
