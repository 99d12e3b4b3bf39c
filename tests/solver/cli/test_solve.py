"""sudoku-solve: files, stdin or 81 characters in; results alone on stdout; honest exit status."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest

from solver.board.grid import Grid
from solver.cli import solve as command
from solver.cli.common import ExitCode, run
from solver.cli.reader import plain_arguments
from tests.solver import puzzles
from tests.solver.policies import METADATA, onnx_bytes, sure_of

BLANKS = puzzles.SINGLES.count(".")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A policy that knows nothing but the givens: everything unsolved goes to search."""
    file = tmp_path / "tiny.onnx"
    file.write_bytes(onnx_bytes())
    return file


class Result:
    """What one run of the command left: exit status, stdout, stderr."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: object) -> None:
        with pytest.raises(SystemExit) as caught:
            run(command.app, plain_arguments([str(a) for a in arguments]))
        self.code = caught.value.code
        self.out, self.err = capsys.readouterr()


@pytest.fixture
def solve(capsys: pytest.CaptureFixture[str], model: Path) -> object:
    """Run the command with the tiny policy."""
    return lambda *arguments: Result(capsys, "--model", model, *arguments)


def test_text_shows_puzzle_steps_solution_and_how_it_was_reached(solve) -> None:
    result = solve(puzzles.SINGLES)
    puzzle, answer = Grid.parse(puzzles.SINGLES), Grid.parse(puzzles.SINGLES_SOLVED)
    assert (result.code, result.err) == (0, "")
    lines = [line.strip() for line in result.out.splitlines()]
    for grid in (puzzle, answer):
        assert str(grid).replace("\n", "|") in "|".join(lines)
    steps = [line for line in lines if " = " in line]
    assert len(steps) == 81 - puzzle.clues
    assert all(line.split()[4:6] == ["0.00", "0"] for line in steps)
    assert "Search found it" in result.out
    assert "The policy's own grid breaks the rules" in result.out
    assert "Logic alone explains" in result.out
    assert " s on the CPU." in result.out
    assert max(map(len, result.out.splitlines())) <= 80
    assert "\x1b" not in result.out


def test_no_steps_leaves_them_out(solve) -> None:
    assert " = " not in solve("--no-steps", puzzles.SINGLES).out


def test_colour_is_for_those_who_ask_for_it(solve) -> None:
    colored = solve("--color", "always", puzzles.SINGLES).out
    assert "\x1b[1m" in colored


def test_quiet_prints_81_characters_a_puzzle_and_nothing_else(solve, tmp_path: Path) -> None:
    file = tmp_path / "some.sdm"
    file.write_text(f"{puzzles.SINGLES}\n{puzzles.NO_SOLUTION}\n", encoding="utf-8")
    result = solve("-q", file, puzzles.BEYOND_LOGIC)
    assert result.out.splitlines() == [
        puzzles.SINGLES_SOLVED,
        "." * 81,
        puzzles.BEYOND_LOGIC_SOLVED,
    ]
    assert result.code == ExitCode.NO_SOLUTION
    assert result.err == f"{file}:2: no solution\n"


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        (puzzles.SINGLES_SOLVED, ExitCode.SOLVED, "Solved and checked: this is the only solution."),
        (puzzles.NO_SOLUTION, ExitCode.NO_SOLUTION, "No solution: no place for 8 in row 1."),
        (
            puzzles.BROKEN,
            ExitCode.NO_SOLUTION,
            "No solution: the givens break the rules: two 5s in row 1",
        ),
        (puzzles.TWO_SOLUTIONS, ExitCode.SEVERAL, "Several solutions; this is one of them."),
    ],
)
def test_the_exit_status_says_what_became_of_the_puzzle(
    solve, line: str, code: int, message: str
) -> None:
    result = solve(line)
    assert result.code == code
    said = " ".join(result.out.split())
    assert message in said
    assert code == ExitCode.SOLVED or said.startswith(message[:11])


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (puzzles.SINGLES_SOLVED, ExitCode.SOLVED, "no hint: the puzzle is solved"),
        (puzzles.TWO_SOLUTIONS, ExitCode.SEVERAL, "the puzzle has several solutions"),
        (puzzles.NO_SOLUTION, ExitCode.NO_SOLUTION, "the puzzle has no solution"),
        (puzzles.BROKEN, ExitCode.NO_SOLUTION, "the puzzle has givens that break a rule"),
    ],
)
def test_the_exit_status_of_a_hint_is_that_of_the_puzzle(
    solve, line: str, code: int, said: str
) -> None:
    result = solve("-H", line)
    assert (result.code, result.out) == (code, "")
    assert said in result.err
    assert result.err.startswith("error: ") == (code != ExitCode.SOLVED)


def test_a_folder_stands_for_the_files_below_it(solve, tmp_path: Path) -> None:
    (tmp_path / "deep" / "deeper").mkdir(parents=True)
    (tmp_path / "a.sdm").write_text(puzzles.SINGLES + "\n")
    (tmp_path / "deep" / "deeper" / "b.sdm").write_text(puzzles.BEYOND_LOGIC + "\n")
    (tmp_path / "notes.md").write_text("no puzzle")
    expected = [puzzles.SINGLES_SOLVED, puzzles.BEYOND_LOGIC_SOLVED]
    assert solve("-q", str(tmp_path)).out.split() == expected
    result = solve("-q", str(tmp_path / "deep" / "deeper"), "-q")
    assert result.out.split() == expected[1:]
    (tmp_path / "empty").mkdir()
    assert "no puzzle file is in this folder" in solve("-q", str(tmp_path / "empty")).err


def test_several_solutions_are_both_told(solve) -> None:
    [puzzle] = json.loads(solve("-f", "json", puzzles.TWO_SOLUTIONS).out)["puzzles"]
    both = [Grid.parse(puzzle[key]) for key in ("solution", "second")]
    assert both[0] != both[1]
    assert all(grid.solved and grid.keeps(Grid.parse(puzzles.TWO_SOLUTIONS)) for grid in both)
    first = next(cell for cell in range(81) if both[0][cell] != both[1][cell])
    for form in ("text", "markdown"):
        out = solve("-f", form, "--no-steps", puzzles.TWO_SOLUTIONS).out
        drawn = "\n".join(line.strip() for line in out.splitlines())
        other = [two if one != two else 0 for one, two in zip(*both, strict=True)]
        assert str(both[0]) in drawn
        assert str(Grid(other) if form == "text" else both[1]) in drawn
        said = f"Another has {both[1][first]} at r1c{first + 1} and differs in "
        assert said in " ".join(out.split())
        assert out.index("Several solutions") < out.index(str(both[0])[:20])
        assert form == "markdown" or max(map(len, out.splitlines())) <= 80


def test_a_picture_marks_the_cells_that_differ_and_the_givens_that_clash(solve) -> None:
    frame = "stroke='#a81628'"
    [puzzle] = json.loads(solve("-f", "json", puzzles.TWO_SOLUTIONS).out)["puzzles"]
    differ = sum(one != two for one, two in zip(puzzle["solution"], puzzle["second"], strict=True))
    assert solve("-f", "svg", puzzles.TWO_SOLUTIONS).out.count(frame) == differ
    clash = {c for broken in Grid.parse(puzzles.BROKEN).violations() for c in broken.cells}
    assert solve("-f", "svg", puzzles.BROKEN).out.count(frame) == len(clash)
    assert solve("-f", "svg", puzzles.SINGLES).out.count(frame) == 0


def test_the_steps_of_several_solutions_are_true_of_each(solve) -> None:
    [puzzle] = json.loads(solve("-f", "json", puzzles.TWO_SOLUTIONS).out)["puzzles"]
    for step in puzzle["steps"]:
        cell = 9 * step["row"] + step["column"] - 10
        digits = {puzzle["solution"][cell], puzzle["second"][cell]}
        assert digits == {str(step["digit"])}


def test_stdin_is_a_dash(solve, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(f"{puzzles.SINGLES}\n".encode())

    monkeypatch.setattr("sys.stdin", Stdin)
    assert solve("-q", "-").out.split() == [puzzles.SINGLES_SOLVED]


def test_a_puzzle_may_start_with_dashes_for_blanks(solve) -> None:
    assert solve("-q", puzzles.SINGLES.replace(".", "-")).out.split() == [puzzles.SINGLES_SOLVED]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no puzzle"),
        (b"\x00\xff\xfe", "line 1"),
        (puzzles.SINGLES.encode()[:-1] + b"q\n", "column 81: found 'q'"),
    ],
)
def test_what_can_not_be_read_is_told_with_its_place(
    solve, tmp_path: Path, content: bytes, message: str
) -> None:
    file = tmp_path / "bad.sdm"
    file.write_bytes(content)
    result = solve(file)
    assert (result.code, result.out) == (ExitCode.USAGE, "")
    assert result.err.startswith(f"error: {file}")
    assert message in result.err
    assert result.err.count("\n") == 1


def test_a_bad_line_is_told_and_the_others_are_solved(solve, tmp_path: Path) -> None:
    file = tmp_path / "some.sdm"
    file.write_text(f"{puzzles.SINGLES}\n123\n{puzzles.BEYOND_LOGIC}\n", encoding="utf-8")
    result = solve("-q", file)
    assert result.code == ExitCode.USAGE
    assert result.out.split() == [puzzles.SINGLES_SOLVED, puzzles.BEYOND_LOGIC_SOLVED]
    assert "line 2" in result.err


def test_a_name_of_nothing_is_still_told(solve) -> None:
    assert solve("").err == "error: '': no such file or directory\n"


def test_a_file_of_another_kind_is_not_told_line_by_line(solve, tmp_path: Path) -> None:
    file = tmp_path / "some.txt"
    file.write_text("what is this\n" * 500, encoding="utf-8")
    assert len(solve(file).err.splitlines()) == 1


@pytest.mark.parametrize("name", ["absent.sdk", "."])
def test_a_path_that_is_no_file_is_an_error(solve, tmp_path: Path, name: str) -> None:
    result = solve(tmp_path / name)
    assert (result.code, result.out) == (ExitCode.USAGE, "")
    assert str(tmp_path) in result.err


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("text.onnx", b"no model"),
        ("other.onnx", onnx_bytes({**METADATA, "schema": "other/1"})),
        ("changed.onnx", onnx_bytes(sealed=False)),
        ("narrow.onnx", onnx_bytes(width=16)),
    ],
)
def test_a_policy_that_can_not_be_used_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, content: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    result = Result(capsys, "--model", file, puzzles.SINGLES)
    assert (result.code, result.out) == (ExitCode.MODEL, "")
    assert result.err.startswith(f"error: {file}: ")
    assert result.err.count("\n") == 1


def test_an_absent_device_is_an_error_of_the_model(solve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solver.policy.providers.cuda_devices", lambda: 0)
    result = solve("--device", "cuda", puzzles.SINGLES)
    assert (result.code, result.out) == (ExitCode.MODEL, "")
    assert "CUDA" in result.err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--format", "yaml", puzzles.SINGLES],
        ["--order", "luck", puzzles.SINGLES],
        ["-HHHH", puzzles.SINGLES],
        ["--hint", "--format", "json", puzzles.SINGLES],
        ["--hint", "--quiet", puzzles.SINGLES],
        ["--hint", "--report", "r.html", puzzles.SINGLES],
        ["--threads", "0", puzzles.SINGLES],
        ["--heatmap", "h.jpg", puzzles.SINGLES],
        ["--heatmap", "absent/h.svg", puzzles.SINGLES],
        ["--report", ".", puzzles.SINGLES],
        ["--heatmap", "h.svg", puzzles.SINGLES, puzzles.XY_WING],
        ["--watch", puzzles.SINGLES],
    ],
)
def test_wrong_usage_is_refused_before_any_work(solve, arguments: list[str]) -> None:
    result = solve(*arguments)
    assert (result.code, result.out) == (ExitCode.USAGE, "")
    assert result.err.startswith("error: ")


def test_a_png_without_its_extra_is_refused_with_the_line_to_install(
    solve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("solver.cli.solve.command.find_spec", lambda name: None)
    result = solve("--heatmap", "h.png", puzzles.SINGLES)
    assert (result.code, result.out) == (ExitCode.USAGE, "")
    assert "pip install 'sudoku-policy[train]'" in result.err


def test_watching_draws_on_stderr_and_leaves_stdout_to_the_result(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    policy = sure_of(puzzles.SINGLES_SOLVED)
    monkeypatch.setattr("solver.policy.session.Policy.load", lambda *given, **more: policy)
    monkeypatch.setattr("solver.render.watch.PAUSE", 0)
    monkeypatch.setattr(sys, "stderr", terminal)
    result = Result(capsys, "--watch", "-q", puzzles.SINGLES)
    assert (result.code, result.out) == (0, puzzles.SINGLES_SOLVED + "\n")
    assert "pass 2 of 2" in terminal.getvalue()


class TestHints:
    @pytest.mark.parametrize("grade", [1, 2, 3])
    def test_a_hint_is_one_line(self, solve, grade: int) -> None:
        result = solve(*["--hint"] * grade, puzzles.SINGLES)
        assert (result.code, result.err) == (0, "")
        assert result.out.count("\n") == 1

    def test_hints_for_several_puzzles_say_for_which(self, solve, tmp_path: Path) -> None:
        file = tmp_path / "two.sdm"
        file.write_text(f"{puzzles.SINGLES}\n\n{puzzles.XY_WING}\n", encoding="utf-8")
        out = solve("--hint", file).out
        assert [line[: line.index(": ")] for line in out.splitlines()] == [f"{file}:1", f"{file}:3"]

    def test_more_grades_than_three_are_told_plainly(self, solve) -> None:
        result = solve("-HHHH", puzzles.SINGLES)
        assert result.err == "error: --hint has 3 grades; give it 3 times at most\n"

    def test_a_hint_knows_the_play_so_far(self, solve, tmp_path: Path) -> None:
        wrong = Grid.parse(puzzles.SINGLES).place(0, 9).line()
        rows = [
            "\n".join(line[i : i + 9] for i in range(0, 81, 9)) for line in (puzzles.SINGLES, wrong)
        ]
        file = tmp_path / "play.sdk"
        file.write_text(f"[Puzzle]\n{rows[0]}\n[State]\n{rows[1]}\n", encoding="utf-8")
        assert solve("-HHH", file).out == "Take away 9 from r1c1.\n"

    def test_a_puzzle_without_one_solution_gets_none(self, solve) -> None:
        result = solve("--hint", puzzles.NO_SOLUTION)
        assert (result.code, result.out) == (ExitCode.NO_SOLUTION, "")
        assert "no hint: the puzzle has no solution" in result.err


class TestFormats:
    def test_json_is_one_document_with_everything(self, solve) -> None:
        document = json.loads(solve("-f", "json", puzzles.SINGLES, puzzles.BROKEN).out)
        assert document["schema"] == "sudoku-solve/1"
        assert document["provider"] == "CPUExecutionProvider"
        assert document["policy"]["passes"] == 8
        good, broken = document["puzzles"]
        assert (good["puzzle"], good["solution"]) == (puzzles.SINGLES, puzzles.SINGLES_SOLVED)
        assert (good["status"], good["method"], good["passes"]) == ("solved", "search", 1)
        assert good["seconds"] > 0
        assert good["violations"][0]["cells"]
        assert good["logic"]["steps"] == len(good["steps"]) == BLANKS
        step = good["steps"][0]
        assert {"cell", "digit", "confidence", "reason", "runner_up", "violations"} <= set(step)
        assert (broken["status"], broken["method"], broken["solution"]) == ("invalid", None, None)
        assert broken["violations"][0]["text"] == "two 5s in row 1 (r1c1, r1c2)"

    def test_json_lines_are_one_document_a_puzzle(self, solve) -> None:
        result = solve("-f", "jsonl", "--no-steps", puzzles.SINGLES, puzzles.XY_WING)
        documents = [json.loads(line) for line in result.out.splitlines()]
        assert [d["puzzle"] for d in documents] == [puzzles.SINGLES, puzzles.XY_WING]
        assert "steps" not in documents[0]

    def test_csv_has_a_row_a_puzzle_or_a_row_a_step(self, solve) -> None:
        rows = list(csv.DictReader(io.StringIO(solve("-f", "csv", puzzles.SINGLES).out)))
        assert [row["solution"] for row in rows] == [puzzles.SINGLES_SOLVED]
        assert rows[0]["puzzle"] == puzzles.SINGLES.replace(".", "0")
        assert (rows[0]["status"], rows[0]["method"]) == ("solved", "search")
        out = solve("-f", "csv", "--steps", puzzles.SINGLES).out
        steps = list(csv.DictReader(io.StringIO(out)))
        assert len(steps) == BLANKS
        assert steps[0]["step"] == "1"

    def test_markdown_has_a_table_of_steps(self, solve) -> None:
        out = solve("-f", "markdown", puzzles.SINGLES).out
        assert str(Grid.parse(puzzles.SINGLES_SOLVED)) in out
        assert out.count("\n| ") == BLANKS + 1

    @pytest.mark.parametrize("form", ["svg", "html"])
    def test_pictures_and_pages_are_whole(self, solve, form: str) -> None:
        out = solve("-f", form, puzzles.SINGLES).out
        assert out.rstrip().endswith(f"</{form}>")

    def test_files_are_written_beside_the_output(self, solve, tmp_path: Path) -> None:
        heatmap, report = tmp_path / "h.svg", tmp_path / "r.html"
        result = solve("-q", "--heatmap", heatmap, "--report", report, puzzles.SINGLES)
        assert result.out.split() == [puzzles.SINGLES_SOLVED]
        assert heatmap.read_text(encoding="utf-8").startswith("<svg")
        assert puzzles.SINGLES in report.read_text(encoding="utf-8")
