"""`sudoku-train`: training itself, and by name the tools around it."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import NoReturn

from solver.cli.common import run
from training.machine.allocator import keep_memory

TOOLS = {
    "report": "training.commands.report",
    "compare": "training.commands.compare",
    "average": "training.commands.average",
    "benchmark": "training.commands.benchmark",
    "gpu-bars": "training.commands.gpu_bars",
    "adversary": "training.commands.adversary",
}
"""Name of a tool -> the module of its `app`."""


def words(arguments: list[str]) -> tuple[str, list[str]]:
    """The module of the command that the arguments ask for, and the arguments left to it.

    Without a name, or with `run`, that is training; `resume RUN` is `--resume -o RUN`.
    """
    name, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if name in TOOLS:
        return TOOLS[name], rest
    if name == "run":
        arguments = rest
    elif name == "resume":
        folder = ["-o", *rest] if rest and not rest[0].startswith("-") else rest
        arguments = ["--resume", *folder]
    return "training.commands.train", arguments


def main() -> NoReturn:
    """The command's entry point."""
    keep_memory()
    module, rest = words(sys.argv[1:])
    if module != "training.commands.train":
        sys.argv[0] = f"sudoku-train {sys.argv[1]}"
    # training itself has --minutes, and takes its time to save what it has
    run(import_module(module).app, rest, watched=module != "training.commands.train")
