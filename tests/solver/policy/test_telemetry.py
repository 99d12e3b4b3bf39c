"""ONNX Runtime writes no device id, queues no report and opens no socket, whoever loads it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.solver import puzzles

SOLVE = f"from solver import Solver; Solver(device='cpu').solve({puzzles.SINGLES!r})"
COMMAND = (
    "import sys; sys.argv = ['', *{arguments!r}]\n"
    "from {module} import main\n"
    "try: main()\n"
    "except SystemExit as leave: assert not leave.code, leave.code\n"
)
SOCKETS = """
import os
links = [os.path.realpath(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd")]
assert not [link for link in links if "socket:" in link], links
"""
PROGRAMS = {
    "python": SOLVE,
    "sudoku-solve": COMMAND.format(module="solver.cli.solve", arguments=["-q", puzzles.SINGLES]),
    "sudoku-profile": COMMAND.format(
        module="solver.cli.profile", arguments=["--batch", "1", "--views", "1", "--passes", "2"]
    ),
}


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("program", PROGRAMS)
def test_nothing_is_written_to_an_empty_home_and_no_socket_is_open(
    tmp_path: Path, program: str
) -> None:
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    home.mkdir()
    temporary.mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "ORT_"))}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAMS[program] + SOCKETS],
        env={**kept, "HOME": str(home), "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert [*home.rglob("*"), *temporary.rglob("*")] == []


def test_the_choice_of_whoever_wants_it_stands() -> None:
    code = "import os, solver; assert os.environ['ORT_DISABLE_TELEMETRY'] == '0'"
    environment = {**os.environ, "ORT_DISABLE_TELEMETRY": "0"}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
