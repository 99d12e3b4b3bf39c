"""No input is overwritten, whatever it is called; no two runs write one output."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from solver.cli import data, solve
from solver.cli.common import ExitCode, run
from solver.system.locks import BusyError, only_run
from tests.solver.puzzles import SINGLES

TABLE = f"puzzle\n{SINGLES.replace('.', '0')}\n"


def call(app: object, *args: str) -> int:
    with pytest.raises(SystemExit) as left:
        run(app, args)  # type: ignore[arg-type]
    return int(left.value.code or 0)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def linked(one: str, other: str) -> None:
    os.symlink(one, other)


def hard(one: str, other: str) -> None:
    os.link(one, other)


@pytest.mark.parametrize("name", ["out.csv", "out.csv.part", "out.csv.job", "out.bad.csv"])
@pytest.mark.parametrize("way", ["name", "path", "link", "second name"])
def test_a_table_never_takes_the_place_of_what_is_read(
    name: str, way: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / name).write_text(TABLE)
    given = name
    if way == "path":
        given = f"./../{here.name}/{name}"
    elif way in ("link", "second name"):
        given = "in.csv"
        (linked if way == "link" else hard)(name, given)
    before = sorted(path.name for path in here.iterdir())
    assert call(solve.app, "--engine", "exact", given, "-o", "out.csv") == ExitCode.USAGE
    assert "is the input" in capsys.readouterr().err
    assert (here / name).read_text() == TABLE
    assert sorted(path.name for path in here.iterdir()) == before


@pytest.mark.parametrize("option", ["--heatmap", "--report"])
def test_a_picture_never_takes_the_place_of_the_puzzle(option: str, here: Path) -> None:
    (here / "in.svg").write_text(SINGLES)
    assert call(solve.app, "-q", "in.svg", option, "in.svg") == ExitCode.USAGE
    assert (here / "in.svg").read_text() == SINGLES


@pytest.mark.parametrize("skip", [[], ["--skip"]])
def test_converting_never_writes_over_its_source(skip: list[str], here: Path) -> None:
    for name in ("a.csv", "b.csv.part"):
        (here / name).write_text(TABLE)
    os.symlink("a.csv", "c.csv")
    assert call(data.app, "convert", *skip, "a.csv", "c.csv") == ExitCode.USAGE
    assert call(data.app, "convert", *skip, "a.csv", "a.csv") == ExitCode.USAGE
    assert (here / "a.csv").read_text() == TABLE
    assert call(data.app, "convert", *skip, "b.csv.part", "d.csv") == 0
    assert (here / "b.csv.part").read_text() == TABLE


@pytest.mark.parametrize("name", ["out.bad.csv", "out.csv.part"])
def test_a_file_that_no_run_made_is_left_alone(name: str, here: Path) -> None:
    (here / "in.sdm").write_text(SINGLES)
    (here / name).write_text("my own notes\n")
    assert call(solve.app, "--engine", "exact", "in.sdm", "-o", "out.csv") == ExitCode.USAGE
    assert (here / name).read_text() == "my own notes\n"


def test_a_folder_is_read_without_what_is_written_into_it(here: Path) -> None:
    folder = here / "f"
    folder.mkdir()
    (folder / "in.sdm").write_text(f"{SINGLES}\nbad\n")
    for _ in range(2):
        assert call(solve.app, "--engine", "exact", "f", "-o", "f/out.csv") == ExitCode.USAGE
        assert (folder / "out.csv").read_text().count("\n") == 2
        assert (folder / "out.bad.csv").read_text().count("\n") == 2


@pytest.mark.parametrize(
    "command",
    [
        lambda: call(solve.app, "--engine", "exact", "in.sdm", "-o", "out.csv"),
        lambda: call(data.app, "convert", "in.sdm", "out.csv"),
        lambda: call(data.app, "generate", "--count", "1", "--workers", "1", "--output", "out.csv"),
    ],
)
def test_a_second_run_into_one_output_is_refused(
    command: Callable[[], int], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "in.sdm").write_text(SINGLES)
    (here / "out.csv").write_text("the first run's\n")
    with only_run(here / "out.csv"):
        assert command() == ExitCode.USAGE
    assert "another run is writing it" in capsys.readouterr().err
    assert (here / "out.csv").read_text() == "the first run's\n"
    assert not list(here.glob(".*.lock"))


def test_of_many_that_race_for_a_lock_one_at_a_time_has_it(here: Path) -> None:
    program = (
        "import pathlib, sys, time\n"
        "from solver.system.locks import BusyError, only_run\n"
        "held = 0\n"
        "until = time.monotonic() + 1.5\n"
        "while time.monotonic() < until:\n"
        "    try:\n"
        "        with only_run(pathlib.Path('x')):\n"
        "            with open('inside', 'x'):\n"
        "                pass\n"
        "            held += 1\n"
        "            pathlib.Path('inside').unlink()\n"
        "    except BusyError:\n"
        "        pass\n"
        "sys.exit(0 if held else 7)\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(4)]
    assert [each.wait(60) for each in running] == [0] * 4


def test_a_lock_that_a_killed_process_left_holds_nobody_up(here: Path) -> None:
    (here / ".out.csv.lock").touch()
    with only_run(here / "out.csv"), pytest.raises(BusyError), only_run(here / "out.csv"):
        pass
    assert not (here / ".out.csv.lock").exists()
