"""What sudoku-solve refuses, and how it says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from solver.cli.common import ExitCode
from tests.solver import puzzles
from tests.solver.cli.runs import Result
from tests.solver.policies import METADATA, onnx_bytes


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
