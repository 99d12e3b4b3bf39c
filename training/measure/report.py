"""`report.html`: a run in one self-contained file, for reading after training."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from solver.board.words import plural
from solver.system.files import write_bytes
from training.data.puzzles import level_of
from training.data.stream import puzzle_and_target
from training.machine.device import chosen_device
from training.measure.compare import read_run
from training.measure.criteria import Past, clock_of, criteria
from training.measure.figures import confusion, curves, reliability
from training.measure.metrics import BINS
from training.measure.sinks import read_metrics
from training.measure.tables import shown
from training.measure.validate import LEVELS, SURE, Table, by_label, last_logits, measure
from training.network.checkpoint import load_policy
from training.network.kernel import equipped
from training.recipe.toml import to_toml

EXAMPLES = 6
CSS = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
  color: #222; background: #fff; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2.2rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; margin: .6rem 0; }
th, td { padding: .2rem .7rem; border-bottom: 1px solid #ddd; text-align: right; }
th:first-child, td:first-child, .text td, .text th { text-align: left; }
.passed { color: #06652f; } .failed { color: #a3121c; }
.figures { display: flex; flex-wrap: wrap; gap: .5rem; }
.figures svg { max-width: 100%; height: auto; } .figures > * { min-width: 0; }
.grid { display: inline-grid; grid-template-columns: repeat(9, 1.5rem); margin: .4rem 1rem .4rem 0;
  border: 2px solid #444; } .grid span { height: 1.5rem; line-height: 1.5rem; text-align: center;
  border: 1px solid #ccc; font-size: .85rem; }
.grid .given { font-weight: 700; background: #f1f1f1; } .grid .wrong { background: #f7c9cc; }
.grid .right-edge { border-right-color: #444; } .grid .low-edge { border-bottom-color: #444; }
pre { background: #f6f6f6; padding: .7rem; overflow-x: auto; font-size: .8rem; }
"""


def write_report(
    output: Path, validation: NDArray[np.uint8], rating: NDArray[np.int32], chunk: int = 64
) -> Path:
    """Write the report of the run in `output` from its files; its path.

    Calibration, confusion and failures are those of the best policy on the validation puzzles,
    packed uint8 [n, 81] with ratings int32 [n].
    """
    run = read_run(output)
    recipe = run.recipe
    best = output / "policy_best.pt"
    policy, made = load_policy(best if best.is_file() else output / "policy_ema.pt")
    device = chosen_device("cpu" if recipe.device == "cpu" else "auto")
    if device.type == "cpu":
        equipped(policy)
    puzzle, target = puzzle_and_target(torch.from_numpy(np.array(validation)).to(device))
    with torch.inference_mode():
        answer = last_logits(policy.to(device), recipe.eval_passes)
        table = measure(answer, puzzle, target, chunk)
    puzzle, target = puzzle.cpu(), target.cpu()
    levels = level_of(rating)
    parts = [
        f"<h1>Training report: {escape(recipe.recipe)}</h1>",
        _overview(run, made, sum(p.numel() for p in policy.parameters())),
        "<h2>Success criteria</h2>",
        _criteria(run),
        "<h2>Curves</h2>",
        _curves(run.metrics, read_metrics(output / "steps.jsonl")),
        "<h2>Stages</h2>",
        _stages(run.metrics),
        "<h2>By difficulty</h2>",
        _levels(table, levels),
        *_files(run.best),
        "<h2>Calibration</h2>",
        _calibration(table),
        "<h2>Confusion by difficulty</h2>",
        _confusion(table, target, levels, recipe.architecture == "graph"),
        "<h2>Examples that failed</h2>",
        _failures(table, puzzle),
        "<h2>Settings</h2>",
        f"<pre>{escape(to_toml(recipe))}</pre>",
    ]
    path = output / "report.html"
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Training report</title><style>{CSS}</style></head><body>"
        + "\n".join(parts)
        + "</body></html>\n"
    )
    write_bytes(path, page.encode())
    return path


