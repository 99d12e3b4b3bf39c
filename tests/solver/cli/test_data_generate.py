"""sudoku-data generate, library and benchmark, as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from solver.cli.common import run as run_command
from solver.cli.data import app
from solver.formats import read


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def test_generate_writes_a_table_and_keeps_stdout_empty(tmp_path: Path) -> None:
    out = tmp_path / "made.csv"
    code, stdout, stderr = run(
        "generate", "--count", 40, "--seed", 1, "--output", out, "--workers", 1
    )
    assert (code, stdout) == (0, "")
    assert "40 minimal puzzles of seed 1" in stderr
    records = list(read(out))
    assert len(records) == 40
    assert all(record.solution is not None and record.solution.solved for record in records)
    assert all(record.solution.keeps(record.givens) for record in records if record.solution)


def test_generate_refuses_another_suffix_in_one_line(tmp_path: Path) -> None:
    code, stdout, stderr = run("generate", "--count", 1, "--output", tmp_path / "made.txt")
    assert (code, stdout) == (2, "")
    assert stderr.splitlines()[-1].startswith("error: ")
    assert "ends in .csv or .parquet" in stderr


def test_generate_refuses_bounds_that_nothing_meets(tmp_path: Path) -> None:
    out = tmp_path / "made.csv"
    bounds = ("--min-rating", 9, "--max-rating", 3)
    code, _, stderr = run("generate", "--count", 1, "--output", out, *bounds)
    assert code == 2
    assert "no rating is at least 9 and at most 3" in stderr
    assert not list(tmp_path.iterdir())


def test_library_writes_one_file_a_puzzle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from solver.generator import collection

    monkeypatch.setattr(collection, "LEVELS", ("easy", "medium"))
    code, stdout, _ = run("library", "--seed", 2, "--output", tmp_path)
    assert code == 0
    paths = sorted(tmp_path.rglob("*.sdk"))
    assert len(paths) == len(stdout.splitlines()) == 48 + 1 + len(collection.FAMOUS)
    levels = {next(iter(read(path))).metadata["level"] for path in tmp_path.glob("medium/*")}
    assert levels == {"medium"}


def test_benchmark_prints_a_table_and_json_last(tmp_path: Path) -> None:
    puzzles = tmp_path / "some.sdm"
    run("generate", "--count", 5, "--output", tmp_path / "some.csv", "--workers", 1)
    puzzles.write_text(
        "".join(record.givens.line() + "\n" for record in read(tmp_path / "some.csv"))
    )
    code, stdout, _ = run("benchmark", "--no-generate", puzzles)
    assert code == 0
    last = json.loads(stdout.splitlines()[-1])
    assert last["generate"] is None
    assert last["lists"][0]["puzzles"] == last["lists"][0]["unique"] == 5
    assert last["lists"][0]["rate"] > 0


def test_benchmark_prints_the_guesses_that_puzzles_need(tmp_path: Path) -> None:
    grid = "123456789456789123789123456231674895875912364694538217317265948542897631968341572"
    swaps = grid.replace("1", ".").replace("2", ".")  # in two places, each needs a guess
    (tmp_path / "some.sdm").write_text(f"{grid}\n{grid}\n{grid}\n{swaps}\n")
    code, stdout, _ = run("benchmark", "--no-generate", tmp_path / "some.sdm")
    assert code == 0
    [measured] = json.loads(stdout.splitlines()[-1])["lists"]
    assert (measured["puzzles"], measured["unique"]) == (4, 3)
    assert measured["no_guess"] == 0.75
    assert "75%" in stdout.splitlines()[1]
    assert measured["guesses"] == 2 / 4


def test_benchmark_of_a_missing_file_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run_command(app, ["benchmark", "nowhere.sdm"])
    assert left.value.code == 2
    assert capsys.readouterr().err.count("error: ") == 1
