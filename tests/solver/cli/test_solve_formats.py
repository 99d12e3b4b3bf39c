"""The forms that sudoku-solve prints."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest

from solver.board.grid import Grid
from solver.formats import read_text
from tests.solver import puzzles
from tests.solver.cli.runs import Result
from tests.solver.policies import sure_of

BLANKS = puzzles.SINGLES.count(".")


def test_colour_is_for_those_who_ask_for_it(solve) -> None:
    colored = solve("--color", "always", puzzles.SINGLES).out
    assert "\x1b[1m" in colored


def test_a_picture_marks_the_cells_that_differ_and_the_givens_that_clash(solve) -> None:
    frame = "stroke='#a81628'"
    [puzzle] = json.loads(solve("-f", "json", puzzles.TWO_SOLUTIONS).out)["puzzles"]
    differ = sum(one != two for one, two in zip(puzzle["solution"], puzzle["second"], strict=True))
    assert solve("-f", "svg", puzzles.TWO_SOLUTIONS).out.count(frame) == differ
    clash = {c for broken in Grid.parse(puzzles.BROKEN).violations() for c in broken.cells}
    assert solve("-f", "svg", puzzles.BROKEN).out.count(frame) == len(clash)
    assert solve("-f", "svg", puzzles.SINGLES).out.count(frame) == 0


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

    def test_what_files_say_of_their_puzzles_comes_out_as_with_an_output(
        self, solve, tmp_path: Path
    ) -> None:
        sources, output = tmp_path / "in", tmp_path / "out.csv"
        sources.mkdir()
        head, row = "quiz,answer,Status,note", f"{puzzles.SINGLES},{puzzles.SINGLES_SOLVED},new,=1"
        (sources / "a.csv").write_text(f"{head}\n{row}\n{puzzles.XY_WING}\n", encoding="utf-8")
        (sources / "b.csv").write_text(f"{puzzles.SINGLES},{puzzles.SINGLES_SOLVED},7\n")
        (sources / "c.sdm").write_text(f"{puzzles.SINGLES} # easy\n")
        assert solve(sources, "-o", output).code == 0
        result = solve(sources, "-f", "csv")
        assert (result.out, result.err) == (output.read_text(encoding="utf-8"), "")
        rows = list(csv.DictReader(io.StringIO(result.out)))
        names = ("input_solution", "input_Status", "note", "column 3", "comment")
        assert list(rows[0])[7:] == [*names]
        assert [rows[0][name] for name in names[:3]] == [puzzles.SINGLES_SOLVED, "new", "'=1"]
        assert solve(sources, "-f", "csv", "--steps").err == (
            "note: the output has no place for Status, column 3, comment, note, solution\n"
        )
        lines = solve(sources, "-f", "jsonl", "--no-steps").out
        documents = [json.loads(line)["metadata"] for line in lines.splitlines()]
        assert documents[0] == {"solution": puzzles.SINGLES_SOLVED, "Status": "new", "note": "=1"}
        assert documents[1] == {}
        [read, *_] = read_text(lines)
        assert (read.metadata["note"], read.metadata["Status"]) == ("=1", "new")

    @pytest.mark.parametrize("form", ["csv", "json"])
    def test_what_cannot_be_read_of_a_puzzle_is_named(self, solve, form: str, tmp_path) -> None:
        file = tmp_path / "nested.json"
        file.write_text(json.dumps([{"puzzle": puzzles.SINGLES, "id": 7, "tags": ["x"]}]))
        assert solve("-f", form, file).err == "note: the output has no place for tags\n"

    def test_columns_of_stdin_come_out_on_stdout(
        self, solve, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Stdin:
            buffer = io.BytesIO(f"id,puzzle\n7,{puzzles.SINGLES}\n".encode())

        monkeypatch.setattr("sys.stdin", Stdin)
        rows = list(csv.DictReader(io.StringIO(solve("-f", "csv", "-").out)))
        assert [row["id"] for row in rows] == ["7"]

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
