"""The passes of the policy drawn in a terminal, on stderr, each over the last."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from solver.board.grid import Grid
from solver.policy.session import Policy
from solver.render.text import BOLD, DIM, Style, draw_grid, shade

PAUSE: Final = 0.08
"""Seconds between two passes, or less where there are many."""
WHOLE: Final = 4.0
"""Seconds that all passes take together, at most."""
LINES: Final = 12


def frame(
    puzzle: Grid, probabilities: npt.NDArray[np.float32], number: int, of: int, color: bool
) -> str:
    """The likeliest digit of each cell after pass `number`, coloured by its probability.

    Without colours, a digit that is not likelier than all others together is not shown.
    """
    digits = probabilities.argmax(1) + 1
    if not color:
        digits[probabilities.max(1) <= 0.5] = 0
    grid = Grid(given or int(digit) for given, digit in zip(puzzle, digits, strict=True))
    looks = {}
    for cell in range(81):
        sure = float(probabilities[cell].max())
        looks[cell] = BOLD if puzzle[cell] else shade(sure) if sure > 0.5 else DIM
    head = f"  pass {number} of {of}, sure of {sum(probabilities.max(1) >= 0.95)} of 81 cells"
    return f"{head:<40}\n{draw_grid(grid, Style(color=color), looks)}\n"


def watch_settling(
    policy: Policy,
    puzzle: Grid,
    stream: Any = None,
    sleep: Callable[[float], object] = time.sleep,
    *,
    color: bool = True,
) -> None:
    """Draw every pass of `policy` over `puzzle` on `stream` (stderr), the last one stays."""
    out = stream or sys.stderr
    settling = policy.watch(puzzle.array())
    for number, probabilities in enumerate(settling, 1):
        if number > 1:
            out.write(f"\x1b[{LINES}A")
        out.write(frame(puzzle, probabilities, number, len(settling), color))
        out.flush()
        sleep(min(PAUSE, WHOLE / len(settling)))
    out.write("\n")
