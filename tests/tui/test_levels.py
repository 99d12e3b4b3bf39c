"""The library finds the levels of puzzles whose files name none."""

from __future__ import annotations

from pathlib import Path

import pytest

from solver.formats import Record
from solver.generator.library import Entry
from solver.logic.rating import difficulty
from solver.policy.stop import Stop, StoppedError
from tests.tui.conftest import settle
from tui.game.listing import Row, level_all

EASY = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"


async def test_the_puzzles_of_a_list_get_their_levels(
    program, tmp_path, monkeypatch, puzzle
) -> None:
    monkeypatch.setattr("tui.game.listing.shipped_folder", lambda: tmp_path)
    (tmp_path / "list.sdm").write_text(f"{puzzle.line()}\n{'1' + 80 * '.'}\n{EASY}\n")
    app = program()
    async with app.run_test() as pilot:
        await pilot.press("o")
        await settle(pilot)
        levels = {row.name: row.level for row in app.screen._rows.values()}
    assert levels["list.sdm #1"] == difficulty(puzzle).level
    assert levels["list.sdm #2"] == ""
    assert levels["list.sdm #3"] == "easy"


def test_levels_are_left_when_the_work_is_to_stop(puzzle) -> None:
    stop, found = Stop(), []
    row = Row(Entry(Path("a.sdm"), Record(puzzle)), rating=50)
    stop.set()
    with pytest.raises(StoppedError):
        level_all([row], stop, found.append)
    assert found == []
