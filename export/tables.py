"""What an exported policy solves, by puzzle file, precision and number of views."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from export.parity import open_session, run
from export.views import PolicyWithViews
from solver.board.rules import solved_many
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


def every_view(
    policy: PolicyWithViews, puzzles: np.ndarray, passes: int, views: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What each view in turn says of puzzles int64 [n, 81], also of those that an earlier one
    solved: probabilities float32 [v, n, 81, 9], passes int64 [v, n], and solved bool [v, n]."""
    parts = []
    for i in range(0, len(puzzles), 16):
        stage = policy.begin(torch.from_numpy(puzzles[i : i + 16]))
        looks = [policy.look(stage, view, passes) for view in range(views)]
        parts.append([torch.stack(column).numpy() for column in zip(*looks, strict=True)])
    found, taken, solved = (np.concatenate(part, axis=1) for part in zip(*parts, strict=True))
    return found, taken, solved


def views_table(
    policy: PolicyWithViews, puzzles: np.ndarray, passes: int, counts: Sequence[int] = VIEWS
) -> list[ViewsRow]:
    """A row for each number of views in `counts`; the policy must have that many views."""
    found, spent, solved = every_view(policy, puzzles, passes, max(counts))
    sure = found.max(-1).mean(-1)
    rows, grids = np.arange(len(puzzles)), found.argmax(-1) + 1
    grids = np.where(puzzles > 0, puzzles, grids)
    table = []
    for count in counts:
        earlier = np.cumsum(solved[:count], axis=0) - solved[:count]
        mean = found[:count].mean(0)
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
