"""Runs that stop and go on: the same bits, and what may change on the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.training.loop.runs import metrics_of, same
from training.loop.run import Run
from training.network.checkpoint import RUN_SCHEMA, load, load_policy, save
from training.recipe.config import option_name

KILLED = """
import os, signal
from pathlib import Path
from training.loop.run import Run
due = Run.due
def die(run):
    if run.progress.step == {step}:
        os.kill(os.getpid(), signal.SIGKILL)
    return due(run)
Run.due = die
from training.loop.start import launch
from training.recipe.toml import recipe_from
launch(recipe_from(Path({config!r})), Path({output!r}), False)
"""


def test_a_killed_run_resumed_is_the_run_that_never_stopped(
    start: Callable[..., Path], tmp_path: Path
) -> None:
    changes = {"carry": True, "optimizer": "soap", "checkpoint_minutes": 0.0}
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
    due = Run.due

    def interrupted(run: Run) -> Any:
        if run.progress.step == 4:
            os.kill(os.getpid(), signal.SIGTERM)
        return due(run)

    with monkeypatch.context() as patch:
        patch.setattr(Run, "due", interrupted)
        output = start("stopped")
    assert start.reason == "SIGTERM"  # type: ignore[attr-defined]
    assert load(output / "policy.pt", RUN_SCHEMA)["progress"]["step"] == 4
    start("stopped", resume=True)
    same(start("whole"), output)


def test_a_run_may_be_made_longer(start: Callable[..., Path]) -> None:
    output = start("longer")
    start("longer", resume=True, epochs=3)
    assert [m["epoch"] for m in metrics_of(output)] == [1, 2, 3]


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


def test_another_architecture_is_refused_by_name(start: Callable[..., Path]) -> None:
    start(epochs=1)
    with pytest.raises(ValueError, match=r"--size can't change in a run: it is width=8, hidden=8"):
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
    with pytest.raises(ValueError, match=f"{option_name(name)} can't change in a run"):
        start(resume=True, epochs=2, **change)
    assert before == {path.name: path.read_bytes() for path in output.glob("*.*")}
    start(resume=True, epochs=2)


@pytest.mark.parametrize("change", [{"sinks": ["nowhere"]}, {"device": "meta"}, {"shares": [1, 1]}])
def test_settings_that_can_not_be_had_leave_the_run_as_it_was(
    change: dict[str, Any], start: Callable[..., Path]
) -> None:
    output = start(epochs=1)
    before = (output / "config.toml").read_text()
    with pytest.raises(ValueError, match=r"unknown sink 'nowhere'|device 'meta' can't|2 shares"):
        start(resume=True, epochs=2, **change)
    assert (output / "config.toml").read_text() == before
    start(resume=True, epochs=2)


def test_a_checkpoint_that_kept_the_best_alone_goes_on(start: Callable[..., Path]) -> None:
    output = start(epochs=1)
    kept = load(output / "policy.pt", RUN_SCHEMA)
    (grids, loss, _), *_ = kept["progress"].pop("ranking")
    kept["progress"] |= {"best": grids, "best_loss": loss}
    del kept["progress"]["told"]
    save(output / "policy.pt", kept)
    start(resume=True, epochs=2)
    assert load(output / "policy.pt", RUN_SCHEMA)["progress"]["ranking"][0][1] <= loss
    lines = [json.loads(line) for line in (output / "metrics.jsonl").read_text().splitlines()]
    assert lines[1]["elapsed"] < lines[1]["wall"]


def test_what_may_change_is_added_to_the_history(start: Callable[..., Path]) -> None:
    output = start(epochs=1)
    start(resume=True, epochs=2, lr=1e-4, threads=2)
    lines = map(json.loads, (output / "history.jsonl").read_text().splitlines())
    first, end, second, _ = lines
    assert first["recipe"]["epochs"] == 1
    assert (end["step"], end["ended"]) == (6, "done")
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
