"""A disagreement between torch and ONNX Runtime is found and told, and leaves no file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from export.build import seal
from export.cli import app
from export.parity import OUTPUTS, ParityError, check, check_reduced, compare
from export.quantise import build
from export.views import PolicyWithViews, Stage, Views
from solver.cli.common import run as run_app
from solver.policy.session import Policy as Session
from tests.export.samples import make_policy, make_puzzles
from training.network.checkpoint import save_policy
from training.network.graph import Policy


@pytest.fixture(scope="module")
def data(policy: Policy, views: Views) -> bytes:
    return seal(build(policy, views, passes=3), policy, {"views": "3", "passes": "3"})


@pytest.fixture(scope="module")
def puzzles() -> np.ndarray:
    return np.concatenate([make_puzzles(9, blanks=k) for k in (0, 1, 30, 60)])


def outputs(count: int = 4) -> dict[str, np.ndarray]:
    shapes = {"probabilities": (count, 81, 9), "grid": (count, 81)}
    found = {name: np.zeros(shapes.get(name, (count,))) for name in OUTPUTS}
    found["probabilities"][..., 0] = 1
    return found


def test_equal_outputs_compare() -> None:
    assert compare(outputs(), outputs(), "both") == 0


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_difference_in_any_output_is_named(name: str) -> None:
    found = outputs()
    found[name].reshape(4, -1)[2, 0] += 1
    with pytest.raises(ParityError, match=r"view 1: .*(1 of 4|differ by 1)"):
        compare(outputs(), found, "view 1")


def test_grids_may_differ_where_two_digits_tie() -> None:
    expected, found = outputs(), outputs()
    expected["probabilities"][1, 5, :2] = found["probabilities"][1, 5, :2] = 0.5
    found["grid"][1, 5] = 1
    assert compare(expected, found, "a tie") == 0


def test_probabilities_that_are_no_numbers_fail() -> None:
    found = outputs()
    found["probabilities"][0, 0, 0] = np.nan
    with pytest.raises(ParityError, match="differ by nan"):
        compare(outputs(), found, "view 0")


def test_a_file_agrees_with_its_own_policy(
    policy: Policy, views: Views, data: bytes, puzzles: np.ndarray
) -> None:
    agreed = check(PolicyWithViews(policy, views), data, puzzles, passes=3)
    assert agreed.puzzles == len(puzzles)
    assert agreed.largest < 1e-5
    assert agreed.solved >= 9


def test_one_puzzle_is_enough_to_compare_all_views(
    policy: Policy, views: Views, data: bytes, puzzles: np.ndarray
) -> None:
    assert check(PolicyWithViews(policy, views), data, puzzles[-1:], passes=3).puzzles == 1


def test_a_file_disagrees_with_another_policy(
    views: Views, data: bytes, puzzles: np.ndarray
) -> None:
    other = PolicyWithViews(make_policy(seed=1), views)
    with pytest.raises(ParityError, match="view 0, 3 passes"):
        check(other, data, puzzles, passes=3)


def test_a_file_that_supposes_something_else_disagrees(
    views: Views, puzzles: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    bold = make_policy()
    bold.head.weight.mul_(300)  # of a cell that is as unsure as another, rounding would decide
    bold_data = seal(build(bold, views, passes=3), bold, {"views": "3", "passes": "3"})
    check(PolicyWithViews(bold, views), bold_data, puzzles, passes=3)
    suppose = Stage.suppose

    def other(stage: Stage) -> torch.Tensor:
        stage.doubt = stage.doubt.roll(1, dims=1)
        return suppose(stage)

    monkeypatch.setattr(Stage, "suppose", other)
    with pytest.raises(ParityError, match=r"view [12] of .* differs from torch"):
        check(PolicyWithViews(bold, views), bold_data, puzzles, passes=3)


def test_lower_precision_is_held_to_what_it_solves(
    policy: Policy, views: Views, data: bytes, puzzles: np.ndarray
) -> None:
    agreed = check_reduced(PolicyWithViews(policy, views), data, puzzles, passes=3)
    assert agreed.solved >= 9


def test_policies_that_give_no_numbers_are_not_exported(
    views: Views, data: bytes, puzzles: np.ndarray
) -> None:
    broken = make_policy()
    broken.head.weight.fill_(float("nan"))
    with pytest.raises(ParityError, match="no numbers"):
        check(PolicyWithViews(broken, views), data, puzzles, passes=3)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puzzles without the generator, whose compilation takes longer than the test."""
    monkeypatch.setattr("export.cli.parity_puzzles", lambda count, seed: make_puzzles(count))


@pytest.fixture
def export(tmp_path: Path, policy: Policy, few: None) -> Callable[..., int]:
    """Run the command on a checkpoint of the tiny policy; its exit status."""
    save_policy(tmp_path / "policy_ema.pt", policy, {"seed": 1})

    def command(*options: str) -> int:
        arguments = [str(tmp_path / "policy_ema.pt"), "-o", str(tmp_path / "policy.onnx")]
        with pytest.raises(SystemExit) as leave:
            run_app(app, [*arguments, "--views", "2", "--passes", "3", "--parity", "5", *options])
        assert isinstance(leave.value.code, int)
        return leave.value.code

    return command


def test_the_command_writes_a_file_that_the_solver_takes(
    export: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "easy.sdm").write_text("".join(map(str, make_puzzles(1)[0])) + "\n")
    assert export("--accuracy", str(tmp_path / "easy.sdm")) == 0
    session = Session.load(tmp_path / "policy.onnx", "cpu", 1)
    assert (session.views, session.passes) == (2, 3)
    assert session.metadata["run"] == '{"seed": 1}'
    assert '"easy.sdm"' in session.metadata["accuracy"]
    assert session.watch(make_puzzles(1, blanks=60)[0]).shape == (6, 81, 9)
    assert "easy.sdm" in capsys.readouterr().out


def test_a_failed_check_leaves_no_file(
    export: Callable[..., int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("export.parity.TOLERANCE", -1.0)
    assert export() == 5
    assert not list(tmp_path.glob("policy.onnx*"))
    assert "probabilities differ" in capsys.readouterr().err


def test_what_is_no_checkpoint_is_refused_in_one_line(
    export: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "policy_ema.pt").write_bytes(b"no checkpoint")
    assert export() == 5
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("error: ")
