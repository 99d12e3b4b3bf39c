"""A run killed at any moment, again and again, ends as the one that was left alone."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.training.loop.runs import same
from training.network.checkpoint import RUN_SCHEMA, load

KILLS = 6
ARGS = ("--recipe", "policy", "--epochs", "3", "--epoch-samples", "640", "--validation-size", "8")
ARGS += ("--size", "width=8,hidden=8,gate=8", "--eval-passes", "4", "--passes", "4")
ARGS += ("--checkpoint-minutes", "0.01", "--validate-steps", "8", "--threads", "1", "--no-compile")


def command(data: Path, output: Path, resume: bool) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "training"]
    words += ["--resume"] if resume else ["--data", str(data), *ARGS]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    quiet = subprocess.DEVNULL
    return subprocess.Popen([*words, "-o", str(output)], env=env, stdout=quiet, stderr=quiet)


def begins(process: subprocess.Popen[bytes], output: Path, starts: int) -> None:
    """Wait until the run has begun its steps, so many times in all."""
    log = output / "train.log"
    while not log.exists() or log.read_text().count("steps to do") < starts:
        assert process.poll() is None, "the run ended before its first step"
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_a_run_killed_six_times_ends_in_the_same_bits(
    seed: int,
    make_csv: Callable[..., Path],
    tmp_path: Path,
) -> None:
    data, whole, killed = make_csv(400), tmp_path / "whole", tmp_path / "killed"
    process = command(data, whole, False)
    begins(process, whole, 1)
    begun = time.monotonic()
    assert process.wait(1200) == 0
    length, moments, steps = time.monotonic() - begun, random.Random(seed), []
    for kill in range(KILLS):
        process = command(data, killed, kill > 0)
        begins(process, killed, kill + 1)
        # at any moment: in a step, a validation, or while a checkpoint is written
        time.sleep(moments.uniform(0, 1.5 * length / KILLS))
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        steps.append(load(killed / "policy.pt", RUN_SCHEMA)["progress"]["step"])
    assert command(data, killed, True).wait(1200) == 0
    last = load(killed / "policy.pt", RUN_SCHEMA)["progress"]["step"]
    print(f"killed {KILLS} times, with checkpoints of steps {steps} of {last}: the same bits")
    same(whole, killed)
