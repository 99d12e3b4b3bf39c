"""How sure the policy is: the heat map, and its passes."""

from __future__ import annotations

import pytest
from textual.widgets._footer import FooterKey

from tui.widgets.bars import Bars
from tui.widgets.slider import PassSlider
from tui.widgets.steps import StepList


async def test_the_heat_map_shows_what_the_policy_would_enter(playing, solution) -> None:
    async with playing(watch=True) as player:
        board = player.app.play_screen.board
        assert board.view.heat is None
        await player.press("c")
        digit, sure = board.view.heat.best(1)
        assert digit == solution[1]
        assert sure == pytest.approx(0.3 + 0.69 * 37 / 80, abs=1e-6)
        await player.press("c")
        assert board.view.heat is None


async def test_the_passes_are_walked_by_keys_and_slider(playing) -> None:
    async with playing(watch=True) as player:
        slider, bars = player.screen.query_one(PassSlider), player.screen.query_one(Bars)
        assert (slider.passes, slider.shown) == (8, 7)
        for key, shown in (("[", 6), ("{", 0), ("]", 1), ("}", 7)):
            await player.press(key)
            assert slider.shown == bars.course.shown == shown
        slider.focus()
        await player.press("left", "left")
        assert bars.course.shown == 5


async def test_watching_it_settle_runs_through_the_passes(playing) -> None:
    async with playing(watch=True) as player:
        await player.press("v")
        for _ in range(100):
            if not player.status:
                break
            await player.pilot.pause(0.05)
        assert player.state.shown_pass == 7
        assert player.status == ""
        assert not player.state.heat


async def test_the_mouse_slides_over_the_passes_chooses_steps_and_presses_the_footer(
    playing,
) -> None:
    async with playing(watch=True) as player:
        slider, pilot = player.screen.query_one(PassSlider), player.pilot
        await pilot.mouse_down(slider, offset=(slider.size.width - 2, 0))
        await pilot.hover(slider, offset=(len(slider._label), 0))
        await pilot.mouse_up(slider, offset=(len(slider._label), 0))
        await player.press()
        assert player.screen.query_one(Bars).course.shown == 0
        await player.press("n")
        await pilot.click(StepList, offset=(5, 4))
        await player.press()
        assert player.position.step == 5
        key = next(k for k in player.screen.query(FooterKey) if k.action == "do('undo')")
        await pilot.click(key)
        await player.press()
        assert player.position.step == 1
