"""Row 5: memory stays flat under a long load."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from tools.attack.common import Attack, Outcome

LINE = "...5...4.3...2..6..82.3.1...7.2....9..9.......3..49..6.......9..5.8.....4...13..."


def load(attack: Attack) -> Iterator[Outcome]:
    """Bulk solving for 20 minutes (a share of it), its memory sampled."""
    for engine in ("exact", "policy"):
        outcome = Outcome(f"bulk solving, {engine}: memory over time")
        seconds = max(20.0, 1200 * attack.share)
        with (attack.folder / "big.sdm").open("w") as file:
            for _ in range(400):
                file.write(f"{LINE}\n" * 20_000)
        process = attack.start("sudoku-solve", "--engine", engine, "big.sdm", "-o", f"{engine}.csv")
        samples = []
        begun = time.monotonic()
        while time.monotonic() - begun < seconds and process.poll() is None:
            time.sleep(0.5)
            if time.monotonic() - begun > seconds / 3:
                samples.append((time.monotonic() - begun, _resident(process.pid)))
        process.kill()
        process.communicate()
        slope = _slope(samples)
        outcome.tries = len(samples)
        outcome.note = (
            f"{samples[-1][1]:.0f} MB, slope {slope * 60:+.2f} MB a minute, {seconds:.0f} s"
        )
        if slope * 60 > 20:
            outcome.wrong.append("memory grows")
        yield outcome


def _resident(pid: int) -> float:
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
