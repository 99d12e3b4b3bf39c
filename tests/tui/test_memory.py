"""A game that is played for long stays small and quick to keep."""

from __future__ import annotations

import os
import random
import signal
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from solver.board.grid import Grid
from tests.tui.test_program import start
from tests.tui.test_terminal import drain
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


def resident(pid: int) -> int:
    """The bytes of a process that are in memory."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1]) << 12


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="needs /proc")
def test_the_program_keeps_its_size_over_thousands_of_keys(puzzle: Grid) -> None:
    """Beyond the positions that undo goes back to, nothing grows with the keys pressed."""
    rng, at, size = random.Random(2), [], []
    keys = ["\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", *"123", "u", "r", "0", "P", "x"]
    program = start(puzzle.line(), dimensions=(40, 120))
    program.expect("58 left")
    for number in range(46):
        program.send("".join(rng.choices(keys, k=50)))
        drain(program)
        at.append(50 * (number + 1))
        size.append(resident(program.pid))
    program.kill(signal.SIGKILL)
    slope = np.polyfit(at[6:], size[6:], 1)[0]
    first, last = size[6] / 1e6, size[-1] / 1e6
    print(f"{at[6]} keys: {first:.1f} MB; {at[-1]}: {last:.1f} MB; {slope / 1e3:.2f} kB a key")
    assert slope < 8_000
