"""How long a key takes until its last byte is written, with nothing else to do and during work.

    pytest -s --slow tests/tui/test_latency.py

The real program runs in a pseudo-terminal. Figures are printed and no time is asserted. On a busy
machine look at the processor time of the event loop's thread, and at the ratios: "wall" is given
without what that thread waited for a processor, but another of the program may wait, too.
"""

from __future__ import annotations

import json
import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import pexpect
import pytest

from solver.generator.library import shipped_folder
from tests.tui.test_program import start
from tui.game import storage

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not os.path.exists("/proc/self/schedstat"), reason="needs /proc"),
]
QUIET = 0.15
"""Seconds without output after which a key counts as answered."""
MOVES = ["\x1b[C", "\x1b[B", "\x1b[D", "\x1b[A"]
EDITS = [*MOVES, "\x1b2", "7", "u", "u"]
"""Moves, a mark, an entry, and both taken back."""
ROUNDS = 12


@dataclass
class Timed:
    """A program whose keys are timed."""

    program: pexpect.spawn
    wall: list[float] = field(default_factory=list)
    """Seconds from each key to its last byte, without what was waited for a processor."""
    spent: list[float] = field(default_factory=list)
    """Seconds of processor time that the event loop's thread took for each."""

    def _now(self) -> tuple[float, float, float]:
        """The time, and the seconds that the event loop's thread has had a processor, and has
        waited for one."""
        pid = self.program.pid
        text = Path(f"/proc/{pid}/task/{pid}/schedstat").read_text(encoding="utf-8")
        had, waited, _ = map(int, text.split())
        return time.perf_counter(), had / 1e9, waited / 1e9

    def drain(
        self, first: float = 5, quiet: float = QUIET
    ) -> tuple[str, tuple[float, float, float]]:
        """What is written until it is quiet, and the times of its last byte."""
        written, last, patience = b"", self._now(), first
        while select.select([self.program.child_fd], [], [], patience)[0]:
            written += os.read(self.program.child_fd, 1 << 16)
            last, patience = self._now(), quiet
        return written.decode("utf-8", "replace"), last

    def press(self, key: str) -> None:
        """Press a key and time its answer."""
        before = self._now()
        self.program.send(key)
        written, after = self.drain()
        assert written, f"no answer to {key!r}"
        wall, had, waited = (now - then for then, now in zip(before, after, strict=True))
        self.wall.append(wall - waited)
        self.spent.append(had)

    def forget(self, count: int) -> None:
        """Leave the last keys out."""
        del self.wall[-count:], self.spent[-count:]

    def tell(self, what: str, idle: Timed | None = None) -> None:
        """Print the median and the 95th percentile, and the ratio to those of an idle program."""
        for name in ("wall", "spent"):
            times: list[float] = getattr(self, name)
            middle, high = median(times), quantiles(times, n=20)[-1]
            than = "" if idle is None else f", {middle / median(getattr(idle, name)):.2f} of idle"
            print(f"{what}, {name}: median {middle * 1e3:.1f} ms, 95% {high * 1e3:.1f} ms, "
                  f"{len(times)} keys{than}")  # fmt: skip


Open = Callable[[str, str], Timed]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens a shipped puzzle in a mode, without the clock that would write every second."""
    programs: list[pexpect.spawn] = []

    def open_(puzzle: str, mode: str) -> Timed:
        storage.write_text(storage.settings_file(), json.dumps({"mode": mode, "timer": False}))
        programs.append(start(str(shipped_folder() / puzzle), dimensions=(40, 120)))
        programs[-1].delaybeforesend = None
        timed = Timed(programs[-1])
        timed.drain(60, 4)  # the policy is loaded meanwhile
        return timed

    yield open_
    for program in programs:
        program.kill(signal.SIGKILL)


def test_moves_while_the_policy_works_and_while_reasons_are_looked_for(opened: Open) -> None:
    idle = opened("famous/golden-nugget.sdk", "play")
    for key in MOVES * ROUNDS:
        idle.press(key)
    idle.tell("moves, idle")
    for what, puzzle in (("policy", "golden-nugget"), ("reasons", "inkala-2012")):
        busy, broken = opened(f"famous/{puzzle}.sdk", "play"), 0
        for _ in range(ROUNDS):
            busy.program.send("S")
            busy.drain()
            for key in MOVES:
                busy.press(key)
            busy.program.send("\x1b")
            if "Stopped" not in busy.drain()[0]:  # it was done before
                busy.forget(len(MOVES))
                broken += 1
                busy.program.send("u")
                busy.drain()
        assert broken < ROUNDS, "nothing was measured: the work was done too soon"
        busy.tell(f"moves, {what} at work", idle)


def test_moves_marks_and_entries_while_the_policy_is_watched(opened: Open) -> None:
    """Each entry has the policy look at the board anew."""
    idle, busy = opened("easy/easy-01.sdk", "play"), opened("famous/golden-nugget.sdk", "watch")
    for timed in (idle, busy):
        for key in EDITS * (ROUNDS // 2):
            timed.press(key)
    idle.tell("keys, idle")
    busy.tell("keys, policy watched", idle)
