"""Row 3: full disks, forbidden folders, closed pipes, few descriptors, odd places, two runs."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tools.attack.common import Attack, Done, Fault, Outcome
from tools.attack.forks import called, warm_up
from tools.attack.samples import (
    EXPORT,
    HARD,
    LINE,
    POLICY,
    READERS,
    WRITERS,
    clear,
    filled,
    judge,
)  # fmt: skip

FULL: tuple[tuple[str, ...], ...] = (
    ("sudoku-solve", "--engine", "exact", "{}", "-o", "small/o.csv"),
    ("sudoku-solve", "-q", HARD, "--report", "small/o.html"),
    ("sudoku-solve", "-q", HARD, "--heatmap", "small/o.svg"),
    ("sudoku-data", "convert", "{}", "small/o.csv"),
    ("sudoku-data", "convert", "{}", "small/o.jsonl"),
    ("sudoku-data", "generate", "--count", "5000", "--workers", "1", "-o", "small/o.csv"),
    (*EXPORT, POLICY, "-o", "small/o.onnx"),
)
"""Commands that write more than fits."""
OF_PUZZLES = [template for template in READERS if "--model" not in template
              and not {"sudoku-export", "average", "--resume"} & {*template}
              and template[1] != "{}"]  # fmt: skip
"""Commands that read puzzles."""


def full(attack: Attack) -> Sequence[Fault]:
    """Every command, and the ways in which it can't read or write."""
    warm_up()
    (attack.folder / "list.sdm").write_text(f"{LINE}\n" * 3)
    (attack.folder / "many.sdm").write_text(f"{LINE}\n" * 20_000)
    faults = (_limited, _read_only, _forbidden, _streams, _descriptors, _surroundings, _two_runs)
    return [partial(fault, attack) for fault in faults]


def _limited(attack: Attack) -> Outcome:
    outcome = attack.outcome("a disk that is full, and a file that can't grow beyond 100 kB")
    small = attack.folder / "small"

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    cases = [(command, limits) for command in FULL for limits in (limit, partial(_mount, small))]
    for template, limits in attack.each(cases, 14):
        small.mkdir(exist_ok=True)
        done = called(attack, filled(template, "many.sdm"), setup=limits)
        torn = [path.name for path in small.glob("o.*")
                if done.status != 0 and path.suffix not in (".csv", ".part")]  # fmt: skip
        outcome.check(done.clean and not torn, f"{template[:3]}: {done.said()} {torn}")
        shutil.rmtree(small)
    for command in (("sudoku-solve", "-q", HARD), ("sudoku-data", "show", HARD)):
        done = called(attack, command, stdout="/dev/full")
        outcome.check(done.clean and done.status not in (0, None), f"/dev/full: {done.said()}")
    return outcome


def _mount(folder: Path, read_only: bool = False) -> None:
    """For this process alone: 64 kB of disk at a folder, or the folder as it is, but read-only."""
    libc = ctypes.CDLL(None, use_errno=True)
    new_namespace, private, bind, remount, forbid = 0x20000, 0x44000, 0x1000, 0x20, 0x1
    at = os.fsencode(folder)
    steps: list[tuple[bytes | None, bytes, bytes | None, int, bytes | None]]
    if read_only:
        steps = [(at, at, None, bind, None), (None, at, None, remount | bind | forbid, None)]
    else:
        steps = [(b"none", at, b"tmpfs", 0, b"size=64k")]
    fails = libc.unshare(new_namespace)
    for step in [(None, b"/", None, private, None), *steps]:
        fails |= libc.mount(*step)
    if fails:
        sys.exit("this needs the rights to mount")
    os.chdir(os.getcwd())


def _read_only(attack: Attack) -> Outcome:
    outcome = attack.outcome("a read-only disk, home and cache, for every command")
    cases = [(template, False) for template in OF_PUZZLES] + [(each, True) for each in WRITERS]
    for template, writes in attack.each(cases, len(cases)):
        command = filled(template, "made.svg" if writes else "list.sdm")
        done = called(attack, command, setup=partial(_mount, attack.folder, True))
        judge(attack, outcome, command, done)
        if any("made" in part for part in command) and done.status == 0:
            outcome.check(False, f"{command}: wrote nothing, and says 0")
        clear(attack)
    return outcome


def _forbidden(attack: Attack) -> Outcome:
    outcome = attack.outcome("folders that are absent, a file, or a device")
    (attack.folder / "file").write_text("x")
    cases = [(each, folder) for each in WRITERS for folder in ("absent", "file", "/proc")]
    for template, folder in attack.each(cases, 18):
        done = called(attack, filled(template, f"{folder}/made.svg"))
        right = done.clean and done.status == 2
        outcome.check(right, f"{folder} {template[:2]}: {done.said()}")
    return outcome


