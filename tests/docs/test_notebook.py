"""The example notebook runs from its first cell to its last."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def kinds(notebook: dict[str, Any]) -> list[list[str]]:
    """What each cell shows: text, a picture, or what it printed."""
    return [
        [key for output in cell.get("outputs", []) for key in output.get("data", {"text": ""})]
        for cell in notebook["cells"]
    ]


def test_the_notebook_runs_and_shows_what_it_holds(
    tool: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    held = json.loads((ROOT / "docs" / "notebook.ipynb").read_text(encoding="utf-8"))
    ran = tool("notebook").executed(held)
    assert kinds(ran) == kinds(held)
    printed = [
        "".join(o["text"]) for cell in ran["cells"] for o in cell.get("outputs", []) if "text" in o
    ]
    assert printed[0] == "solved by the policy\n"


def test_an_error_in_a_cell_is_not_swallowed(tool: Callable[[str], ModuleType]) -> None:
    with pytest.raises(ZeroDivisionError):
        tool("notebook").run("1 / 0", {})
