"""The entry points of the commands: Ctrl-C ends one without a word also while it loads."""

from __future__ import annotations

import signal
from importlib import import_module


def _main(module: str) -> None:
    """Call the `main` of a module; before and after it, SIGINT does what the system does."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        import_module(module).main()
    finally:
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.SIG_DFL)


def data() -> None:
    """`sudoku-data`."""
    _main("solver.cli.data")


def evaluate() -> None:
    """`sudoku-evaluate`."""
    _main("training.commands.evaluate")


def export() -> None:
    """`sudoku-export`."""
    _main("export.cli")


def profile() -> None:
    """`sudoku-profile`."""
    _main("solver.cli.profile")


def solve() -> None:
    """`sudoku-solve`."""
    _main("solver.cli.solve")


def train() -> None:
    """`sudoku-train`."""
    _main("training.commands.main")


def tui() -> None:
    """`sudoku-tui`."""
    _main("tui.cli")
