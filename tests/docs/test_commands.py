"""Every command of the README and the documentation runs, with less data where it takes long.

The commands are those of the blocks marked ``sh``. A block's lines run one after another in one
folder, so that what one makes the next can use.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import solver
from tests.solver import puzzles

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)

SMALLER = {
    r"--count \d+": "--count 12",
    r"(sudoku-data generate .*)--technique \S+": r"\1",
    r"(sudoku-train (?!--resume).*)": r"\1 --epochs 1 --epoch-samples 32 --batch-size 8 --passes 2 "
    "--eval-passes 2 --validation-size 4 --size width=8 --no-compile --threads 1 --workers 0",
    r"(sudoku-export .*)": r"\1 --views 2 --passes 4 --parity 8",
    r"(sudoku-evaluate .*)": r"\1 --limit 4 --decode 1",
    r"(sudoku-profile.*)": r"\1 --seconds 0.1",
}
"""What makes a command that takes minutes, or data that is not here, small enough for a test."""

LEFT_OUT = {
    "make ": "it installs, or runs these tests",
    "pip": "it installs",
    "sudoku-tui --serve": "it serves until it is ended; its own tests start it",
}
"""Commands that are not run here, by how they begin, and why."""


TRAINING = ("sudoku-train", "sudoku-export")


@dataclass(frozen=True)
class Command:
    """A line of a page."""

    page: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.page}, line {self.line}: {self.text}"


def blocks(page: Path) -> Iterator[list[Command]]:
    """The blocks of a page, without comments; a backslash joins lines."""
    text = page.read_text(encoding="utf-8")
    for block in BLOCK.finditer(text):
        at = text.count("\n", 0, block.start(1)) + 1
        lines = [
            (at + number, re.sub(r"(^|\s)#.*", "", line).strip())
            for number, line in enumerate(block[1].replace("\\\n", " ").splitlines())
        ]
        name = str(page.relative_to(ROOT))
        yield [Command(name, number, line) for number, line in lines if line]


def cases() -> Iterator[object]:
    """A test a block; those that train take a minute even at this size, so they are slow."""
    for page in PAGES:
        for block in blocks(page):
            trains = any(command.text.startswith(TRAINING) for command in block)
            marks = [pytest.mark.slow] if trains else []
            yield pytest.param(block, id=f"{page.stem}-{block[0].line}", marks=marks)


def smaller(command: str) -> str:
    """The command as it is run here."""
    for pattern, replacement in SMALLER.items():
        command = re.sub(pattern, replacement, command)
    return command


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the pages take for granted."""
    folder = tmp_path_factory.mktemp("reader")
    for shipped in ("puzzles", "solver/models"):
        shutil.copytree(ROOT / shipped, folder / shipped)
    easy = [puzzles.SINGLES, puzzles.XY_WING]
    (folder / "puzzle.sdk").write_bytes((ROOT / "puzzles" / "hard.sdk").read_bytes())
    (folder / "puzzles.sdm").write_text("\n".join(easy) + "\n", encoding="utf-8")
    (folder / "big.csv").write_text("puzzle\n" + "\n".join(easy) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def ran() -> set[str]:
    """Commands that were run: the folder keeps what they made, for the other pages they are on."""
    return set()


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables of the commands: settings of their own, and this Python's commands first."""
    home = str(tmp_path_factory.mktemp("home"))
    own = {"XDG_CONFIG_HOME": home, "XDG_STATE_HOME": home, "TERM": "xterm-256color"}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, **own, "PATH": path, "PYTHONPATH": str(ROOT)}


@pytest.mark.skipif(os.name == "nt", reason="the blocks are written for a Unix shell")
@pytest.mark.parametrize("block", cases())
def test_every_command_of_a_block_runs(
    block: list[Command], folder: Path, environment: dict[str, str], ran: set[str]
) -> None:
    for command in block:
        if command.text in ran or command.text.startswith(tuple(LEFT_OUT)):
            continue
        ran.add(command.text)
        if re.match(r"sudoku-tui(?! --plain)", command.text):
            leave_at_once(command.text, folder, environment)
            continue
        run = subprocess.run(
            ["bash", "-o", "pipefail", "-c", smaller(command.text)],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, f"{command}\n{run.stdout[-500:]}{run.stderr[-1500:]}"


def leave_at_once(command: str, folder: Path, environment: dict[str, str]) -> None:
    """Start the interface in a terminal, wait for its footer, and press the key that leaves."""
    import pexpect

    child = pexpect.spawn(
        command,
        cwd=str(folder),
        env=environment,
        dimensions=(30, 100),
        encoding="utf-8",
        timeout=60,
    )
    child.expect("Keys")
    child.sendcontrol("q")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0, command


PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


SCRIPTS = {
    page.stem: script
    for page in PAGES
    if (script := "".join(PYTHON.findall(page.read_text(encoding="utf-8"))))
}
"""Page -> its blocks of Python, joined."""


@pytest.mark.parametrize("page", SCRIPTS)
def test_the_python_of_a_page_runs_from_top_to_bottom(page: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPTS[page]],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_what_the_python_of_the_readme_shows_is_public() -> None:
    imported = re.findall(r"^from solver import (.+)$", (ROOT / "README.md").read_text(), re.M)
    assert {name for line in imported for name in line.split(", ")} <= set(solver.__all__)
