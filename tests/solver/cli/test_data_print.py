"""sudoku-data print, as a user meets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from solver.cli import common
from solver.cli.common import run
from solver.cli.data import app, sheet

LINE = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"


def call(*arguments: str | Path) -> int:
    """The exit status of sudoku-data print with `arguments`."""
    with pytest.raises(SystemExit) as left:
        run(app, ["print", *(str(argument) for argument in arguments)])
    return int(left.value.code or 0)


@pytest.mark.parametrize(("name", "start"), [("s.svg", "<svg "), ("s.html", "<!doctype html>")])
def test_the_name_says_the_kind_of_file(
    tmp_path: Path, name: str, start: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(LINE, "-o", tmp_path / name, "--solutions", "none") == 0
    assert (tmp_path / name).read_text().startswith(start)
    assert "wrote 1 puzzle on 1 page to" in capsys.readouterr().err


def test_pages_of_svg_are_files_of_their_own(tmp_path: Path) -> None:
    assert call(LINE, "-o", tmp_path / "s.svg") == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s-1.svg", "s-2.svg"]


def test_a_pdf_goes_to_stdout(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    pytest.importorskip("fpdf")
    assert call(LINE, "-o", "-") == 0
    assert capfdbinary.readouterr().out.startswith(b"%PDF")


def test_without_the_library_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sheet, "find_spec", lambda name: None)
    assert call(LINE, "-o", tmp_path / "s.pdf") == 2
    said = f"this needs fpdf, from the extra 'print': pip install '{common.DISTRIBUTION}[print]'"
    assert said in capsys.readouterr().err
    assert call(LINE, "-o", tmp_path / "s.html") == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "sheet.doc"], "sheet.doc: a sheet's name ends in .pdf, .svg or .html"),
        (["-o", "nowhere/s.svg"], "nowhere: no such folder to write s.svg in"),
        (["-o", "-", "--to", "svg"], "2 pages: SVG holds one"),
        (["-o", "s.svg", "--link", "foo"], "no such site"),
        (["-o", "s.html", "--per-page", "3"], "'3' is not one of '1', '2', '4', '6'"),
    ],
)
def test_what_can_not_be_printed_is_refused(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(LINE, *arguments) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_input_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "p.svg").write_text(f"{LINE}\n")
    assert call(tmp_path / "p.svg", "-o", tmp_path / "p.svg") == 2
    assert (tmp_path / "p.svg").read_text() == f"{LINE}\n"
