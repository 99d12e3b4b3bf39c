"""Row 5: memory stays flat under a long load."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tools.attack.checker import is_solution
from tools.attack.common import Attack, Fault, Outcome, spent

DIGITS = "123456789"
LINE = "...5...4.3...2..6..82.3.1...7.2....9..9.......3..49..6.......9..5.8.....4...13..."


def load(attack: Attack) -> Sequence[Fault]:
    """Bulk solving for 20 minutes (a share of it), and solving in one process; memory sampled."""
    with (attack.folder / "big.sdm").open("w") as file:
        for _ in range(100):
            file.write(f"{LINE}\n" * 20_000)
    return [
        *(partial(_bulk, attack, engine) for engine in ("exact", "policy")),
        partial(_one_process, attack),
    ]


def _bulk(attack: Attack, engine: str) -> Outcome:
    outcome = attack.outcome(f"bulk solving, {engine}: memory over time")
    seconds = min(1200.0, max(20.0, attack.until - spent()))
    process = attack.start(
        "sudoku-solve", "--engine", engine, "big.sdm", "-o", f"{engine}.csv",
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    part, samples = attack.folder / f"{engine}.csv.part", []
    begun = None
    while process.poll() is None:
        time.sleep(0.5)
        if begun is None and part.exists() and part.stat().st_size > 10_000:
            begun = time.monotonic()  # started up and solving
        if begun is not None:
            samples.append((time.monotonic() - begun, resident(process.pid)))
            if samples[-1][0] > seconds:
                break
    process.kill()
    process.wait()
    _judge(outcome, samples[len(samples) // 3 :], "second")
    return outcome


def _one_process(attack: Attack) -> Outcome:
    """One `Solver` asked tens of thousands of times, as a server would."""
    outcome = attack.outcome("one process that solves one puzzle after another: memory")
    from solver import Solver

    solver = Solver(device="cpu", threads=1)
    samples = []
    for number in attack.tries(20_000, 300):
        cells = LINE.translate(str.maketrans("123456789", "".join(attack.rng.sample(DIGITS, 9))))
        answer = solver.solve(cells)
        grid = "".join(map(str, answer.grid.cells)) if answer.grid else ""
        outcome.check(is_solution(cells, grid), f"{cells}: {answer}")
        if number % 50 == 0:
            samples.append((float(number), resident(os.getpid())))
            outcome.note = f"{samples[0][1]:.0f} MB at first, {samples[-1][1]:.0f} MB in the end"
    _judge(outcome, samples[len(samples) // 3 :], "puzzle")
    return outcome


def _judge(outcome: Outcome, samples: list[tuple[float, float]], unit: str) -> None:
    """Say the slope of memory; wrong where it grows by more than a tenth over the samples."""
    outcome.tries = outcome.tries or len(samples)
    if len(samples) < 3:
        outcome.note = "too few samples for a slope"
        return
    slope, spread = _slope(samples), samples[-1][0] - samples[0][0]
    outcome.note = (
        f"{samples[-1][1]:.0f} MB, slope {slope * 1000:+.2f} kB a {unit} over {spread:,.0f}"
    )
    if slope * spread > 0.1 * samples[0][1]:
        outcome.wrong.append(f"memory grows by {slope * spread:.0f} MB")


def resident(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * 4096 / 1e6


def _slope(samples: list[tuple[float, float]]) -> float:
    """MB a second, by least squares."""
    n = len(samples)
    x, y = sum(a for a, _ in samples) / n, sum(b for _, b in samples) / n
    spread = sum((a - x) ** 2 for a, _ in samples) or 1.0
    return sum((a - x) * (b - y) for a, b in samples) / spread
