"""Runs judged: the comparison, its criteria, and the report."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from tests.training.commands.samples import METRICS, status_of
from training.commands import evaluate as evaluate_cli
from training.commands.main import TOOLS
from training.data.cache import packed
from training.measure.compare import compared
from training.measure.criteria import Past, criteria
from training.measure.figures import confusion, curves
from training.measure.report import write_report
from training.network.checkpoint import save_policy
from training.network.graph import Policy, PolicyConfig
from training.recipe.recipes import baseline, production
from training.recipe.toml import to_toml


def run_folder(folder: Path, speed: float, epochs: int, grid: float) -> Path:
    folder.mkdir()
    recipe = baseline() if "before" in folder.name else production()
    (folder / "config.toml").write_text(to_toml(recipe))
    lines = [
        {**METRICS, "epoch": e + 1, "it_per_s": speed, "val_grid_acc": grid, "val_solve_rate": grid}
        for e in range(epochs)  # the first epoch is the best: the rest gain nothing
    ]
    (folder / "metrics.jsonl").write_text("".join(json.dumps(m) + "\n" for m in lines))
    ended = "done" if epochs == recipe.epochs else "stopped early"
    (folder / "history.jsonl").write_text(json.dumps({"ended": ended}) + "\n")
    return folder


def test_two_runs_are_compared_by_the_documents_criteria(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = run_folder(tmp_path / "before", 2.0, 60, 0.86)
    after = run_folder(tmp_path / "after", 3.6, 44, 0.91)
    rows, checks = compared(before, after)
    by_name = {row["feature"]: row for row in rows}
    assert by_name["effective batch"] == {
        "feature": "effective batch",
        "before": 128,
        "after": 512,
        "ratio": 4.0,
    }
    assert by_name["iterations/s"]["ratio"] == pytest.approx(1.8)
    passed = {(c.level, c.asks.split(" ≥")[0].split(" <")[0]): c.passed for c in checks}
    assert passed == {
        ("minimum", "training speed"): True,
        ("minimum", "grid accuracy"): True,
        ("minimum", "solve rate"): True,
        ("minimum", "violations"): False,
        ("target", "training speed"): True,
        ("target", "grid accuracy"): True,
        ("target", "solve rate"): True,
        ("target", "violations"): False,
        ("stretch", "training speed"): False,
        ("stretch", "grid accuracy"): False,
        ("stretch", "solve rate"): True,
        ("stretch", "stops early, before epoch 50"): True,
    }
    words = ["sudoku-evaluate", "compare", str(before), str(after), "-f", "markdown"]
    monkeypatch.setattr("sys.argv", words)
    monkeypatch.setattr(evaluate_cli, "keep_memory", lambda: None)
    with pytest.raises(SystemExit) as left:
        evaluate_cli.main()
    assert left.value.code == 0
    out = capsys.readouterr().out
    assert "| iterations/s | 2 | 3.6000 | 1.8000 |" in out
    assert "NOT passed" in out


def test_speed_alone_is_measured_against_the_documents_figures() -> None:
    def passed(batch_size: int, **changes: float) -> list[bool]:
        recipe = replace(production(), batch_size=batch_size)
        run = Past(recipe, [{**METRICS, "it_per_s": 6.5, **changes}])
        return [c.passed for c in criteria(run) if "speed" in c.asks]

    assert passed(256) == [True, True, False]
    assert passed(16) == [False, False, False]  # as many iterations, of a sixteenth of the puzzles
    assert passed(256, val_time=135.2) == [False, False, False]  # half the time was validation
    assert passed(256, elapsed=150.0) == [True, False, False]


def test_a_run_that_was_interrupted_did_not_stop_early() -> None:
    metrics = [{**METRICS, "epoch": epoch} for epoch in range(1, 45)]
    for ended, early in (("stopped early", True), ("SIGINT", False), ("", False)):
        *_, last = criteria(Past(production(), metrics, ended))
        assert last.passed == early, ended


def test_speeds_of_different_networks_are_not_compared(tmp_path: Path) -> None:
    before = run_folder(tmp_path / "before", 2.0, 2, 0.5)
    after = run_folder(tmp_path / "after", 9.0, 2, 0.5)
    small = replace(production(), model=("width=16",))
    (after / "config.toml").write_text(to_toml(small))
    speeds = [c for c in compared(before, after)[1] if "speed" in c.asks]
    assert not any(c.passed for c in speeds)
    assert all("the networks or their passes differ" in c.reached for c in speeds)


def test_runs_that_differ_in_their_seeds_are_compared_by_their_means(tmp_path: Path) -> None:
    before = run_folder(tmp_path / "before", 2.0, 2, 0.5)
    (tmp_path / "several").mkdir()
    for seed, grids in enumerate((0.6, 0.7, 0.8)):
        run = run_folder(tmp_path / "several" / str(seed), 3.6, 2, grids)
        (run / "config.toml").write_text(to_toml(replace(production(), seed=seed)))
    by_name = {row["feature"]: row for row in compared(before, tmp_path / "several")[0]}
    assert by_name["runs"]["several"] == 3
    assert by_name["grid accuracy"]["several"] == pytest.approx(0.7)
    half = 4.303 * 0.1 / 3**0.5  # Student's t of two degrees of freedom
    assert by_name["grid accuracy"]["several ±"] == pytest.approx(half)
    assert by_name["iterations/s"]["several ±"] == pytest.approx(0)
    other = tmp_path / "several" / "2" / "config.toml"
    other.write_text(to_toml(replace(production(), lr=0.1)))
    with pytest.raises(ValueError, match=r"several.2: differs from .*several.0 in lr"):
        compared(before, tmp_path / "several")


def test_two_runs_are_measured_on_a_file(
    tmp_path: Path, make_csv: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    runs = [run_folder(tmp_path / name, 2.0, 2, 0.5) for name in ("before", "after")]
    for folder in runs:
        save_policy(
            folder / "policy_ema.pt", Policy(PolicyConfig(width=4, hidden=4, gate=4)), {"passes": 1}
        )
    args = [*map(str, runs), "-d", str(make_csv(6)), "--decode", "2", "-f", "json"]
    assert status_of(import_module(TOOLS["compare"]).app, *args) == 0
    rows = {row["feature"]: row for row in json.loads(capsys.readouterr().out)["comparison"]}
    assert rows["sudoku.csv: puzzles"]["after"] == 6
    assert 0 <= rows["sudoku.csv: grid acc"]["after"] <= 1
    assert rows["parameters"]["ratio"] == 1


@pytest.fixture
def report(make_csv: Callable[..., Path], tmp_path: Path) -> Path:
    output = run_folder(tmp_path / "after", 3.6, 3, 0.91)
    save_policy(output / "policy_ema.pt", Policy(PolicyConfig(width=4, hidden=4, gate=4)), {})
    rates = [{"step": step, "epoch": 1, "lr": step / 1e4, "loss": 2.0} for step in (20, 40, 60)]
    (output / "steps.jsonl").write_text("".join(json.dumps(line) + "\n" for line in rates))
    cells = packed(make_csv(6)).cells
    return write_report(output, cells, np.array([0, 0, 2, 2, 9, 9], np.int32))


def test_the_report_is_one_self_contained_file(report: Path) -> None:
    text = report.read_text()
    for heading in ("Success criteria", "Curves", "Stages", "Calibration", "Confusion", "failed"):
        assert heading in text
    assert text.count("<svg") == 8 + 1 + 3
    assert text.count('class="passed"') == 6
    assert text.count('class="failed"') == 6
    assert 'class="given' in text
    assert "src=" not in text
    assert "<script" not in text
    assert "@import" not in text
    assert ", 6.8 minutes by the clock, " in text
    assert "which digits it takes for which is chance" in text


def test_the_rate_is_drawn_by_steps_and_counts_on_dark_are_white() -> None:
    """Between two validations, the warm-up is seen."""
    steps = [{"step": step, "lr": 0.1} for step in (20, 40, 60)]
    assert ">step</text>" in curves(steps, {"lr": "rate"}, "Learning rate")
    assert ">epoch</text>" in curves([{"epoch": 1, "lr": 0.1}], {"lr": "rate"}, "Learning rate")
    text = confusion(np.diag([9, 1, 0, 0, 0, 0, 0, 0, 0]), "hard")
    assert re.findall(r'<text style="[^"]*fill: #ffffff[^"]*"[^>]*>(\d)</text>', text) == ["9"]


@pytest.mark.browser
def test_the_report_fits_a_phone(report: Path, chromium: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 390, "height": 800})
        tab.goto(report.as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390
        browser.close()
