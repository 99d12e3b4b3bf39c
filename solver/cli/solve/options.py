"""The options of sudoku-solve, each with its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from solver.logic.order import Order
from solver.policy.providers import Device
from solver.render.forms import Color, Format
from solver.system.cores import MOST_THREADS

CHUNK: Final = 256
"""Puzzles that go through the policy together; fewer than that stay on the CPU."""

EngineName = Literal["policy", "exact", "ray"]

Puzzles = Annotated[
    list[str],
    typer.Argument(
        metavar="PUZZLE",
        help="A file (.sdk, .sdm, .ss, .sdx, .opensudoku, .csv, ...), a folder of files, - for "
        "stdin, 81 characters with 0 . X * _ - for a blank, or an address that shows them.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only 81 characters per puzzle.")]
Form = Annotated[Format, typer.Option("--format", "-f", help="Output format.")]
Steps = Annotated[
    bool | None,
    typer.Option(
        "--steps/--no-steps",
        help="Print each step: cell, digit, confidence, why. On except for csv and svg; csv then "
        "has one row per step.",
        show_default=False,
    ),
]
StepOrder = Annotated[
    Order,
    typer.Option(
        help="Which step comes next. logic: the one whose reason is the easiest to see; "
        "confidence: the cell of which the policy is surest."
    ),
]
Uniqueness = Annotated[
    bool,
    typer.Option(
        "--uniqueness/--no-uniqueness",
        help="Let reasons rely on the puzzle having one solution (unique rectangles, BUG+1).",
    ),
]
HintGrade = Annotated[
    int,
    typer.Option(
        "--hint",
        "-H",
        count=True,
        show_default=False,
        help="Print only the next step, from the saved state if the file has one: -H where to "
        "look, -HH which cell, -HHH which digit and why; -HHH -f svg draws it.",
    ),
]
Watch = Annotated[
    bool,
    typer.Option("--watch", "-w", help="Watch the policy solve, pass by pass (on stderr)."),
]
Heatmap = Annotated[
    Path | None,
    typer.Option(help="Draw the confidence of each cell, as .svg or .png."),
]
Report = Annotated[
    Path | None, typer.Option(help="Write an HTML page with a slider over the steps.")
]
Model = Annotated[
    Path | None, typer.Option(help="Policy to use, .onnx.", show_default="the shipped policy")
]
OnDevice = Annotated[
    Device,
    typer.Option(help=f"Where the policy runs; auto uses a GPU for {CHUNK} or more puzzles."),
]
Threads = Annotated[
    int | None,
    typer.Option(min=1, max=MOST_THREADS, help="CPU threads.", show_default="all, at most 8"),
]
Views = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Try at most N views: fewer are faster, and leave more to search.",
        show_default="all it has",
    ),
]
Colors = Annotated[Color, typer.Option(help="Colours in text.")]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        help="Write a table of the answers, .csv or .parquet: for files of any size and folders "
        "of files. If interrupted, run it again to resume.",
    ),
]
EngineOption = Annotated[
    EngineName,
    typer.Option(
        help="With --output: policy, with a search where it is wrong; exact, answers only; ray, "
        "the policy on several workers (with --device cuda, one GPU each)."
    ),
]
Address = Annotated[
    str | None,
    typer.Option(help="Ray cluster address.", show_default="Ray on this machine"),
]
Workers = Annotated[
    int | None,
    typer.Option(min=1, help="Ray workers.", show_default="one per core, minus one reader"),
]
