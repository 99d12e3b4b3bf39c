"""A network that the export knows nothing about: trained, evaluated, exported and solved with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from export.build import seal
from export.cli import app as export_app
from export.parity import check
from export.quantise import build
from export.views import PolicyWithViews, Views
from solver.cli.common import run
from solver.policy.session import Policy as Exported
from tests.export.samples import SOLVED, make_puzzles
from training.commands.evaluate import app as evaluate_app
from training.commands.train import app as train_app
from training.network.cells import CellNetwork, CellSizes
from training.network.checkpoint import save_policy


@pytest.fixture
def network() -> CellNetwork:
    torch.manual_seed(0)
    made = CellNetwork(CellSizes(width=8, heads=2, gate=8)).eval()
    for parameter in made.parameters():
        torch.nn.init.normal_(parameter, std=0.4)
    return made


def test_its_export_agrees_with_torch(network: CellNetwork) -> None:
    views = Views.draw(3)
    data = seal(build(network, views, 6), network, {"views": "3", "passes": "6"})
    agreed = check(PolicyWithViews(network, views), data, make_puzzles(12, 40), 6)
    assert agreed.largest < 1e-5


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable:
    def call(app: object, *arguments: object) -> str:
        monkeypatch.setattr("sys.argv", ["command", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            run(app)
        out = capsys.readouterr()
        assert ended.value.code in (0, None), out.err
        return out.out

    return call


def test_from_a_recipe_to_a_file_that_solves(command: Callable, tmp_path: Path) -> None:
    puzzles = make_puzzles(60, 8)
    data = tmp_path / "data.csv"
    lines = ["".join(map(str, puzzle)) for puzzle in puzzles]
    data.write_text("\n".join(["puzzle", *lines]))
    output, file = tmp_path / "run", tmp_path / "policy.onnx"
    sizes = ["--architecture", "cells", "--size", "width=8,heads=2,gate=8"]
    small = ["--epochs", 1, "--epoch-samples", 32, "--batch-size", 16, "--validation-size", 4]
    quiet = ["--no-compile", "--threads", 1, "--eval-passes", 4]
    command(train_app, "--data", data, "-o", output, "--recipe", "quick", *sizes, *small, *quiet)
    trained = output / "policy_ema.pt"
    (row,) = json.loads(
        command(evaluate_app, trained, "-d", data, "--format", "json", "--decode", 2)
    )[:1]
    assert row["puzzles"] > 0
    command(export_app, trained, "-o", file, "--views", 2, "--passes", 4, "--parity", 8)
    exported = Exported.load(file, device="cpu")
    assert exported.metadata["architecture"] == "cells"
    assert exported.predict(puzzles[:3]).grid.shape == (3, 81)


def test_a_trained_network_solves_by_its_file(tmp_path: Path, network: CellNetwork) -> None:
    # a head that knows one grid, so that there is something to get right
    with torch.no_grad():
        network.place.copy_(torch.randn(81, 8))
        for last in (network.answer, network.down):
            last.weight.zero_()
        network.digit.weight.zero_()
    target = torch.from_numpy(SOLVED.reshape(81) - 1)
    optimizer = torch.optim.Adam([network.place, *network.head.parameters()], lr=0.1)
    for _ in range(300):
        optimizer.zero_grad()
        logits = network(torch.zeros(1, 81, dtype=torch.long), 1)[0, 0]
        torch.nn.functional.cross_entropy(logits, target).backward()
        optimizer.step()
    views = Views.draw(1)
    file = tmp_path / "policy.onnx"
    file.write_bytes(seal(build(network, views, 2), network, {"views": "1", "passes": "2"}))
    puzzle = np.where(np.arange(81) % 3 == 0, 0, SOLVED.reshape(81))[None].astype(np.int64)
    found = Exported.load(file, device="cpu").predict(puzzle)
    assert found.valid.all()
    assert np.array_equal(found.grid[0], SOLVED.reshape(81))
    save_policy(tmp_path / "policy.pt", network, {})
