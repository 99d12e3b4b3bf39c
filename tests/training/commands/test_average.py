"""The mean of policies' weights."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from training.commands.average import average
from training.network.checkpoint import load_policy, save_policy
from training.network.graph import Policy, PolicyConfig


@pytest.fixture
def pair(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "a.pt", tmp_path / "b.pt"]
    for seed, path in enumerate(paths):
        torch.manual_seed(seed)
        save_policy(path, Policy(PolicyConfig(width=16, hidden=16, gate=16)), {"seed": seed})
    return paths


def test_every_weight_is_the_mean_by_the_shares(pair: list[Path], tmp_path: Path) -> None:
    average(pair, tmp_path / "c.pt", "1,3")
    (a, _), (b, _), (c, made) = (load_policy(path) for path in (*pair, tmp_path / "c.pt"))
    for one, other, mean in zip(a.parameters(), b.parameters(), c.parameters(), strict=True):
        torch.testing.assert_close(mean, 0.25 * one + 0.75 * other)
    assert made["seed"] == 1
    assert made["mean_of"] == {"a.pt": 0.25, "b.pt": 0.75}


def test_a_policy_named_twice_has_both_shares(
    pair: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    average([pair[0], pair[0]], tmp_path / "c.pt", "")
    assert load_policy(tmp_path / "c.pt")[1]["mean_of"] == {"a.pt": 1.0}
    assert "100% of a.pt" in capsys.readouterr().out


@pytest.mark.parametrize("shares", ["1", "1,x", "0,0", "-1,2", "nan,1", "inf,1"])
def test_shares_that_make_no_mean_are_refused(
    shares: str, pair: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        average(pair, tmp_path / "c.pt", shares)
    assert f"--shares {shares}" in capsys.readouterr().err
    assert not (tmp_path / "c.pt").exists()


def test_other_architectures_are_refused(
    pair: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_policy(pair[1], Policy(PolicyConfig(width=32, hidden=16, gate=16)), {})
    with pytest.raises(SystemExit):
        average(pair, tmp_path / "c.pt")
    assert "not all of one architecture" in capsys.readouterr().err
