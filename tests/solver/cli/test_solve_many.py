"""sudoku-solve -o: a table of answers, a summary on stderr, and an exit status that tells."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from solver.bulk import files
from solver.cli.common import ExitCode
from tests.solver import puzzles
from tests.solver.cli.runs import Result
from tests.solver.policies import onnx_bytes


@pytest.fixture
def solve(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run the command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: Result(capsys, *arguments)


def write(name: str, *lines: str) -> str:
    Path(name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return name


def rows(name: str) -> list[list[str]]:
    return [line.split(",") for line in Path(name).read_text(encoding="ascii").splitlines()[1:]]


def test_the_policy_answers_and_search_corrects_it(solve) -> None:
    Path("tiny.onnx").write_bytes(onnx_bytes())
    source = write("some.csv", "puzzle", puzzles.SINGLES, puzzles.SINGLES_SOLVED)
    result = solve(source, "-o", "out.csv", "--model", "tiny.onnx")
    assert (result.code, result.out) == (ExitCode.SOLVED, "")
    assert [row[1:4] for row in rows("out.csv")] == [
        [puzzles.SINGLES_SOLVED, "solved", "search"],
        [puzzles.SINGLES_SOLVED, "solved", "policy"],
    ]
    first, *rest = result.err.splitlines()
    assert first.startswith("out.csv: 2 puzzles in ")
    assert rest[0] == "1 solved by the policy, 1 by search"
    assert rest[1] == "0 invalid, 0 without a solution, 0 with several solutions"
    assert rest[2].endswith("violations in the policy's own grids")
    assert len(rest) == 3


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (puzzles.SINGLES, ExitCode.SOLVED),
        (puzzles.TWO_SOLUTIONS, ExitCode.SEVERAL),
        (puzzles.NO_SOLUTION, ExitCode.NO_SOLUTION),
        (puzzles.BROKEN, ExitCode.NO_SOLUTION),
        ("123", ExitCode.USAGE),
    ],
)
def test_the_exit_status_is_the_highest_that_occurred(solve, line: str, code: int) -> None:
    source = write("some.sdm", puzzles.SINGLES, line)
    assert solve("--engine", "exact", source, "-o", "out.csv").code == code
    assert rows("out.csv")[0][1] == puzzles.SINGLES_SOLVED


def test_bad_lines_are_told_up_to_a_number_and_listed_all(solve) -> None:
    source = write("some.sdm", puzzles.SINGLES, *["123"] * 30)
    result = solve("--engine", "exact", source, "-o", "out.csv")
    told = [line for line in result.err.splitlines() if line.startswith("error: some.sdm, line ")]
    assert len(told) == 20
    assert "30 lines that can't be read, see out.bad.csv" in result.err
    assert [row[1] for row in rows("out.bad.csv")] == [str(line) for line in range(2, 32)]


def test_several_files_and_stdin_follow_one_another(solve, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(f"{puzzles.BEYOND_LOGIC}\n".encode())

    monkeypatch.setattr("sys.stdin", Stdin)
    source = write("some.sdm", puzzles.SINGLES)
    assert solve("--engine", "exact", "-", source, "-o", "out.csv").code == ExitCode.SOLVED
    solutions = [row[1] for row in rows("out.csv")]
    assert solutions == [puzzles.BEYOND_LOGIC_SOLVED, puzzles.SINGLES_SOLVED]


def test_columns_of_stdin_are_named_as_lost(solve, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(f"puzzle,id,note\n{puzzles.SINGLES},7,x\n".encode())

    monkeypatch.setattr("sys.stdin", Stdin)
    result = solve("--engine", "exact", "-", "-o", "out.csv")
    assert "note: the output has no place for id, note\n" in result.err


def test_play_in_a_file_is_told_where_it_is_wrong(solve) -> None:
    wrong = int(puzzles.SINGLES_SOLVED[0]) % 9 + 1
    played = f"{wrong}{puzzles.SINGLES[1:]}"
    source = write("some.csv", "puzzle,state", f"{puzzles.SINGLES},{played}")
    result = solve("--engine", "exact", source, "-o", "out.csv")
    assert f"note: some.csv:2: {wrong} at r1c1 is wrong and left out\n" in result.err
    assert "1 puzzle solved within play or candidates of the file, 1 of them with wrong ones" in (
        result.err
    )
    assert rows("out.csv")[0][1] == puzzles.SINGLES_SOLVED


def test_a_job_that_was_stopped_goes_on(solve, monkeypatch: pytest.MonkeyPatch) -> None:
    from solver.bulk.part import Part
    from solver.bulk.rows import ExactEngine

    source = write("some.sdm", *puzzles.ALL)
    monkeypatch.setattr(ExactEngine, "block", 2)
    write_block = Part.write

    def stopped(part, block) -> None:
        if part.done.blocks == 2:
            raise KeyboardInterrupt
        write_block(part, block)

    with monkeypatch.context() as during:
        during.setattr(Part, "write", stopped)
        result = solve("--engine", "exact", source, "-o", "out.csv")
    assert result.code == ExitCode.INTERRUPTED
    assert result.err == "stopped; run the same command again to resume\n"
    result = solve("--engine", "exact", source, "-o", "out.csv")
    assert result.err.startswith("resuming after 4 puzzles of an earlier run\n")
    assert "7 solved by the exact engine" in result.err
    assert [row[0] for row in rows("out.csv")] == [line.replace(".", "0") for line in puzzles.ALL]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-o", "out.txt"), "out.txt: the output's name ends in .csv or .parquet"),
        (("-o", "nowhere/out.csv"), "nowhere/out.csv: no such folder: "),
        (("-o", "some.csv"), "some.csv: is the input some.csv; write to another file"),
        (("-o", "out.csv", "absent.sdm"), "absent.sdm: no such file or directory"),
        (("-o", "out.csv", "-", "-"), "stdin can be read once; give - once"),
        (("-o", "out.csv", "--hint"), "--output writes a table; --"),
        (("-o", "out.csv", "--workers", "2"), "--address and --workers are for --engine ray"),
        ((), "--engine exact needs --output FILE"),
    ],
)
def test_what_can_not_be_done_is_refused_before_any_work(
    solve, arguments: tuple[str, ...], message: str
) -> None:
    source = write("some.csv", "puzzle", puzzles.SINGLES)
    result = solve("--engine", "exact", source, *arguments)
    assert (result.code, result.out) == (ExitCode.USAGE, "")
    assert result.err.startswith(f"error: {message}")
    assert [path.name for path in Path().iterdir()] == ["some.csv"]


def test_a_policy_that_is_none_is_refused(solve) -> None:
    Path("no.onnx").write_bytes(b"no policy")
    result = solve(write("some.sdm", puzzles.SINGLES), "-o", "out.csv", "--model", "no.onnx")
    assert result.code == ExitCode.MODEL
    assert result.err.count("\n") == 1
    assert not Path("out.csv.part").exists()


def test_a_file_without_a_puzzle_that_can_be_read_is_told_once(solve) -> None:
    Path("broken.sdk").write_text("nonsense\n", encoding="utf-8")
    result = solve("--engine", "exact", "broken.sdk", "-o", "out.csv")
    assert result.code == ExitCode.USAGE
    assert result.err.splitlines() == [
        "error: broken.sdk, line 1, column 9: found no row, expected 9 rows of 9 cells"
    ]
    assert [path.name for path in Path().iterdir()] == ["broken.sdk", "out.bad.csv"]


def test_a_file_without_puzzles_gives_no_table(solve) -> None:
    Path("empty.sdm").touch()
    result = solve("--engine", "exact", "empty.sdm", "-o", "out.csv")
    assert result.code == ExitCode.USAGE
    assert "empty.sdm" in result.err
    assert "no puzzle" in result.err
    assert not Path("out.csv").exists()
    assert not Path("out.csv.part").exists()


@pytest.mark.parametrize("change", ["grown", "cut", "gone"])
def test_an_input_that_changes_while_it_is_read_is_told(
    solve, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Path("list.sdm")
    source.write_text(f"{puzzles.SINGLES}\n" * 3, encoding="utf-8")
    whole = files.block_of

    def changing(*args: object) -> object:
        if change == "gone":
            source.unlink()
        else:
            source.write_text(f"{puzzles.SINGLES}\n" * (9 if change == "grown" else 1))
        return whole(*args)

    monkeypatch.setattr(files, "block_of", changing)
    result = solve("--engine", "exact", "list.sdm", "-o", "out.csv")
    assert result.code == ExitCode.USAGE
    assert "error: list.sdm: changed while it was read; solve it again" in result.err
    assert Path("out.csv").exists()
