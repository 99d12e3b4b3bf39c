"""A bulk run ended at each line of its own code that it comes to, in copies of one process."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from tools.attack.common import Attack, Outcome

LINE = "534678912672195348198342567859761423426853791713924856961537284287419635345286170"
SOURCES = ("bulk/part.py", "bulk/files.py", "system/files.py", "system/locks.py")
ROWS = 40


def _killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _interrupted() -> None:
    raise KeyboardInterrupt


ENDS: dict[str, Callable[[], None]] = {"SIGKILL": _killed, "Ctrl-C": _interrupted}


def at_each_line(
    attack: Attack, end: str, over: bool, every: int = 1, always: bool = True
) -> Outcome:
    """End a run at each line (or one of `every`), run it again, and compare it with a whole one.

    `over`: with the output of an earlier run in place. `always`: with each block counted in, else
    at its usual times.
    """
    from solver.bulk import part

    outcome = attack.outcome(
        f"bulk solving ended by {end} at each line of its code"
        + (", over an earlier output" if over else "")
    )
    before = part.SECONDS
    part.SECONDS = 0.0 if always else before  # type: ignore[misc]
    try:
        _try_each(attack, outcome, ENDS[end], over, every)
    finally:
        part.SECONDS = before  # type: ignore[misc]
    return outcome


def _try_each(
    attack: Attack, outcome: Outcome, end: Callable[[], None], over: bool, every: int
) -> None:
    folder = attack.folder / f"lines-{end.__name__}-{over}"
    folder.mkdir()
    lines = (LINE if number % 7 else "no puzzle" for number in range(ROWS))
    (folder / "in.sdm").write_text("".join(f"{line}\n" for line in lines))
    _solve(folder)
    right = _outputs(folder)
    for number in attack.each(range(1, _lines(folder) + 1, every), 5):
        for path in [] if over else folder.glob("*out*"):
            path.unlink()
        if not _ended(folder, number, end):
            continue
        _solve(folder)
        found = _outputs(folder)
        wrong = [name for name in {*right, *found} if right.get(name) != found.get(name)]
        outcome.check(not wrong, f"line {number}: {wrong}")
    outcome.check(outcome.tries > 0, "no line was come to")


def _outputs(folder: Path) -> dict[str, bytes]:
    """All files but the input: outputs, and what should not be left."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "in.sdm"}


def _solve(folder: Path) -> None:
    from solver.bulk.files import job_of, solve_files
    from solver.bulk.part import Part
    from solver.bulk.rows import ExactEngine

    engine, files = ExactEngine(), [str(folder / "in.sdm")]
    with Part(folder / "out.csv", job_of(engine.name, files), 8) as part:
        for block, _ in solve_files(engine, files, part.block, part.done.blocks):
            part.write(block)
        part.finish()


def _ended(folder: Path, number: int, end: Callable[[], None]) -> bool:
    """Run a copy of this process up to a line of the sources; whether it came to that line."""
    copy = os.fork()
    if copy == 0:
        status = 0
        sys.settrace(_tracer(number, end))
        try:
            _solve(folder)
        except KeyboardInterrupt:
            status = 130
        finally:
            os._exit(status)
    return os.waitpid(copy, 0)[1] != 0


def _lines(folder: Path) -> int:
    """How many lines of the sources a run comes to."""
    for path in folder.glob("*out*"):
        path.unlink()
    came = 0

    def line(_frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal came
        came += event in ("line", "return")
        return line

    sys.settrace(lambda frame, *_: line if frame.f_code.co_filename.endswith(SOURCES) else None)
    try:
        _solve(folder)
    finally:
        sys.settrace(None)
    return came


def _tracer(number: int, end: Callable[[], None]) -> Callable[[FrameType, str, Any], Any]:
    """What ends the process at the line of this number that it comes to."""
    left = number

    def line(_frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal left
        if event in ("line", "return"):
            left -= 1
            if left == 0:
                sys.settrace(None)
                end()
        return line

    def call(frame: FrameType, _event: str, _argument: Any) -> Any:
        return line if frame.f_code.co_filename.endswith(SOURCES) else None

    return call
