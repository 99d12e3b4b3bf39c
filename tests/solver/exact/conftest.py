"""Fixtures of the exact engine's tests."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _compile_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Functions for many puzzles are compiled for a single one too."""
    monkeypatch.setattr("solver.exact.compiled.FEW", 0)
