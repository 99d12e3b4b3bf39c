"""Keys while the policy works: they are answered, and its work can be stopped."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from solver.board.grid import Grid
from solver.logic.finders.registry import FINDERS
from tests.tui.conftest import Player, settle
from tui.game.game import Game
from tui.play.screen import PlayScreen
from tui.screens.library import LibraryScreen
from tui.widgets.puzzles import PuzzleTable


class GatedSession:
    """A session whose runs wait at a gate, without holding Python's lock, as ONNX Runtime's do."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.gate = threading.Event()
        self.begun = threading.Event()
        self.runs = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.session, name)

    def run(self, names: list[str], feed: dict[str, np.ndarray], options: Any) -> Any:
        if names == ["trace"]:
            return self.session.run(names, feed)
        self.runs += 1
        self.begun.set()
        self.gate.wait(timeout=30)
        return self.session.run(names, feed)


async def test_keys_answer_while_the_policy_works_and_the_work_can_be_stopped(
    program, fake, solution, tmp_path, monkeypatch
) -> None:
    policy = fake("")
    policy._session = gated = GatedSession(policy._session)
    lines = (solution.clear(cell).line() for cell in range(40))
    (tmp_path / "many.sdm").write_text("\n".join(lines))
    monkeypatch.setattr("tui.game.listing.shipped_folder", lambda: tmp_path)
    app = program(load=lambda path: policy)
    async with app.run_test() as pilot:
        await pilot.press("o")
        screen = app.screen
        assert isinstance(screen, LibraryScreen)
        while not screen._rows:
            await pilot.pause(0.01)
        await pilot.press("a")
        assert gated.begun.wait(timeout=10)
        table = screen.query_one(PuzzleTable)
        for row in range(1, 11):
            await pilot.press("down")
            assert table.cursor == row
        assert screen.is_asking("try")
        await pilot.press("escape")
        assert not screen.is_asking("try")
        gated.gate.set()
        await pilot.press("escape")
        assert isinstance(app.screen, PlayScreen)
    assert gated.runs == 1


@pytest.mark.parametrize(("key", "question"), [("n", "solve"), ("t", "hint")])
async def test_a_key_is_answered_for_the_board_as_it_is(
    playing, monkeypatch, puzzle, key, question
) -> None:
    async with playing(watch=True) as player:
        gate, ask = threading.Event(), getattr(player.app.engine, question)

        def later(*question):
            gate.wait(timeout=30)
            return ask(*question)

        monkeypatch.setattr(player.app.engine, question, later)
        for pressed in (key, "6", key):
            await player.pilot.press(pressed)
        gate.set()
        await settle(player.pilot)
        assert player.position.step == 1 if key == "n" else player.state.hint is not None
        assert player.position.grid.keeps(puzzle.place(1, 6))


class EndlessSession(GatedSession):
    """A session whose first run goes on until its options say that it must end."""

    def run(self, names: list[str], feed: dict[str, np.ndarray], options: Any) -> Any:
        if names == ["trace"] or self.begun.is_set():
            return self.session.run(names, feed)
        self.begun.set()
        while not options.terminate:
            time.sleep(0.001)
        raise RuntimeError("Exiting due to terminate flag being set to true.")


@pytest.fixture
def endless(fake, playing):
    """Runs the program with a policy whose first solve has no end, and begins that."""

    @asynccontextmanager
    async def run(key: str) -> AsyncIterator[Player]:
        policy = fake("")
        policy._session = EndlessSession(policy._session)
        async with playing(load=lambda path: policy, watch=True) as player:
            await player.pilot.press(key)
            while not policy._session.begun.is_set():
                await player.pilot.pause(0.01)
            yield player

    return run


async def test_a_stopped_solve_gives_way_to_the_next_question(endless) -> None:
    async with endless("S") as player:
        await player.press("escape")
        assert player.status == "Stopped."
        await player.press("n")
        assert player.position.step == 1


async def test_a_solve_is_stopped_by_an_entry_that_makes_it_void(endless, puzzle) -> None:
    async with endless("n") as player:
        await player.press("6", "n")
        assert player.position.grid.clues == puzzle.clues + 2


