"""One row a list, shares in percent with their confidence intervals, whole numbers as such."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from solver.cli.common import run
from training.commands import evaluate as command
from training.measure.scoreboard import percent, scoreboard, short_names, wilson

TINY = Path(__file__).resolve().parents[2] / "golden" / "tiny.onnx"


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_is_that_of_newcombes_table(
    right: int, count: int, low: float, high: float
) -> None:
    assert wilson(right / count, count) == pytest.approx((low, high), abs=5e-5)
    assert wilson(1 - right / count, count) == pytest.approx((1 - high, 1 - low), abs=5e-5)


def test_what_was_not_measured_has_no_interval() -> None:
    assert wilson(None, 5) is wilson(float("nan"), 0) is wilson(1.0, 0) is None


def test_only_all_is_100_percent_and_only_none_0() -> None:
    values = (1.0, 0.0, 0.999999, 0.000001, 0.5, None, float("nan"))
    assert [percent(value) for value in values] == [
        "100%",
        "0%",
        "99.99%",
        "0.01%",
        "50.00%",
        "–",
        "–",
    ]


def test_policies_are_named_by_as_little_of_their_paths_as_tells_them_apart() -> None:
    paths = ["runs/a/policy.onnx", "runs/b/policy.onnx", "other.onnx"]
    assert list(short_names(paths).values()) == ["a/policy.onnx", "b/policy.onnx", "other.onnx"]
    assert short_names(["far/away/policy.onnx"]) == {"far/away/policy.onnx": "policy.onnx"}


def row(data: str, model: str, level: str = "all", **figures: float) -> dict[str, object]:
    return {"data": data, "model": model, "level": level, "puzzles": 1, "grid_acc": 1.0, **figures}


def test_there_is_a_row_a_list_and_levels_only_when_asked() -> None:
    rows = [row(f"{name}.sdm", "m.onnx", level) for name in "ab" for level in ("all", "0 guesses")]
    accuracy, confidence = scoreboard(rows).split("\n\n")
    for table in (accuracy, confidence):
        assert [line.split()[0] for line in table.splitlines()] == ["list", "a", "b"]
    assert accuracy.splitlines()[1].split()[1:3] == ["1", "100%"]
    told = scoreboard(rows, levels=True).split("\n\n")[0].splitlines()
    assert [line[:11] for line in told[1:]] == [
        "a          ",
        "  0 guesses",
        "b          ",
        "  0 guesses",
    ]


def test_the_tables_fit_in_80_columns() -> None:
    figures = dict.fromkeys(("one_view", "solve_rate", "cell_acc", "ece", "sure", "ms"), 0.99123)
    figures |= {"grid_low": 0.99, "grid_high": 1.0, "passes": 5632.0, "puzzles": 100_000}
    for models in (["one.onnx"], ["runs/one/policy_ema.pt", "runs/two/policy_ema.pt"]):
        rows = [row("hardest_11plus.dev.and.more.sdm", model, **figures) for model in models]
        assert max(map(len, scoreboard(rows).splitlines())) <= 80


def test_a_terminal_sees_a_bar_and_the_output_stays_clean(
    make_csv: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with pytest.raises(SystemExit) as leave:
        run(command.app, [str(TINY), "-d", str(make_csv(6)), "--decode", "2", "--device", "cpu"])
    assert leave.value.code == 0
    assert "8/8" in terminal.getvalue()
    assert capsys.readouterr().out.startswith("list ")


def test_a_checkpoint_is_said_to_have_one_view(
    make_csv: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from training.network.checkpoint import save_policy
    from training.network.graph import Policy, PolicyConfig

    save_policy(tmp_path / "small.pt", Policy(PolicyConfig(width=4, hidden=4, gate=4)), {})
    for model, told in ((tmp_path / "small.pt", True), (TINY, False)):
        args = [str(model), "-d", str(make_csv(3)), "--decode", "0", "--passes", "2"]
        with pytest.raises(SystemExit):
            run(command.app, [*args, "--device", "cpu"])
        assert ("small.pt: one view of each puzzle" in capsys.readouterr().err) == told
