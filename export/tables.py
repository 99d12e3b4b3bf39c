"""What an exported policy solves: by puzzle file and precision, and what views bring."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from export.parity import Outputs, open_session, run
from solver.check import solved_many
from solver.formats import read

VIEWS = (1, 2, 4, 8, 16)


@dataclass(frozen=True, kw_only=True)
class Score:
    """A policy on one file of puzzles: the share solved by a grid that is right by the rules, the
    mean number of passes a puzzle, and the time a puzzle in milliseconds on one thread."""

    name: str
    puzzles: int
    solved: float
    passes: float
    milliseconds: float


def puzzles_of(path: Path, limit: int) -> np.ndarray:
    """The first `limit` puzzles of a file in any format, int64 [n, 81]; raises `FormatError`."""
    found = []
    for record in read(path):
        found.append(record.givens.array())
        if len(found) == limit:
            break
    return np.array(found, np.int64).reshape(-1, 81)


def score(data: bytes, name: str, puzzles: np.ndarray, **settings: int) -> Score:
    """Run a policy file over `puzzles` int64 [n, 81] and count what it solves."""
    session = open_session(data)
    run(session, puzzles[:1], max_passes=1)
    start = time.perf_counter()
    out = run(session, puzzles, 16, **settings)
    seconds = time.perf_counter() - start
    return Score(
        name=name,
        puzzles=len(puzzles),
        solved=float(out["valid"].mean()),
        passes=float(out["passes"].mean()),
        milliseconds=1000 * seconds / len(puzzles),
    )


@dataclass(frozen=True, kw_only=True)
class ViewsRow:
    """Shares solved with `views` views and the passes a puzzle that each choice costs: views until
    one is right by the rules; all views and the most confident, or the mean of all."""

    views: int
    by_rules: float
    by_confidence: float
    by_mean: float
    passes_by_rules: float
    passes_all: float


def views_table(
    data: bytes, puzzles: np.ndarray, passes: int, counts: Sequence[int] = VIEWS
) -> list[ViewsRow]:
    """A row for each number of views in `counts`; the file must have that many views."""
    session = open_session(data)
    each: list[Outputs] = [
        run(session, puzzles, 16, max_views=1, max_passes=passes, first_view=view)
        for view in range(max(counts))
    ]
    solved = np.stack([out["valid"] for out in each])
    spent = np.stack([out["passes"] for out in each])
    sure = np.stack([out["probabilities"].max(-1).mean(-1) for out in each])
    rows, grids = np.arange(len(puzzles)), np.stack([out["grid"] for out in each])
    table = []
    for count in counts:
        earlier = np.cumsum(solved[:count], axis=0) - solved[:count]
        mean = np.mean([out["probabilities"] for out in each[:count]], axis=0)
        averaged = np.where(puzzles > 0, puzzles, mean.argmax(-1) + 1)
        chosen = grids[sure[:count].argmax(0), rows]
        table.append(
            ViewsRow(
                views=count,
                by_rules=float(solved[:count].any(0).mean()),
                by_confidence=float(solved_many(chosen, puzzles).mean()),
                by_mean=float(solved_many(averaged, puzzles).mean()),
                passes_by_rules=float((spent[:count] * (earlier == 0)).sum(0).mean()),
                passes_all=float(spent[:count].sum(0).mean()),
            )
        )
    return table
