"""The bars of a GPU, tried on the CPU with tiny sizes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from solver.cli.common import run
from training.commands import benchmark, gpu_bars
from training.machine import device
from training.recipe.config import changed

TINY = Path(__file__).resolve().parents[2] / "golden" / "tiny.onnx"


def status_of(*args: str) -> int:
    with pytest.raises(SystemExit) as leave:
        run(gpu_bars.app, list(args))
    return int(leave.value.code or 0)


def test_a_machine_without_gpu_is_told_and_has_a_status_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert status_of() == gpu_bars.NO_GPU
    said = capsys.readouterr()
    assert said.err == "error: no GPU is here that torch can use: nothing was measured\n"
    assert said.out == ""


@pytest.fixture
def rates(monkeypatch: pytest.MonkeyPatch, make_csv: Callable[..., Path]) -> dict[str, Any]:
    """What the recipes are said to do; training and the policy are tiny, and run."""
    files = make_csv(80, 0, "train.csv"), make_csv(20, 1, "unseen.csv")
    monkeypatch.setattr(gpu_bars, "_files", lambda folder, count: files)
    recipe, tiny = gpu_bars._recipe, {"eval_passes": 2, "passes": 2, "validation_size": 4}
    monkeypatch.setattr(gpu_bars, "_recipe", lambda *given: changed(recipe(*given), tiny))
    found = {"baseline": {"it_per_s": 2.0}, "production": {"it_per_s": 4.2}}
    monkeypatch.setattr(benchmark, "against_baseline", lambda *given: found)
    monkeypatch.setattr(device, "can_compile", lambda where: False)
    return found


ARGS = ("--device", "cpu", "--puzzles", "80", "--minutes", "0.01", "--seconds", "0.1")
ARGS += ("--size", "width=4,hidden=4,gate=4", "--policy", str(TINY))


def test_every_bar_has_a_verdict(rates: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(*ARGS) == gpu_bars.MISSED
    bars = json.loads(capsys.readouterr().out.splitlines()[-1])["gpu_bars"]
    assert [bar["verdict"] for bar in bars] == ["reached", "MISSED", "MISSED"]
    iterations, stretch, inference = (bar["reached"] for bar in bars)
    assert iterations == "2.10 times (baseline 2.00 and production 4.20 it/s)"
    assert "% of grids, solve rate" in stretch
    assert "solved a second in batches of 64 (CPUExecutionProvider)" in inference


def test_a_bar_that_fails_leaves_the_others_to_be_measured(
    rates: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*given: Any) -> Any:
        raise RuntimeError("CUDA error: no kernel image\nmore")

    monkeypatch.setattr(gpu_bars, "_stretch", broken)
    rates["production"]["it_per_s"] = 4.1
    assert status_of(*ARGS) == gpu_bars.MISSED
    bars = json.loads(capsys.readouterr().out.splitlines()[-1])["gpu_bars"]
    assert bars[0]["verdict"] == "MISSED"  # 2.05 times
    assert bars[1]["reached"] == "not measured: CUDA error: no kernel image"
    assert "solved a second" in bars[2]["reached"]
