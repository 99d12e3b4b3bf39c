"""What is written to a terminal: only what changes, and on leaving all is given back."""

from __future__ import annotations

import os
import re
import signal

import pexpect
import pytest
from rich.segment import Segment
from rich.style import Style

from solver.board.grid import Grid
from tests.tui.test_program import start, until
from tui.game.storage import last_game
from tui.terminal import Screen

RED = "\x1b[2;3H\x1b[31mAB\x1b[0m"
WRITTEN = "\x1b[0;31m\x1b[2;3HAB\x1b[0m"


def test_what_stands_already_is_not_written_again() -> None:
    screen = Screen()
    assert screen.changes(RED) == WRITTEN
    assert screen.changes(RED) == ""
    assert screen.changes("\x1b[2;3H\x1b[31mAC\x1b[0m") == "\x1b[0;31m\x1b[2;4HC\x1b[0m"
    assert screen.changes("\x1b[2;3H\x1b[32mAC\x1b[0m") == "\x1b[0;32m\x1b[2;3HAC\x1b[0m"


def test_cells_of_one_style_share_its_code() -> None:
    changes = Screen().changes(
        "\x1b[1;1H\x1b[31mA\x1b[0m\x1b[32mB\x1b[0mxy\x1b[31mC\x1b[0m\n\x1b[2;1H\x1b[31mD\x1b[0m"
    )
    assert changes == (
        "\x1b[1;3Hxy\x1b[0;31m\x1b[1;1HA\x1b[3CC\x1b[2;1HD\x1b[0;32m\x1b[1;2HB\x1b[0m"
    )


@pytest.mark.parametrize(
    "other", ["\x1b[2J", "\x1b[?1049h", "a\tb", "\x1b[1;1H漢", "\x1b]0;title\x07"]
)
def test_what_is_not_understood_is_written_as_it_is_and_nothing_is_taken_as_known(other) -> None:
    screen = Screen()
    screen.changes(RED)
    assert screen.changes(other) == other
    assert screen.changes(RED) == WRITTEN


def test_modes_pass_in_their_place() -> None:
    screen = Screen()
    screen.changes(RED)
    data = f"\x1b[?2026h{RED}\x1b[?2026l"
    assert screen.changes(data) == "\x1b[?2026h\x1b[?2026l"


def test_the_same_cells_result_whatever_was_left_out() -> None:
    """A terminal of a few lines of code shows the same with and without what is left out."""
    frames = []
    for shade in ("#102030", "#405060", "#102030"):
        style = Style.parse(f"bold {shade} on #000000")
        text = "".join(style.render(s.text) for s in [Segment("12 34"), Segment(" ┃ ")])
        frames.append(f"\x1b[1;1H{text}\x1b[3;5H{text}\n\x1b[4;1Hplain")
    whole, thrifty, screen = Screen(), Screen(), Screen()
    for frame in frames:
        whole.changes(frame)
        thrifty.changes(absolute(screen.changes(frame)) or "\x1b[1;1H")
        flat = {r: dict(row) for r, row in whole.rows.items()}
        assert {r: row for r, row in thrifty.rows.items() if row} == flat


def absolute(changes: str) -> str:
    """What was written, with every move as one to a place and every style without its reset."""
    row, column, out = 0, 0, []
    for part in re.split(r"(\x1b\[[\d;]*[mHC])", changes):
        if found := re.fullmatch(r"\x1b\[(\d+);(\d+)H", part):
            row, column = map(int, found.groups())
        elif found := re.fullmatch(r"\x1b\[(\d+)C", part):
            column += int(found[1])
            part = f"\x1b[{row};{column}H"
        elif not part.startswith("\x1b"):
            column += len(part)
        out.append(part)
    return "".join(out).replace("\x1b[0;", "\x1b[")


RESTORED = ("\x1b[?1049l", "\x1b[?25h", "\x1b[?1000l", "\x1b[?1003l", "\x1b[?2004l")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_end_gives_the_terminal_back_and_keeps_the_game(number, puzzle: Grid) -> None:
    program = start(puzzle.line())
    program.expect("58 left")
    program.send("6")
    until(program, lambda: bool((game := last_game()) and game.position.grid[1] == 6))
    os.kill(program.pid, number)
    program.expect(pexpect.EOF)
    written = program.before
    program.close()
    assert program.exitstatus == 128 + number
    assert all(code in written for code in RESTORED)
    assert last_game().position.grid == puzzle.place(1, 6)


@pytest.mark.parametrize(("keys", "most"), [("\x1b[C", 3000), ("\x1b[B", 3000), ("j" * 3, 9000)])
def test_a_move_of_the_cursor_writes_little(keys: str, most: int, puzzle: Grid) -> None:
    program = start(puzzle.line(), dimensions=(40, 120))
    program.expect("58 left")
    program.send("P")
    drain(program)
    written = []
    for _ in range(3):  # on a busy machine what came before may still be on its way
        program.send(keys)
        written.append(len(drain(program).encode()))
    print(f"{keys!r}: {min(written)} bytes")
    assert 0 < min(written) < most
    program.send("q")
    program.expect(pexpect.EOF)


def drain(program) -> str:
    """What is written until nothing comes for less than the clock's second."""
    text = program.read_nonblocking(65536, timeout=30)
    while True:
        try:
            text += program.read_nonblocking(65536, timeout=0.6)
        except pexpect.TIMEOUT:
            return text
