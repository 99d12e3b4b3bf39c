"""A profile measures what ran, says what it was, and ends in one line of JSON."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest

from solver.cli import profile as command
from solver.cli.common import run
from solver.policy.profile import Runner, Setting, batches, machine, measure, operators, settings

TINY = Path(__file__).parents[2] / "golden" / "tiny.onnx"
EASY = "004300209005009001070060043006002087190007400050083000600000105003508690042910300"
EMPTY = "." * 81
PUZZLES = np.array([[int(c) for c in EASY], [0] * 81], np.int64)


@pytest.fixture
def puzzles(tmp_path: Path) -> Path:
    path = tmp_path / "two.sdm"
    path.write_text(f"{EASY}\n{EMPTY}\n")
    return path


def call(*arguments: object) -> int:
    with pytest.raises(SystemExit) as leave:
        run(command.app, [str(argument) for argument in arguments])
    assert isinstance(leave.value.code, int)
    return leave.value.code


def test_batches_go_round_and_round() -> None:
    found = list(batches(PUZZLES, 3, seconds=0))
    assert len(found) == 3
    assert [part[:, 0].tolist() for part in found] == [[0, 0, 0]] * 3
    assert [int((part > 0).any(1).sum()) for part in found] == [2, 1, 2]


def test_a_row_says_what_ran_and_how_long_it_took() -> None:
    runner = Runner(Setting(model=TINY, device="cpu", threads=1, views=1, passes=5))
    row = measure(runner, PUZZLES[1:], batch=2, seconds=0)
    assert (row.model, row.provider, row.threads) == ("tiny.onnx", "CPU", 1)
    assert (row.views, row.passes, row.batch) == (1, 5, 2)
    assert row.passes_per_puzzle == 5
    assert row.solved == 0
    assert 0 < row.p50_ms <= row.p90_ms <= row.p99_ms
    assert row.ratio is None


def test_views_and_passes_bound_the_work() -> None:
    runner = Runner(Setting(model=TINY, device="cpu", threads=1, views=2, passes=3))
    assert runner.run(PUZZLES[1:])["passes"].tolist() == [6]


def test_easy_puzzles_stop_early() -> None:
    out = Runner(Setting(model=TINY, device="cpu", threads=1)).run(PUZZLES[:1])
    assert out["valid"].tolist() == [True]
    assert out["passes"][0] < 16


def test_a_baseline_gives_a_ratio() -> None:
    one = Runner(Setting(model=TINY, device="cpu", threads=1, passes=8, views=1))
    half = Runner(Setting(model=TINY, device="cpu", threads=1, passes=1, views=1))
    row = measure(one, PUZZLES[1:], batch=1, seconds=0.2, baseline=half)
    assert row.ratio is not None
    assert row.ratio > 1


def test_operators_are_summed_with_their_arithmetic() -> None:
    found = {o.name: o for o in operators(Setting(model=TINY, device="cpu", passes=4), PUZZLES)}
    assert "Loop" not in found
    assert found["MatMul"].gigaflops > 0
    assert sum(o.share for o in found.values()) == pytest.approx(1)
    assert all(o.calls > 0 and o.gigabytes >= 0 for o in found.values())


def test_the_machine_does_something() -> None:
    measured = machine()
    assert measured.gigaflops_per_second > 0.1
    assert measured.gigabytes_per_second > 0.1


def test_settings_are_all_combinations() -> None:
    found = settings([TINY], ["cpu"], [1, 2], [], [8, 16])
    assert [(s.threads, s.views, s.passes) for s in found] == [
        (1, None, 8),
        (1, None, 16),
        (2, None, 8),
        (2, None, 16),
    ]


def test_the_command_prints_tables_or_json(
    puzzles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "rows.csv"
    options = [TINY, "--baseline", TINY, "--batch", "2,1", "--seconds", 0]
    options += ["--threads", 1, "-o", table, "--device", "cpu", "--passes", 4]
    assert call(puzzles, *options, "--operators") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "two.sdm: 2 puzzles"
    assert any(re.match(r"MatMul +\d+ +[\d.]+ +[\d.]+%", line) for line in lines)
    assert all(len(line) <= 80 for line in lines)
    assert call(puzzles, *options, "--format", "json") == 0
    summary = json.loads(capsys.readouterr().out)
    assert [row["batch"] for row in summary["rows"]] == [1, 2]
    assert all(row["ratio"] > 0 for row in summary["rows"])
    assert summary["cold_start_ms"] > 0
    with table.open(newline="") as file:
        assert [row["batch"] for row in csv.DictReader(file)] == ["1", "2"]


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["--batch", "1,x"], 2, "whole numbers"),
        (["--threads", "0"], 2, "from 1"),
        (["missing.sdm"], 2, "missing.sdm: no such file"),
        (["--model", "missing.onnx"], 5, "no such policy file"),
        (["--device", "tpu"], 5, "unknown device"),
    ],
)
def test_bad_arguments_are_told_in_one_line(
    arguments: list[str], code: int, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(*arguments) == code
    error = capsys.readouterr().err
    assert text in error
    assert error.startswith("error: ")
    assert len(error.splitlines()) == 1