def _html_table(rows: list[dict[str, Any]], kind: str = "") -> str:
    head = "".join(f"<th>{escape(str(k))}</th>" for k in rows[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(shown(v))}</td>" for v in row.values()) + "</tr>"
        for row in rows
    )
    return f'<div class="wide"><table class="{kind}"><tr>{head}</tr>{body}</table></div>'


def _overview(run: Past, made: dict[str, Any], parameters: int) -> str:
    best, metrics = run.best, run.metrics
    steps = sum(m["time"] for m in metrics)
    waits = sum(m["data_wait"] * m["time"] for m in metrics) / steps
    validating = sum(m.get("val_time", 0.0) for m in metrics) / run.seconds
    return (
        f"<p>{plural(metrics[-1]['epoch'], 'epoch')}, {plural(made.get('steps', 0), 'step')}, "
        f"{run.seconds / 60:.1f} minutes by the clock, {validating:.0%} of them validation; "
        f"{waits:.2%} of the steps' time was spent waiting for data; {parameters:,} parameters. "
        f"Best epoch {best['epoch']}: grid accuracy {best['val_grid_acc']:.2%}, cell accuracy "
        f"{best['val_cell_acc']:.2%}.{_gain(best)}</p>"
    )


def _gain(best: dict[str, Any]) -> str:
    """How much better the average of the weights is than the weights themselves."""
    if best.get("val_raw_grid_acc") is None:
        return ""
    gain = best["val_grid_acc"] - best["val_raw_grid_acc"]
    return (
        f" The weights themselves, not averaged, have {best['val_raw_grid_acc']:.2%} of grids and "
        f"a loss of {best['val_raw_loss']:.4f} where their average has {best['val_loss']:.4f}: "
        f"averaging brings {100 * gain:+.2f} points."
    )


def _criteria(run: Past) -> str:
    rows = []
    for c in criteria(run):
        kind, text = ("passed", "passed") if c.passed else ("failed", "not passed")
        rows.append(
            f"<tr><td>{c.level}</td><td>{escape(c.asks)}</td><td>{escape(c.reached)}</td>"
            f'<td class="{kind}">{text}</td></tr>'
        )
    head = "<tr><th>level</th><th>asks</th><th>reached</th><th></th></tr>"
    return f'<div class="wide"><table class="text">{head}{"".join(rows)}</table></div>'


def _curves(metrics: list[dict[str, Any]], steps: list[dict[str, Any]]) -> str:
    """What was measured at each validation, and of single steps the rate, loss and gradient."""
    steps = steps or [{**m, "loss": m["train_loss"], "norm": m.get("grad_norm")} for m in metrics]
    losses = {"val_loss": "average", "val_raw_loss": "weights"}
    speeds = [
        {**m, "by_clock": m["it_per_s"] * m["time"] / max(clock_of(m), 1e-9)} for m in metrics
    ]
    accuracy = {
        "val_cell_acc": "cells",
        "val_grid_acc": "grids",
        "val_solve_rate": "solved by steps",
        "train_cell_acc": "cells, training",
    }
    figures = [
        curves(steps, {"loss": "loss"}, "Training loss: every pass, carried states", log=True),
        curves(metrics, losses, "Validation loss: last pass, fresh", log=True),
        curves(metrics, accuracy, "Accuracy"),
        curves(steps, {"lr": "rate"}, "Learning rate"),
        curves(steps, {"norm": "norm"}, "Norm of the gradient", log=True),
        curves(metrics, {"val_violations": "violations"}, "Violations a grid"),
        curves(
            metrics,
            {"val_confidence": "confidence", "val_entropy": "entropy"},
            "Confidence, entropy",
        ),
        curves(speeds, {"it_per_s": "steps alone", "by_clock": "by the clock"}, "Iterations/s"),
    ]
    return f'<div class="figures">{"".join(figures)}</div>'


