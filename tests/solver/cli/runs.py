"""The commands, run in this process, and what a run left."""

from __future__ import annotations

from pathlib import Path

import pytest

from solver.cli import data
from solver.cli import solve as command
from solver.cli.common import run
from solver.cli.reader import plain_arguments


class Result:
    """What one run of sudoku-solve left: exit status, stdout, stderr."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: object) -> None:
        with pytest.raises(SystemExit) as caught:
            run(command.app, plain_arguments([str(a) for a in arguments]))
        self.code = caught.value.code
        self.out, self.err = capsys.readouterr()


def call(*arguments: str | Path) -> int:
    """The exit status of sudoku-data with `arguments`."""
    with pytest.raises(SystemExit) as left:
        run(data.app, [str(argument) for argument in arguments])
    return int(left.value.code or 0)
