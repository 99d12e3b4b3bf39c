"""What the attacks share: the commands under attack, what came of each fault, and its row."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


class OutOfTimeError(Exception):
    """The time of a fault is over; what was tried so far counts."""


@dataclass
class Outcome:
    """One fault: how often it was tried, and what came of it."""

    fault: str
    tries: int = 0
    wrong: list[str] = field(default_factory=list)
    """What went wrong, one text a case."""
    note: str = ""
    cut: bool = False
    """Whether time was over before all tries were made."""

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
        notes = [self.note] * bool(self.note) + ["cut off by the limit of time"] * self.cut
        return f"| {self.fault} | {self.tries:,} | {'; '.join([told, *notes])} |"


@dataclass
class Attack:
    """What an attack may use: a folder of its own, a share of the full counts, random numbers."""

    folder: Path
    share: float
    rng: random.Random
    until: float = float("inf")
    """When the time of the fault is over, by the monotonic clock."""
    last: Outcome = field(default_factory=lambda: Outcome("nothing"))
    """The outcome begun last."""

    def outcome(self, fault: str) -> Outcome:
        """Begin the row of a fault."""
        self.last = Outcome(fault)
        return self.last

    def count(self, full: int, least: int = 1) -> int:
        """How many tries of `full` are to be made."""
        return max(least, round(full * self.share))

    def tries(self, full: int, least: int = 1) -> Iterator[int]:
        """Number the tries. Raises `OutOfTimeError` once time is over."""
        for number in range(self.count(full, least)):
            self.left()
            yield number

    def left(self) -> float:
        """Seconds left. Raises `OutOfTimeError` where there are none."""
        seconds = self.until - time.monotonic()
        if seconds <= 0:
            raise OutOfTimeError
        return seconds

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

    def run(self, *command: object, seconds: float = 1800, **options: Any) -> Done:
        """Run one of the commands; its status is None where it was still running after `seconds`.

        Raises `OutOfTimeError` where the time of the fault was over first.
        """
        left = self.left()
        process = self.start(*command, **options)
        try:
            out, err = process.communicate(timeout=min(seconds, left))
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            if left <= seconds:
                raise OutOfTimeError from None
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
