"""`sudoku-train`: training itself, and by name the tools around it."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import NoReturn

from solver.cli.common import run
from training.machine.allocator import keep_memory

TRAINING = "training.commands.train"
TOOLS = {
    "run": TRAINING,
    "resume": "training.commands.resume",
    "report": "training.commands.report",
    "compare": "training.commands.compare",
    "average": "training.commands.average",
    "benchmark": "training.commands.benchmark",
    "gpu-bars": "training.commands.gpu_bars",
    "adversary": "training.commands.adversary",
}
"""Name of a tool -> the module of its `app`; without a name it is training."""


def words(arguments: list[str]) -> tuple[str, list[str]]:
    """The module of the command that the arguments ask for, and the arguments left to it."""
    if arguments and arguments[0] in TOOLS:
        return TOOLS[arguments[0]], arguments[1:]
    return TRAINING, arguments


def main() -> NoReturn:
    """The command's entry point."""
    keep_memory()
    module, rest = words(sys.argv[1:])
    trains = module in (TRAINING, TOOLS["resume"])
    if len(rest) < len(sys.argv) - 1:
        sys.argv[0] = f"sudoku-train {sys.argv[1]}"
    # training itself has --minutes, and takes its time to save what it has
    run(import_module(module).app, rest, watched=not trains)
