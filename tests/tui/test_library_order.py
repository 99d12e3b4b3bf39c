"""The library's order and the room for names, with the puzzles that ship."""

from __future__ import annotations

from solver.board.levels import LEVELS
from tui.game.making import LEVELS_TEXT
from tui.widgets.puzzles import PuzzleTable


async def test_levels_are_put_in_the_order_of_their_difficulty_both_ways(playing) -> None:
    easy_first = list(LEVELS)
    async with playing(size=(120, 40)) as player:
        await player.press("o", "s")
        assert player.app.settings.sort == "Level"
        table = player.screen.query_one(PuzzleTable)

        def levels() -> list[str]:
            return list(dict.fromkeys(row.level for row in table.rows if row.level in LEVELS))

        assert levels() == easy_first
        await player.press("r")
        assert levels() == easy_first[::-1]
        assert "▼Level" in table.render_line(0).text


async def test_the_library_opens_at_the_puzzle_being_played_and_remembers_its_order(
    playing,
) -> None:
    async with playing(size=(120, 40)) as player:
        await player.press("o", "s", "end")
        last = player.screen.query_one(PuzzleTable).rows[-1]
        await player.press("enter")
        assert player.position.givens == last.givens
        await player.press("o")
        table = player.screen.query_one(PuzzleTable)
        assert table.rows[table.cursor].givens == last.givens
        assert table.order == "Level"
        line = table.render_line(table.cursor - table.scroll_offset.y + 1)
        assert last.name in line.text, "its line is in sight"


def test_the_texts_of_the_levels_speak_of_what_a_player_does() -> None:
    for text in LEVELS_TEXT.values():
        assert "guess" not in text


async def test_names_have_the_room_that_a_wide_window_gives(playing, tmp_path, puzzle) -> None:
    name = "a very long name of a puzzle that somebody gave to it on purpose.sdm"
    (tmp_path / name).write_text(puzzle.line())
    async with playing(size=(200, 60), files=(str(tmp_path / name),)) as player:
        await player.press("o", "slash", *"purpose", "enter")
        table = player.screen.query_one(PuzzleTable)
        assert name in table.render_line(1).text
