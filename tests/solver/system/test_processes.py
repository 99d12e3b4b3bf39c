"""Commands that are ended by a signal, and workers whose parent is gone."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

GENERATE = "from solver.cli.data import main; main()"


def children(number: int) -> set[int]:
    """The processes below one, in any depth."""
    below = set()
    for thread in Path(f"/proc/{number}/task").glob("*/children"):
        for child in thread.read_text().split():
            below |= {int(child), *children(int(child))}
    return below


def running(numbers: set[int]) -> set[int]:
    found = set()
    for number in numbers:
        try:
            state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            found.add(number)
    return found


def wait_for(seconds: float) -> Iterator[None]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_workers_end_with_the_command_that_started_them(tmp_path: Path, number: int) -> None:
    options = ["--count", "100000000", "--workers", "2", "--output", str(tmp_path / "g.csv")]
    command = [sys.executable, "-c", GENERATE, "generate", *options]
    parent = subprocess.Popen(command, stderr=subprocess.PIPE)
    workers: set[int] = set()
    for _ in wait_for(20):
        workers |= children(parent.pid)
        if any(file.stat().st_size > 1000 for file in tmp_path.glob(".g.csv.*")):
            break
    assert len(workers) >= 2
    parent.send_signal(number)
    status = parent.wait(timeout=20)
    for _ in wait_for(10):
        if not running(workers):
            break
    assert not running(workers)
    if number != signal.SIGKILL:
        assert status == 128 + number
        assert list(tmp_path.iterdir()) == []
    assert parent.stderr is not None
    assert b"Traceback" not in parent.stderr.read()
    parent.stderr.close()


def test_an_ignored_hangup_stays_ignored() -> None:
    code = (
        "import os, signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from solver.system.processes import leave_on_signals; leave_on_signals()\n"
        "os.kill(os.getpid(), signal.SIGHUP); print('goes on')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "goes on\n"


@pytest.mark.parametrize(("name", "status"), [("SIGTERM", 143), ("SIGINT", 130)])
def test_a_signal_that_comes_while_c_code_calls_python_is_not_lost(name: str, status: int) -> None:
    code = (
        "import ctypes, os, signal, sys, time\n"
        "from solver.system.processes import leave_on_signals\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler); leave_on_signals()\n"
        "@ctypes.CFUNCTYPE(None)\n"
        "def called():\n"
        f"    os.kill(os.getpid(), signal.{name})\n"
        "    for _ in range(1000): pass\n"
        "try:\n"
        "    called(); time.sleep(60)\n"
        "except KeyboardInterrupt: sys.exit(130)\n"
        "finally: print('cleared away')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=50, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (status, "cleared away\n", "")
