"""Where a run's figures go."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from training.measure import sinks
from training.measure.sinks import sinks_for, tag_of


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

    def __init__(self, folder: Path, epochs_done: int, steps_done: int) -> None:
        self.made = folder, epochs_done, steps_done


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


def test_an_unknown_sink_is_refused_by_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown sink 'tensorbord'; did you mean 'tensorboard'"):
        sinks_for(tmp_path, ["tensorbord"], 0, 0)
