"""What is drawn: SVG and PNG pictures, the terminal's frames."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from solver.board.grid import Grid
from solver.board.svg import hexed, ink_on, ramp
from solver.policy.session import Policy
from solver.render.heatmap import write_heatmap
from solver.render.svg import heatmap_svg
from solver.render.watch import LINES, watch_settling
from solver.solving.solution import Solution
from solver.solving.solver import Solver
from tests.solver import puzzles
from tests.solver.policies import clueless, sure_of

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return sure_of(puzzles.SINGLES_SOLVED, 0.9)


@pytest.fixture(scope="module")
def solution(policy: Policy) -> Solution:
    return Solver(policy).solve(puzzles.SINGLES)


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_a_picture_holds_the_solution_cell_by_cell(solution: Solution) -> None:
    assert "".join(texts(solution.svg())) == puzzles.SINGLES_SOLVED
    assert solution.svg() in solution._repr_html_()


def test_a_heatmap_holds_a_confidence_for_each_cell_that_was_blank(solution: Solution) -> None:
    found = texts(heatmap_svg(solution))
    assert found.count("0.90") == puzzles.SINGLES.count(".")
    assert [t for t in found if len(t) == 1 and t.isdigit()][:81] == list(puzzles.SINGLES_SOLVED)
    assert heatmap_svg(solution).count(f"fill='{hexed(ramp(solution.confidence))}'") == 57


@pytest.mark.parametrize("line", [puzzles.BROKEN, puzzles.NO_SOLUTION])
def test_what_is_not_solved_can_be_drawn_too(line: str) -> None:
    drawn = Solver(clueless()).solve(line)
    for svg in (drawn.svg(), heatmap_svg(drawn)):
        assert ElementTree.fromstring(svg).tag.endswith("svg")


def test_the_ramp_goes_from_red_to_blue_and_stays_in_range() -> None:
    assert ramp(-1) == ramp(0) == (168, 22, 40)
    assert ramp(1) == ramp(2) == (30, 92, 162)
    assert ink_on((255, 255, 255)) != ink_on((0, 0, 0)) == "#ffffff"


def test_a_heatmap_is_written_as_its_suffix_says(solution: Solution, tmp_path: Path) -> None:
    write_heatmap(solution, tmp_path / "h.SVG")
    write_heatmap(solution, tmp_path / "h.png")
    assert (tmp_path / "h.SVG").read_text(encoding="utf-8") == heatmap_svg(solution) + "\n"
    assert (tmp_path / "h.png").read_bytes().startswith(b"\x89PNG\r\n")
    with pytest.raises(ValueError, match=r"\.svg or \.png, not \.gif"):
        write_heatmap(solution, tmp_path / "h.gif")


def test_watching_draws_each_pass_over_the_last(policy: Policy) -> None:
    out, pauses = io.StringIO(), list[float]()
    watch_settling(policy, Grid.parse(puzzles.SINGLES), out, pauses.append)
    first, second = out.getvalue().split(f"\x1b[{LINES}A")
    assert len(pauses) == 2
    assert first.count("\n") == LINES
    assert "pass 1 of 2" in first
    assert "pass 2 of 2, sure of 0 of 81 cells" in second
    assert "\x1b[1m" in first


def test_watching_without_colours_leaves_out_what_is_unsure(policy: Policy) -> None:
    out = io.StringIO()
    watch_settling(policy, Grid.parse(puzzles.SINGLES), out, lambda pause: None, color=False)
    first, second = out.getvalue().split(f"\x1b[{LINES}A")
    assert "\x1b" not in first + second
    for drawn, line in ((first, puzzles.SINGLES), (second, puzzles.SINGLES_SOLVED)):
        grid = "\n".join(row.strip() for row in drawn.splitlines()[1:LINES])
        assert grid == str(Grid.parse(line))
