"""From the shell to a solved puzzle: what it costs and what it prints."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from solver import commands
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


def test_ctrl_c_while_a_command_loads_ends_it_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text("import time\nprint(1, flush=True)\ntime.sleep(60)\n")
    child = subprocess.Popen(
        [sys.executable, "-c", "from solver.commands import _main; _main('slow')"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert child.stdout is not None
    child.stdout.readline()
    child.send_signal(signal.SIGINT)
    assert child.communicate(timeout=60)[1] == b""
    assert child.returncode == -signal.SIGINT


def test_every_script_is_the_main_of_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    called: list[str] = []
    monkeypatch.setattr(commands, "_main", called.append)
    for script in project["scripts"].values():
        module, _, name = script.partition(":")
        getattr(import_module(module), name)()
    assert len(called) == len(project["scripts"]) == 7
    assert all(callable(import_module(name).main) for name in called)
