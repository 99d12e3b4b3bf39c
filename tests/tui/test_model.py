"""The model screen: the policy in use, another, and two side by side."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.widgets import Static

from solver.board.grid import cell_name
from tui.widgets.board import Board


async def test_the_model_screen_says_which_policy_plays(playing) -> None:
    async with playing(watch=True) as player:
        await player.press("m")
        facts = str(player.screen.query_one("#first-facts", Static).content)
        for part in ("fake.onnx", "0f1e2d3c0f1e2d3c", "up to 8", "CPU", " ms"):
            assert part in facts


async def test_another_policy_is_opened_and_an_unusable_one_is_not(playing) -> None:
    async with playing() as player:
        await player.press("m", "o")
        await player.type("bad.onnx")
        assert player.status == "bad.onnx: not a usable ONNX model, or cut short"
        assert player.app.engine.policy.path.name == "fake.onnx"
        await player.press("o")
        await player.type("other.onnx")
        assert player.app.engine.policy.path.name == "other.onnx"
        assert player.app.settings.model == str(Path("other.onnx").absolute())
        await player.press("d")
        assert player.app.engine.policy.path.name == "fake.onnx"


async def test_two_policies_are_compared_on_the_same_puzzle(playing, puzzle) -> None:
    async with playing() as player:
        await player.press("m", "c")
        await player.type("wrong.onnx")
        blank = [cell_name(cell) for cell in range(81) if not puzzle[cell]]
        assert player.status == (
            f"Pass 8 of 8. They differ in {len(blank)} cells: {', '.join(blank[:6])}"
            f" and {len(blank) - 6} more."
        )
        boards = player.screen.query("#pair Board").results(Board)
        for board in boards:
            assert [cell_name(cell) for cell in sorted(board.view.differ)] == blank
        facts = [str(player.screen.query_one(f"#{s}-facts", Static).content) for s in
                 ("first", "second")]  # fmt: skip
        assert "solved by policy" in facts[0]
        assert "solved by search" in facts[1]
        assert re.search(r"Right cells +58 of 58", facts[0])
        assert re.search(r"Right cells +0 of 58", facts[1])
        assert all(board.view.heat is not None for board in player.screen.query(Board))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_two_policies_side_by_side_have_room_for_whole_boards(playing, size) -> None:
    async with playing(size=size) as player:
        await player.press("m", "c")
        await player.type("wrong.onnx")
        for board in player.screen.query("#pair Board").results(Board):
            width, height = board.cells.total
            assert board.region.width == width
            assert board.region.height == height
            assert board.parent.content_region.contains_region(board.region)
            assert player.screen.region.contains_region(board.region)
        pair = player.screen.query_one("#models")
        assert (pair.max_scroll_x, pair.max_scroll_y) == (0, 0)


async def test_two_policies_are_compared_pass_by_pass(playing, puzzle, monkeypatch) -> None:
    monkeypatch.setattr("tui.screens.model.PASS_SECONDS", 0.005)

    def heat(player) -> list[float]:
        return [board.view.heat.best(1)[1] for board in player.screen.query(Board)
                if board.view.heat is not None]  # fmt: skip

    async with playing() as player:
        await player.press("m", "left")
        assert player.status == "Two policies have passes to compare: c chooses the second."
        await player.press("c")
        await player.type("wrong.onnx")
        last = heat(player)
        await player.press("[", "left")
        assert player.status.startswith("Pass 6 of 8. They differ in 58 cells")
        assert [a < b for a, b in zip(heat(player), last, strict=True)] == [True, False]
        await player.press("{")
        assert player.status.startswith("Pass 1 of 8.")
        await player.press("end", "right")
        assert player.status.startswith("Pass 8 of 8.")
        await player.press("v")
        for _ in range(200):
            await player.pilot.pause(0.01)
            if player.status.startswith("Pass 8 of 8."):
                break
        assert player.status.startswith("Pass 8 of 8.")
        assert heat(player) == last


async def test_a_board_that_breaks_a_rule_can_be_compared_too(playing) -> None:
    async with playing() as player:
        await player.press("4", "m", "c")
        await player.type("wrong.onnx")
        assert player.status == "Pass 8 of 8. They agree in every cell."
        facts = str(player.screen.query_one("#first-facts", Static).content)
        assert "invalid by nobody" in facts


async def test_a_page_names_no_files_of_the_server(playing, monkeypatch) -> None:
    async with playing() as player:
        monkeypatch.setattr(type(player.app), "is_web", True)
        for keys in (("m", "o"), ("m", "c"), ("o", "f")):
            await player.press(*keys)
            assert player.status.startswith("In a browser")
            await player.press("escape")
        await player.press("ctrl+o")
        await player.type("/etc/passwd")
        assert "/etc/passwd" not in player.status
        assert player.app.failure == ""
        await player.press("f2")
        assert not player.screen.query("#model, #folder")
