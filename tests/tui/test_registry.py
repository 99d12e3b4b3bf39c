"""The registry of actions: each has a test, keys of its own, and its place in help and palette."""

from __future__ import annotations

import pytest
from textual._xterm_parser import XTermParser
from textual.content import Content

from tui import actions, keys
from tui.app import SudokuApp
from tui.game.storage import last_game
from tui.play.editing import Editing
from tui.play.files import Files
from tui.play.passes import Passes
from tui.play.playback import Playback
from tui.play.screen import PlayScreen
from tui.play.session import Session
from tui.play.teaching import Teaching
from tui.screens.help import HelpScreen, help_text
from tui.screens.library import LibraryScreen
from tui.screens.model import ModelScreen
from tui.screens.settings import SettingsScreen
from tui.settings import Settings


def test_every_call_has_someone_who_does_it() -> None:
    doers = (Editing, Playback, Passes, Teaching, Session, Files)
    for action in actions.ACTIONS:
        for call in action.calls.values():
            name = call.partition("(")[0]
            if action.screen == "play":
                assert sum(hasattr(doer, f"do_{name}") for doer in doers) == 1, name
            else:
                places = {"library": (LibraryScreen,), "model": (ModelScreen,), "app": (SudokuApp,),
                          "over": (LibraryScreen, ModelScreen, HelpScreen)}  # fmt: skip
                assert all(hasattr(place, f"action_{name}") for place in places[action.screen])


def test_no_key_means_two_things_on_a_screen() -> None:
    for screens in (("play", "app"), ("library", "over", "app"), ("model", "over", "app")):
        keys = [
            key
            for screen in screens
            for action in actions.of(screen)
            if action.name != "pause_steps"  # the same key as play: only one of them is there
            for group in action.calls
            for key in group.split(",")
        ]
        assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize("sent", ["\x1b{}", "\x1b[{code};3u"])
def test_alt_and_a_digit_mark_in_every_kind_of_terminal(sent: str) -> None:
    for digit in range(1, 10):
        (key,) = XTermParser().feed(sent.format(digit, code=48 + digit))
        (call,) = (call for keys, call in actions.MARKS.items() if key.key in keys.split(","))
        assert call == f"mark({digit})"


def test_what_spoils_the_puzzle_is_a_capital_or_needs_watch() -> None:
    for action in actions.of("play"):
        if "spoils" in action.help and not action.watch:
            assert action.shown.isupper()


def test_own_keys_are_parsed_and_wrong_ones_refused() -> None:
    own = keys.parse_keys("hint=ö, undo=Ctrl+U, undo=F9, check=shift+q, save=~")
    assert own == {"hint": "ö", "undo": "ctrl+u,f9", "check": "Q", "save": "tilde"}
    assert keys.parse_keys(keys.write_keys(own)) == own
    assert keys.write_keys(keys.parse_keys(keys.EXAMPLE)) == keys.EXAMPLE
    for text, said in (
        ("hint", "is no own key"),
        ("fly=f", "no action 'fly'"),
        ("hint=h1", "'h1' is no key"),
        ("hint=ctr+t", "'ctr\\+t' is no key"),
        ("hint=?", "it is help"),
        ("hint=+", "it is speed"),
        ("hint=x", "'x' can't be hint: it is check"),
        ("hint=f2", "it is settings"),
    ):
        with pytest.raises(ValueError, match=said):
            keys.parse_keys(text)


async def test_own_keys_work_and_are_shown(playing) -> None:
    async with playing(settings=Settings(keys={"pencil": "f9"})) as player:
        await player.press("f9")
        assert player.state.pencil
        await player.press("space")
        assert player.state.pencil
        assert actions.keys_of("pencil") == "f9"
    actions.use_keys({})


def test_help_lists_every_action_with_its_keys() -> None:
    lines = help_text(width=200).plain.splitlines()
    for action in actions.ACTIONS:
        (line,) = [line for line in lines if line.endswith(f"{action.label}. {action.help}")]
        assert line.split(action.label)[0].strip() == action.shown


@pytest.mark.parametrize("width", [40, 75, 115])
def test_help_that_wraps_goes_on_under_itself(width: int) -> None:
    lines = help_text(width=width).plain.splitlines()
    assert max(map(len, lines)) <= max(width, 60)
    indents = {len(line) - len(line.lstrip()) for line in lines if line}
    assert indents == {0, 2, 28}


@pytest.mark.parametrize(("screen", "first"), [("play", "Move"), ("library", "Library")])
def test_help_begins_with_the_keys_of_where_one_was(screen: str, first: str) -> None:
    assert help_text(screen).plain.splitlines()[0] == first


async def test_the_help_key_shows_the_page_and_puts_it_away(playing) -> None:
    async with playing() as player:
        await player.press("question_mark")
        assert isinstance(player.screen, HelpScreen)
        await player.press("question_mark")
        assert isinstance(player.screen, PlayScreen)


async def test_the_palette_shows_the_keys_of_every_action(playing) -> None:
    async with playing() as player:
        for command in player.app.get_system_commands(player.screen):
            (action,) = (a for a in actions.ACTIONS if a.label == command.title
                         and a.help in command.help and a.screen in ("play", "app"))  # fmt: skip
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
    monkeypatch.setattr("tui.game.listing.shipped_folder", lambda: tmp_path)
    async with playing() as player:
        for key, screen in (
            ("o", LibraryScreen),
            ("m", ModelScreen),
            ("question_mark", HelpScreen),
            ("f1", HelpScreen),
            ("f2", SettingsScreen),
        ):
            await player.press(key)
            assert isinstance(player.screen, screen)
            await player.press("escape")
            assert isinstance(player.screen, PlayScreen)


async def test_quit_leaves_and_keeps_the_game(playing, puzzle) -> None:
    async with playing() as player:
        await player.press("6", "ctrl+q")
    assert last_game().position.grid == puzzle.place(1, 6)
