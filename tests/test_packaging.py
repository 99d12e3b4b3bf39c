"""The distribution: what wheel and sdist carry, and that the wheel solves in an empty place."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = ("data", "evaluate", "export", "profile", "solve", "train", "tui")
NEED_TRAIN = ("evaluate", "export", "train")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist, built from a copy of the source."""
    copy = tmp_path_factory.mktemp("source") / "project"
    left = shutil.ignore_patterns(
        ".*", "*.egg-info", "__pycache__", "build", "dist", "checkpoints", "runs", "tests"
    )
    shutil.copytree(ROOT, copy, ignore=left)
    out = tmp_path_factory.mktemp("dist")
    run = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", out, copy],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
    return out


def one(folder: Path, pattern: str) -> Path:
    (path,) = folder.glob(pattern)
    return path


def test_the_wheel_carries_code_policy_card_puzzles_and_looks(built: Path) -> None:
    with zipfile.ZipFile(one(built, "*.whl")) as wheel:
        names = set(wheel.namelist())
    for name in (
        "solver/py.typed",
        "solver/models/policy.onnx",
        "solver/models/README.md",
        "solver/puzzles/hard.sdk",
        "training/loop/loop.py",
        "export/build.py",
        "tui/app.tcss",
    ):
        assert name in names
    assert [name for name in names if name.endswith(".dist-info/licenses/LICENSE")]
    assert sum(name.endswith(".sdk") for name in names) >= 100
    assert not [name for name in names if name.startswith("tests/")]


def test_every_module_of_the_source_is_in_the_wheel(built: Path) -> None:
    with zipfile.ZipFile(one(built, "*.whl")) as wheel:
        names = set(wheel.namelist())
    modules = {
        str(path.relative_to(ROOT))
        for part in ("solver", "training", "export", "tui")
        for path in (ROOT / part).rglob("*.py")
    }
    assert modules <= names


def test_the_sdist_carries_what_the_wheel_is_built_from(built: Path) -> None:
    with tarfile.open(one(built, "*.tar.gz")) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"pyproject.toml", "README.md", "solver/models/policy.onnx", "puzzles/hard.sdk"} <= names


@pytest.fixture(scope="module")
def empty(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment that holds the wheel and its base dependencies alone."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    binaries = home / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", binaries / "python", "install", "--quiet"]
    what = ["--disable-pip-version-check", "--no-compile", "-c", ROOT / "constraints.txt"]
    run = subprocess.run([*pip, *what, one(built, "*.whl")], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
    return binaries


def call(empty: Path, command: str, *args: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the empty environment, away from the source."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return subprocess.run(
        [empty / command, *args], capture_output=True, text=True, cwd=empty.parent, env=clean
    )


def test_the_wheel_solves_in_an_empty_environment(empty: Path) -> None:
    puzzle = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
    run = call(empty, "sudoku-solve", "--quiet", puzzle)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == (
        "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
    )


ALL = """
import contextlib, io, json, runpy, sys
said = []
for script in sys.argv[1:]:
    for option in ("--version", "--help"):
        sys.argv, out, err = [script, option], io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                runpy.run_path(script, run_name="__main__")
            except SystemExit as left:
                said.append((left.code, err.getvalue(), out.getvalue()))
print(json.dumps(said))
"""
"""Runs each script in one process, which starts faster than all of them."""


def test_every_command_tells_its_version_and_has_help_with_examples(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_WAIT_POLICY", "passive")  # or those that train start again
    scripts = [str(empty / f"sudoku-{command}") for command in COMMANDS]
    run = call(empty, "python", "-c", ALL, *scripts)
    assert (run.returncode, run.stderr) == (0, "")
    said = iter(json.loads(run.stdout))
    for command, version, text in zip(COMMANDS, said, said, strict=True):
        assert version[:2] == text[:2] == [0, ""]
        assert version[2].startswith(f"sudoku-{command} 0.")
        assert "Examples:" in text[2]
        assert "-h, --help" in text[2]


@pytest.mark.parametrize("command", NEED_TRAIN)
def test_without_the_train_extra_a_command_says_in_one_line_what_to_install(
    empty: Path, command: str, tmp_path: Path
) -> None:
    data = tmp_path / "sudoku.csv"
    data.write_text("puzzle,solution\n")
    model = tmp_path / "policy_ema.pt"
    model.write_bytes(b"")
    args = {
        "evaluate": [str(model), "--data", str(data)],
        "export": [str(model), "-o", str(tmp_path / "policy.onnx")],
        "train": ["--data", str(data), "-o", str(tmp_path / "run")],
    }
    run = call(empty, f"sudoku-{command}", *args[command])
    assert run.returncode == 2
    assert run.stdout == ""
    assert "sudoku-policy[train]" in run.stderr
    assert run.stderr.count("\n") == 1
