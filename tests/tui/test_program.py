"""The program as people start it: in a terminal, wrongly, and in a browser."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from solver.board.grid import Grid
from solver.generator.library import shipped_folder
from solver.policy.session import SHIPPED
from tui.game.game import Game
from tui.game.storage import last_game, save_game
from tui.start import options_for
from tui.web.server import name_for

TUI = [sys.executable, "-m", "tui"]


def run(*arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*TUI, *arguments], capture_output=True, text=True, timeout=60, check=False, **more
    )  # type: ignore[call-overload]


@pytest.fixture
def hard() -> Path:
    return shipped_folder() / "hard.sdk"


def start(*arguments: str, dimensions: tuple[int, int] = (24, 80)) -> pexpect.spawn:
    """The real program in a pseudo-terminal, of 80×24 unless said."""
    rows, columns = dimensions
    size = {"TERM": "xterm-256color", "COLUMNS": str(columns), "LINES": str(rows)}
    return pexpect.spawn(
        TUI[0], [*TUI[1:], *arguments], env={**os.environ, **size}, dimensions=dimensions,
        encoding="utf-8", timeout=60,
    )  # fmt: skip


def until(program: pexpect.spawn, condition: Callable[[], bool]) -> None:
    """Read what the program writes until a condition holds: only what changes is written, so that
    words on the screen can't be waited for."""
    for _ in range(600):
        if condition():
            return
        with contextlib.suppress(pexpect.TIMEOUT):
            program.read_nonblocking(65536, timeout=0.1)
    raise AssertionError("it never came to that")


def kept() -> Grid | None:
    """The grid of the game kept last."""
    game = last_game()
    return None if game is None else game.position.grid


@pytest.mark.skipif(not SHIPPED.exists(), reason="no policy is shipped yet")
def test_from_opening_a_file_to_the_solved_grid(hard: Path) -> None:
    program = start(str(hard))
    program.expect("hard.sdk")
    time.sleep(3)  # the policy is loaded meanwhile
    program.send("S")
    until(program, lambda: bool((grid := kept()) and grid.solved))
    program.sendcontrol("q")
    program.expect(pexpect.EOF)
    program.close()
    assert program.exitstatus == 0


@pytest.mark.parametrize("leave", ["q", "\x03", "\x11"])
def test_typing_a_digit_in_a_terminal_and_leaving_keeps_the_game(puzzle: Grid, leave: str) -> None:
    program = start(puzzle.line())
    program.expect("58 left")
    program.send("6")
    until(program, lambda: kept() == puzzle.place(1, 6))
    program.send(leave)
    program.expect(pexpect.EOF)
    program.close()
    assert program.exitstatus == 0
    assert kept() == puzzle.place(1, 6)


def test_a_killed_program_goes_on_where_it_was(puzzle: Grid) -> None:
    program = start(puzzle.line())
    program.expect("58 left")
    program.send("6")
    until(program, lambda: kept() == puzzle.place(1, 6))
    program.kill(signal.SIGKILL)
    program.expect(pexpect.EOF)
    again = start(puzzle.line())
    again.expect("57 left")
    again.send("u")
    until(again, lambda: kept() == puzzle)
    again.send("q")
    again.expect(pexpect.EOF)
    again.close()
    assert again.exitstatus == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.sdk"], "error: nowhere.sdk: no such file"),
        (["--theme", "pink"], "error: no theme 'pink'; choose from dark, light, contrast"),
        (["--port", "70000"], "error: Invalid value for '--port'"),
        (["12345" * 10], "error: argument, line 1, column 51: found"),
        (["--serve", "-"], "error: --serve can't take stdin; name a file"),
        (["--serve", "nowhere.sdk"], "error: nowhere.sdk: no such file"),
        ([], "error: sudoku-tui draws on a terminal, and stdout is none"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(arguments: list[str], said: str, tmp_path) -> None:
    done = run(*arguments, stdin=subprocess.DEVNULL, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(said)
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_file_that_is_no_puzzle_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.sdk").write_text("hello\n")
    assert re.match(r"error: .*x\.sdk, line 1.*: found", run(str(tmp_path / "x.sdk")).stderr)


def test_a_folder_opens_the_library_with_its_puzzles(tmp_path: Path, puzzle: Grid) -> None:
    (tmp_path / "mine.sdm").write_text(puzzle.line() + "\n")
    options = options_for([str(tmp_path)])
    assert options["library"]
    assert options["folder"] == str(tmp_path)


def test_the_first_start_welcomes_with_an_easy_puzzle_and_later_ones_open_the_library(
    puzzle: Grid,
) -> None:
    first = options_for([])
    assert first["note"].startswith("Welcome.")
    assert first["game"].level == "easy"
    assert "library" not in first
    save_game(Game.of(puzzle, name="mine"))
    later = options_for([])
    assert later["library"]
    assert later["game"].position.givens == puzzle


PLAIN = """\
r1c2?
r1c2=6
undo
r1c2+69
r1c2-9
r1c2?
hint
hint
show 1
left
check
fly
quit
"""


def test_the_plain_mode_plays_by_lines(puzzle: Grid) -> None:
    done = run("--plain", puzzle.line(), input=PLAIN)
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert done.stderr == ""
    assert "r1c2 is blank: no marks." in lines
    assert "6 at r1c2." in lines
    assert "Undone: 6 at r1c2." in lines
    assert lines.count("r1c2 is blank: 6.") == 2
    assert "row 1: 4 . . . . . 8 . 5" in lines
    assert "error: no command fly; help lists them" in lines
    assert "One solution from here." in lines
    assert lines[-1] == "Your game is kept."


def test_help_has_examples_and_version_a_number() -> None:
    assert "sudoku-tui puzzles/hard.sdk" in run("--help").stdout
    assert re.search(r"\d+\.\d+", run("--version").stdout)


def test_serving_without_its_extra_says_what_to_install() -> None:
    hide = "import sys; sys.modules['textual_serve'] = None; import runpy; "
    code = hide + "sys.argv = ['sudoku-tui', '--serve']; runpy.run_module('tui')"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "pip install 'sudoku-policy[serve]'" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_port_in_use_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("--serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "choose another --host or --port" in done.stderr


def test_a_browser_is_given_an_address_that_it_can_reach() -> None:
    assert name_for("127.0.0.1") == "127.0.0.1"
    assert name_for("::1") == "[::1]"
    assert name_for("0.0.0.0") == name_for("::") == socket.gethostname()