@pytest.mark.parametrize("key", ["t", "n"])
async def test_a_search_for_reasons_ends_when_it_is_no_longer_asked_for(
    playing, monkeypatch, key
) -> None:
    begun, go_on, looked = threading.Event(), threading.Event(), []

    def find(pencil):
        looked.append(pencil)
        begun.set()
        go_on.wait(timeout=30)
        return iter(())

    monkeypatch.setattr("solver.logic.explain.singles", lambda pencil: {})
    for technique in FINDERS:
        monkeypatch.setitem(FINDERS, technique, find)
    async with playing(watch=True) as player:
        await player.pilot.press(key)
        assert await asyncio.to_thread(begun.wait, 10)
        await player.pilot.press("escape")
        go_on.set()
        await player.app.workers.wait_for_complete()
        assert player.status == "Stopped."
    assert len(looked) == 1


@pytest.mark.parametrize("key", ["t", "S"])
@pytest.mark.parametrize("between", ["", "right", "6", "escape"])
async def test_what_is_asked_of_a_policy_that_is_being_loaded_is_done_when_it_is_there(
    program, fake, key, between
) -> None:
    gate = threading.Event()

    def load(path):
        gate.wait(timeout=30)
        return fake(path)

    app = program(load=load)
    async with app.run_test() as pilot:
        player = Player(app, pilot)
        await pilot.press(key)
        assert player.status == "As soon as the policy is loaded."
        await pilot.press(*filter(None, [between]))
        gate.set()
        await settle(pilot)
        dropped = between in ("6", "escape")
        if key == "t":
            assert (player.state.hint is None) == dropped
        else:
            assert player.position.grid.solved != dropped


async def test_leaving_waits_for_no_answer(endless) -> None:
    async with endless("t") as player:
        await player.pilot.press("ctrl+q")
    assert player.app.return_code == 0


@pytest.mark.parametrize(
    ("key", "mode"), [("x", "play"), ("X", "play"), ("W", "play"), ("f2", "solution")]
)
async def test_an_exact_search_ends_when_it_is_no_longer_asked_for(
    playing, monkeypatch, key, mode
) -> None:
    begun, ended = threading.Event(), threading.Event()

    def endless(cells, limit=2, check=None):
        begun.set()
        try:
            while True:
                check()
                time.sleep(0.001)
        finally:
            ended.set()

    async with playing() as player:
        monkeypatch.setattr("solver.exact.solutions", endless)
        monkeypatch.setattr("tui.engine.count_solutions", endless)
        if mode == "solution":
            settings = replace(player.app.settings, mistakes="solution")
            player.app.change_settings(settings)
        else:
            await player.pilot.press(key)
        assert await asyncio.to_thread(begun.wait, 10)
        monkeypatch.undo()
        if mode == "solution":
            player.app.play_screen.start(Game.of(Grid((0,) * 81)))
        elif key == "W":
            await player.pilot.press("W")
        else:
            await player.pilot.press("escape")
        assert await asyncio.to_thread(ended.wait, 10)


@pytest.mark.parametrize("screen", ["board", "library"])
async def test_making_a_puzzle_says_how_many_were_tried_and_can_be_stopped(
    playing, monkeypatch, screen
) -> None:
    ended = threading.Event()

    def endless(level, seed, cancelled):
        while not cancelled():
            time.sleep(0.001)
        ended.set()
        raise ValueError("stopped")

    monkeypatch.setattr("tui.game.making.new_puzzle", endless)
    async with playing() as player:
        if screen == "library":
            await player.press("o")
        await player.pilot.press("e", "end", "enter")
        for _ in range(1000):
            await player.pilot.pause(0.01)
            if re.search(r"making a puzzle \(extreme\).*: \d+ tried … esc stops it", player.status):
                break
        else:
            raise AssertionError(player.status)
        before = player.position
        await player.pilot.press("escape")
        assert await asyncio.to_thread(ended.wait, 10)
        await settle(player.pilot)
        assert "tried" not in player.status
        assert player.position == before
