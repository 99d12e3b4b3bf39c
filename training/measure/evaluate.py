"""Policies side by side on files of puzzles: every metric, by difficulty, with latency."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from training.data.cache import Packed, ratings_of
from training.data.puzzles import level_of
from training.data.stream import puzzle_and_target
from training.machine.device import chosen_device
from training.measure.scoreboard import wilson
from training.measure.validate import (
    Answer,
    NotFiniteError,
    by_label,
    last_logits,
    measure,
    summary,
    with_solved,
)
from training.network.checkpoint import load_policy
from training.network.kernel import equipped

if TYPE_CHECKING:
    from solver.policy.session import Prediction

SINGLE_RUNS = 15
GUESSES = {"easy": "0 guesses", "medium": "1-3 guesses", "hard": "4+ guesses"}
"""What a curriculum calls a puzzle -> the guesses that the exact engine's rating counts."""
DEFAULT_PASSES = 64
CPU_CHUNK = 256
"""Puzzles that an .onnx answers on a CPU before it tells how far it is."""


@dataclass
class Contender:
    """A policy to evaluate: how it answers, and what it took."""

    name: str
    answer: Answer
    chunk: int
    parameters: int | None
    passes: list[np.ndarray] = field(default_factory=list)
    """Passes that the puzzles took, int64 [n] a batch; none where it doesn't tell."""
    at_once: list[np.ndarray] = field(default_factory=list)
    """Whether view 0 solved the puzzles, bool [n] a batch; none where there are no views."""
    seconds: float = 0.0
    puzzles: int = 0

    def timed(self, puzzle_bk: Tensor) -> Tensor:
        """`answer`, its time counted."""
        start = time.perf_counter()
        out = self.answer(puzzle_bk)
        self.seconds += time.perf_counter() - start
        self.puzzles += len(puzzle_bk)
        return out


def contender(
    path: Path, passes: int | None, views: int | None, device: str, threads: int | None
) -> Contender:
    """The policy in a `.pt` or `.onnx` file. Raises `ValueError` for what is neither.

    `passes` are the most that a view takes; None: those that a `.pt` was validated with, or an
    `.onnx` file's own. `views` are the most that an `.onnx` file tries; a `.pt` has one.
    """
    if path.suffix == ".onnx":
        return _onnx(path, passes, views, device, threads)
    if path.suffix != ".pt":
        raise ValueError(f"{path}: not a policy; expected a file that ends in .pt or .onnx")
    policy, made = load_policy(path)
    where = chosen_device(device)
    if where.type == "cpu":
        equipped(policy)
    policy.to(where)
    count = passes or int(made.get("passes", DEFAULT_PASSES))
    inner = last_logits(policy, count)

    @torch.inference_mode()
    def answer(puzzle_bk: Tensor) -> Tensor:
        it.passes.append(np.full(len(puzzle_bk), count))
        return inner(puzzle_bk.to(where)).cpu()

    parameters = sum(p.numel() for p in policy.parameters())
    chunk = 32 if where.type == "cpu" else 1024
    it = Contender(str(path), answer, chunk, parameters)
    return it


def _onnx(
    path: Path, passes: int | None, views: int | None, device: str, threads: int | None
) -> Contender:
    from solver.policy.providers import CPU
    from solver.policy.session import Policy

    policy = Policy.load(path, device=device, threads=threads, views=views, passes=passes)

    def answer(puzzle_bk: Tensor) -> Tensor:
        prediction = policy.predict(puzzle_bk.numpy())
        it.passes.append(prediction.passes)
        it.at_once.append(prediction.valid & (prediction.view == 0))
        return torch.from_numpy(_as_answered(prediction)).clamp_min(1e-30).log()

    chunk = CPU_CHUNK if policy.provider == CPU else 1024
    it = Contender(str(path), answer, chunk, None)
    return it


def _as_answered(prediction: Prediction) -> np.ndarray:
    """Probabilities float32 [n, 81, 9] whose largest are the grid's digits: where a given is not
    the likeliest digit of its cell, the two change places."""
    digit, likeliest = (
        prediction.grid[..., None] - 1,
        prediction.probabilities.argmax(-1)[..., None],
    )
    out = prediction.probabilities.copy()
    for here, other in ((digit, likeliest), (likeliest, digit)):
        np.put_along_axis(out, here, np.take_along_axis(prediction.probabilities, other, -1), -1)
    return out


def _mean(parts: list[np.ndarray]) -> float | None:
    return float(np.concatenate(parts).mean()) if parts else None


def evaluate(
    it: Contender, packed: Packed, decoded: int, done: Callable[[int], object] = int
) -> dict[str, dict[str, Any]]:
    """Metrics on a file's puzzles: of "all", and of those that need none, few and many guesses.

    Only the first `decoded` puzzles are decoded step by step. `ms` is the mean time of a puzzle
    in a batch, `ms_single` the median time of one alone; `one_view` the share that view 0 solved,
    `passes` the mean number of passes of all views tried; `grid_low` and `grid_high` are the
    confidence interval of `grid_acc`, `solve_low` and `solve_high` that of `solve_rate`. `done` is
    told each time how many puzzles are measured or decoded.
    """
    cells = torch.from_numpy(np.array(packed.cells))
    puzzle, target = puzzle_and_target(cells)
    it.seconds, it.puzzles, it.passes, it.at_once = 0.0, 0, [], []
    try:
        table = measure(it.timed, puzzle, target, it.chunk, done)
    except NotFiniteError as error:
        raise NotFiniteError(f"{it.name}: {error}") from None
    passes, one_view = _mean(it.passes), _mean(it.at_once)
    milliseconds = 1000 * it.seconds / max(1, it.puzzles)
    single = []
    for row in range(min(SINGLE_RUNS, len(puzzle))):
        start = time.perf_counter()
        it.answer(puzzle[row : row + 1])
        single.append(1000 * (time.perf_counter() - start))
    table = with_solved(
        table, it.answer, puzzle, it.chunk, torch.arange(min(decoded, len(puzzle))), done
    )
    levels = by_label(table, level_of(ratings_of(packed)))
    found: dict[str, dict[str, Any]] = {
        "all": {"puzzles": len(puzzle), **summary(table)},
        **{GUESSES[level]: figures for level, figures in levels.items()},
    }
    found["all"] |= {
        "one_view": one_view,
        "passes": passes,
        "ms": milliseconds,
        "ms_single": statistics.median(single),
        "parameters": it.parameters,
    }
    for figures in found.values():
        figures["grid_low"], figures["grid_high"] = _interval(figures, "grid_acc", "puzzles")
        figures["solve_low"], figures["solve_high"] = _interval(figures, "solve_rate", "decoded")
    return found


def _interval(figures: dict[str, Any], share: str, count: str) -> tuple[float | None, float | None]:
    return wilson(figures[share], int(figures[count])) or (None, None)
