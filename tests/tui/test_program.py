"""The program as people start it: in a terminal, wrongly, and in a browser."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pytest

from solver.board.grid import Grid
from solver.generator.library import shipped_folder
from solver.policy.session import SHIPPED
from tui.game.storage import last_game
from tui.web.server import name_for

TUI = [sys.executable, "-m", "tui"]
PLAIN = {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}


def run(*arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*TUI, *arguments], capture_output=True, text=True, timeout=60, check=False, **more
    )  # type: ignore[call-overload]


@pytest.fixture
def hard() -> Path:
    return shipped_folder() / "hard.sdk"


def start(*arguments: str) -> pexpect.spawn:
    """The real program in a pseudo-terminal of 80×24."""
    return pexpect.spawn(
        TUI[0], [*TUI[1:], *arguments], env={**os.environ, **PLAIN}, dimensions=(24, 80),
        encoding="utf-8", timeout=60,
    )  # fmt: skip


@pytest.mark.skipif(not SHIPPED.exists(), reason="no policy is shipped yet")
def test_from_opening_a_file_to_the_solved_grid(hard: Path) -> None:
    program = start(str(hard))
    program.expect("hard.sdk")
    program.expect(r"pass \d+/\d+")
    program.send("s")
    program.expect("81/81")
    program.expect("Solved")
    program.sendcontrol("q")
    program.expect(pexpect.EOF)
    program.close()
    assert program.exitstatus == 0
    kept = last_game()
    assert kept is not None
    assert kept.position.grid.solved


def test_typing_a_digit_in_a_terminal_and_leaving_keeps_the_game(puzzle: Grid) -> None:
    program = start(puzzle.line())
    program.expect("4 candidates")
    program.send("6")
    program.expect(rf"{puzzle.clues + 1}/81")
    program.sendcontrol("q")
    program.expect(pexpect.EOF)
    program.close()
    assert program.exitstatus == 0
    assert last_game().position.grid == puzzle.place(1, 6)


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


def test_a_folder_and_a_file_that_is_no_puzzle_are_said(tmp_path: Path) -> None:
    (tmp_path / "x.sdk").write_text("hello\n")
    assert "is a folder" in run(str(tmp_path)).stderr
    assert re.match(r"error: .*x\.sdk, line 1.*: found", run(str(tmp_path / "x.sdk")).stderr)


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


@pytest.mark.browser
def test_the_same_in_a_browser_takes_a_digit_and_shows_it(chromium: str, puzzle: Grid) -> None:
    from playwright.sync_api import sync_playwright

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [*TUI, "--serve", "--port", str(port), puzzle.line()], stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, env={**os.environ, "NO_PROXY": "*"},
    )  # fmt: skip
    try:
        _wait_for(port)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium,
                args=[
                    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic"),
                    *("--no-first-run", "--disable-background-networking"),
                    *("--disable-component-update", "--disable-sync"),
                ],
            )
            page = browser.new_page(viewport={"width": 1100, "height": 700})
            frames = _frames(page)
            page.goto(f"http://127.0.0.1:{port}/")
            _until(page, frames, f"{puzzle.clues}/81")
            page.mouse.click(300, 5)
            page.keyboard.press("6")
            _until(page, frames, f"{puzzle.clues + 1}/81")
            assert any(f"{puzzle.clues + 1}/81" in frame for frame in frames)
            browser.close()
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server didn't come up")


def _frames(page) -> list[str]:
    """What the page is sent, as it comes."""
    frames: list[str] = []

    def keep(frame: str | bytes) -> None:
        frames.append(frame.decode("utf-8", "replace") if isinstance(frame, bytes) else frame)

    page.on("websocket", lambda opened: opened.on("framereceived", keep))
    return frames


def _until(page, frames: list[str], text: str) -> None:
    """Wait until the terminal in the page was sent `text`."""
    for _ in range(300):
        if any(text in frame for frame in frames):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{text!r} was never shown")


def test_a_browser_is_given_an_address_that_it_can_reach() -> None:
    assert name_for("127.0.0.1") == "127.0.0.1"
    assert name_for("::1") == "[::1]"
    assert name_for("0.0.0.0") == name_for("::") == socket.gethostname()
