"""Where a run's figures go."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from training.measure import sinks
from training.measure.sinks import TensorBoard, sinks_for, tag_of


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("it_per_s", "speed/it_per_s"),
        ("val_time", "speed/val_time"),
        ("val_grid_acc", "validation/grid_acc"),
        ("val_easy_grid_acc", "validation easy/grid_acc"),
        ("val_raw_loss", "validation raw/loss"),
        ("train_loss", "train/loss"),
        ("gpu_mem", "machine/mem"),
        ("grad_norm", "optimizer/grad_norm"),
    ],
)
def test_tensorboard_groups_figures_by_what_they_tell(name: str, tag: str) -> None:
    assert tag_of(name) == tag


class Kept:
    """A sink of an installed package."""

    def __init__(self, folder: Path, validated: int, steps_done: int) -> None:
        self.made = folder, validated, steps_done


def test_an_installed_sink_is_found_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = EntryPoint("mine", f"{__name__}:Kept", "sudoku_policy.sinks")
    monkeypatch.setattr(EntryPoint, "load", lambda self: Kept)

    def found(group: str) -> list[Any]:
        assert group == "sudoku_policy.sinks"
        return [point]

    monkeypatch.setattr(sinks, "entry_points", found)
    lines, mine = sinks_for(tmp_path, ["mine"], 2, 30)
    assert isinstance(lines, sinks.JsonLines)
    assert isinstance(mine, Kept)
    assert mine.made == (tmp_path, 2, 30)


class Service:
    """What the tracker's package is for the sink: runs that are begun, logged to and finished."""

    def __init__(self) -> None:
        self.begun: list[dict[str, Any]] = []
        self.logged: list[tuple[int, dict[str, Any]]] = []
        self.finished = 0
        self.id = "abc123"

    def init(self, **given: Any) -> Service:
        self.begun.append(given)
        return self

    def log(self, figures: dict[str, Any], step: int) -> None:
        self.logged.append((step, figures))

    def finish(self) -> None:
        self.finished += 1


def test_wandb_gets_steps_and_validations_and_goes_on_in_the_same_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service()
    monkeypatch.setitem(sys.modules, "wandb", service)
    for steps in (0, 20):
        *_, sink = sinks_for(tmp_path, ["wandb"], 0, steps)
        sink.start({"lr": 0.1})
        sink.step({"step": steps + 20, "epoch": 1, "lr": 0.05})
        sink.close()
    sink.write({"step": 40, "epoch": 1, "stage": "easy", "val_loss": 1.5})
    assert [given["id"] for given in service.begun] == [None, "abc123"]
    assert service.begun[1]["resume"] == "allow"
    assert service.begun[0]["config"] == {"lr": 0.1}
    assert service.logged == [
        (20, {"steps/lr": 0.05}),
        (40, {"steps/lr": 0.05}),
        (40, {"validation/loss": 1.5}),
    ]
    assert service.finished == 2


def test_an_absent_tracker_is_told_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "wandb", None)
    with pytest.raises(ValueError, match=r"pip install 'sudoku-policy\[wandb\]'"):
        sinks_for(tmp_path, ["wandb"], 0, 0)


def test_tensorboard_starts_at_the_last_checkpoint_and_names_the_recipe(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    first = TensorBoard(tmp_path, 0, 0)
    first.start({"lr": 0.1, "data": ("a.csv",)})
    for step in (20, 40):
        first.step({"step": step, "epoch": 1, "loss": 1.0})
    first.close()
    (events,) = (tmp_path / "tensorboard").iterdir()
    events.rename(events.with_name("events.out.tfevents.0"))  # those of one second have no order
    again = TensorBoard(tmp_path, 0, 20)
    again.step({"step": 60, "epoch": 1, "loss": 2.0})
    files = {"a.csv": {"grid_acc": 0.5}}
    again.write({"step": 60, "epoch": 1, "stage": "easy", "val_loss": 1.5, "val_files": files})
    again.close()
    read = EventAccumulator(str(tmp_path / "tensorboard")).Reload()
    assert [(e.step, e.value) for e in read.Scalars("steps/loss")] == [(20, 1.0), (60, 2.0)]
    assert [(e.step, e.value) for e in read.Scalars("validation a.csv/grid_acc")] == [(60, 0.5)]
    assert "_hparams_/session_start_info" in read.summary_metadata


def test_an_unknown_sink_is_refused_by_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown sink 'tensorbord'; did you mean 'tensorboard'"):
        sinks_for(tmp_path, ["tensorbord"], 0, 0)
