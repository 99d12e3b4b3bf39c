"""The registry of actions: each has a test, keys of its own, and its place in help and palette."""

from __future__ import annotations

import re
from pathlib import Path

from textual.content import Content

from tui import actions
from tui.screens.help import HelpScreen, help_text
from tui.screens.library import LibraryScreen
from tui.screens.model import ModelScreen
from tui.screens.play import PlayScreen
from tui.screens.settings import SettingsScreen
from tui.storage import last_game


def test_every_action_has_a_test_that_names_it() -> None:
    tests = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    tested = {name for test in tests for name in re.findall(r"# action: (\w+)", test)}
    assert {action.name for action in actions.ACTIONS} == tested


def test_no_key_means_two_things_on_a_screen() -> None:
    for screens in (("play", "app"), ("library", "over", "app"), ("model", "over", "app")):
        keys = [
            key
            for screen in screens
            for action in actions.of(screen)
            for group in action.calls
            for key in group.split(",")
        ]
        assert sorted(keys) == sorted(set(keys))


def test_help_lists_every_action_with_its_keys() -> None:
    text = help_text()
    for action in actions.ACTIONS:
        assert f"| `{action.shown}` | {action.label} | {action.help} |" in text


async def test_the_palette_shows_the_keys_of_every_action(playing) -> None:
    async with playing() as player:
        for command in player.app.get_system_commands(player.screen):
            (action,) = (a for a in actions.ACTIONS if a.label == command.title
                         and a.screen in ("play", "app"))  # fmt: skip
            assert Content.from_markup(command.help).plain.endswith(f"({action.shown})")


async def test_the_palette_runs_actions_of_the_registry(playing) -> None:
    async with playing() as player:
        await player.press("ctrl+p")
        for key in "fill marks":
            await player.pilot.press("space" if key == " " else key)
        await player.pilot.pause(0.4)
        await player.press("enter")
        assert any(player.position.marks)


async def test_the_other_screens_open_and_close(playing, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("tui.listing.shipped_folder", lambda: tmp_path)
    async with playing() as player:
        for key, screen in (
            ("o", LibraryScreen),  # action: library
            ("m", ModelScreen),  # action: model
            ("question_mark", HelpScreen),  # action: help
            ("f1", HelpScreen),
            ("f2", SettingsScreen),  # action: settings
        ):
            await player.press(key)
            assert isinstance(player.screen, screen)
            await player.press("escape")  # action: back
            assert isinstance(player.screen, PlayScreen)


async def test_quit_leaves_and_keeps_the_game(playing, puzzle) -> None:
    async with playing() as player:  # action: quit
        await player.press("6", "ctrl+q")
    assert last_game().position.grid == puzzle.place(1, 6)
