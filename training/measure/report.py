"""`report.html`: a run in one self-contained file, for reading after training."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from training.data.puzzles import level_of
from training.data.stream import puzzle_and_target
from training.measure.compare import minutes_of, read_run
from training.measure.criteria import best_epoch, criteria
from training.measure.figures import confusion, curves, reliability
from training.measure.metrics import BINS
from training.measure.tables import shown
from training.measure.validate import LEVELS, SURE, Table, by_level, last_logits, measure
from training.network.checkpoint import load_policy
from training.recipe.config import Recipe
from training.recipe.toml import to_toml

EXAMPLES = 6
CSS = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
  color: #222; background: #fff; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2.2rem; }
table { border-collapse: collapse; margin: .6rem 0; }
th, td { padding: .2rem .7rem; border-bottom: 1px solid #ddd; text-align: right; }
th:first-child, td:first-child, .text td, .text th { text-align: left; }
.passed { color: #06652f; } .failed { color: #a3121c; }
.figures { display: flex; flex-wrap: wrap; gap: .5rem; }
.figures svg { max-width: 100%; height: auto; }
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
    recipe, metrics = read_run(output)
    best = output / "policy_best.pt"
    policy, made = load_policy(best if best.is_file() else output / "policy_ema.pt")
    puzzle, target = puzzle_and_target(torch.from_numpy(np.array(validation)))
    table = measure(last_logits(policy, recipe.eval_passes), puzzle, target, chunk)
    levels = level_of(rating)
    parts = [
        f"<h1>Training report: {escape(recipe.recipe)}</h1>",
        _overview(metrics, made, sum(p.numel() for p in policy.parameters())),
        "<h2>Success criteria</h2>",
        _criteria(metrics, recipe),
        "<h2>Curves</h2>",
        _curves(metrics),
        "<h2>Stages</h2>",
        _stages(metrics),
        "<h2>By difficulty</h2>",
        _levels(table, levels),
        "<h2>Calibration</h2>",
        _calibration(table),
        "<h2>Confusion by difficulty</h2>",
        _confusion(table, target, levels),
        "<h2>Examples that failed</h2>",
        _failures(table, puzzle),
        "<h2>Settings</h2>",
        f"<pre>{escape(to_toml(recipe))}</pre>",
    ]
    path = output / "report.html"
    path.write_text(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Training report</title><style>{CSS}</style></head><body>"
        + "\n".join(parts)
        + "</body></html>\n",
        encoding="utf-8",
    )
    return path


def _html_table(rows: list[dict[str, Any]], kind: str = "") -> str:
    head = "".join(f"<th>{escape(str(k))}</th>" for k in rows[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(shown(v))}</td>" for v in row.values()) + "</tr>"
        for row in rows
    )
    return f'<table class="{kind}"><tr>{head}</tr>{body}</table>'


def _overview(metrics: list[dict[str, Any]], made: dict[str, Any], parameters: int) -> str:
    best = best_epoch(metrics)
    waits = sum(m["data_wait"] * m["time"] for m in metrics) / sum(m["time"] for m in metrics)
    return (
        f"<p>{metrics[-1]['epoch']} epochs, {made.get('steps', 0):,} steps, "
        f"{minutes_of(metrics):.1f} minutes by the clock, {waits:.2%} of the training "
        f"spent waiting for data; {parameters:,} parameters. Best epoch {best['epoch']}: grid "
        f"accuracy {best['val_grid_acc']:.2%}, cell accuracy {best['val_cell_acc']:.2%}.</p>"
    )


def _criteria(metrics: list[dict[str, Any]], recipe: Recipe) -> str:
    rows = []
    for c in criteria(metrics, recipe):
        kind, text = ("passed", "passed") if c.passed else ("failed", "not passed")
        rows.append(
            f"<tr><td>{c.level}</td><td>{escape(c.asks)}</td><td>{escape(c.reached)}</td>"
            f'<td class="{kind}">{text}</td></tr>'
        )
    head = "<tr><th>level</th><th>asks</th><th>reached</th><th></th></tr>"
    return f'<table class="text">{head}{"".join(rows)}</table>'


def _curves(metrics: list[dict[str, Any]]) -> str:
    accuracy = {
        "val_cell_acc": "cells",
        "val_grid_acc": "grids",
        "val_solve_rate": "solved by steps",
        "train_cell_acc": "cells, training",
    }
    figures = [
        curves(metrics, {"train_loss": "training", "val_loss": "validation"}, "Loss", log=True),
        curves(metrics, accuracy, "Accuracy"),
        curves(metrics, {"lr": "rate"}, "Learning rate"),
        curves(metrics, {"val_violations": "violations"}, "Violations a grid"),
        curves(
            metrics,
            {"val_confidence": "confidence", "val_entropy": "entropy"},
            "Confidence, entropy",
        ),
        curves(metrics, {"it_per_s": "iterations/s"}, "Speed"),
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
                "epochs": len(of_stage),
                "minutes": f"{sum(m['time'] + m.get('val_time', 0) for m in of_stage) / 60:.1f}",
                "loss": last["train_loss"],
                "validation loss": last["val_loss"],
                "grid accuracy": last["val_grid_acc"],
                "solve rate": last["val_solve_rate"],
            }
        )
    return _html_table(rows)


def _levels(table: Table, levels: NDArray[np.str_]) -> str:
    rows = []
    for level, m in by_level(table, levels).items():
        keys = ("puzzles", "grid_acc", "cell_acc", "violations", "confidence", "ece")
        rows.append({"level": level, **{k.replace("_", " "): m[k] for k in keys}})
    return _html_table(rows)


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


def _confusion(table: Table, target: torch.Tensor, levels: NDArray[np.str_]) -> str:
    figures = []
    for level in LEVELS:
        rows = np.nonzero(levels == level)[0]
        if len(rows):
            right, answer = target[rows].flatten(), table.answer[rows].flatten()
            wrong = right != answer
            pairs = (right[wrong] * 9 + answer[wrong]).numpy()
            counts = np.bincount(pairs, minlength=81).reshape(9, 9)
            figures.append(confusion(counts, f"{level}: {int(wrong.sum())} wrong cells"))
    return f'<div class="figures">{"".join(figures)}</div>'


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
