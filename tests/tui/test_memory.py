"""A game that is played for long stays small and quick to keep."""

from __future__ import annotations

import gc
import random
import tracemalloc

import pytest

from solver.board.grid import Grid
from tui.game import saved, storage
from tui.game.game import Game


def played(game: Game, rng: random.Random, moves: int) -> None:
    """Random entries and marks, with some taken back."""
    blanks = [cell for cell in range(81) if not game.position.givens[cell]]
    for number in range(moves):
        cell, digit = rng.choice(blanks), rng.randint(1, 9)
        if number % 7 == 6:
            game.undo()
        elif game.position.grid[cell] or number % 2:
            game.go(game.position.enter(cell, digit))
        else:
            game.go(game.position.mark(cell, digit))


def test_thousands_of_moves_take_little_memory_each_and_a_bounded_file(puzzle: Grid) -> None:
    game, rng = Game.of(puzzle), random.Random(1)
    played(game, rng, 500)
    tracemalloc.start()
    played(game, rng, 3000)
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    kept = len(game.positions)
    assert kept > 2000, "undo goes all the way back"
    assert grown / 3000 < 8_000, f"{grown / 3000:.0f} bytes a move"
    storage.save_game(game)
    size = storage._game_file(puzzle).stat().st_size
    played(game, rng, 2000)
    storage.save_game(game)
    later = storage._game_file(puzzle).stat().st_size
    assert later < 2 * size
    assert len(storage.saved_game(puzzle).positions) <= 2 * saved.HISTORY + 1


@pytest.mark.slow
async def test_the_interface_keeps_its_size_over_hundreds_of_keys(playing) -> None:
    """Beyond the positions that undo goes back to, nothing grows with the keys pressed."""
    rng = random.Random(2)
    keys = ["up", "down", "left", "right", "1", "2", "3", "space", "u", "r", "0", "P", "x"]
    async with playing(size=(120, 40)) as player:
        screen = player.app.play_screen

        async def press(count: int) -> None:
            for key in rng.choices(keys, k=count):
                await player.pilot.press(key)
            await player.press()
            gc.collect()

        await press(60)
        tracemalloc.start()
        positions = len(screen.game.positions)
        await press(300)
        grown, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        more = len(screen.game.positions) - positions
        print(f"{grown / 1e6:.2f} MB more after 300 keys and {more} positions")
        assert grown < 2_000_000 + 8_000 * max(0, more)
