"""sudoku-data convert and show, as a user meets them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.solver.cli.runs import call

LINE = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
SOLVED = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(f"quizzes,solutions,clues\n{LINE},{SOLVED},30\n{LINE},{SOLVED},30\n")
    return path


@pytest.mark.parametrize("suffix", ["sdm", "txt", "csv", "parquet", "opensudoku"])
def test_a_table_converts_to_each_kind_of_list_and_back(
    table: Path, tmp_path: Path, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if suffix == "parquet":
        pytest.importorskip("pyarrow")
    target, back = tmp_path / f"list.{suffix}", tmp_path / "back.sdm"
    assert call("convert", table, target) == 0
    assert call("convert", target, back) == 0
    assert back.read_text() == f"{LINE}\n{LINE}\n"
    assert "wrote 2 puzzles to" in capsys.readouterr().err


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_how_far_a_conversion_is(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    assert call("convert", table, table.with_suffix(".sdm")) == 0
    assert "0 puzzles" in terminal.getvalue()
    assert terminal.getvalue().endswith("table.sdm\n")


def test_what_a_format_can_t_hold_is_named(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("convert", table, tmp_path / "list.sdm") == 0
    assert "note: sdm has no place for clues, solution\n" in capsys.readouterr().err


def test_a_second_column_of_solutions_is_named_as_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "two.csv"
    source.write_text(f"puzzle,solution,Answer\n{LINE},{SOLVED},{SOLVED}\n")
    assert call("convert", source, tmp_path / "one.csv") == 0
    assert "note: csv has no place for Answer\n" in capsys.readouterr().err


def test_what_a_format_holds_once_for_all_puzzles_is_named_where_they_differ(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "list.csv", tmp_path / "list.opensudoku"
    source.write_text(
        f"puzzle,solution,author,level,name\n{LINE},{SOLVED},me,easy,a\n{LINE},{SOLVED},me,,b\n"
    )
    assert call("convert", source, target) == 0
    told = "note: opensudoku has no place for solution, nor for level where puzzles differ\n"
    assert told in capsys.readouterr().err
    assert call("convert", target, "-", "--to", "csv") == 0
    assert capsys.readouterr().out.splitlines()[0] == "puzzle,author,name"


@pytest.mark.parametrize("form", ["ss", "hodoku", "sdx", "opensudoku"])
def test_candidates_that_a_format_can_t_hold_are_named(
    tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """SudoCue's files keep candidates that a placed digit has ruled out; HoDoKu's can't."""
    first = " ".join(["5", "3", "345", "0", "7", "0", "0", "0", "0"])
    rows = [" ".join(LINE[start : start + 9]) for start in range(9, 81, 9)]
    source = tmp_path / "play.sdx"
    source.write_text("\n".join([first, *rows, ""]))
    assert call("convert", source, "-", "--to", form) == 0
    told = f"note: {form} has no place for candidates against the rules\n"
    assert (told in capsys.readouterr().err) == (form in ("ss", "hodoku"))


def test_stdin_to_stdout(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(LINE.encode())))
    assert call("convert", "-", "-", "--to", "sdk") == 0
    out, err = capsysbinary.readouterr()
    assert out.decode().split() == [LINE[start : start + 9] for start in range(0, 81, 9)]
    assert err == b"wrote 1 puzzle to stdout\n"


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ("nofile.sdm", "out.sdm", "nofile.sdm: no such file or directory"),
        (LINE, "nofolder/out.sdm", "nofolder/out.sdm: no such file or directory"),
        (LINE, "out", "the name 'out' says no format; name one of: sdk, sdm, txt"),
        (LINE, "-", "stdout's name says no format; give one with --to: sdk"),
        (LINE[:80], "out.sdm", "argument, line 1, column 81: found 80 cells"),
        ("55" + LINE[2:], "out.sdm", "found a wrong grid: two 5s in row 1"),
        ("table.csv", "out.sdk", "a .sdk file holds one puzzle"),
    ],
)
def test_a_wrong_request_is_one_line_and_writes_nothing(
    source: str,
    target: str,
    message: str,
    table: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(table.parent)
    assert call("convert", source, target) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert message in err
    assert err.count("\n") == 1
    assert list(table.parent.iterdir()) == [table]


def test_bad_lines_are_told_and_left_out_with_skip(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "list.txt", tmp_path / "clean.sdm"
    source.write_text(f"{LINE}\nnonsense\n55{LINE[2:]}\n{LINE}\n")
    assert call("convert", source, target) == 2
    assert not target.exists()
    capsys.readouterr()
    assert call("convert", "--skip", source, target) == 0
    assert target.read_text() == f"{LINE}\n{LINE}\n"
    errors = capsys.readouterr().err.splitlines()
    assert [", line 2" in errors[0], ", line 3" in errors[1]] == [True, True]
    assert errors[2].endswith("clean.sdm, skipped 2")
    assert call("convert", "--wrong", "55" + LINE[2:], target) == 0


def test_show_draws_puzzle_and_solution_in_80_columns(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("show", "--limit", str(10**20), table) == 0
    capsys.readouterr()
    assert call("show", "--limit", "1", table) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert max(map(len, lines)) <= 80 + len(str(table.parent))
    assert lines[1:4] == [
        "clues: 30",
        "30 givens                solution",
        "5 3 . | . 7 . | . . .    5 3 4 | 6 7 8 | 9 1 2",
    ]
    assert err == "there are more; --all shows them, --limit N the first N\n"


def test_show_names_what_breaks_a_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("show", "55" + LINE[2:]) == 0
    assert "wrong: two 5s in row 1 (r1c1, r1c2)" in capsys.readouterr().out


def test_show_goes_on_after_a_bad_line_and_its_status_tells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.sdm"
    path.write_text(f"nonsense\n{LINE}\n")
    assert call("show", path) == 2
    out, err = capsys.readouterr()
    assert "30 givens" in out
    assert "line 1, column 1: found 'n'" in err


def test_a_list_of_bad_lines_is_not_told_line_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.sdm"
    path.write_text(f"{'.' * 79}1\n" * 500)
    assert call("show", path) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 21
    assert lines[-1] == "error: 480 more lines that can't be read"


def test_convert_and_show_give_the_address_at_a_site(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = "https://www.sudokuwiki.org/sudoku.htm?bd=" + LINE.replace(".", "0")
    assert call("convert", table, "-", "--link", "sudokuwiki") == 0
    out, err = capsys.readouterr()
    assert out == 2 * f"{address}\n"
    assert err.startswith("note: an address has no place for ")
    assert call("show", "--link", "sudokuwiki", LINE) == 0
    assert capsys.readouterr().out.endswith(f"link: {address}\n")


def test_an_unknown_site_is_refused_before_anything_is_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert call("convert", "nowhere.sdm", "-", "--link", "sudoku.com") == 2
    assert "no such site; known: sudokuwiki, sudoku.coach" in capsys.readouterr().err
    assert call("convert", LINE, "-", "--link", "sudokuwiki", "--to", "csv") == 2
    assert "leave --to out" in capsys.readouterr().err
