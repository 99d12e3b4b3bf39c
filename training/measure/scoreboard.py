"""The figures of `sudoku-evaluate` for people: one row a list, in tables of 80 columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from training.measure.intervals import Z
from training.measure.tables import aligned

NAME: Final = 20
"""Characters of a list's name that are shown; where policies are named too, `NAMES` of each."""
NAMES: Final = 11


def wilson(share: float | None, count: int) -> tuple[float, float] | None:
    """The 95% confidence interval of a share that was measured on `count` cases.

    Wilson's score interval (Wilson 1927): it stays within 0..1, and is no point where all or none
    were right. None where nothing was measured.
    """
    if share is None or math.isnan(share) or count < 1:
        return None
    z = Z**2 / count
    middle = share + z / 2
    half = Z * math.sqrt((share * (1 - share) + z / 4) / count)
    low, high = (middle - half) / (1 + z), (middle + half) / (1 + z)
    return max(0.0, low), min(1.0, high)


@dataclass(frozen=True)
class Column:
    """A column: its head, what it shows of a row, and what that means."""

    head: str
    text: Callable[[dict[str, Any]], str]
    meaning: str


def _share(key: str) -> Callable[[dict[str, Any]], str]:
    return lambda row: percent(row.get(key))


def percent(value: float | None) -> str:
    """A share in percent; only all is 100%, only none 0%."""
    if value is None or math.isnan(value):
        return "–"
    if value in (0, 1):
        return f"{value:.0%}"
    return f"{min(max(100 * value, 0.01), 99.99):.2f}%"


def _interval(row: dict[str, Any]) -> str:
    if row.get("grid_low") is None:
        return "–"
    return f"{100 * row['grid_low']:.1f}–{100 * row['grid_high']:.1f}"


def _number(key: str, digits: int) -> Callable[[dict[str, Any]], str]:
    def text(row: dict[str, Any]) -> str:
        value = row.get(key)
        return "–" if value is None or math.isnan(value) else f"{value:,.{digits}f}"

    return text


ACCURACY: Final = (
    Column("puzzles", lambda row: f"{row['puzzles']:,}", "how many were measured"),
    Column("grids", _share("grid_acc"), "grids in which all 81 cells are right"),
    Column("95%", _interval, "confidence interval of grids in percent, by Wilson's score"),
    Column("view 1", _share("one_view"), "grids that the first view solved; a .pt has no views"),
    Column("decoded", _share("solve_rate"), "grids right when filled in step by step (--decode)"),
    Column("cells", _share("cell_acc"), "cells that are right"),
)
CONFIDENCE: Final = (
    Column("ece", _share("ece"), "calibration error of cells: mean |sureness - share right|"),
    Column("grid ece", _share("grid_ece"), "the same of whole grids"),
    Column("sure", _share("sure"), "grids of which the policy is at least 99% sure"),
    Column("wrong", _share("sure_wrong"), "of these, the wrong ones"),
    Column("passes", _number("passes", 1), "of the network a puzzle, in all views"),
    Column("ms", _number("ms", 2), "a puzzle, many at a time"),
    Column("alone", _number("ms_single", 1), "ms of a puzzle by itself (median)"),
)
LEGEND: Final = "\n".join(
    f"  {column.head:<11} {column.meaning}" for column in (*ACCURACY, *CONFIDENCE)
)
"""What each column means, a line each."""


def scoreboard(rows: Sequence[dict[str, Any]], *, levels: bool = False) -> str:
    """Two tables of the rows, accuracy and confidence: one row a list and policy.

    With `levels` also a row for each level of a list. Policies are told apart by as much of their
    paths as that takes, and named where there are several.
    """
    shown = [row for row in rows if levels or row["level"] == "all"]
    names = short_names([row["model"] for row in rows])
    several = len(names) > 1
    width = NAMES if several else NAME
    tables = []
    for columns in (ACCURACY, CONFIDENCE):
        head = ["list", *(["policy"] if several else []), *(column.head for column in columns)]
        body = []
        for row in shown:
            place = _cut(
                Path(row["data"]).stem if row["level"] == "all" else f"  {row['level']}", width
            )
            policy = [_cut(names[row["model"]], width)] if several else []
            body.append([place, *policy, *(column.text(row) for column in columns)])
        tables.append(aligned([head, *body], [place < 1 + several for place in range(len(head))]))
    return "\n\n".join(tables)


def short_names(paths: Sequence[str]) -> dict[str, str]:
    """Path -> its last parts, as few as tell it from the others."""
    parts = {path: Path(path).parts for path in paths}
    names = {}
    for path, own in parts.items():
        others = [other for name, other in parts.items() if name != path]
        take = next(
            (n for n in range(1, len(own) + 1) if all(own[-n:] != o[-n:] for o in others)),
            len(own),
        )
        names[path] = str(Path(*own[-take:]))
    return names


def _cut(name: str, width: int) -> str:
    return name if len(name) <= width else f"{name[: width - 1]}…"
