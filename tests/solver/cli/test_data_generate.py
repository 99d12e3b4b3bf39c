"""sudoku-data generate, library and benchmark, as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from solver.cli.common import run as run_command
from solver.cli.data import app
from solver.formats import read
from solver.generator.bench import Bench
from tests.solver.cli.runs import call


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


def test_what_generate_says_is_one_line_where_stderr_is_no_terminal(tmp_path: Path) -> None:
    _, _, stderr = run("generate", "--count", 1, "--output", tmp_path / "a.csv", "--workers", 1)
    assert len(stderr.splitlines()) == 1
    assert "1 minimal puzzle of seed 0 in" in stderr


def test_without_a_compiler_generate_makes_no_more_than_asked_and_says_what_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("solver.exact.compiled.available", lambda: False)
    blank: list[int] = []
    boards = Bench.boards
    monkeypatch.setattr(Bench, "boards", lambda b, n: blank.append(n) or boards(b, n))
    out = tmp_path / "made.csv"
    code, _, stderr = run("generate", "--count", 2, "--output", out, "--workers", 1)
    assert (code, blank) == (0, [2])
    assert "note: numba makes this several hundred times faster: pip install" in stderr
    assert len(list(read(out))) == 2


def test_generate_refuses_another_suffix_in_one_line(tmp_path: Path) -> None:
    code, stdout, stderr = run("generate", "--count", 1, "--output", tmp_path / "made.xls")
    assert (code, stdout) == (2, "")
    assert stderr.startswith("error: ")
    assert "made.xls' says no format; name one of: sdk, sdm" in stderr


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
    assert len(paths) == len(stdout.splitlines()) == 48 + 1 + 7
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


def test_generate_writes_what_was_ordered_to_stdout(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    order = ("--level", "medium", "--symmetry", "mirror", "--seed", "4", "--workers", "1")
    with pytest.raises(SystemExit) as left:
        run_command(app, ["generate", *order, "--count", "2", "--output", "-"])
    out, err = capfdbinary.readouterr()
    assert left.value.code == 0
    assert b"stdout: 2 puzzles (medium, mirror) of seed 4" in err
    records = list(read(out, "made.csv"))
    assert [record.metadata["level"] for record in records] == ["medium", "medium"]
    assert set(records[0].metadata) == {"clues", "rating", "level", "hardest", "score"}


def test_generate_writes_any_format_by_its_name(tmp_path: Path) -> None:
    for name in ("made.sdk", "made.jsonl", "made.txt"):
        order = ("--level", "easy", "--clues", "30-32", "--seed", 1, "--workers", 1)
        code, _, stderr = run("generate", *order, "-o", tmp_path / name)
        assert code == 0, stderr
        [record] = read(tmp_path / name)
        assert 30 <= record.givens.clues <= 32
        assert "easy" in {*record.metadata.values()} or name == "made.txt"
    assert "clues" in (tmp_path / "made.txt").read_text()


def test_a_table_is_the_same_on_stdout_and_in_a_file(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    for out in (str(tmp_path / "made.csv"), "-"):
        with pytest.raises(SystemExit):
            run_command(app, ["generate", "--count", "5", "--workers", "1", "-o", out])
    assert capfdbinary.readouterr().out == (tmp_path / "made.csv").read_bytes()


def test_an_order_that_is_not_met_writes_what_was_found_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "made.sdm"
    order = ["--level", "easy", "--clues", "24", "--workers", "1", "--tries", "1", "--count", "40"]
    assert call("generate", *order, "-o", out) == 124
    found = len(list(read(out)))
    assert f"error: gave up: {found} of 40 made in 40 tries; nearest: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--mode", "hard", "--level", "easy"], "--mode can't go with an order"),
        (["--tries", "5"], "--tries is for orders"),
        (["--technique", "x-wimg"], "did you mean 'X-wing'?"),
        (["--clues", "24-"], "neither a number nor two, as in 24-26"),
        (["--level", "easy", "--technique", "x-wing"], "no easy puzzle needs an X-wing"),
        (["--count", "2", "--to", "sdk"], "holds one puzzle, not 2"),
        (["--to", "pdf"], "no format 'pdf'"),
    ],
)
def test_generate_refuses_what_can_not_be(arguments: list[str], said: str) -> None:
    code, stdout, stderr = run("generate", *arguments, "-o", "-")
    assert (code, stdout) == (2, "")
    assert said in stderr
    assert len(stderr.splitlines()) == 1
