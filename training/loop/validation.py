"""A run's validation: of the averaged weights and the weights, by level and by file."""

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
    by_label,
    last_logits,
    measure,
    spread,
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
"""Figures of the weights themselves, beside those of their average, and of each file."""


def validated(run: Run) -> dict[str, Any]:
    """Metrics of the policy that is kept, by level too, and some of the weights themselves."""
    whole = _measured(run, run.averaged_policy, DECODED)
    order = np.concatenate([np.arange(len(whole.right))[part] for part in _parts(run)])
    out: dict[str, Any] = dict(summary(whole))
    for level, figures in by_label(whole, level_of(run.puzzles.validation_rating)[order]).items():
        out |= {f"{level}_{name}": value for name, value in figures.items()}
    files = run.puzzles.validation_files
    if len(files) > 1:
        labels = run.puzzles.validation_file[order]
        found = by_label(whole, labels, [name for name, _ in files])
        out["files"] = {
            name: {k: figures[k] for k in ("puzzles", *RAW)} for name, figures in found.items()
        }
    if run.ema is not None:
        raw = summary(_measured(run, run.policy, 0))
        out |= {f"raw_{name}": raw[name] for name in RAW}
    return out


def _parts(run: Run) -> list[slice]:
    """Which validation puzzles each process of a run measures; some may have none."""
    return [slice(rank, None, run.world.size) for rank in range(run.world.size)]


def _measured(run: Run, policy: Network, decoded: int) -> Table:
    """A policy's table of the validation puzzles, which the processes of a run share, part by
    part. Raises `DivergedError` for one whose answers are no numbers."""
    cells = torch.from_numpy(np.array(run.puzzles.validation)).to(run.device)
    puzzle, target = puzzle_and_target(cells)
    mine = _parts(run)[run.world.rank]
    puzzle, target = puzzle[mine], target[mine]
    answer = _interruptible(run, last_logits(policy, run.recipe.eval_passes))
    chunk = CPU_CHUNK if run.device.type == "cpu" else GPU_CHUNK
    found: Table | str | None = None
    policy.eval()
    try:
        # in float32, as the policy is evaluated and exported, whatever it is trained in
        if len(puzzle):
            found = measure(answer, puzzle, target, chunk)
            rows = spread(-(-decoded // run.world.size), len(puzzle))
            found = with_solved(found, answer, puzzle, chunk, rows)
    except NotFiniteError as error:
        found = str(error)
    finally:
        policy.train()
    tables: list[Table] = []
    for one in run.world.gather_objects(found):
        if isinstance(one, str):
            raise DivergedError(f"in validation {one}")
        if one is not None:
            tables.append(one)
    return tables[0].joined(tables[1:])


def _interruptible(run: Run, answer: Answer) -> Answer:
    """`answer`, looking at signals before each call; of several processes none may leave
    the others waiting, so these look between steps alone."""

    def asked(puzzle_bk: Tensor) -> Tensor:
        if run.signals.came and run.world.size == 1:
            raise InterruptedRunError(run.signals.came)
        return answer(puzzle_bk)

    return asked
