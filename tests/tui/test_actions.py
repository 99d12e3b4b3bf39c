"""Every action of the registry, by its key, on the running program."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from textual.content import Content

from solver import exact
from solver.formats import read
from solver.grid import Grid, cell_name
from tests.tui.conftest import settle
from tui import actions
from tui.game import Author
from tui.screens.dialogs import AskText, Choose
from tui.screens.help import HelpScreen, help_text
from tui.screens.library import LibraryScreen
from tui.screens.model import ModelScreen
from tui.screens.play import PlayScreen
from tui.screens.settings import SettingsScreen
from tui.widgets.bars import Bars
from tui.widgets.drawing import confident_digit
from tui.widgets.lines import StatusLine
from tui.widgets.slider import PassSlider
from tui.widgets.steps import StepList

TESTED = set(re.findall(r"# action: (\w+)", Path(__file__).read_text(encoding="utf-8")))


def test_every_action_has_a_test_here_or_in_the_screens_tests() -> None:
    other = (Path(__file__).parent / "test_screens.py").read_text(encoding="utf-8")
    tested = TESTED | set(re.findall(r"# action: (\w+)", other))
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


async def test_arrows_and_letters_move_the_cursor_round_the_edges(playing) -> None:
    async with playing() as player:  # action: move
        board = player.app.play_screen.board
        board.cursor = 0
        for key, cell in (("left", 8), ("l", 0), ("up", 72), ("j", 0), ("down", 9), ("k", 0)):
            await player.press(key)
            assert board.cursor == cell
        await player.press("right", "h")
        assert board.cursor == 0


async def test_capital_letters_move_by_box(playing) -> None:
    async with playing() as player:  # action: move_box
        board = player.app.play_screen.board
        board.cursor = 0
        for key, cell in (("L", 3), ("J", 30), ("H", 27), ("K", 0)):
            await player.press(key)
            assert board.cursor == cell


async def test_a_digit_is_entered_as_own_and_givens_stay(playing) -> None:
    async with playing() as player:  # action: digit
        await player.press("7")
        assert player.position.grid[1] == 7
        assert player.position.authors[1] is Author.OWN
        await player.press("left", "9")
        assert player.position.grid[0] == 4
        assert player.status == "r1c1 is a given and stays"


@pytest.mark.parametrize("key", ["0", "space", "backspace", "delete"])
async def test_clearing_takes_the_digit_away(playing, key: str) -> None:
    async with playing() as player:  # action: clear
        await player.press("7", key)
        assert player.position.grid[1] == 0


async def test_pencil_mode_marks_and_rubs_out(playing) -> None:
    async with playing() as player:  # action: pencil
        await player.press("p", "1", "6", "1")
        assert player.position.marks[1] == {6}
        await player.press("p", "6")
        assert player.position.grid[1] == 6


async def test_marks_are_filled_with_candidates_and_rubbed_out_by_an_entry(playing) -> None:
    async with playing() as player:  # action: fill_marks
        await player.press("P")
        assert player.position.marks[1] == {1, 6, 7, 9}
        assert 6 in player.position.marks[2]
        await player.press("6")
        assert 6 not in player.position.marks[2]


async def test_marks_are_cleared(playing) -> None:
    async with playing() as player:  # action: clear_marks
        await player.press("P", "ctrl+e")
        assert not any(player.position.marks)


async def test_undo_and_redo_treat_hand_and_policy_alike(playing, puzzle) -> None:
    async with playing() as player:  # action: undo
        await player.press("6", "n", "n")  # action: redo
        after = player.position.grid
        assert after.clues == puzzle.clues + 3
        await player.press("u", "ctrl+z", "u")
        assert player.position.grid == puzzle
        await player.press("u")
        assert player.status == "Nothing to take back."
        await player.press("r", "ctrl+y", "r")
        assert player.position.grid == after
        await player.press("r")
        assert player.status == "Nothing to make again."


async def test_restart_leaves_the_givens_and_can_be_undone(playing, puzzle) -> None:
    async with playing() as player:  # action: restart
        await player.press("6", "ctrl+r")
        assert player.position.grid == puzzle
        await player.press("u")
        assert player.position.grid[1] == 6


async def test_steps_go_forward_and_back(playing, puzzle) -> None:
    async with playing() as player:  # action: next_step
        await player.press("n", "full_stop")
        steps = player.position.trace.steps
        assert player.position.step == 2
        assert player.position.authors[steps[0].cell] is Author.POLICY
        assert player.status.startswith("Step 2: ")
        await player.press("b", "comma")  # action: previous_step
        assert player.position.grid == puzzle
        await player.press("b")
        assert player.position.step == 0


async def test_a_step_made_by_hand_counts_as_played(playing) -> None:
    async with playing() as player:
        await player.press("n", "b")
        due = player.position.trace.steps[0]
        player.app.play_screen.board.cursor = due.cell
        await player.press(str(due.digit))
        assert player.position.step == 1
        assert player.position.authors[due.cell] is Author.OWN


async def test_solve_plays_every_step(playing, solution) -> None:
    async with playing() as player:  # action: solve
        await player.press("s")
        assert player.position.grid == solution
        assert "found by the policy alone" in player.status


async def test_a_wrong_policy_is_corrected_by_search_and_it_shows(playing, solution) -> None:
    from tui.settings import Settings

    async with playing(settings=Settings(model="wrong.onnx")) as player:
        await player.press("s")
        assert player.position.grid == solution
        assert "search led by the policy" in player.status
        assert Author.SEARCH in player.position.authors


async def test_playing_goes_on_until_paused(playing) -> None:
    from tui.settings import Settings

    async with playing(settings=Settings(speed=16.0)) as player:  # action: play
        await player.press("enter")
        await player.pilot.pause(0.2)
        played = player.position.step
        assert played >= 2
        await player.press("enter")
        assert player.status == "Paused."
        stopped = player.position.step
        await player.pilot.pause(0.2)
        assert player.position.step == stopped


async def test_jump_goes_to_a_step_by_number(playing, puzzle) -> None:
    async with playing() as player:  # action: jump
        await player.press("g")
        assert isinstance(player.screen, AskText)
        await player.type("10")
        assert player.position.step == 10
        assert player.position.grid.clues == puzzle.clues + 10
        await player.press("g")
        await player.type("900")
        assert player.status == "'900' is no step; steps go from 0 to 58."


@pytest.mark.parametrize(("key", "question"), [("n", "solve"), ("t", "hint")])
async def test_a_key_is_answered_for_the_board_as_it_is(
    playing, monkeypatch, puzzle, key, question
) -> None:
    async with playing() as player:
        gate, ask = threading.Event(), getattr(player.app.engine, question)

        def later(*question):
            gate.wait(timeout=30)
            return ask(*question)

        monkeypatch.setattr(player.app.engine, question, later)
        for pressed in (key, "6", key):
            await player.pilot.press(pressed)
        gate.set()
        await settle(player.pilot)
        shown = player.app.play_screen
        assert player.position.step == 1 if key == "n" else shown.hint is not None
        assert player.position.grid.keeps(puzzle.place(1, 6))


async def test_jump_asks_at_once_and_never_pops_up_later(playing, monkeypatch) -> None:
    async with playing() as player:
        gate, solve = threading.Event(), player.app.engine.solve

        def later(grid, stop):
            gate.wait(timeout=30)
            return solve(grid, stop)

        monkeypatch.setattr(player.app.engine, "solve", later)
        await player.pilot.press("g")
        assert isinstance(player.screen, AskText)
        player.screen.query_one("#answer").value = "7"
        await player.pilot.press("enter")
        assert isinstance(player.screen, PlayScreen)
        gate.set()
        await settle(player.pilot)
        assert player.position.step == 7


async def test_choosing_a_step_in_the_list_jumps_there(playing) -> None:
    async with playing() as player:
        await player.press("n")
        player.screen.query_one(StepList).focus()
        await player.press("down", "down", "enter")
        assert player.position.step == 3


async def test_plus_and_minus_change_the_speed(playing) -> None:
    async with playing() as player:  # action: speed
        await player.press("+")
        assert player.app.settings.speed == 8.0
        await player.press("-", "-")
        assert player.app.settings.speed == 2.0
        assert player.status == "2 steps a second."


async def test_hints_come_in_grades(playing, solution) -> None:
    async with playing() as player:  # action: hint
        await player.press("t")
        assert player.status.startswith("Look")
        assert len(player.app.play_screen.hint.cells) == 9
        await player.press("t")
        (cell,) = player.app.play_screen.hint.cells
        assert player.app.play_screen.board.cursor == cell
        await player.press("t")
        assert player.status.startswith(f"Write {solution[cell]} at ")


async def test_check_tells_one_solution_several_and_contradictions(playing) -> None:
    async with playing() as player:  # action: check
        await player.press("x")
        assert player.status == "One solution from here."
        await player.press("4", "x")
        assert player.status == "Contradiction: two 4s in row 1 (r1c1, r1c2), and 1 more"


async def test_check_names_the_entries_that_are_not_the_solution(playing, solution) -> None:
    async with playing() as player:
        wrong = next(d for d in player.position.grid.candidates(1) if d != solution[1])
        await player.press(str(wrong), "x")
        assert player.status == ("No solution from here; not what the puzzle's solution has: r1c2.")


async def test_escape_puts_a_hint_away_and_pauses(playing) -> None:
    async with playing() as player:  # action: cancel
        await player.press("t", "escape")
        assert player.app.play_screen.hint is None
        await player.press("enter", "escape")
        assert player.status == "Paused."


async def test_the_heat_map_shows_what_the_policy_would_enter(playing, solution) -> None:
    async with playing() as player:  # action: confidence
        board = player.app.play_screen.board
        assert board.view.confidence is None
        await player.press("c")
        digit, sure = confident_digit(board.view, 1)
        assert digit == solution[1]
        assert sure == pytest.approx(0.3 + 0.69 * 37 / 80, abs=1e-6)
        await player.press("c")
        assert board.view.confidence is None


async def test_the_passes_are_walked_by_keys_and_slider(playing) -> None:
    async with playing() as player:  # action: passes
        slider, bars = player.screen.query_one(PassSlider), player.screen.query_one(Bars)
        assert (slider.passes, slider.shown) == (8, 7)
        for key, shown in (("[", 6), ("{", 0), ("]", 1), ("}", 7)):
            await player.press(key)
            assert slider.shown == bars.course.shown == shown
        slider.focus()
        await player.press("left", "left")
        assert bars.course.shown == 5


async def test_watching_it_settle_runs_through_the_passes(playing) -> None:
    async with playing() as player:  # action: settle
        await player.press("v")
        assert player.app.play_screen.heat
        assert "esc stops" in player.status
        await player.pilot.pause(0.9)
        assert player.app.play_screen.shown_pass == 7
        assert player.status == ""


async def test_open_reads_a_file_and_says_what_is_wrong_with_another(
    playing, tmp_path: Path, solution
) -> None:
    good, bad = tmp_path / "good.sdm", tmp_path / "bad.sdk"
    good.write_text(solution.clear(0).line() + "\n")
    bad.write_text("no puzzle here\n")
    async with playing() as player:  # action: open
        await player.press("6", "ctrl+o")
        await player.type(str(bad))
        assert "found" in player.status
        assert player.position.grid[1] == 6
        await player.press("ctrl+o")
        await player.type(str(good))
        assert player.position.givens == solution.clear(0)


async def test_save_writes_givens_and_state(playing, tmp_path: Path, puzzle) -> None:
    path = tmp_path / "mine.sdk"
    async with playing() as player:  # action: save
        await player.press("6", "ctrl+s")
        await player.type(str(path))
        assert player.status == f"Saved as {path}."
    (record,) = read(path)
    assert record.givens == puzzle
    assert record.state == puzzle.place(1, 6)
    assert record.metadata["level"] == "hard"


async def test_copy_gives_81_characters(playing, puzzle) -> None:
    async with playing() as player:  # action: copy
        await player.press("y")
        assert player.app.clipboard == puzzle.line()


async def test_paste_opens_what_was_copied(playing, solution) -> None:
    async with playing() as player:  # action: paste
        player.app.copy_to_clipboard(solution.clear(5).line())
        await player.press("ctrl+v")
        assert player.position.givens == solution.clear(5)


async def test_generate_asks_for_a_level_and_plays_the_puzzle(playing, puzzle) -> None:
    async with playing() as player:  # action: generate
        await player.press("e")
        assert isinstance(player.screen, Choose)
        await player.press("enter")
        assert isinstance(player.screen, PlayScreen)
        assert player.position.givens != puzzle
        assert player.app.play_screen.game.metadata["level"] == "easy"


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


async def test_f4_goes_through_the_themes(playing) -> None:
    async with playing() as player:  # action: theme
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


async def test_quit_leaves_and_keeps_the_game(playing, puzzle) -> None:
    from tui.storage import last_game

    async with playing() as player:  # action: quit
        await player.press("6", "ctrl+q")
    assert last_game().position.grid == puzzle.place(1, 6)


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
        player.app.play_screen.board.cursor = cell
        await player.press(str(digit), "x")
        names = f"these entries can't all stand: {cell_name(cell)}."
        assert player.status == f"No solution: {names}"


async def test_a_violation_is_named_beside_what_else_there_is_to_say(playing) -> None:
    async with playing() as player:
        await player.press("4", "u", "r")
        assert player.status.startswith("two 4s in row 1 (r1c1, r1c2)")
        assert player.status.endswith("Made again.")


async def test_a_game_that_begins_with_a_violation_names_it(program) -> None:
    app = program(Grid.parse("55" + "." * 79))
    app.note = "79 to go."
    async with app.run_test() as pilot:
        await settle(pilot)
        status = app.play_screen.query_one(StatusLine).text
    assert status == "two 5s in row 1 (r1c1, r1c2) (and 1 more).  79 to go."


async def test_the_ends_of_the_steps_are_said(playing) -> None:
    async with playing() as player:
        await player.press("b")
        assert player.status.startswith("No step to take back here")
        await player.press("s")
        for key in ("n", "enter"):
            await player.press("escape", key)
            assert player.status == "That was the last step; b goes back, g jumps."
            assert player.app.play_screen._playing is None


async def test_the_palette_shows_the_keys_of_every_action(playing) -> None:
    async with playing() as player:
        for command in player.app.get_system_commands(player.screen):
            (action,) = (a for a in actions.ACTIONS if a.label == command.title
                         and a.screen in ("play", "app"))  # fmt: skip
            assert Content.from_markup(command.help).plain.endswith(f"({action.shown})")
