"""Ctrl-C and --timeout end a command soon, whatever it is at."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.solver.puzzles import SINGLES

HEAD = """
import time, typer
from ctypes import CDLL
from solver.cli import watchdog
from solver.cli.common import run
from solver.cli.watchdog import limit
watchdog.GRACE = 0.3
"""
STUCK = """
app = typer.Typer()
@app.command()
def work(seconds: float = 0):
    if seconds:
        limit(seconds)
    print("begun", flush=True)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        CDLL(None).usleep(60_000_000) if {deaf} else time.sleep(60)
run(app, watched=True)
"""


def started(*args: str, deaf: bool) -> subprocess.Popen[str]:
    # a handler that does nothing stands for compiled code, into which Python's can't break
    handler = "lambda *_: None" if deaf else "signal.default_int_handler"
    # set in any case: a shell starts what runs in the background with Ctrl-C ignored
    block = f"import signal\nsignal.signal(signal.SIGINT, {handler})\n"
    program = HEAD + block + STUCK.format(deaf=deaf)
    return subprocess.Popen(
        [sys.executable, "-c", program, *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(("deaf", "times"), [(False, 1), (True, 2)])
def test_ctrl_c_ends_work_that_does_not_hear_it(deaf: bool, times: int) -> None:
    process = started(deaf=deaf)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    begun = time.monotonic()
    for _ in range(times):
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("deaf", [False, True])
def test_a_limit_of_time_ends_work_and_says_so(deaf: bool) -> None:
    process = started("--seconds", "0.2", deaf=deaf)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 124
    assert err == "error: gave up after 0.2 s\n"


def test_a_command_that_is_done_in_time_is_left_alone(tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("sudoku-solve")
    args = [script, "-q", "--timeout", "60", SINGLES]
    done = subprocess.run(args, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["solve", "data", "profile", "evaluate", "export"])
def test_every_command_that_may_run_long_has_a_limit_of_time(name: str) -> None:
    """Its help names it, and the entry point enforces it."""
    script = Path(sys.executable).with_name(f"sudoku-{name}")
    commands = [[]] if name != "data" else [["generate"], ["rate"], ["check"], ["benchmark"]]
    for words in commands:
        done = subprocess.run(
            [script, *words, "--help"], capture_output=True, text=True, timeout=60, check=True
        )
        assert done.stdout.count("--timeout X") == 1


def test_a_long_generation_gives_up_in_time(tmp_path: Path) -> None:
    target = tmp_path / "made.csv"
    script = Path(sys.executable).with_name("sudoku-data")
    args = ["generate", "--count", "100000000", "--workers", "1", "-o", target, "--timeout", "2"]
    done = subprocess.run([script, *args], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 124
    assert done.stderr.splitlines()[-1] == "error: gave up after 2 s"
    assert list(tmp_path.iterdir()) == []


def test_a_command_that_is_ended_at_once_leaves_no_temporary_file(tmp_path: Path) -> None:
    code = f"""
import time
from pathlib import Path
from solver.cli.watchdog import Watchdog
from solver.system.files import atomic_write
watchdog = Watchdog()
watchdog.said = "gave up"
watchdog.timed_out = True
with atomic_write(Path({str(tmp_path / "out.csv")!r})) as part:
    part.write_text("half")
    watchdog._end_after(0)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (124, "error: gave up\n")
    assert list(tmp_path.iterdir()) == []
