"""How long a key waits while the shipped policy works on the hardest puzzles."""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from textual import events

from solver.formats import read
from solver.policy.session import SHIPPED
from tui.asking import give_keys_precedence
from tui.engine import load_policy
from tui.settings import Settings
from tui.widgets.puzzles import PuzzleTable


@pytest.fixture
def as_started() -> Iterator[None]:
    """The process as the program's start sets it up."""
    before = sys.getswitchinterval()
    give_keys_precedence()
    yield
    sys.setswitchinterval(before)
    gc.unfreeze()


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.usefixtures("as_started")
@pytest.mark.skipif(not SHIPPED.exists(), reason="no policy is shipped yet")
async def test_every_key_is_answered_on_the_screen_within_50_ms_during_a_batch(
    program, shared: Path, tmp_path: Path, monkeypatch
) -> None:
    hardest = read(shared / "lists" / "hardest_11plus.dev.sdm")
    lines = [record.givens.line() for record in islice(hardest, 64)]
    (tmp_path / "hardest.sdm").write_text("\n".join(lines))
    monkeypatch.setattr("tui.game.listing.shipped_folder", lambda: tmp_path)
    app = program(load=load_policy, settings=Settings())
    waits = []
    async with app.run_test(size=(120, 40)) as pilot:
        while not app.engine.ready:
            await pilot.pause(0.05)
        await pilot.press("o")
        while app.screen.is_asking("list"):
            await pilot.pause(0.05)
        await pilot.press("a")
        table = app.screen.query_one(PuzzleTable)
        for row in range(1, 51):
            start = time.perf_counter()
            app.post_message(events.Key("down", None))
            while table.cursor != row:
                await asyncio.sleep(0.001)
            drawn = asyncio.Event()
            app.screen.call_after_refresh(drawn.set)
            await drawn.wait()
            waits.append(time.perf_counter() - start)
            await pilot.pause(0.02)
        assert app.screen.is_asking("try"), "the batch was over too soon to say"
        await pilot.press("escape")
    waits.sort()
    print(f"a key waits {waits[25] * 1000:.0f} ms (median), {waits[-1] * 1000:.0f} ms at most")
    assert waits[-1] < 0.05
