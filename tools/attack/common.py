"""What the attacks share: the commands under attack, what came of each fault, and its row."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
Case = TypeVar("Case")


def spent() -> float:
    """Seconds of a processor that this process and its ended children have used."""
    return sum(os.times()[:4])


class Patience:
    """Tells when a session of processes hangs: it has used up its seconds, or uses none at all.

    Seconds are those of a processor, so that a machine shared with others makes no difference.
    """

    IDLE = 180.0
    """Seconds by the clock without half a second of work, after which a session is stuck."""

    def __init__(self, session: int, seconds: float) -> None:
        self.session, self.seconds = session, seconds
        self.worked = time.monotonic(), 0.0

    def over(self) -> bool:
        """Whether the session is to be ended."""
        used, now = self._used(), time.monotonic()
        if used > self.worked[1] + 0.5:
            self.worked = now, used
        return used > self.seconds or now - self.worked[0] > self.IDLE

    def _used(self) -> float:
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = path.read_text().rpartition(")")[2].split()
                if int(fields[3]) == self.session:
                    ticks += sum(map(int, fields[11:15]))
        return ticks / os.sysconf("SC_CLK_TCK")


@dataclass
class Outcome:
    """One fault: how often it was tried, and what came of it."""

    fault: str
    tries: int = 0
    wrong: list[str] = field(default_factory=list)
    """What went wrong, one text a case."""
    note: str = ""
    cut: bool = False
    """Whether all time was over before the least number of tries was made."""
    begun: float = field(default_factory=spent)

    def check(self, right: bool, otherwise: str) -> bool:
        """Count a try; `otherwise` is what went wrong."""
        self.tries += 1
        if not right:
            self.wrong.append(otherwise)
            print(f"WRONG, {self.fault}: {otherwise}", file=sys.stderr, flush=True)
        return right

    def row(self) -> str:
        """The fault's line of the table."""
        told = f"{len(self.wrong)} WRONG: {self.wrong[0][:160]}" if self.wrong else "all right"
        told = "not tried" if not self.tries and not self.wrong else told
        notes = [self.note] * bool(self.note) + ["time was over"] * self.cut
        seconds = spent() - self.begun
        return f"| {self.fault} | {self.tries:,} | {seconds:.0f} | {'; '.join([told, *notes])} |"


@dataclass
class Attack:
    """What an attack may use: a folder of its own, a share of the full counts, random numbers."""

    folder: Path
    share: float
    rng: random.Random
    until: float = float("inf")
    """The time of the fault is over where `spent` says so."""
    end: float = float("inf")
    """The same of all faults."""
    last: Outcome = field(default_factory=lambda: Outcome("nothing"))
    """The outcome begun last."""

    def outcome(self, fault: str) -> Outcome:
        """Begin the row of a fault."""
        self.last = Outcome(fault)
        return self.last

    def tries(self, full: int, least: int = 1) -> Iterator[int]:
        """Number the tries of a fault: `least`, and up to `full` while it has time."""
        for number in range(max(least, round(full * self.share))):
            if spent() > (self.until if number >= least else self.end):
                self.last.cut |= number < least
                return
            yield number

    def each(self, cases: Sequence[Case], least: int) -> Iterator[Case]:
        """The cases in an order of chance, as many as `tries` numbers."""
        shuffled = self.rng.sample(cases, len(cases))
        for number in self.tries(len(cases), min(least, len(cases))):
            if number < len(cases):
                yield shuffled[number]

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of a command: a home of its own, kept between commands."""
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        kept = {
            key: os.environ[key] for key in ("PATH", "LANG", "NUMBA_CACHE_DIR") if key in os.environ
        }
        return {**kept, "HOME": str(home), "PYTHONPATH": str(ROOT), **more}

    def start(self, *command: object, **options: Any) -> subprocess.Popen[bytes]:
        """Start one of the commands in the attack's folder."""
        name, *rest = map(str, command)
        options.setdefault("env", self.environment())
        options.setdefault("stdin", subprocess.DEVNULL)
        options.setdefault("stdout", subprocess.PIPE)
        options.setdefault("stderr", subprocess.PIPE)
        return subprocess.Popen([str(BIN / name), *rest], cwd=self.folder, **options)

    def run(self, *command: object, seconds: float = 300, **options: Any) -> Done:
        """Run one of the commands; its status is None where `Patience` had to end it."""
        process = self.start(*command, start_new_session=True, **options)
        patience = Patience(process.pid, seconds)
        while True:
            try:
                out, err = process.communicate(timeout=1)
            except subprocess.TimeoutExpired:
                if not patience.over():
                    continue
                os.killpg(process.pid, signal.SIGKILL)
                out, err = process.communicate()
                return Done(None, out or b"", err or b"")
            return Done(process.returncode, out or b"", err or b"")


@dataclass(frozen=True)
class Done:
    """What a command left."""

    status: int | None
    out: bytes
    err: bytes

    @property
    def clean(self) -> bool:
        """Whether it ended, without a traceback and without calling itself broken."""
        text = self.out + self.err
        return self.status is not None and b"Traceback" not in text and b"this is a bug" not in text

    def said(self) -> str:
        """Its status and the last that it said."""
        return f"status {self.status}: {self.err[-200:].decode(errors='replace').strip()!r}"


Fault = Callable[[], Outcome]
"""All tries of one fault."""
Row = Callable[[Attack], Sequence[Fault]]
"""The faults of a row, once what they share is made."""
