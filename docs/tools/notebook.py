"""Run the example notebook, as Jupyter would, and keep what its cells show.

    python docs/tools/notebook.py

No kernel is needed: a cell is plain Python, and its last expression is shown as its HTML or its
repr. A test runs it again and compares.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
PATH: Final = ROOT / "docs" / "notebook.ipynb"


def shown(value: object) -> dict[str, Any]:
    """The output of a cell whose last expression has this value."""
    data: dict[str, list[str]] = {"text/plain": [repr(value)]}
    if hasattr(value, "_repr_html_"):
        data["text/html"] = value._repr_html_().splitlines(keepends=True)
        data["text/plain"] = [f"<{type(value).__name__}>"]
    return {"output_type": "execute_result", "execution_count": None, "metadata": {}, "data": data}


def run(source: str, names: dict[str, object]) -> list[dict[str, Any]]:
    """Run a cell in `names`; its outputs as a notebook holds them."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    value = None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, "cell", "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    outputs: list[dict[str, Any]] = []
    if printed.getvalue():
        text = printed.getvalue().splitlines(keepends=True)
        outputs.append({"output_type": "stream", "name": "stdout", "text": text})
    return outputs if value is None else [*outputs, shown(value)]


def executed(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook with the outputs of all its cells, run from the first to the last."""
    names: dict[str, object] = {}
    cells = [
        {**cell, "outputs": run("".join(cell["source"]), names)}
        if cell["cell_type"] == "code"
        else cell
        for cell in notebook["cells"]
    ]
    return {**notebook, "cells": cells}


if __name__ == "__main__":
    text = json.dumps(executed(json.loads(PATH.read_text(encoding="utf-8"))), indent=1)
    PATH.write_text(text + "\n", encoding="utf-8")
