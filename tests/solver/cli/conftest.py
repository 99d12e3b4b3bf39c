"""sudoku-solve with a tiny policy, and what it printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.solver.cli.runs import Result
from tests.solver.policies import onnx_bytes


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A policy that knows nothing but the givens: everything unsolved goes to search."""
    file = tmp_path / "tiny.onnx"
    file.write_bytes(onnx_bytes())
    return file


@pytest.fixture
def solve(capsys: pytest.CaptureFixture[str], model: Path) -> object:
    """Run the command with the tiny policy."""
    return lambda *arguments: Result(capsys, "--model", model, *arguments)
