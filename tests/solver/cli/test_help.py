"""What --help prints fits into a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer

from export import cli as export
from solver.cli import data, profile, solve
from solver.cli.common import run
from solver.cli.help import OLD_NAMES, renamed
from training.commands import evaluate, train
from tui import cli as tui

COMMANDS = [[], *([name] for name in (
    "generate", "library", "benchmark", "convert", "show", "print", "rate", "check", "solutions",
))]  # fmt: skip


def lines(capsys: pytest.CaptureFixture[str], app: object, *arguments: str) -> list[str]:
    with pytest.raises(SystemExit) as caught:
        run(app, [*arguments, "--help"])  # type: ignore[arg-type]
    assert caught.value.code == 0
    return capsys.readouterr().out.splitlines()


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command) or "data")
def test_help_fits_in_80_columns(capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    assert max(map(len, lines(capsys, data.app, *command))) <= 80


def test_the_help_of_solve_names_its_argument_once(capsys: pytest.CaptureFixture[str]) -> None:
    found = lines(capsys, solve.app)
    assert max(map(len, found)) <= 80
    assert found[0].endswith("[OPTIONS] {PUZZLE}...")


def test_each_order_of_steps_is_explained_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    said = " ".join(" ".join(lines(capsys, solve.app)).split())
    assert "logic: the one whose reason is the easiest to see; confidence: the cell" in said


APPS = {
    "data": data.app,
    "solve": solve.app,
    "profile": profile.app,
    "train": train.app,
    "evaluate": evaluate.app,
    "export": export.app,
    "tui": tui.app,
}


@pytest.mark.parametrize("name", APPS)
def test_every_commands_help_fits_in_80_columns(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert max(map(len, lines(capsys, APPS[name]))) <= 80


@pytest.mark.parametrize("option", ["--threads=0", "--passes=0", "--decode=-1"])
def test_evaluate_refuses_counts_out_of_range(
    capsys: pytest.CaptureFixture[str], option: str
) -> None:
    with pytest.raises(SystemExit) as caught:
        run(evaluate.app, ["policy.onnx", "--data", "puzzles.sdm", option])
    assert caught.value.code == 2
    assert option.split("=")[0] in capsys.readouterr().err


@pytest.mark.parametrize("name", APPS)
def test_every_command_has_one_style_of_help(capsys: pytest.CaptureFixture[str], name: str) -> None:
    long = lines(capsys, APPS[name])
    with pytest.raises(SystemExit):
        run(APPS[name], ["-h"])
    assert capsys.readouterr().out.splitlines() == long
    assert long[0].startswith("Usage: ")
    assert any("-h, --help" in line for line in long)
    assert not [line for line in long if "╭" in line]
    assert not [
        kind for kind in ("<path>", "<int", "<str>", "<list", "<float") if kind in str(long)
    ]


def test_options_are_still_understood_by_their_old_names(tmp_path: Path) -> None:
    target = tmp_path / "made.csv"
    with pytest.raises(SystemExit) as left:
        run(data.app, ["generate", "--count", "1", "--workers", "1", f"--out={target}"])
    assert left.value.code == 0
    assert target.is_file()


@pytest.mark.parametrize("name", APPS)
def test_one_thing_has_one_name_in_all_commands(name: str) -> None:
    names = options(typer.main.get_command(APPS[name]))
    assert not names & (set(OLD_NAMES) - {"--model"})
    assert ("--model" in names) == (name in ("solve", "profile", "tui"))


def options(command: Any) -> set[str]:
    names = {name for parameter in command.params for name in parameter.opts}
    return names.union(*map(options, getattr(command, "commands", {}).values()))


def test_an_old_name_is_changed_only_where_no_option_has_it() -> None:
    old = ["--begin", "a.pt", "--model=width=4", "--output-dir", "run", "--max-samples=3"]
    now = ["--weights", "a.pt", "--size=width=4", "--output", "run", "--limit=3"]
    assert renamed(typer.main.get_command(train.app), old) == now
    assert renamed(typer.main.get_command(solve.app), ["--model", "x"]) == ["--model", "x"]
