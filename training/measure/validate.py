"""A policy's metrics on a set of puzzles: one forward pass each, and decoding step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.measure.metrics import Calibration, keeps_rules, score, unit_counts
from training.network.base import Network, unroll

Answer = Callable[[Tensor], Tensor]
"""Puzzles [b, 81] int64 -> logits (or log probabilities) [b, 81, 9] after the last pass."""

SURE = 0.99
"""Decoding places every cell at least this sure, or the surest one where there is none."""

LEVELS = ("easy", "medium", "hard")


def last_logits(policy: Network, passes: int) -> Answer:
    """The policy's logits after `passes` passes, from the first state."""

    def answer(puzzle_bk: Tensor) -> Tensor:
        logits = None
        for one in unroll(policy, puzzle_bk, passes):
            logits = one.logits
        assert logits is not None, "no puzzle or no pass"
        return logits

    return answer


class NotFiniteError(ValueError):
    """A policy answers with NaN or infinity: it is broken, and no figure of it means anything."""


def finite(logits: Tensor) -> Tensor:
    """Logits as float32; raises `NotFiniteError` where they are no numbers."""
    out = logits.float()
    if not bool(out.isfinite().all()):
        raise NotFiniteError("the policy's answers are not finite numbers (NaN or infinity)")
    return out


@dataclass(frozen=True)
class Table:
    """Figures of each puzzle, float [n] each, and the cells' confidence and rightness [n, 81]."""

    columns: dict[str, Tensor]
    confidence: Tensor
    right: Tensor
    answer: Tensor

    def joined(self, others: list[Table]) -> Table:
        """This table with others below it."""
        tables = [self, *others]
        return Table(
            {k: torch.cat([t.columns[k] for t in tables]) for k in self.columns},
            *(
                torch.cat([getattr(t, name) for t in tables])
                for name in ("confidence", "right", "answer")
            ),
        )


@torch.no_grad()
def decode(answer: Answer, puzzle_bk: Tensor) -> Tensor:
    """Fill in grids step by step, without taking anything back; the grids [b, 81], 1 to 9.

    Each round runs the policy on what stands and places every blank cell at least `SURE`, or
    the surest one. A grid that breaks a rule is given up: 0 stays in its blank cells. Raises
    `NotFiniteError` where the policy's answer holds NaN.
    """
    grid = puzzle_bk.clone()
    active = torch.arange(len(grid), device=grid.device)
    while len(active):
        now = grid[active]
        sure, digit = torch.softmax(finite(answer(now)), -1).max(-1)
        sure = torch.where(now == 0, sure, -1.0)
        place = sure >= SURE
        place |= torch.nn.functional.one_hot(sure.argmax(1), 81).bool()
        now = torch.where((now == 0) & place, digit + 1, now)
        grid[active] = now
        active = active[(now == 0).any(1) & ~(unit_counts(now, 10)[..., 1:] > 1).flatten(1).any(1)]
    return grid


@torch.no_grad()
def measure(
    answer: Answer,
    puzzle_nk: Tensor,
    target_nk: Tensor,
    chunk: int,
    done: Callable[[int], object] = int,
) -> Table:
    """Score one forward pass on puzzles [n, 81] with targets [n, 81] (0 to 8), `chunk` at a time.

    `done` is called with the number of puzzles done each time.
    The column `solved` is NaN until `with_solved` fills it in.
    """
    tables = []
    for start in range(0, len(puzzle_nk), chunk):
        puzzle, target = puzzle_nk[start : start + chunk], target_nk[start : start + chunk]
        logits = finite(answer(puzzle))
        scores = vars(score(puzzle, target, logits))
        columns = {name: value.float().cpu() for name, value in scores.items()}
        columns["solved"] = torch.full((len(puzzle),), torch.nan)
        sure, digit = torch.softmax(logits, -1).max(-1)
        tables.append(Table(columns, sure.cpu(), (digit == target).cpu(), digit.cpu()))
        done(len(puzzle))
    return tables[0].joined(tables[1:])


def with_solved(
    table: Table,
    answer: Answer,
    puzzle_nk: Tensor,
    chunk: int,
    rows: Tensor,
    done: Callable[[int], object] = int,
) -> Table:
    """`table` with the puzzles in `rows` [k] decoded step by step: 1 where that solved them."""
    solved = table.columns["solved"].clone()
    for start in range(0, len(rows), chunk):
        part = rows[start : start + chunk]
        puzzle = puzzle_nk[part.to(puzzle_nk.device)]
        grids = decode(answer, puzzle)
        kept = (grids > 0).all(1) & keeps_rules(puzzle, grids.clamp(1) - 1)
        solved[part] = kept.float().cpu()
        done(len(puzzle))
    return replace(table, columns={**table.columns, "solved": solved})


def spread(count: int, total: int) -> Tensor:
    """`count` of the rows 0 to `total`, evenly spread, all where there are no more, int64 [k]."""
    return torch.linspace(0, total - 1, min(count, total)).round().long()


def summary(table: Table) -> dict[str, float]:
    """The means, and the calibration errors of cells and of whole grids."""
    columns = table.columns
    cells, grids = Calibration.empty(), Calibration.empty()
    cells.add(table.confidence, table.right)
    grids.add(columns["least"], columns["grid"])
    sure = columns["least"] >= SURE
    decoded = columns["solved"][~columns["solved"].isnan()]
    return {
        "loss": float(columns["loss"].mean()),
        "cell_acc": float(columns["cells"].mean()),
        "grid_acc": float(columns["grid"].mean()),
        "solve_rate": float(decoded.mean()) if len(decoded) else float("nan"),
        "decoded": len(decoded),
        "valid": float(columns["valid"].mean()),
        "confidence": float(columns["confidence"].mean()),
        "entropy": float(columns["entropy"].mean()),
        "violations": float(columns["violations"].mean()),
        "ece": cells.error(),
        "grid_ece": grids.error(),
        "sure": float(sure.float().mean()),
        "sure_wrong": float(1 - columns["grid"][sure].mean()) if bool(sure.any()) else 0.0,
    }


def by_label(
    table: Table, label: NDArray[np.str_], names: Sequence[str] = LEVELS
) -> dict[str, dict[str, float]]:
    """`summary` of the puzzles of each label that has some; `puzzles` is how many."""
    out = {}
    for name in names:
        rows = torch.from_numpy(np.nonzero(label == name)[0])
        if len(rows):
            part = Table(
                {k: v[rows] for k, v in table.columns.items()},
                table.confidence[rows],
                table.right[rows],
                table.answer[rows],
            )
            out[name] = {"puzzles": len(rows), **summary(part)}
    return out
