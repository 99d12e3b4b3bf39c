"""The clock, and what is counted of the puzzles that were solved."""

from __future__ import annotations

from datetime import date

import pytest

from solver.policy.stop import Stop
from tui.game import statistics
from tui.game.game import Game
from tui.game.making import daily
from tui.screens.statistics import SolvedScreen, StatisticsScreen, statistics_text


async def test_the_clock_stops_at_pauses_and_the_board_is_hidden(playing) -> None:
    async with playing() as player:
        now = [0.0]
        player.app.clock = lambda: now[0]
        session = player.app.play_screen.session
        for second in (10.0, 11.0, 12.0):
            now[0] = second
            session.tick()
        assert 2 <= player.state.seconds <= 7  # five at most of the first ten
        played = player.state.seconds
        await player.press("z")
        assert player.app.play_screen.board.view.hidden
        now[0] = 500.0
        session.tick()
        await player.press("6")
        assert not player.app.play_screen.board.view.hidden
        assert player.position.grid[1] == 0
        now[0] = 501.0
        session.tick()
        now[0] = 502.0
        session.tick()
        assert played + 1 <= player.state.seconds <= played + 2


async def test_hours_asleep_do_not_count(playing) -> None:
    async with playing() as player:
        now = [0.0]
        player.app.clock = lambda: now[0]
        for second in (1.0, 2.0, 9000.0):
            now[0] = second
            player.app.play_screen.session.tick()
        assert player.state.seconds <= 8


async def test_the_last_digit_shows_a_card_and_counts(playing, solution, only_easy) -> None:
    async with playing(solution.clear(0)) as player:
        player.app.play_screen.game.seconds = 61.0
        await player.press(str(solution[0]))
        assert isinstance(player.screen, SolvedScreen)
        (one,) = statistics.finished()
        assert (one.level, one.seconds, one.hints) == ("hard", 61, 0)
        await player.press("escape", "u", "r")
        assert len(statistics.finished()) == 1
        await player.press("s")
        assert isinstance(player.screen, StatisticsScreen)
        assert "1:01" in statistics_text()


@pytest.fixture
def only_easy(tmp_path, monkeypatch):
    (tmp_path / "none").mkdir()
    monkeypatch.setattr("tui.game.listing.shipped_folder", lambda: tmp_path / "none")


async def test_what_the_policy_solves_counts_for_nobody(playing) -> None:
    async with playing() as player:
        await player.press("S")
        assert not isinstance(player.screen, SolvedScreen)
        assert statistics.finished() == []


def test_statistics_tell_by_level_and_in_days(puzzle) -> None:
    for day, level, seconds, hints in (
        (1, "easy", 100, 0), (2, "easy", 50, 1), (3, "hard", 900, 0), (5, "easy", 60, 0)
    ):  # fmt: skip
        game = Game.of(puzzle, metadata={"level": level})
        game.seconds, game.hints = float(seconds), hints
        statistics.add(game, date(2026, 1, day))
    games = statistics.finished()
    easy, hard = statistics.by_level(games, ["easy", "hard"])
    assert (easy.solved, easy.unaided, easy.best, easy.mean) == (3, 2, 50, 70)
    assert (hard.solved, hard.best) == (1, 900)
    assert statistics.days_in_a_row(games, date(2026, 1, 3)) == 3
    assert statistics.days_in_a_row(games, date(2026, 1, 4)) == 3
    assert statistics.days_in_a_row(games, date(2026, 1, 6)) == 1
    assert statistics.days_in_a_row(games, date(2026, 1, 9)) == 0


def test_the_puzzle_of_the_day_is_the_same_for_all_and_another_every_day() -> None:
    monday = daily(Stop(), day=date(2026, 11, 23))
    again = daily(Stop(), day=date(2026, 11, 23))
    tuesday = daily(Stop(), day=date(2026, 11, 24))
    assert monday.position.givens == again.position.givens != tuesday.position.givens
    assert monday.level == "easy"
    assert monday.name == "daily 2026-11-23"
