"""Hints and checks for who solves by hand."""

from __future__ import annotations

import re

import pytest

from solver import exact
from solver.board.grid import Grid, cell_name
from tui.engine import Engine
from tui.game.game import Game
from tui.game.hints import Lesson, Told
from tui.plain.lines import Lines
from tui.settings import Settings
from tui.widgets.lines import GameStatus
from tui.widgets.panels import HintPanel


async def test_hints_come_in_grades(playing, solution) -> None:
    async with playing() as player:
        await player.press("t")
        assert player.state.hint.text.startswith("Look")
        assert len(player.state.hint.look) >= 9
        await player.press("t", "t")
        cell, digit = player.state.hint.target
        assert digit == solution[cell]
        assert player.position.grid[cell] == 0
        await player.press("t")
        assert player.position.grid[cell] == digit
        assert player.cursor == cell
        assert player.state.hint is None


async def test_check_tells_one_solution_several_and_contradictions(playing) -> None:
    async with playing() as player:
        await player.press("x")
        assert player.status == "One solution from here."
        await player.press("4", "x")
        assert player.status == "Contradiction: two 4s in row 1 (r1c1, r1c2), and 1 more"


async def test_check_names_the_entries_that_are_not_the_solution(playing, solution) -> None:
    async with playing() as player:
        wrong = next(d for d in player.position.grid.candidates(1) if d != solution[1])
        await player.press(str(wrong), "x")
        assert player.status == (
            "No solution from here; not what the puzzle's solution has: r1c2. "
            "X goes back to the last right position."
        )


async def test_escape_puts_a_hint_away_and_pauses(playing) -> None:
    async with playing() as player:
        await player.press("t", "escape")
        assert player.state.hint is None
        await player.press("W", "enter", "escape")
        assert player.status == "Paused."


async def test_check_names_givens_that_allow_no_solution(playing, puzzle, solution) -> None:
    cell, digit = next(
        (c, d)
        for c in range(81)
        for d in puzzle.candidates(c)
        if d != solution[c] and not puzzle.place(c, d).violations(deep=True)
    )
    async with playing(puzzle.place(cell, digit)) as player:
        await player.press("x")
        assert re.fullmatch(
            r"No solution: these givens can't all stand: (r\dc\d, ){5}r\dc\d and \d+ more\.",
            player.status,
        )


async def test_check_names_entries_that_end_a_puzzle_of_several_solutions(playing, puzzle) -> None:
    loose = puzzle.clear(0)
    cell, digit = next(
        (c, d)
        for c in range(81)
        for d in loose.candidates(c)
        if not (after := loose.place(c, d)).violations(deep=True)
        and not exact.count_solutions(after.cells)
    )
    async with playing(loose) as player:
        player.cursor = cell
        await player.press(str(digit), "x")
        names = f"these entries can't all stand: {cell_name(cell)}."
        assert player.status == f"No solution: {names}"


LONG = " ".join(f"word{number}." for number in range(150))


@pytest.mark.parametrize("size", [(80, 24), (60, 24), (42, 34), (40, 22), (120, 40)])
async def test_a_long_hint_is_read_page_by_page_before_the_next_grade(playing, size) -> None:
    """Every word is on the screen at some time, and none is passed over by `t`."""
    async with playing(size=size) as player:
        screen = player.app.play_screen
        told = Lesson("a technique", frozenset(range(9)), target=(1, 6), texts=(LONG, LONG, LONG))
        screen.update(hint=Told(told, 2))
        await player.press()
        seen: set[str] = set()
        for _ in range(200):
            widget = player.screen.query_one(HintPanel)
            shown = widget if widget.display else player.screen.query_one(GameStatus)
            seen |= set(re.findall(r"word\d+\.", shown.render().plain))
            await player.press("t")
            if player.state.hint.grade == 3:
                break
        assert seen == set(LONG.split())
        await player.press("pageup", "t")
        assert player.position.grid[1] == 0, "written before it was read"


async def test_a_long_message_is_read_on_by_a_key(playing) -> None:
    async with playing() as player:
        player.app.play_screen.tell(LONG)
        await player.press()
        status = player.screen.query_one(GameStatus)
        assert status.render().plain.endswith("… PgDn")
        seen: set[str] = set()
        for _ in range(60):
            seen |= set(re.findall(r"word\d+\.", status.render().plain))
            await player.press("pagedown")
        assert seen == set(LONG.split())
        await player.press(*["pageup"] * 60)
        assert status.render().plain.startswith("word0.")


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (39, 24)])
async def test_a_hint_that_was_not_seen_yet_is_not_paged(playing, size) -> None:
    """Keys may come faster than the screen is drawn."""
    async with playing(size=size) as player:
        screen = player.app.play_screen
        told = Lesson(
            "a technique", frozenset(range(9)), target=(1, 6), texts=("one two " * 8,) * 3
        )
        screen.update(hint=Told(told, 1))
        assert not screen.read_on()
        await player.press()
        assert player.screen.query_one(HintPanel).top == 0


async def test_a_hint_is_seen_from_its_beginning_when_the_window_grows(playing) -> None:
    async with playing(size=(80, 24)) as player:
        screen = player.app.play_screen
        told = Lesson("a technique", frozenset(range(9)), target=(1, 6), texts=(LONG[:500],) * 3)
        screen.update(hint=Told(told, 1))
        await player.press()
        await player.press("t")
        hint = player.screen.query_one(HintPanel)
        assert hint.top > 0
        await player.pilot.resize_terminal(120, 40)
        await player.press()
        assert hint.top == 0


RECTANGLE = Grid.parse(
    "8...1.5..31758.9.6.2..9..814.2...7.........141.8.432.9.83....9..6..39.......25.3."
)
"""Where a unique rectangle is the easiest that helps."""


@pytest.mark.parametrize("allowed", [True, False])
async def test_hints_and_steps_count_on_one_solution_only_where_they_may(playing, allowed) -> None:
    kept = Settings(uniqueness=allowed)
    async with playing(RECTANGLE, settings=kept) as player:
        await player.press("t")
        assert (player.state.hint.lesson.technique == "unique rectangle") is allowed
    async with playing(RECTANGLE, settings=kept, watch=True) as player:
        await player.press("n")
        first = player.position.trace.steps[0].reason
        assert (first.technique.value == "unique rectangle") is allowed


def test_hints_by_lines_count_on_one_solution_only_where_they_may(fake) -> None:
    table = Lines(Game.of(RECTANGLE), Engine(fake))
    assert "unique rectangle" in table.answer("hint")
    table.answer("set uniqueness off")
    table.hint = None
    assert "unique rectangle" not in table.answer("hint")
