"""sudoku-solve: files, stdin or 81 characters in; results alone on stdout; honest exit status."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from solver.board.grid import Grid
from solver.cli.common import ExitCode
from tests.solver import puzzles

BLANKS = puzzles.SINGLES.count(".")


def test_text_shows_puzzle_steps_solution_and_how_it_was_reached(solve) -> None:
    result = solve(puzzles.SINGLES)
    puzzle, answer = Grid.parse(puzzles.SINGLES), Grid.parse(puzzles.SINGLES_SOLVED)
    assert (result.code, result.err) == (0, "")
    lines = [line.strip() for line in result.out.splitlines()]
    for grid in (puzzle, answer):
        assert str(grid).replace("\n", "|") in "|".join(lines)
    steps = [line for line in lines if " = " in line]
    assert len(steps) == 81 - puzzle.clues
    assert all(line.split()[4] == "0.00" for line in steps)
    assert "Search found it" in result.out
    assert "The policy's own grid breaks the rules" in result.out
    assert "Logic alone explains" in result.out
    assert " s on the CPU." in result.out
    assert max(map(len, result.out.splitlines())) <= 80
    assert "\x1b" not in result.out


def test_no_steps_leaves_them_out(solve) -> None:
    assert " = " not in solve("--no-steps", puzzles.SINGLES).out


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


def test_the_steps_of_several_solutions_are_true_of_each(solve) -> None:
    [puzzle] = json.loads(solve("-f", "json", puzzles.TWO_SOLUTIONS).out)["puzzles"]
    assert puzzle["steps"]
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


class TestHints:
    @pytest.mark.parametrize("grade", [1, 2, 3])
    def test_a_hint_fits_in_80_columns(self, solve, grade: int) -> None:
        result = solve(*["--hint"] * grade, puzzles.XY_WING)
        assert (result.code, result.err) == (0, "")
        assert max(map(len, result.out.splitlines())) <= 80

    def test_hints_for_several_puzzles_say_for_which(self, solve, tmp_path: Path) -> None:
        file = tmp_path / "two.sdm"
        file.write_text(f"{puzzles.SINGLES}\n\n{puzzles.XY_WING}\n", encoding="utf-8")
        out = solve("-HHH", file).out
        begins = [f"{line} ".split(": ")[0] for line in out.splitlines() if line[0] != " "]
        assert begins == [f"{file}:1", f"{file}:3"]

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


def test_a_hint_is_drawn_with_its_reason(solve) -> None:
    shown = solve("-HHH", "-f", "svg", puzzles.XY_WING)
    assert shown.code == ExitCode.SOLVED
    assert shown.out.startswith("<svg ")
    assert "target: ruled out" in shown.out
