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
from training.network.checkpoint import RUN_SCHEMA, CheckpointError, load, save_policy
from training.network.registry import built

KILLS = 6
LEG = "--recipe policy --suppose 0.25 --late 0.35 --late-windows 64 --eval-passes 8 --seed 11"
LEG += " --shares 0.5,0.2,0.3 --lr 0.0007 --ema-decay 0.9995 --epochs 3 --epoch-samples 640"
LEG += " --validation-size 12 --validate-steps 8 --keep-best 2 --checkpoint-minutes 0 --threads 1"
"""As a leg of the shipped policy's recipe, but small, and with a checkpoint after every step."""


@pytest.fixture
def leg(make_csv: Callable[..., Path], tmp_path: Path) -> list[str]:
    policy = tmp_path / "before.pt"
    save_policy(policy, built("graph", ["width=16", "hidden=16", "gate=16"]), {})
    files = [make_csv(count, seed=count, name=f"{count}.csv") for count in (200, 150, 100)]
    few = tmp_path / "few.csv"
    few.write_text("\n".join(files[0].read_text().splitlines()[:21]))
    rest = ["--exclude", str(few), "--weights", str(policy)]
    return [*(word for file in files for word in ("--data", str(file))), *rest, *LEG.split()]


def started(*words: str) -> subprocess.Popen[bytes]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    quiet = subprocess.DEVNULL
    return subprocess.Popen([sys.executable, "-m", *words], env=env, stdout=quiet, stderr=quiet)


def step_of(output: Path) -> int:
    """The step of a run's last checkpoint; -1 where there is none."""
    try:
        return int(load(output / "policy.pt", RUN_SCHEMA)["progress"]["step"])
    except CheckpointError:
        return -1


def wait_for_step(step: int, output: Path, process: subprocess.Popen[bytes]) -> None:
    while step_of(output) < step:
        assert process.poll() is None, "the run ended before it was to be killed"
        time.sleep(0.05)


def unfinished(output: Path) -> bool:
    """Whether a checkpoint is being written, or was when its process ended."""
    return any(n == "policy.new.pt" or n.endswith(".tmp") for n in os.listdir(output))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_a_run_killed_six_times_ends_in_the_same_bits(
    seed: int, leg: list[str], tmp_path: Path
) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    assert started("training", *leg, "-o", str(whole)).wait(1200) == 0
    last, moments = step_of(whole), random.Random(seed)
    steps, writing = [], 0
    for target in sorted(moments.sample(range(1, last - KILLS), KILLS)):
        words = ["resume", str(killed)] if steps else [*leg, "-o", str(killed)]
        process = started("training", *words)
        wait_for_step(target, killed, process)
        # in a step or a validation; every other time while a checkpoint is written
        time.sleep(moments.uniform(0, 0.2))
        while len(steps) % 2 and not unfinished(killed):
            assert process.poll() is None, "the run ended before it was to be killed"
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        steps.append(step_of(killed))
        writing += unfinished(killed)
    assert started("training", "resume", str(killed)).wait(1200) == 0
    print(f"killed with checkpoints of steps {steps} of {last}, {writing} times in one: same bits")
    same(whole, killed)


def process_of(rank: int, parent: int) -> int:
    """The child of torchrun that has this rank."""
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            words = path.read_bytes().split(b"\0")
            of = int((path.parent / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has just ended
            continue
        if of == parent and f"RANK={rank}".encode() in words:
            return int(path.parent.name)
    raise AssertionError(f"no process of rank {rank}")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc here")
def test_torchrun_starts_killed_processes_again_and_the_run_ends_in_the_same_bits(
    leg: list[str], tmp_path: Path
) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    torchrun = ["torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    torchrun += ["--max-restarts", "2", "-m", "training", *leg, "-o"]
    assert started(*torchrun, str(whole)).wait(1200) == 0
    process = started(*torchrun, str(killed))
    for rank, step in ((1, 10), (0, 35)):
        wait_for_step(step, killed, process)
        os.kill(process_of(rank, process.pid), signal.SIGKILL)
    assert process.wait(1200) == 0
    same(whole, killed)
    begins = (killed / "history.jsonl").read_text().count('"torch"')
    print(f"rank 1 killed at step 10, rank 0 at step 35; begun {begins} times: the same bits")
    assert begins == 3
