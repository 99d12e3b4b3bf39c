"""Puzzles that come in and go out: opened, pasted, made, copied, saved."""

from __future__ import annotations

from pathlib import Path

from textual import events

from solver.formats import Record, read, to_text
from tui.game.opening import read_some
from tui.play.screen import PlayScreen
from tui.screens.dialogs import AskText, Choose


async def test_open_reads_a_file_and_says_what_is_wrong_with_another(
    playing, tmp_path: Path, other
) -> None:
    good, bad = tmp_path / "good.sdm", tmp_path / "bad.sdk"
    good.write_text(other.clear(0).line() + "\n")
    bad.write_text("no puzzle here\n")
    async with playing() as player:
        await player.press("6", "ctrl+o")
        await player.type(str(bad))
        assert "found" in player.status
        assert player.position.grid[1] == 6
        await player.press("ctrl+o")
        await player.type(str(good))
        assert player.position.givens == other.clear(0)


async def test_save_writes_givens_and_state(playing, tmp_path: Path, puzzle) -> None:
    path = tmp_path / "mine.sdk"
    async with playing() as player:
        await player.press("6", "ctrl+s")
        await player.type(str(path))
        assert player.status == f"Saved as {path}."
    (record,) = read(path)
    assert record.givens == puzzle
    assert record.state == puzzle.place(1, 6)
    assert record.metadata["level"] == "hard"


async def test_saving_over_another_puzzle_asks_first(playing, tmp_path, puzzle, other) -> None:
    path = tmp_path / "other.sdk"
    path.write_text(to_text([Record(other.clear(0))], "sdk"))
    async with playing() as player:
        await player.press("ctrl+s")
        await player.type(str(path))
        assert isinstance(player.screen, Choose)
        await player.press("enter")
        assert isinstance(player.screen, AskText)
        assert read_some(str(path))[0].givens == other.clear(0)
        await player.type(str(path))
        await player.press("down", "enter")
        assert player.status == f"Saved as {path}."
        assert read_some(str(path))[0].givens == puzzle
        await player.press("6", "ctrl+s")
        await player.type(str(path))
        assert player.status == f"Saved as {path}."


async def test_copy_gives_81_characters(playing, puzzle) -> None:
    async with playing() as player:
        await player.press("y")
        assert player.app.clipboard == puzzle.line()


async def test_paste_opens_what_was_copied(playing, other) -> None:
    async with playing() as player:
        player.app.copy_to_clipboard(other.clear(5).line())
        await player.press("ctrl+v")
        assert player.position.givens == other.clear(5)


async def test_a_pasted_sdk_is_played_and_nonsense_leaves_the_game(playing, other) -> None:
    rows = "\n".join(other.clear(0).line()[r * 9 : r * 9 + 9] for r in range(9))
    async with playing() as player:
        await player.press("6")
        player.screen.post_message(events.Paste("hello\nworld"))
        await player.press()
        assert player.status.startswith("Not opened: what was pasted")
        assert player.position.grid[1] == 6
        player.app.play_screen.board.post_message(events.Paste(f"#Anobody\n[Puzzle]\n{rows}\n"))
        await player.press()
        assert player.position.givens == other.clear(0)


async def test_the_first_of_several_pasted_puzzles_is_taken_and_said(playing, other) -> None:
    async with playing() as player:
        text = "\n".join(other.clear(cell).line() for cell in (1, 2))
        player.screen.post_message(events.Paste(text))
        await player.press()
        assert player.status == "The first of 2 puzzles. 1 to go."


async def test_generate_asks_for_a_level_and_plays_the_puzzle(playing, puzzle) -> None:
    async with playing() as player:
        await player.press("e")
        assert isinstance(player.screen, Choose)
        await player.press("enter")
        assert isinstance(player.screen, PlayScreen)
        assert player.position.givens != puzzle
        assert player.app.play_screen.game.metadata["level"] == "easy"
