"""Torch against ONNX Runtime: an exported file appears only when both say the same.

Three checks on the same puzzles:

- after `depth` passes of every view, probabilities within `TOLERANCE` and grids identical;
- after all passes and views the file allows, the same puzzles solved, with identical grids;
- batches of 1, 7 and 256 puzzles give the same answers.

The first is the comparison of arithmetic. It is not made at full depth: on a puzzle that stays
unsolved the state wanders, and rounding in the last digit grows from pass to pass in any two
implementations, torch's own compiled and plain ones included. What the depth was is reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from export.tta import PolicyWithViews
from solver.providers import CPU, create_session, session_options

TOLERANCE = 1e-4
BATCHES = (1, 7, 256)
NAMES = ("probabilities", "grid", "passes", "view", "valid")


class ParityError(ValueError):
    """The exported graph and the policy disagree; its text says where and by how much."""


@dataclass(frozen=True, kw_only=True)
class Parity:
    """What was compared: `largest` is the greatest difference of a probability after `depth`
    passes, `solved` the puzzles that both solve with all passes, of `puzzles`."""

    puzzles: int
    depth: int
    largest: float
    solved: int


def open_session(data: bytes, threads: int = 1) -> Any:
    """An ONNX Runtime session on the CPU for the bytes of a file."""
    return create_session(data, "cpu", session_options(threads))


def run(
    session: Any, puzzles: np.ndarray, batch: int = 64, **settings: int
) -> dict[str, np.ndarray]:
    """All outputs but the trace for `puzzles` int64 [n, 81], a batch at a time."""
    scalars = {name: np.array(value, np.int64) for name, value in settings.items()}
    parts = [
        session.run(list(NAMES), {"puzzle": puzzles[i : i + batch], **scalars})
        for i in range(0, len(puzzles), batch)
    ]
    return {
        name: np.concatenate(part)
        for name, part in zip(NAMES, zip(*parts, strict=True), strict=True)
    }


def reference(
    policy: PolicyWithViews, puzzles: np.ndarray, batch: int = 64, **settings: int
) -> dict[str, np.ndarray]:
    """The same from torch."""
    answers = [
        policy(torch.from_numpy(puzzles[i : i + batch]), **settings)
        for i in range(0, len(puzzles), batch)
    ]
    return {
        name: np.concatenate([getattr(answer, name).numpy() for answer in answers])
        for name in NAMES
    }
