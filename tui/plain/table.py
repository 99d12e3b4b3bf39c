"""The game by lines: cells, marks, what is said of the board, undo and redo."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from solver.board.grid import Grid, cell_name
from solver.board.levels import LEVELS
from solver.board.words import inert, plural
from solver.policy.stop import Stop
from tui import settings as kept
from tui.engine import Engine, solution_of
from tui.game import statistics, storage
from tui.game.game import Game
from tui.game.hints import Told
from tui.game.opening import opened
from tui.game.position import Position, change
from tui.game.state import State, clock
from tui.screens.statistics import solved_text

_CELL: Final = re.compile(r"r([1-9])c([1-9])")
HELP: Final = """\
r5c4=3       write 3 at row 5, column 4; r5c4=0 clears it
r5c4?        what stands there: the digit, or your marks
r5c4+37      mark 3 and 7 there; r5c4-37 rubs them out
show         the board, row by row; show 5 shows row 5, show c5 column 5, show b5 box 5
marks        all your marks; marks fill, marks clear
left         how many of each digit are still to be placed, and the time; pause stops the clock
undo, redo, restart, checkpoint, back
hint         where to look; again for more; apply rubs out what it rules out
check        is there a solution from here; right goes back to the last right position
policy r5c4  what the policy gives each digit there (spoils)
passes       how it came to that, pass by pass; passes r5c4 of a cell, passes 3 the third (spoils)
step, solve  the policy's next step, or all of them; step 5 goes to the fifth (spoils)
model        which policy plays; model FILE or model shipped uses another from now on
compare FILE both policies on this puzzle (spoils)
open FILE, paste 81 characters, save FILE, new LEVEL, next, daily, copy
library      the puzzles there are; library hard those with that word; play N plays number N
settings     all settings; set mistakes off changes one
statistics, help, quit"""


@dataclass
class Table:
    """The game being played by lines, and the hint being told."""

    game: Game
    engine: Engine
    model: str = ""
    hint: Told | None = None
    ended: bool = False
    folder: str = ""
    """A folder whose puzzles the library lists besides the shipped ones."""
    files: tuple[str, ...] = ()
    """Files whose puzzles it lists, too."""
    warned: bool = False
    clock: Callable[[], float] = time.monotonic
    _since: float | None = None
    """When the last command was answered, where the clock runs."""
    _solution: tuple[Grid, Grid | None] | None = None
    """The givens of a puzzle, and its one solution."""

    @property
    def position(self) -> Position:
        """What is on the board."""
        return self.game.position

    # ---- what every command needs ---------------------------------------------------------

    def answer(self, line: str) -> str:
        """Do a command, and what to say of it. Raises `ValueError` with what is wrong with it."""
        self.count_time()
        words = line.split(maxsplit=1)
        if not words:
            return ""
        name, rest = words[0].lower(), words[1].strip() if len(words) > 1 else ""
        if is_cell(name):
            return self._cell(name)
        command: Callable[[str], str] | None = getattr(self, f"do_{name}", None)
        if command is None:
            raise ValueError(f"no command {inert(name)}; help lists them")
        return command(rest)

    def count_time(self, *, on: bool = True) -> None:
        """Count the time since the last command, unless the game is solved; then the clock runs
        on, or rests until the next command."""
        now = self.clock()
        if self._since is not None and not self.position.grid.solved:
            self.game.seconds += now - self._since
        self._since = now if on else None

    def go(self, position: Position, said: str) -> str:
        """Put a position on the board, keep it; what to say."""
        self.hint = None
        if not self.game.go(position):
            return "Nothing changed."
        self.keep()
        wrong = self._wrong()
        more = f" Now {wrong}." if wrong else ""
        if position.grid.solved and self.game.own and not self.game.counted:
            self.game.counted = True
            try:
                statistics.add(self.game)
            except storage.StorageError as error:
                self._warn(error)
            more = f" Solved.\n{solved_text(self.game)}\nnext plays another puzzle of this level."
        return f"{said}{more}"

    def _wrong(self) -> str:
        """The mistakes on the board, as far as the settings have them told."""
        settings, givens = kept.load(), self.position.givens
        if settings.mistakes == "solution" and (
            self._solution is None or self._solution[0] != givens
        ):
            self._solution = givens, solution_of(givens, Stop())
        solution = None if self._solution is None else self._solution[1]
        return State(self.position, settings, solution=solution).wrong

    @property
    def _automatic(self) -> bool:
        return kept.load().auto_marks

    def keep(self) -> bool:
        """Keep the game; whether it could be. That it can't is said once."""
        try:
            storage.save_game(self.game)
        except storage.StorageError as error:
            self._warn(error)
            return False
        return True

    def _warn(self, error: storage.StorageError) -> None:
        if not self.warned:
            self.warned = True
            storage.note(f"{error}. You can play on, but the game isn't kept; save writes a file.")

    def policy(self) -> Engine:
        """The policy, which is loaded when it is first asked."""
        if not self.engine.ready:
            self.engine = self.engine.load(self.model)
        return self.engine

    def start(self, game: Game) -> str:
        """Play another game."""
        self.count_time()
        self.keep()
        self.game, self.hint = game, None
        if kept.load().fill_marks:
            self.game.fill_marks()
        self.keep()
        return f"{inert(game.name)}: {opened(game, 'library')}"

    # ---- cells ----------------------------------------------------------------------------

    def _cell(self, word: str) -> str:
        cell, act, digits = (int(word[1]) - 1) * 9 + int(word[3]) - 1, word[4:5], word[5:]
        name = cell_name(cell)
        if act == "=" and len(digits) == 1 and digits.isdigit():
            digit = int(digits)
            if digit:
                after = self.position.enter(cell, digit, rub=kept.load().rub_marks)
                return self.go(after, f"{digit} at {name}.")
            return self.go(self.position.clear(cell), f"{name} is clear.")
        if act in ("+", "-") and digits and set(digits) <= set("123456789"):
            position, automatic = self.position, self._automatic
            for digit in sorted(set(map(int, digits))):
                if (digit in position.shown_marks(automatic=automatic)[cell]) != (act == "+"):
                    position = position.mark(cell, digit, automatic=automatic)
            return self.go(position, self._told_cell(cell, position))
        if act in ("", "?") and not digits:
            return self._told_cell(cell, self.position)
        raise ValueError(f"{inert(word)}: write {name}=3, {name}+37, {name}-37 or {name}?")

    def _told_cell(self, cell: int, position: Position) -> str:
        digit, author = position.grid[cell], position.authors[cell]
        if digit and author:
            return f"{cell_name(cell)} is {digit}, {author.name.lower()}."
        marks = sorted(position.shown_marks(automatic=self._automatic)[cell])
        return f"{cell_name(cell)} is blank: {' '.join(map(str, marks)) or 'no marks'}."

    # ---- telling --------------------------------------------------------------------------

    def do_help(self, rest: str) -> str:
        return HELP

    def do_show(self, rest: str) -> str:
        grid = self.position.grid
        rows = [[str(grid[r * 9 + c] or ".") for c in range(9)] for r in range(9)]
        if not rest:
            return rows_of(grid.cells)
        kind, number = ("r", rest) if rest.isdigit() else (rest[0].lower(), rest[1:])
        if kind not in "rcb" or number not in tuple("123456789"):
            raise ValueError("show a row as 5, a column as c5, a box as b5")
        place = int(number) - 1
        chosen = {
            "r": rows[place],
            "c": [row[place] for row in rows],
            "b": [rows[place // 3 * 3 + i][place % 3 * 3 + j] for i in range(3) for j in range(3)],
        }[kind]
        return f"{ {'r': 'row', 'c': 'column', 'b': 'box'}[kind] } {number}: {' '.join(chosen)}"

    def do_marks(self, rest: str) -> str:
        if rest == "fill":
            return self.go(self.position.fill_marks(), "Candidates marked in cells without marks.")
        if rest == "clear":
            return self.go(self.position.clear_marks(), "No marks left.")
        if rest:
            raise ValueError("marks, marks fill or marks clear")
        lines = [
            f"{cell_name(cell)}: {' '.join(map(str, sorted(marks)))}"
            for cell, marks in enumerate(self.position.shown_marks(automatic=self._automatic))
            if marks
        ]
        return "\n".join(lines) or "No marks."

    def do_pause(self, rest: str) -> str:
        self.count_time(on=False)
        self.keep()
        return f"The clock stands at {clock(self.game.seconds)} until the next command."

    def do_left(self, rest: str) -> str:
        left = ", ".join(f"{d}: {n}" for d, n in enumerate(self.position.left, 1) if n)
        cells, time = plural(self.position.blanks, "cell"), clock(self.game.seconds)
        return f"{cells} left after {time}. {left}"

    def do_statistics(self, rest: str) -> str:
        games = statistics.finished()
        rows = statistics.by_level(games, list(LEVELS))
        lines = [
            f"{inert(row.level)}: {row.solved} solved, {row.unaided} unaided, "
            f"best {clock(row.best)}, mean {clock(row.mean)}"
            for row in rows
        ]
        row = f"Days in a row: {statistics.days_in_a_row(games)}."
        return "\n".join([*lines, row]) if lines else "No game finished yet."

    # ---- back and forth -------------------------------------------------------------------

    def _through_time(self, moved: bool, before: Position, done: str) -> str:
        if not moved:
            return "Nothing to do."
        self.hint = None
        self.keep()
        return f"{done}: {change(before, self.position)[1]}."

    def do_undo(self, rest: str) -> str:
        before = self.position
        return self._through_time(self.game.undo(), before, "Undone")

    def do_redo(self, rest: str) -> str:
        before = self.position
        return self._through_time(self.game.redo(), before, "Redone")

    def do_restart(self, rest: str) -> str:
        return self.go(self.position.restart(), "The givens alone; undo brings the rest back.")

    def do_checkpoint(self, rest: str) -> str:
        self.game.set_checkpoint()
        self.keep()
        return f"Checkpoint {len(self.game.checkpoints)} set; back comes back to it."

    def do_back(self, rest: str) -> str:
        position = self.game.last_checkpoint()
        if position is None:
            return "No other checkpoint."
        return self.go(position, "Back at the checkpoint; undo undoes that.")


def rows_of(digits: Sequence[int]) -> str:
    """A grid as nine lines, row by row; 0 is a blank."""
    rows = (digits[start : start + 9] for start in range(0, 81, 9))
    return "\n".join(
        f"row {n}: {' '.join(str(digit or '.') for digit in row)}" for n, row in enumerate(rows, 1)
    )


def cell_of(word: str) -> int | None:
    """The cell that a word names, as r5c4; None where it names none."""
    found = _CELL.fullmatch(word.lower())
    return None if found is None else (int(found[1]) - 1) * 9 + int(found[2]) - 1


def is_cell(word: str) -> bool:
    """Whether a command begins with the name of a cell."""
    return cell_of(word[:4]) is not None
