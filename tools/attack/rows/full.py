"""Row 3: full disks, forbidden folders, closed pipes, odd locales, two runs at once."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tools.attack.common import ROOT, Attack, Done, Fault, Outcome

PUZZLE = str(ROOT / "puzzles" / "hard.sdk")
LINE = "...5...4.3...2..6..82.3.1...7.2....9..9.......3..49..6.......9..5.8.....4...13..."
WRITERS: tuple[tuple[object, ...], ...] = (
    ("sudoku-solve", "--engine", "exact", "list.sdm", "-o", "{}/o.csv"),
    ("sudoku-solve", "-q", PUZZLE, "--report", "{}/o.html"),
    ("sudoku-solve", "-q", PUZZLE, "--heatmap", "{}/o.svg"),
    ("sudoku-data", "convert", "list.sdm", "{}/o.csv"),
    ("sudoku-data", "convert", "list.sdm", "{}/o.jsonl"),
    ("sudoku-data", "generate", "--count", "5000", "--workers", "1", "--out", "{}/o.csv"),
)


def full(attack: Attack) -> Sequence[Fault]:
    """Every command that writes, and the ways in which it can't."""
    (attack.folder / "list.sdm").write_text(f"{LINE}\n" * 20_000)
    faults = (_limited, _forbidden, _streams, _locales, _two_runs)
    return [partial(fault, attack) for fault in faults]


def _in(folder: str, command: tuple[object, ...]) -> list[str]:
    return [str(part).format(folder) for part in command]


def _limited(attack: Attack) -> Outcome:
    outcome = attack.outcome(
        "a file that can't grow beyond 100 kB (a limit of size, as a full disk)"
    )

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    for command in WRITERS:
        (attack.folder / "small").mkdir(exist_ok=True)
        done = attack.run(*_in("small", command), preexec_fn=limit)
        whole = done.status == 0
        torn = [path for path in (attack.folder / "small").glob("o.*") if not whole and path.suffix
                in (".html", ".svg", ".jsonl") ]  # fmt: skip
        outcome.check(done.clean and not torn, f"{command[:3]}: {done.said()} {torn}")
        for path in (attack.folder / "small").iterdir():
            path.unlink()
    for command in (("sudoku-solve", "-q", PUZZLE), ("sudoku-data", "show", PUZZLE)):
        with open("/dev/full", "wb") as nowhere:
            done = attack.run(*command, stdout=nowhere)
        outcome.check(done.clean and done.status not in (0, None), f"/dev/full: {done.said()}")
    return outcome


def _forbidden(attack: Attack) -> Outcome:
    outcome = attack.outcome("folders that are absent, a file, or a device")
    (attack.folder / "file").write_text("x")
    for folder in ("absent", "file", "/proc"):
        for command in WRITERS:
            done = attack.run(*_in(folder, command))
            outcome.check(done.clean and done.status == 2, f"{folder} {command[:2]}: {done.said()}")
    return outcome


def _streams(attack: Attack) -> Outcome:
    outcome = attack.outcome("stdin, stdout and stderr closed; a pipe that nobody reads")
    commands = (("sudoku-solve", "-q", "list.sdm"), ("sudoku-data", "check", "--each", "list.sdm"))
    for command in commands:
        process = attack.start(*command)
        assert process.stdout is not None
        process.stdout.read(100)
        process.stdout.close()
        err = process.stderr.read() if process.stderr else b""
        done = Done(process.wait(120), b"", err)
        outcome.check(done.clean and done.status == 141, f"| head: {done.said()}")
        for closed in (0, 1, 2):
            done = attack.run(
                command[0], *command[1:-1], PUZZLE, preexec_fn=lambda n=closed: os.close(n)
            )
            outcome.check(done.clean, f"without {closed}: {done.said()}")
    done = attack.run("sudoku-solve", "-", stdin=subprocess.DEVNULL)
    outcome.check(done.clean and done.status == 2, f"empty stdin: {done.said()}")
    return outcome


def _locales(attack: Attack) -> Outcome:
    outcome = attack.outcome("locales without UTF-8, no terminal, odd sizes")
    odd = attack.folder / "\udcff\x1b]0;x\x07.sdm"
    odd.write_text(f"{LINE}\n{LINE}\n")
    cases = [
        {"LC_ALL": "C", "PYTHONUTF8": "0"},
        {"LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"},
        {"TERM": "dumb", "COLUMNS": "-5"},
        {"COLUMNS": "abc", "LINES": "0"},
    ]
    for case in cases:
        for command in (("sudoku-solve", odd.name), ("sudoku-data", "show", odd.name)):
            done = attack.run(*command, env=attack.environment(**case))
            raw = b"\x1b]0" in done.out + done.err
            outcome.check(done.clean and not raw, f"{case}: {done.said()}")
    return outcome


def _two_runs(attack: Attack) -> Outcome:
    outcome = attack.outcome(
        "two runs into one output: the second is refused or the first is whole"
    )
    table = ("sudoku-data", "generate", "--count", "2000", "--workers", "1", "--out", "two.csv")
    for _ in attack.tries(20, 2):
        runs = [attack.start(*table, "--seed", str(seed)) for seed in (1, 2)]
        ended = [Done(run.wait(900), b"", run.communicate()[1]) for run in runs]
        good = [done for done in ended if done.status == 0]
        refused = [done for done in ended if b"another run is writing it" in done.err]
        right = len(good) == 1 and len(refused) == 1 and _rows(attack.folder / "two.csv") == 2001
        outcome.check(right, str([done.said() for done in ended]))
    return outcome


def _rows(path: Path) -> int:
    return path.read_bytes().count(b"\n")
