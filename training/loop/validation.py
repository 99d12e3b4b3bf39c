"""A run's validation: the average, the weights beside it, by level of difficulty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from training.data.puzzles import level_of
from training.data.stream import puzzle_and_target
from training.loop.guard import DivergedError, InterruptedRunError
from training.measure.validate import (
    Answer,
    NotFiniteError,
    Table,
    by_level,
    last_logits,
    measure,
    summary,
    with_solved,
)
from training.network.base import Network

if TYPE_CHECKING:
    from training.loop.run import Run

CPU_CHUNK, GPU_CHUNK = 64, 1024
"""Puzzles that go through the network at once, where no gradients are kept."""
DECODED = 64
"""Puzzles that are decoded step by step: each takes up to fifty times what a measurement does."""
RAW = ("loss", "cell_acc", "grid_acc")
"""Figures of the weights themselves, beside those of their average."""


def validated(run: Run) -> dict[str, Any]:
    """Metrics of the policy that is kept, by level too, and some of the weights themselves."""
    whole, levels = _measured(run, run.averaged_policy, DECODED)
    out: dict[str, Any] = dict(summary(whole))
    out["ce"] = out["loss"]
    for level, figures in by_level(whole, levels).items():
        out |= {f"{level}_{name}": value for name, value in figures.items()}
    if run.ema is not None:
        raw = summary(_measured(run, run.policy, 0)[0])
        out |= {f"raw_{name}": raw[name] for name in RAW}
    return out


def _measured(run: Run, policy: Network, decoded: int) -> tuple[Table, Any]:
    """A policy's table of the validation puzzles, and the level of each; the processes of a run
    share the puzzles. Raises `DivergedError` for one whose answers are no numbers."""
    cells = torch.from_numpy(np.array(run.puzzles.validation)).to(run.device)
    puzzle, target = puzzle_and_target(cells)
    mine = slice(run.world.rank, None, run.world.size)
    answer = _interruptible(run, last_logits(policy, run.recipe.eval_passes))
    chunk = CPU_CHUNK if run.device.type == "cpu" else GPU_CHUNK
    found: Table | str
    policy.eval()
    try:
        with run.autocast():
            found = measure(answer, puzzle[mine], target[mine], chunk)
            if decoded:
                each = -(-decoded // run.world.size)
                found = with_solved(found, answer, puzzle[mine], chunk, each)
    except NotFiniteError as error:
        found = str(error)
    finally:
        policy.train()
    tables: list[Table] = []
    for one in run.world.gather_objects(found):
        if isinstance(one, str):
            raise DivergedError(f"in validation {one}")
        tables.append(one)
    rating = run.puzzles.validation_rating
    levels = [level_of(rating[rank :: run.world.size]) for rank in range(run.world.size)]
    return tables[0].joined(tables[1:]), np.concatenate(levels)


def _interruptible(run: Run, answer: Answer) -> Answer:
    """`answer`, looking at signals before each call; of several processes none may leave
    the others waiting, so these look between steps alone."""

    def asked(puzzle_bk: Tensor) -> Tensor:
        if run.signals.came and run.world.size == 1:
            raise InterruptedRunError(run.signals.came)
        return answer(puzzle_bk)

    return asked
