"""The card's recipe: its commands are taken from its text, and run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer

from solver.cli.help import plain
from training.commands.main import words

ROOT = Path(__file__).resolve().parents[3]
CARD = ROOT / "solver" / "models" / "README.md"


def recipe() -> str:
    """The block of commands under the card's heading."""
    text = CARD.read_text(encoding="utf-8")
    text = text[text.index("## How it was made") :]
    block = re.search(r"```sh\n(.*?)```", text, re.DOTALL)
    assert block is not None
    return block.group(1)


def commands() -> list[list[str]]:
    """Each command with its words, variables filled in."""
    text = recipe().replace("\\\n", " ")
    out, values = [], {"LISTS": "--exclude list.sdm"}
    for name, value, line in re.findall(r'^(?:(\w+)="([^"]*)".*|(.+))$', text, re.MULTILINE):
        for word, meaning in values.items():
            value, line = (text.replace(f"${word}", meaning) for text in (value, line))
        if name and name != "LISTS":
            values[name] = re.sub(r"\s+", " ", value)
        if line.startswith("sudoku-"):
            out.append(shlex.split(line))
    return out


def app_of(command: list[str]) -> tuple[Any, list[str]]:
    name, *rest = command
    if name == "sudoku-train":
        module, rest = words(rest)
    else:
        module = {"sudoku-data": "solver.cli.data", "sudoku-export": "export.cli"}[name]
    return import_module(module).app, rest


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_option_of_the_cards_commands_is_known(command: list[str]) -> None:
    app, rest = app_of(command)
    parser = plain(typer.main.get_command(app))
    if hasattr(parser, "commands"):  # a group: its command takes the rest
        parser, rest = parser.commands[rest[0]], rest[1:]
    with parser.make_context(command[0], rest) as context:
        assert context.params


TINY = "--epochs 1 --epoch-samples 32 --validation-size 4 --passes 2 --threads 1 --no-compile"
TINY += " --size width=16,hidden=16,gate=16 --sinks jsonl"
SMALL_POOLS = """
from solver.generator import chunks
from solver.generator.deep import pool
for name, plan in pool.PLANS.items():
    rounds = tuple(terms._replace(children=500, deep=10, keep=10) for terms in plan.rounds)
    pool.PLANS[name] = plan._replace(starts=200, size=20, rounds=rounds)
for mode in chunks.ROUNDS:
    chunks.ROUNDS[mode] = ((4, 40),)
"""
"""What every Python of the recipe does first: what is bred and searched for takes minutes else."""


@pytest.mark.slow
def test_the_recipe_runs_from_nothing_by_its_commands_alone(tmp_path: Path) -> None:
    text = re.sub(r"--(epochs|epoch-samples|eval-passes) \d+", "", recipe())
    text = text.replace("--recipe policy", f"--recipe policy --eval-passes 4 {TINY}")
    text = re.sub(r"(adversary .*--count) \d+", r"\1 2 --pools 1 --passes 1", text)
    text = re.sub(r"(generate .*--count) \d+", r"\1 8 --workers 1", text)
    text = re.sub(r"--m(in|ax)-rating \d+", "", text)
    text = text.replace("--views 64 --passes 128", "--views 2 --passes 4 --parity 8")
    (tmp_path / "training").symlink_to(ROOT / "training")
    (tmp_path / "sitecustomize.py").write_text(SMALL_POOLS)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-exuc", text],
        cwd=tmp_path,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=3000,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert (tmp_path / "policy.onnx").is_file()
