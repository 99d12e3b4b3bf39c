"""sudoku-train and sudoku-evaluate as a user meets them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
import torch

from tests.training.commands.samples import METRICS, status_of
from training.commands import evaluate as evaluate_cli
from training.commands import train as cli
from training.commands.main import TOOLS, words
from training.loop.console import clock, train_line, val_lines
from training.measure.sinks import JsonLines, read_metrics
from training.measure.tables import as_markdown, as_text, shown
from training.network.checkpoint import save_policy
from training.network.graph import Policy, PolicyConfig
from training.recipe.config import LOADERS, PRECISIONS, SCHEDULERS
from training.recipe.recipes import RECIPES

GOLDEN = Path(__file__).resolve().parents[2] / "golden"


@pytest.mark.parametrize("app", [cli.app, evaluate_cli.app])
def test_help_has_examples(app: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(app, "--help") == 0
    assert "Examples" in capsys.readouterr().out


def test_help_names_choices_and_defaults(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(cli.app, "--help") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "--optimizer <soap|adamw|muon> Optimizer. Default: soap." in said
    for choices in (tuple(RECIPES), SCHEDULERS, PRECISIONS, LOADERS):
        assert f" <{'|'.join(choices)}> " in said


@pytest.mark.parametrize(
    ("reason", "status"),
    [("SIGINT", 130), ("SIGTERM", 143), ("time", 0), ("done", 0), ("stopped early", 0)],
)
def test_a_run_that_a_signal_ended_leaves_with_its_status(
    reason: str,
    status: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("training.loop.start.launch", lambda *given: reason)
    output = str(tmp_path / "run")
    assert status_of(cli.app, "--data", "a.csv", "-o", output) == status
    resumable = reason in ("SIGINT", "SIGTERM", "time")
    assert (f"resume with: sudoku-train --resume -o {output}" in capsys.readouterr().out) == (
        resumable
    )


@pytest.mark.parametrize(
    ("args", "text"),
    [
        (["--recipe", "prodution"], "unknown recipe 'prodution'; did you mean 'production'?"),
        (["--recipe", "fast"], "there are production, baseline, quick, policy"),
        (["--data", "absent.csv"], "absent.csv: no such file"),
        ([], "no puzzles to train on; name a file with --data"),
        (["--lr", "-1"], "lr must be above 0"),
        (["--shares", "a,b"], "shares must be numbers, got ['a', 'b']"),
        (["--scheduler", "step"], "scheduler must be one of swell, onecycle"),
        (["--config", "absent.toml"], "absent.toml: no such file"),
        (["--resume"], "no checkpoint to resume"),
        (["--device", "tpu"], "device 'tpu' can't be used here"),
    ],
)
def test_a_wrong_command_is_told_in_one_line(
    args: list[str], text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_of(cli.app, *args, "--output", str(tmp_path / "run")) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert text in error
    assert error.count("\n") == 1


def test_a_folder_that_can_not_be_written_is_found_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert status_of(cli.app, "--output", str(tmp_path / "file" / "run")) == 2
    assert "can't be written" in capsys.readouterr().err


def test_train_then_evaluate_then_resume(
    make_csv: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("training.loop.start.write_report", lambda *given: given[0])
    data, output = str(make_csv(30)), str(tmp_path / "run")
    args = ["--recipe", "quick", "--epochs", "1", "--epoch-samples", "16", "--batch-size", "8"]
    args += ["--size", "width=4,hidden=4,gate=4", "--no-compile", "--validation-size", "4"]
    assert status_of(cli.app, "--data", data, "-o", output, *args, "--eval-passes", "2") == 0
    said = capsys.readouterr().out
    assert "Epoch 1/1" in said
    assert "policy_ema.pt" in said
    assert status_of(cli.app, "--resume", "-o", output, "--epochs", "2") == 0
    assert [m["epoch"] for m in read_metrics(tmp_path / "run" / "metrics.jsonl")] == [1, 2]
    capsys.readouterr()
    policy = str(tmp_path / "run" / "policy_ema.pt")
    assert status_of(evaluate_cli.app, policy, "-d", data, "-f", "json", "--decode", "4") == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["level"] for row in rows] == ["all", "0 guesses"]
    assert rows[0]["puzzles"] == 30
    assert rows[0]["passes"] == 2
    for key in ("grid_acc", "solve_rate", "ece", "ms", "ms_single", "parameters"):
        assert rows[0][key] is not None


def test_onnx_and_pt_stand_side_by_side(
    make_csv: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_policy(tmp_path / "small.pt", Policy(PolicyConfig(width=4, hidden=4, gate=4)), {})
    models = [str(tmp_path / "small.pt"), str(GOLDEN / "tiny.onnx")]
    data = str(make_csv(6))
    args = ["--data", data, "--passes", "2", "--decode", "2", "-f", "csv", "--device", "cpu"]
    assert status_of(evaluate_cli.app, *models, *args) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["model"] for row in rows if row["level"] == "all"] == models
    assert all(0 <= float(row["cell_acc"]) <= 1 for row in rows)
    pt, onnx = (row for row in rows if row["level"] == "all")
    assert pt["one_view"] == ""
    assert 0 <= float(onnx["one_view"]) <= float(onnx["grid_acc"])


@pytest.mark.parametrize(
    ("args", "text", "code"),
    [
        (["x.pt"], "no puzzles to evaluate on; name a file with --data", 2),
        (["x.pt", "-d", "sudoku.csv", "-f", "xml"], "'xml' is not one of", 2),
        (["x.pt", "-d", "absent.csv"], "x.pt: no such file", 5),
        (["x.txt", "-d", "absent.csv"], "x.txt: not a policy", 2),
    ],
)
def test_a_wrong_evaluation_is_told_in_one_line(
    args: list[str], text: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_of(evaluate_cli.app, *args) == code
    assert text in capsys.readouterr().err


@pytest.mark.parametrize("device", ["foo", "mps"])
def test_a_device_that_policies_do_not_run_on_is_refused_by_name(
    device: str, capsys: pytest.CaptureFixture[str]
) -> None:
    args = ["policy.pt", "-d", "puzzles.csv", "--device", device]
    assert status_of(evaluate_cli.app, *args) == 2
    assert f"'{device}' is not one of 'auto', 'cpu', 'cuda'" in capsys.readouterr().err


def test_a_gpu_that_is_not_there_is_told_for_a_pt_as_for_an_onnx(
    make_csv: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if torch.cuda.is_available():
        pytest.skip("there is one")
    policy = tmp_path / "small.pt"
    save_policy(policy, Policy(PolicyConfig(width=4, hidden=4, gate=4)), {})
    args = [str(policy), "-d", str(make_csv(6)), "--device", "cuda"]
    assert status_of(evaluate_cli.app, *args) == 2
    error = capsys.readouterr().err
    assert "device 'cuda' can't be used here" in error
    assert error.count("\n") == 1


def test_the_summary_lines_are_those_of_the_document() -> None:
    assert train_line(METRICS) == (
        "Train - Loss: 1.7234, CE: 1.5891, Constraint: 0.2686, Acc: 42.31%, "
        "Time: 135.2s, Speed: 1,705 samples/s"
    )
    assert val_lines(METRICS) == [
        "Val - Loss: 1.5123, Cell Acc: 48.92%, Grid Acc: 12.34%, Solve Rate: 12.34%",
        "Val - Confidence: 0.6234, Entropy: 1.2345, Violations: 2.34",
    ]
    timed = {**METRICS, "val_time": 135.2, "elapsed": 270.4}
    assert train_line(timed).endswith("samples/s (by the clock 270.4s, 852 samples/s)")
    assert val_lines(timed)[1].endswith("Violations: 2.34, Time: 135.2s (50% of all)")
    files = {"easy.csv": {"grid_acc": 0.9}, "deep.csv": {"grid_acc": 0.1}}
    several = val_lines({**METRICS, "val_files": files})
    assert several[2] == "Val - Grid Acc by file: easy.csv 90.00%, deep.csv 10.00%"
    assert (clock(135.2), clock(3700)) == ("02:15", "1:01:40")


@pytest.mark.parametrize(
    ("given", "module", "rest"),
    [
        ("--data a.csv", "train", "--data a.csv"),
        ("run --data a.csv", "train", "--data a.csv"),
        ("", "train", ""),
        ("resume runs/a --epochs 3", "resume", "runs/a --epochs 3"),
        ("average a.pt b.pt -o c.pt", "average", "a.pt b.pt -o c.pt"),
        ("adversary --help", "adversary", "--help"),
    ],
)
def test_the_first_word_names_the_command(given: str, module: str, rest: str) -> None:
    assert words(given.split()) == (f"training.commands.{module}", rest.split())


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_every_tool_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(import_module(TOOLS[name]).app, "--help") == 0
    usage, _, about, *rest = capsys.readouterr().out.splitlines()
    assert usage.startswith("Usage: ")
    assert about.startswith("  ")
    assert "Options:" in rest


def test_a_resumed_run_cuts_off_later_lines(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_text('{"step": 10}\n{"step": 20}\n{"ste')
    (tmp_path / "steps.jsonl").write_text('{"step": 20}\n{"step": 40}\n')
    sink = JsonLines(tmp_path, 10, 20)  # killed between the step and the end of its validation
    sink.write({"step": 20, "val_loss": float("nan")})
    assert read_metrics(path) == [{"step": 10}, {"step": 20, "val_loss": None}]
    assert read_metrics(tmp_path / "steps.jsonl") == [{"step": 20}]


def test_tables_are_aligned_and_escaped() -> None:
    rows = [{"model": "a|b", "share": 0.5, "count": 12345, "none": None}]
    assert as_text(rows).splitlines() == [
        "model   share   count  none",
        "a|b    0.5000  12,345     –",
    ]
    assert as_markdown(rows).splitlines()[2] == "| a\\|b | 0.5000 | 12,345 | – |"
    assert shown(float("nan")) == "–"
