"""What --help prints fits into a terminal."""

from __future__ import annotations

import pytest

from solver.cli import data, solve
from solver.cli.common import run

COMMANDS = [[], *([name] for name in (
    "generate", "library", "benchmark", "convert", "show", "rate", "check", "fuzz",
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
