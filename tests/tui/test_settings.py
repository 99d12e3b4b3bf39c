"""Settings and themes: what they change, and what of them is kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from textual.color import Color
from textual.widgets import Input, Select, Static, Switch
from textual.widgets._footer import FooterKey

from tests.tui.conftest import Player, settle
from tests.tui.test_colours import contrast
from tui import themes
from tui.actions import use_keys
from tui.app import SudokuApp
from tui.engine import Engine
from tui.game.game import Game
from tui.settings import THEMES, Settings


async def test_settings_are_taken_and_kept(playing) -> None:
    async with playing() as player:
        await player.press("f2")
        player.screen.query_one("#theme", Select).value = "sudoku-light"
        player.screen.query_one("#fill_marks", Switch).value = True
        await player.press("f2")
        assert player.app.theme == "sudoku-light"
        assert player.app.settings.fill_marks
    from tui import settings

    assert settings.load().theme == "sudoku-light"


async def test_theme_and_policy_of_the_command_line_hold_once(program, fake, puzzle) -> None:
    kept = Settings(model="kept.onnx")
    app = SudokuApp(
        Game.of(puzzle), settings=kept, engine=Engine(fake), theme="sudoku-light", model="once.onnx"
    )
    async with app.run_test() as pilot:
        player = Player(app, pilot)
        await settle(pilot)
        assert app.engine.policy.path.name == "once.onnx"
        await player.press("+")
        assert app.theme == "sudoku-light"
        assert (app.settings.theme, app.settings.model) == ("sudoku-dark", "kept.onnx")
        await player.press("f4")
        assert app.theme == app.settings.theme == "sudoku-contrast"


async def test_another_policy_in_the_settings_plays_at_once_if_it_is_usable(playing) -> None:
    async with playing() as player:
        await player.press("f2")
        player.screen.query_one("#model", Input).value = "bad.onnx"
        await player.press("f2")
        assert player.status.endswith(
            "not a usable ONNX model, or cut short. The policy in use stays."
        )
        assert player.app.settings.model == ""
        await player.press("f2")
        player.screen.query_one("#model", Input).value = "other.onnx"
        await player.press("f2")
        assert player.app.engine.policy.path.name == "other.onnx"
        assert player.app.settings.model == str(Path("other.onnx").absolute())


async def test_every_setting_can_be_reached_in_a_low_window(playing) -> None:
    async with playing(size=(80, 14)) as player:
        await player.press("f2")
        last = player.screen.query_one("#folder", Input)
        last.focus()
        settings = player.screen.query_one("#settings")
        for _ in range(100):  # the dialog scrolls there when the focus has been told
            await player.press()
            if settings.content_region.contains_region(last.region):
                break
        assert settings.content_region.contains_region(last.region)
        assert player.screen.region.contains_region(last.region)


async def test_escape_leaves_the_settings_as_they_were(playing) -> None:
    async with playing() as player:
        await player.press("f2")
        player.screen.query_one("#lines", Switch).value = False
        await player.press("escape")
        assert player.app.settings == Settings()


async def test_own_keys_that_cant_hold_are_said_and_nothing_is_lost(playing) -> None:
    async with playing() as player:
        await player.press("f2")
        player.screen.query_one("#keys", Input).value = "hint=x"
        await player.press("f2")
        assert "it is check" in str(player.screen.query_one("#problem", Static).content)
        player.screen.query_one("#keys", Input).value = "hint=f9"
        await player.press("f2")
        assert player.app.settings.keys == {"hint": "f9"}
        await player.press("f9")
        assert player.state.hint is not None
    use_keys({})


@pytest.mark.parametrize("theme", THEMES)
async def test_what_has_the_focus_in_the_settings_stands_out(playing, theme: str) -> None:
    async with playing(settings=Settings(theme=theme)) as player:
        await player.press("f2")
        assert player.screen.query(".field")
        for field in player.screen.query(".field"):
            field.children[1].focus()
            await player.press()
            lit = [each for each in player.screen.query(".field") if each.styles.background.a]
            assert lit == [field]


async def test_arrows_move_between_the_settings(playing) -> None:
    async with playing() as player:
        await player.press("f2")
        player.screen.query_one("#auto_marks", Switch).focus()
        await player.press("down")
        assert player.screen.focused.id == "fill_marks"
        await player.press("up")
        assert player.screen.focused.id == "auto_marks"


@pytest.mark.parametrize(
    ("mistakes", "wrong", "said"),
    [
        ("off", set(), ""),
        ("rules", {0, 1}, "two 4s in row 1"),
        ("solution", {0, 1}, "two 4s in row 1"),
    ],
)
async def test_mistakes_are_shown_by_the_rules_by_the_solution_or_not_at_all(
    playing, mistakes, wrong, said
) -> None:
    async with playing(settings=Settings(mistakes=mistakes)) as player:
        await player.press("4")
        board = player.app.play_screen.board
        assert board.view.wrong == wrong
        assert player.status.startswith(said)


async def test_a_wrong_digit_that_breaks_no_rule_shows_by_the_solution_alone(
    playing, puzzle, solution
) -> None:
    digit = next(d for d in sorted(puzzle.candidates(1)) if d != solution[1]
                 and not puzzle.place(1, d).violations(deep=True))  # fmt: skip
    for mistakes, wrong in (("rules", set()), ("solution", {1})):
        async with playing(settings=Settings(mistakes=mistakes)) as player:
            await player.press(str(digit))
            assert player.app.play_screen.board.view.wrong == wrong
            await player.press("u")


async def test_f4_goes_through_the_themes(playing) -> None:
    async with playing() as player:
        seen = []
        for _ in range(3):
            await player.press("f4")
            seen.append(player.app.theme)
        assert seen == ["sudoku-light", "sudoku-contrast", "sudoku-dark"]


async def test_another_theme_recolours_the_board_at_once(playing) -> None:
    async with playing() as player:
        board = player.app.play_screen.board
        dark = [segment.style for segment in board.render_line(1)]
        await player.press("f4")
        light = [segment.style for segment in board.render_line(1)]
        assert all(before != after for before, after in zip(dark, light, strict=True))


@pytest.mark.parametrize("theme", THEMES)
async def test_a_switch_shows_its_place_on_or_off(playing, theme: str) -> None:
    async with playing(settings=Settings(theme=theme)) as player:
        await player.press("f2")
        assert player.screen.query(Switch)
        for switch in player.screen.query(Switch):
            assert switch.render() == ("✓ on" if switch.value else "– off")
            ground, text = switch.colors[2:]
            assert contrast(ground, text) >= 4.5, (switch.id, switch.value)


async def test_every_setting_is_in_sight_at_80x24(playing) -> None:
    async with playing() as player:
        await player.press("f2")
        assert player.screen.query(".field")
        for field in player.screen.query(".field"):
            value = field.children[1]
            assert value.display
            assert value.region.height == 1
            assert field.region.height == 1
            assert player.screen.region.contains_region(value.region)


async def test_quit_stands_in_the_footer_of_the_narrowest_window(playing) -> None:
    async with playing(size=(39, 22)) as player:
        keys = {key.description: key.region for key in player.screen.query(FooterKey)}
        assert keys["Quit"].right <= 39


@pytest.mark.parametrize("size", [(100, 30), (120, 40), (200, 60)])
async def test_the_legend_stands_where_there_is_room_for_it(playing, size) -> None:
    async with playing(size=size, watch=True) as player:
        legend = player.screen.query_one("#legend")
        assert legend.display
        assert player.screen.region.contains_region(legend.region)


@pytest.mark.parametrize("theme", themes.ALL, ids=lambda theme: theme.name)
def test_sure_and_unsure_differ_for_eyes_that_see_no_red_or_green(theme) -> None:
    """Red and green as these eyes mix them (Machado, Oliveira and Fernandes, 2009, deuteranopia);
    the distance is that of the colours in CIELAB."""
    mixed = np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]])
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )

    def lab(text: str) -> np.ndarray:
        parts = np.array(Color.parse(text).normalized)
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        x, y, z = np.cbrt(to_xyz @ np.clip(mixed @ linear, 0, 1) / [0.9505, 1.0, 1.089])
        return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])

    assert np.linalg.norm(lab(theme.variables["cold"]) - lab(theme.variables["hot"])) > 40
