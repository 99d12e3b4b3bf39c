"""Row 2: killed at any moment, nothing is lost, torn or left running."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tools.attack.common import Attack, Fault, Outcome
from tools.attack.moments import ENDS, at_each_line

LINE = "...5...4.3...2..6..82.3.1...7.2....9..9.......3..49..6.......9..5.8.....4...13..."
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT)


def killed(attack: Attack) -> Sequence[Fault]:
    """Bulk solving, generating, converting and training."""
    return [
        partial(_bulk, attack),
        *(partial(at_each_line, attack, end, over) for end in ENDS for over in (False, True)),
        *(partial(_old_or_new, attack, command) for command in ("generate", "convert")),
        partial(_training, attack),
    ]


def _kill(attack: Attack, seconds: float, *command: object) -> bool:
    """Start a command and end it after a random time; whether it was still running."""
    process = attack.start(
        *command, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
    )
    process.stdout and process.stdout.close()
    try:
        process.wait(attack.rng.uniform(0.2, seconds))
        return False
    except subprocess.TimeoutExpired:
        process.send_signal(attack.rng.choice(SIGNALS))
        process.wait(600)
        return True
    finally:
        process.stderr and process.stderr.close()


def _bulk(attack: Attack) -> Outcome:
    outcome = attack.outcome("bulk solving killed and resumed")
    rows = 20_000
    lines = [LINE if number % 997 else "no puzzle" for number in range(rows)]
    (attack.folder / "big.sdm").write_text("\n".join(lines) + "\n")
    for _ in range(2):  # the first compiles, which would hide most of the second's time
        started = time.monotonic()
        done = attack.run("sudoku-solve", "--engine", "exact", "big.sdm", "-o", "whole.csv")
        if done.status != 2:
            outcome.check(False, f"the unbroken run: {done.said()}")
            return outcome
    seconds = time.monotonic() - started
    whole = (attack.folder / "whole.csv").read_bytes()
    bad = (attack.folder / "whole.bad.csv").read_bytes()
    kills = 0
    for _ in attack.tries(50, 2):
        command = ("sudoku-solve", "--engine", "exact", "big.sdm", "-o", "out.csv")
        for _ in range(4):
            if not _kill(attack, seconds, *command):
                break
            kills += 1
        done = attack.run(*command)
        outcome.check(done.clean and done.status == 2, f"after {kills} kills: {done.said()}")
        for name, right in (("out.csv", whole), ("out.bad.csv", bad)):
            found = (attack.folder / name).read_bytes()
            alike = (a == b for a, b in zip(found, right, strict=False))
            at = next((place for place, same in enumerate(alike) if not same), len(found))
            outcome.check(
                found == right,
                f"{name} after {kills} kills: {len(found)} bytes for {len(right)}, other from "
                f"{at} on: {found[at : at + 100]!r} for {right[at : at + 100]!r}",
            )
        left = {path.name for path in attack.folder.glob("*out.csv?*")} - {"out.csv"}
        outcome.check(not left, f"left behind: {left}")
    outcome.note = f"{kills} kills, compared byte by byte with an unbroken run"
    return outcome


def _old_or_new(attack: Attack, command: str) -> Outcome:
    outcome = attack.outcome(f"`{command}` killed: the old file or the new one")
    target = attack.folder / "kept.csv"
    arguments: tuple[object, ...] = ("convert", "big.sdm", "kept.csv", "--skip")
    if command == "generate":
        arguments = (
            "generate", "--count", 5_000, "--workers", 2, "--seed", 3, "--out", "kept.csv",
        )  # fmt: skip
    attack.run("sudoku-data", *arguments)
    new = target.read_bytes()
    for _ in attack.tries(50, 2):
        target.write_bytes(b"old\n")
        _kill(attack, 4, "sudoku-data", *arguments)
        outcome.check(target.read_bytes() in (b"old\n", new), "a torn file")
    time.sleep(1.0)
    outcome.check(not _children(attack.folder), "workers still running")
    attack.run("sudoku-data", *arguments)
    left = [path.name for path in attack.folder.glob("*kept*") if path.name != "kept.csv"]
    outcome.check(not left, f"left behind after the next run: {left}")
    return outcome


def _children(folder: Path) -> list[int]:
    """The processes that work in the folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (
                entry.joinpath("cwd").resolve() == folder.resolve()
                and int(entry.name) != os.getpid()
            ):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def _training(attack: Attack) -> Outcome:
    outcome = attack.outcome("training killed and resumed: the same weights")
    attack.run(
        "sudoku-data", "generate", "--count", 200, "--workers", 1, "--seed", 5, "--out", "train.csv"
    )
    common: tuple[object, ...] = (
        "--data", "train.csv", "--recipe", "quick", "--epochs", "3", "--epoch-samples", "64",
        "--batch-size", "16", "--validation-size", "32", "--threads", "1", "--no-compile",
        "--model", "width=8,hidden=8,gate=8", "--checkpoint-minutes", "0.02",
    )  # fmt: skip
    done = attack.run("sudoku-train", *common, "-o", "whole", seconds=600)
    if not outcome.check(done.status == 0, done.said()):
        return outcome
    whole = (attack.folder / "whole" / "policy_ema.pt").read_bytes()
    kills = 0
    for number in attack.tries(50, 1):
        again: tuple[object, ...] = common
        folder = f"run{number}"
        for _ in range(3):
            if not _kill(attack, 15, "sudoku-train", *again, "-o", folder):
                break
            kills += 1
            if (attack.folder / folder / "policy.pt").exists():
                again = ("--resume",)
        if (attack.folder / folder / "policy.pt").exists():
            again = ("--resume",)
        done = attack.run("sudoku-train", *again, "-o", folder, seconds=600)
        right = done.clean and _weights(attack.folder / folder) == _weights(attack.folder / "whole")
        outcome.check(right, done.said())
    outcome.note = f"{kills} kills, {len(whole):,} bytes of weights compared"
    return outcome


def _weights(folder: Path) -> list[tuple[str, bytes]] | None:
    import torch

    try:
        content = torch.load(folder / "policy_ema.pt", weights_only=True)
    except OSError:
        return None
    return [(name, value.numpy().tobytes()) for name, value in content["model"].items()]