def _stages(metrics: list[dict[str, Any]]) -> str:
    rows = []
    for stage in dict.fromkeys(m["stage"] for m in metrics):
        of_stage = [m for m in metrics if m["stage"] == stage]
        last = of_stage[-1]
        rows.append(
            {
                "stage": stage,
                "epochs": len({m["epoch"] for m in of_stage}),
                "minutes": f"{sum(map(clock_of, of_stage)) / 60:.1f}",
                "loss": last["train_loss"],
                "validation loss": last["val_loss"],
                "grid accuracy": last["val_grid_acc"],
                "solve rate": last["val_solve_rate"],
            }
        )
    return _html_table(rows)


def _levels(table: Table, levels: NDArray[np.str_]) -> str:
    rows = []
    for level, m in by_label(table, levels).items():
        keys = ("puzzles", "grid_acc", "cell_acc", "violations", "confidence", "ece")
        rows.append({"level": level, **{k.replace("_", " "): m[k] for k in keys}})
    return _html_table(rows)


def _files(best: dict[str, Any]) -> list[str]:
    """The best validation by the files that its puzzles are from, where these are several."""
    if not best.get("val_files"):
        return []
    rows = [
        {"file": name, **{k.replace("_", " "): v for k, v in figures.items()}}
        for name, figures in best["val_files"].items()
    ]
    return ["<h2>By file</h2>", _html_table(rows)]


def _calibration(table: Table) -> str:
    sure = (table.columns["least"] >= SURE).numpy()
    wrong = int((~table.columns["grid"].bool().numpy() & sure).sum())
    figure = reliability(
        table.confidence.flatten().double().numpy(), table.right.flatten().numpy(), BINS
    )
    return (
        f'<div class="figures">{figure}</div><p>{int(sure.sum())} of {len(sure)} grids were '
        f"answered with every cell at least {SURE} sure; {wrong} of them are wrong.</p>"
    )


def _confusion(
    table: Table, target: torch.Tensor, levels: NDArray[np.str_], equivariant: bool
) -> str:
    figures = []
    note = (
        "<p>This network treats all digits alike: which digits it takes for which is chance.</p>"
        if equivariant
        else ""
    )
    for level in LEVELS:
        rows = np.nonzero(levels == level)[0]
        if len(rows):
            right, answer = target[rows].flatten(), table.answer[rows].flatten()
            wrong = right != answer
            pairs = (right[wrong] * 9 + answer[wrong]).numpy()
            counts = np.bincount(pairs, minlength=81).reshape(9, 9)
            figures.append(confusion(counts, f"{level}: {int(wrong.sum())} wrong cells"))
    return f'<div class="figures">{"".join(figures)}</div>{note}'


def _failures(table: Table, puzzle: torch.Tensor) -> str:
    wrong = (table.columns["grid"] == 0).nonzero().flatten()
    if not len(wrong):
        return "<p>None: every validation grid is right.</p>"
    surest = wrong[table.columns["least"][wrong].argsort(descending=True)][:EXAMPLES]
    grids = [
        _grid(puzzle[i].tolist(), table.answer[i].tolist(), table.right[i].tolist()) for i in surest
    ]
    return (
        f"<p>{len(wrong)} grids are wrong. Those that it was surest of; wrong cells are red, "
        f"givens bold.</p>{''.join(grids)}"
    )


def _grid(puzzle: list[int], answer: list[int], right: list[bool]) -> str:
    cells = []
    for cell in range(81):
        kinds = [
            "given" * (puzzle[cell] > 0),
            "wrong" * (not right[cell]),
            "right-edge" * (cell % 9 in (2, 5)),
            "low-edge" * (cell // 9 in (2, 5)),
        ]
        cells.append(f'<span class="{" ".join(filter(None, kinds))}">{answer[cell] + 1}</span>')
    return f'<div class="grid">{"".join(cells)}</div>'
