"""A file of puzzles of every kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.solver.bulk.tables import LINES, write


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A list of puzzles of every status, with a line in the middle that is none."""
    return write(tmp_path / "some.sdm", [*LINES[:4], "12345", *LINES[4:]])
