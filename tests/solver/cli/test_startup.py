"""From the shell to a solved puzzle: what it costs and what it prints."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.solver import puzzles
from tests.solver.policies import onnx_bytes

MOST = 0.8
"""Seconds of processor time, imports and session included."""


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="processor time of a child needs wait4")
def test_a_puzzle_costs_little_processor_time_from_start_to_end(tmp_path: Path) -> None:
    model = tmp_path / "tiny.onnx"
    model.write_bytes(onnx_bytes())
    code = "from solver.cli.solve import main; main()"
    arguments = ["--threads", "1", "--model", str(model), puzzles.XY_WING]
    spent = []
    for _ in range(2):
        child = subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        assert child.stderr is not None
        assert child.stderr.read() == b""
        child.stderr.close()
        assert child.returncode == 0
        spent.append(usage.ru_utime + usage.ru_stime)
    print(f"{min(spent):.2f} s of processor time")
    assert min(spent) <= MOST


@pytest.mark.parametrize("command", ["solve", "profile"])
def test_help_loads_neither_numpy_nor_the_techniques(command: str) -> None:
    code = (
        f"import sys; from solver.cli.{command} import main\n"
        "try: main()\n"
        "finally: print(*{'numpy', 'solver.logic.steps', 'solver.formats'} & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "-h"], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.startswith("Usage:")
    assert done.stdout.splitlines()[-1] == ""


def test_answers_without_steps_load_no_techniques() -> None:
    code = (
        "import sys; from solver.cli.solve import main\n"
        "try: main()\n"
        "finally: print('solver.logic.finders' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "-q", puzzles.SINGLES],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.split() == [puzzles.SINGLES_SOLVED, "False"]
