"""The pictures of reasons: a board for each deduction, with cause, effect and target."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from solver import exact
from solver.board.grid import Grid
from solver.logic.pencil import Pencil
from solver.logic.steps import Step, steps_to
from solver.render.reason import CAUSE, EFFECT, TARGET, step_svg
from tests.solver import puzzles

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def explained() -> tuple[Grid, Step]:
    """A grid and the first step from it that needs a deduction with cause, effect and target."""
    puzzle = Grid.parse(puzzles.XY_WING)
    answer = Grid(exact.solutions(puzzle.cells, limit=1)[0])
    grid = puzzle
    for step in steps_to(puzzle, answer, np.full((81, 9), 1 / 9, np.float32)):
        if any(deduction.effect for deduction in step.reason.after):
            return grid, step
        grid = grid.place(step.cell, step.digit)
    raise AssertionError


def test_each_candidate_of_a_deduction_has_its_colour(explained: tuple[Grid, Step]) -> None:
    grid, step = explained
    drawing = ElementTree.fromstring(step_svg(grid, step))
    boards = drawing.findall(f"{SVG}g")
    assert len(boards) == len(step.reason.after) + 1
    for board, it in zip(boards, step.reason.after, strict=False):
        gone = set(it.eliminations)
        shapes = [item.get("fill") for item in board]
        rings = [item for item in board.findall(f"{SVG}circle") if item.get("stroke") == TARGET]
        assert shapes.count(CAUSE) == len(set(it.cause) - set(it.effect) - gone)
        assert shapes.count(EFFECT) == len(set(it.effect) - gone)
        assert len(rings) == len(gone)


def test_the_sentences_and_the_meaning_of_the_colours_are_written(
    explained: tuple[Grid, Step],
) -> None:
    grid, step = explained
    drawing = ElementTree.fromstring(step_svg(grid, step))
    words = " ".join(item.text or "" for item in drawing.findall(f"{SVG}text"))
    for told in ("cause", "effect", "target", *step.reason.sentences):
        assert told in words


def test_the_pencil_marks_drawn_are_those_that_are_left(explained: tuple[Grid, Step]) -> None:
    grid, step = explained
    first = ElementTree.fromstring(step_svg(grid, step)).find(f"{SVG}g")
    assert first is not None
    small = [item for item in first.findall(f"{SVG}text") if item.get("font-size") == "11"]
    assert len(small) == sum(mask.bit_count() for mask in Pencil.of(grid).masks)
