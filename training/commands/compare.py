"""`sudoku-train compare`: two runs side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from solver.cli.common import fail
from solver.cli.help import command_app
from training.measure.tables import rendered

app = command_app()


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(metavar="RUN_A", help="A run's folder.")],
    after: Annotated[Path, typer.Argument(metavar="RUN_B", help="Another's, to be judged.")],
    data: Annotated[
        list[Path] | None,
        typer.Option("--data", "-d", help="Measure both on this file too. May be repeated."),
    ] = None,
    decode: Annotated[
        int, typer.Option(min=0, help="Puzzles per file to decode step by step.")
    ] = 64,
    form: Annotated[
        Literal["text", "json", "csv", "markdown"],
        typer.Option("--format", "-f", help="How to print."),
    ] = "text",
) -> None:
    """Print settings, speed and accuracy of two runs, and the criteria that the second meets.

    Each may be a folder of several runs that differ in their seeds: then means are compared, with
    half the width of their 95% intervals; of one run, that of its share of right grids.
    """
    try:
        print(comparison(before, after, form, data or [], decode))
    except ValueError as error:
        fail(error)


def comparison(
    before: Path, after: Path, form: str, data: Sequence[Path] = (), decode: int = 64
) -> str:
    """The comparison in one of `FORMATS`; raises `ValueError`."""
    from training.measure.compare import compared

    def on_files(folder: Path) -> dict[str, Any]:
        return _on_files(folder, data, decode)

    rows, criteria = compared(before, after, on_files if data else lambda folder: {})
    checked = [asdict(c) | {"passed": "passed" if c.passed else "NOT passed"} for c in criteria]
    if form == "json":
        return json.dumps(
            {"comparison": json.loads(rendered(rows, form)), "criteria": checked}, indent=2
        )
    return rendered(rows, form) + "\n\n" + rendered(checked, form)


def _on_files(folder: Path, data: Sequence[Path], decode: int) -> dict[str, Any]:
    """What the best policy of a run reaches on files of puzzles."""
    from training.data.cache import packed
    from training.measure.evaluate import contender, evaluate

    best = folder / "policy_best.pt"
    it = contender(best if best.is_file() else folder / "policy_ema.pt", None, None, "auto", None)
    out: dict[str, Any] = {}
    for path in data:
        found = evaluate(it, packed(path), decode)["all"]
        for name in ("puzzles", "grid_acc", "solve_rate", "ece", "ms"):
            out[f"{path.name}: {name.replace('_', ' ')}"] = found[name]
    return out
