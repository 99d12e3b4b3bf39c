"""Two processes on the CPU give what one gives on the same effective batch."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from training.loop.folder import prepare
from training.loop.start import launch, resolved
from training.network.checkpoint import RUN_SCHEMA, load, load_policy
from training.recipe.config import changed
from training.recipe.recipes import quick
from training.recipe.toml import to_toml

CODE = """
from pathlib import Path
from training.loop import start
from training.recipe.toml import recipe_from
start.write_report = lambda *given: given[0]
start.launch(recipe_from(Path({config!r})), Path({output!r}), False)
"""


def test_two_processes_give_what_one_gives(make_csv: Callable[..., Path], tmp_path: Path) -> None:
    changes = {
        "data": [str(make_csv(40))],
        "model": ["width=8", "hidden=8", "gate=8"],
        "epochs": 1,
        "epoch_samples": 48,
        "batch_size": 8,
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
    recipe = resolved(changed(quick(), changes))
    one, two = tmp_path / "one", tmp_path / "two"
    prepare(one, False)
    prepare(two, False)
    launch(recipe, one, False)
    config = tmp_path / "run.toml"
    config.write_text(to_toml(recipe), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    env = {**os.environ, "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port, "WORLD_SIZE": "2"}
    env["PYTHONPATH"] = os.pathsep.join(p for p in sys.path if p)
    code = CODE.format(config=str(config), output=str(two))
    both = [
        subprocess.Popen([sys.executable, "-c", code], env={**env, "RANK": str(rank)})
        for rank in range(2)
    ]
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    alone, together = (load(path / "policy.pt", RUN_SCHEMA) for path in (one, two))
    # answers, not weights: a weight without effect on them moves by rounding alone
    puzzle = alone["slots"]["puzzle"].long()
    answers = [load_policy(path / "policy_ema.pt")[0](puzzle, 4).softmax(-1) for path in (one, two)]
    torch.testing.assert_close(answers[1], answers[0], rtol=1e-3, atol=1e-5)
    assert torch.equal(alone["slots"]["puzzle"], together["slots"]["puzzle"])
    assert torch.equal(alone["slots"]["left"], together["slots"]["left"])
    torch.testing.assert_close(together["state"], alone["state"], rtol=1e-3, atol=1e-3)
    a, b = (json.loads((path / "metrics.jsonl").read_text()) for path in (one, two))
    for name in ("train_loss", "train_cell_acc", "val_loss", "val_grid_acc", "val_ece"):
        assert a[name] == pytest.approx(b[name], rel=1e-3, abs=1e-5), name


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