def _streams(attack: Attack) -> Outcome:
    outcome = attack.outcome("stdin, stdout or stderr closed; a pipe that nobody reads")

    def close(number: int) -> None:
        setattr(sys, ("stdin", "stdout", "stderr")[number], None)
        os.close(number)

    def unread() -> None:
        reader, writer = os.pipe()
        os.close(reader)
        os.dup2(writer, 1)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115

    cases = [(template, each) for template in OF_PUZZLES for each in (0, 1, 2, "pipe")]
    for template, each in attack.each(cases, 30):
        setup = partial(close, each) if isinstance(each, int) else unread
        command = filled(template, "list.sdm")
        done = called(attack, command, setup=setup)
        right = done.clean and (each != "pipe" or done.status in (0, 2, 141))
        outcome.check(right, f"{command}, {each}: {done.said()}")
        clear(attack)
    return outcome


def _descriptors(attack: Attack) -> Outcome:
    outcome = attack.outcome("descriptors of files used up, at 4 to 24 of them")

    def limit(most: int) -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    cases = [(each, most) for each in OF_PUZZLES for most in (4, 6, 8, 10, 12, 16, 24)]
    for template, most in attack.each(cases, 30):
        command = filled(template, "list.sdm")
        judge(attack, outcome, command, called(attack, command, setup=partial(limit, most)))
        clear(attack)
    return outcome


def _surroundings(attack: Attack) -> Outcome:
    outcome = attack.outcome("odd locales, zones, sizes, homes and temporary folders")
    odd = "\udcff\x1b]0;x\x07.sdm"
    (attack.folder / odd).write_text(f"{LINE}\n{LINE}\n")
    surroundings = [
        {"LC_ALL": "C", "PYTHONUTF8": "0"}, {"LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"}, {"TERM": "dumb", "COLUMNS": "-5"},
        {"COLUMNS": "abc", "LINES": "0"}, {"COLUMNS": "9" * 30}, {"TZ": "Nowhere/At:99:99:99"},
        {"TMPDIR": "/absent"}, {"HOME": "/absent"}, {"HOME": ""}, {"HOME": "relative"},
        {"HOME": "/dev/null"}, {"XDG_CACHE_HOME": "/dev/full", "XDG_DATA_HOME": "/proc"},
        {"XDG_CONFIG_HOME": "list.sdm", "NO_COLOR": "1"}, {"LANG": "xx_YY.nothing"},
        {"OMP_NUM_THREADS": "-1", "NUMBA_NUM_THREADS": "0"}, {"PATH": ""},
    ]  # fmt: skip
    commands = [("sudoku-solve", odd), ("sudoku-data", "show", odd), ("sudoku-data", "rate", odd),
                ("sudoku-solve", "--engine", "exact", odd, "-o", "made.csv"),
                ("sudoku-data", "check", "many.sdm"),
                ("sudoku-tui", "--plain", "list.sdm")]  # fmt: skip
    cases = [(each, command) for each in surroundings for command in commands]
    for each, command in attack.each(cases, 12):
        done = attack.run(*command, env=attack.environment(**each))  # a process of its own
        judge(attack, outcome, [*command, str(each)], done)
        clear(attack)
    return outcome


def _two_runs(attack: Attack) -> Outcome:
    outcome = attack.outcome(
        "two runs into one output: the second is refused or the first is whole"
    )
    table = ("sudoku-data", "generate", "--count", "2000", "--workers", "1", "--out", "two.csv")
    solve = ("sudoku-solve", "--engine", "exact", "many.sdm", "-o", "two.csv")
    for number in attack.tries(20, 2):
        command, rows = ((*table, "--seed"), 2001) if number % 2 == 0 else (solve, 20_001)
        more = (("1",), ("2",)) if number % 2 == 0 else ((), ())
        runs = [attack.start(*command, *each) for each in more]
        ended = [Done(run.wait(), b"", run.communicate()[1]) for run in runs]
        good = [done for done in ended if done.status == 0]
        refused = [done for done in ended if b"another run is writing it" in done.err]
        whole = (attack.folder / "two.csv").read_bytes().count(b"\n") == rows
        right = len(good) + len(refused) == 2 and good and whole
        outcome.check(bool(right), str([done.said() for done in ended]))
        (attack.folder / "two.csv").unlink()
    return outcome
