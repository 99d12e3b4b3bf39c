"""`sudoku-tui --plain`: the game as prompts and lines, for screen readers and scripts.

Every line that is read is a command; what it did is said in one or a few lines. The commands do
what the keys of the board do.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from solver.board.grid import cell_name
from solver.board.words import inert, plural
from solver.formats import FormatError, read_text, to_text
from solver.policy.stop import Stop
from tui import settings as kept
from tui.engine import Engine, check, solution_of
from tui.game import storage
from tui.game.hints import Told, lesson
from tui.game.listing import Row, listing, matches, next_puzzle, sort_key
from tui.game.making import daily, make
from tui.game.opening import game_of, open_file
from tui.plain.policies import Policies
from tui.play.editing import verdict_text
from tui.start import options_for


class Lines(Policies):
    """The whole of the commands: with help, the policy's steps, and other puzzles."""

    # ---- help -----------------------------------------------------------------------------

    def do_hint(self, rest: str) -> str:
        if self.hint is None:
            self.game.hints += 1
            unique = kept.load().uniqueness
            self.hint = Told(lesson(self.policy().hint(self.position, Stop(), unique)))
        elif not self.hint.all_told:
            self.hint = self.hint.more()
        else:
            return self._write_hint(self.hint)
        more = "hint again tells more." if not self.hint.all_told else "hint again writes it."
        return f"{self.hint.text}\n{more}"

    def _write_hint(self, hint: Told) -> str:
        target, position = hint.lesson.target, self.position
        if target is not None:
            said = f"{target[1]} at {cell_name(target[0])}."
            return self.go(position.enter(*target, rub=kept.load().rub_marks), said)
        return self.go(hint.lesson.corrected(position)[0], "Corrected as the hint said.")

    def do_apply(self, rest: str) -> str:
        if self.hint is None or not self.hint.lesson.removals:
            return "No hint that rules out marks."
        removals = sorted(self.hint.lesson.removals)
        return self.go(
            self.position.strike(removals), f"{plural(len(removals), 'mark')} ruled out."
        )

    def do_check(self, rest: str) -> str:
        self.game.checks += 1
        verdict = check(self.position.grid, self.position.givens, Stop())
        return verdict_text(verdict, self.position)[0]

    def do_right(self, rest: str) -> str:
        solution = solution_of(self.position.givens, Stop())
        if solution is None:
            return "The puzzle has no single solution to tell right from wrong by."
        position = self.game.last_right(solution)
        if position is None or position == self.position:
            return "Every digit here is right."
        return self.go(position, "Back at the last right position; undo undoes that.")

    # ---- settings -------------------------------------------------------------------------

    def do_settings(self, rest: str) -> str:
        return "\n".join(f"{name}: {text}" for name, text in kept.texts(kept.load()).items())

    def do_set(self, rest: str) -> str:
        name, _, text = rest.partition(" ")
        settings = kept.with_text(kept.load(), name, text.strip())
        kept.save(settings)
        return f"{name}: {kept.texts(settings)[name]}"

    # ---- puzzles --------------------------------------------------------------------------

    def do_open(self, rest: str) -> str:
        game = open_file(rest)
        self.files = (*self.files, rest) if game.others else self.files
        return self.start(game)

    def do_paste(self, rest: str) -> str:
        records = read_text(rest, "what was pasted", rules=False)
        if not records:
            raise FormatError("no puzzle", "81 characters")
        return self.start(game_of(records[0], "pasted"))

    def do_save(self, rest: str) -> str:
        path = Path(rest or "puzzle.sdk").expanduser()
        path = path if path.suffix else path.with_suffix(".sdk")
        if path.suffix.lower() != ".sdk":
            raise ValueError(f"{inert(path.name)} doesn't end in .sdk")
        if path.exists():
            raise ValueError(f"{inert(path)} is there already; choose another name")
        storage.write_text(path, to_text([self.game.record()], "sdk"))
        return f"Saved as {inert(path)}."

    def do_new(self, rest: str) -> str:
        return self.start(make(rest or "easy", Stop()))

    def do_next(self, rest: str) -> str:
        return self.start(next_puzzle(self.game.level or "easy", self.position.givens, Stop()))

    def do_daily(self, rest: str) -> str:
        return self.start(daily(Stop()))

    def do_copy(self, rest: str) -> str:
        return self.position.grid.line()

    def _library(self) -> list[Row]:
        folder = self.folder or kept.load().folder
        rows = listing(self.files, folder, Stop(), lambda error: None)
        return sorted(rows, key=sort_key("Level"))

    def do_library(self, rest: str) -> str:
        return "\n".join(
            f"{n}: {row.name} ({row.level}) {row.state}".rstrip()
            for n, row in enumerate(self._library(), 1)
            if matches(row, rest)
        )

    def do_play(self, rest: str) -> str:
        rows = self._library()
        if not rest.isdecimal() or not 1 <= int(rest) <= len(rows):
            raise ValueError(f"play a number from 1 to {len(rows)}; library lists them")
        row = rows[int(rest) - 1]
        game = game_of(row.entry.record, row.name)
        game.metadata.setdefault("level", row.level)
        return self.start(game)

    def do_quit(self, rest: str) -> str:
        self.ended = True
        return "Your game is kept." if self.keep() else ""


def main(files: Sequence[str], model: str | None) -> None:
    """Play by lines until the input ends. Raises `ValueError` where a file can't be read."""
    if "-" in files:
        raise ValueError("--plain reads commands from stdin; name a file")
    options = options_for(list(files))
    game, settings = options["game"], options["settings"]
    table = Lines(game, Engine(), settings.model if model is None else model)
    table.folder, table.files = options.get("folder", ""), options["files"]
    print(f"{table.start(game)} help lists the commands.", flush=True)
    prompt = "> " if sys.stdin.isatty() else ""
    while not table.ended:
        try:
            line = input(prompt)
        except (EOFError, KeyboardInterrupt):
            line = "quit"
        try:
            said = table.answer(line)
        except KeyboardInterrupt:
            said = "Stopped."
        except (ValueError, OSError, ImportError, storage.StorageError) as error:
            said = f"error: {inert(error)}"
        for each in filter(None, (said, *storage.problems())):
            print(each, flush=True)
