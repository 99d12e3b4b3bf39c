"""A small training run to start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.training.loop.runs import TINY
from training.loop.folder import prepare
from training.loop.start import launch, resolved
from training.recipe.config import changed
from training.recipe.recipes import quick


@pytest.fixture
def start(
    make_csv: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Path]:
    monkeypatch.setattr("training.loop.start.write_report", lambda *given: given[0])  # slow
    data = make_csv(40)

    def run(name: str = "run", resume: bool = False, **changes: Any) -> Path:
        recipe = resolved(changed(quick(), {**TINY, "data": [str(data)], **changes}))
        output = tmp_path / name
        prepare(output, resume)
        run.reason = launch(recipe, output, resume)  # type: ignore[attr-defined]
        return output

    return run
