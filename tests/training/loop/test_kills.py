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
from training.network.checkpoint import RUN_SCHEMA, CheckpointError, load

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


def step_of(output: Path) -> int:
    """The step of a run's last checkpoint; -1 where there is none."""
    try:
        return int(load(output / "policy.pt", RUN_SCHEMA)["progress"]["step"])
    except CheckpointError:
        return -1


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_a_run_killed_six_times_ends_in_the_same_bits(
    seed: int,
    make_csv: Callable[..., Path],
    tmp_path: Path,
) -> None:
    data, whole, killed = make_csv(400), tmp_path / "whole", tmp_path / "killed"
    assert command(data, whole, False).wait(1200) == 0
    last, moments = step_of(whole), random.Random(seed)
    steps: list[int] = []
    for target in sorted(moments.sample(range(1, last - KILLS), KILLS)):
        process = command(data, killed, bool(steps))
        while step_of(killed) < target:
            assert process.poll() is None, "the run ended before it was to be killed"
            time.sleep(0.1)
        # in a step, a validation, or while a checkpoint is written
        time.sleep(moments.uniform(0, 0.5))
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        steps.append(step_of(killed))
    assert command(data, killed, True).wait(1200) == 0
    print(f"killed {KILLS} times, with checkpoints of steps {steps} of {last}: the same bits")
    same(whole, killed)
