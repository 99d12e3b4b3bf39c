"""Several processes on the CPU give what one gives on the same effective batch."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from training.loop.folder import prepare
from training.loop.start import launch, resolved
from training.network.checkpoint import RUN_SCHEMA, load, load_policy
from training.recipe.config import Recipe, changed
from training.recipe.recipes import quick
from training.recipe.toml import to_toml

CODE = """
import os
from pathlib import Path
import torch
from training.loop import start, step
from training.recipe.toml import recipe_from
gradients, calls = step.gradients, []
def refused(run):
    calls.append(1)
    if len(calls) == 3 and os.environ["RANK"] == {short!r}:
        raise torch.OutOfMemoryError("out of memory")
    return gradients(run)
step.gradients = refused
start.write_report = lambda *given: given[0]
start.launch(recipe_from(Path({config!r})), Path({output!r}), False)
"""


@pytest.fixture
def recipe(make_csv: Callable[..., Path]) -> Recipe:
    changes: dict[str, Any] = {
        "data": [str(make_csv(80))],
        "model": ["width=8", "hidden=8", "gate=8"],
        "epochs": 1,
        "epoch_samples": 72,
        "batch_size": 12,
        "chunk": 2,
        "passes": 2,
        "eval_passes": 2,
        "validation_size": 4,
        "compile": False,
        "threads": 1,
        "carry": True,
        # SOAP's first bases are of a covariance of low rank: any rounding turns what is empty
        "optimizer": "adamw",
    }
    return resolved(changed(quick(), changes))


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), **more}


def free_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def together(recipe: Recipe, output: Path, processes: int, short: int = -1) -> Path:
    """Train in processes of their own; that of rank `short` is out of memory once."""
    prepare(output, False)
    config = output.with_suffix(".toml")
    config.write_text(to_toml(recipe), encoding="utf-8")
    port = free_port()
    code = CODE.format(config=str(config), output=str(output), short=str(short))
    env = environment(MASTER_ADDR="127.0.0.1", MASTER_PORT=port, WORLD_SIZE=str(processes))
    running = [
        subprocess.Popen([sys.executable, "-c", code], env={**env, "RANK": str(rank)})
        for rank in range(processes)
    ]
    assert [process.wait(timeout=300) for process in running] == [0] * processes
    return output


def alike(one: Path, two: Path) -> None:
    """Two runs came to the same within rounding."""
    alone, shared = (load(path / "policy.pt", RUN_SCHEMA) for path in (one, two))
    # answers, not weights: a weight without effect on them moves by rounding alone
    puzzle = alone["slots"]["puzzle"].long()
    answers = [load_policy(path / "policy_ema.pt")[0](puzzle, 4).softmax(-1) for path in (one, two)]
    torch.testing.assert_close(answers[1], answers[0], rtol=1e-3, atol=1e-5)
    assert torch.equal(alone["slots"]["puzzle"], shared["slots"]["puzzle"])
    assert torch.equal(alone["slots"]["left"], shared["slots"]["left"])
    torch.testing.assert_close(shared["state"], alone["state"], rtol=1e-3, atol=1e-3)
    a, b = (
        json.loads((path / "metrics.jsonl").read_text().splitlines()[-1]) for path in (one, two)
    )
    for name in ("train_loss", "train_cell_acc", "val_loss", "val_grid_acc", "val_ece"):
        assert a[name] == pytest.approx(b[name], rel=1e-3, abs=1e-5), name


def alone(recipe: Recipe, output: Path) -> Path:
    prepare(output, False)
    launch(recipe, output, False)
    return output


def test_two_processes_give_what_one_gives(recipe: Recipe, tmp_path: Path) -> None:
    """One of them has no validation puzzle, and waits for the other."""
    few = changed(recipe, {"validation_size": 1})
    alike(alone(few, tmp_path / "one"), together(few, tmp_path / "two", 2))
    (line,) = (tmp_path / "two" / "metrics.jsonl").read_text().splitlines()
    assert json.loads(line)["val_easy_puzzles"] == 1


def test_where_one_of_three_is_out_of_memory_all_halve_their_batch(
    recipe: Recipe, tmp_path: Path
) -> None:
    """Four validation puzzles are shared unevenly by three, too."""
    alike(alone(recipe, tmp_path / "one"), together(recipe, tmp_path / "three", 3, short=1))
    log = (tmp_path / "three" / "train.log").read_text()
    assert "out of memory; going on with 12 puzzles a batch, 1 at a time" in log


def test_torchrun_starts_the_same_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "training", "--help"],
        env={**os.environ, "COLUMNS": "100"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "torchrun --nproc-per-node 2 -m training" in done.stdout
