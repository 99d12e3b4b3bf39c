"""Every command ends in an exit status and at most one line of error; never in a traceback."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Annotated

import pytest
import typer

from solver.cli.common import ExitCode, complain, fail, install_hint, run, version_option
from solver.formats.errors import FormatError
from solver.render.forms import Color

app = typer.Typer()


@app.command()
def act(
    what: str,
    count: int = 1,
    color: Color = Color.AUTO,
    version: Annotated[bool, version_option] = False,
) -> int | None:
    """Do what a test asks."""
    match what:
        case "fail":
            fail("two\nlines \x1b[31m", ExitCode.MODEL)
        case "divide":
            return 1 // (count - 1)
        case "absent":
            import ray.nothing_of_this_name  # noqa: F401
        case "open":
            Path("/no/such/file").read_text(encoding="utf-8")
        case "interrupt":
            raise KeyboardInterrupt
        case "exit":
            raise typer.Exit(4)
        case "return":
            return ExitCode.NO_SOLUTION
    print(what)
    return None


def status(*arguments: str) -> int:
    with pytest.raises(SystemExit) as caught:
        run(app, arguments)
    assert isinstance(caught.value.code, int)
    return caught.value.code


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["fine"], 0, ""),
        (["exit"], 4, ""),
        (["return"], 3, ""),
        (["interrupt"], 130, ""),
        (["fail"], 5, "error: two lines \\x1b[31m\n"),
        (["open"], 2, "error: /no/such/file: no such file or directory\n"),
        (["fine", "extra"], 2, "error: Got unexpected extra argument(s) (extra)\n"),
        (["fine", "--count", "x"], 2, "error: Invalid value for '--count'"),
        (["fine", "--color", "red"], 2, "error: Invalid value for '--color': 'red' is not one of "),
        (["--nonsense"], 2, "error: No such option: --nonsense\n"),
        (["divide"], 1, "error: unexpected ZeroDivisionError"),
    ],
)
def test_what_happens_decides_the_exit_status_and_the_line_on_stderr(
    arguments: list[str], code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(*arguments) == code
    out, err = capsys.readouterr()
    assert err.startswith(message)
    assert "Traceback" not in err
    assert err.count("error:") == (1 if message else 0)
    assert out == ("fine\n" if code == 0 else "")


def test_an_absent_extra_is_named_with_the_line_to_install_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    assert status("absent") == ExitCode.USAGE
    assert "pip install 'sudoku-policy[cluster]'" in capsys.readouterr().err
    assert install_hint("torch.nn") == (
        "this needs torch, from the extra 'train': pip install 'sudoku-policy[train]'"
    )
    assert install_hint("json") is None


def test_debug_shows_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDOKU_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run(app, ["divide"])


def test_version_is_printed_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert status("--version") == 0
    assert capsys.readouterr().out.split()[-1] == metadata.version("sudoku-policy")


def test_complaints_stay_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    complain("a\tb\n\nc\x07")
    assert capsys.readouterr().err == "error: a b c\\x07\n"


def test_a_reader_that_leaves_early_is_no_error() -> None:
    code = (
        "import typer; from solver.cli.common import run\n"
        "app = typer.Typer()\n"
        "@app.command()\n"
        "def talk():\n"
        "    while True: print('on and on')\n"
        "run(app, [])"
    )
    talk = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert talk.stdout is not None
    assert talk.stderr is not None
    talk.stdout.readline()
    talk.stdout.close()
    assert talk.wait(timeout=60) == ExitCode.BROKEN_PIPE
    assert talk.stderr.read() == b""
    talk.stderr.close()


def test_closed_standard_streams_are_empty_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    assert status("fine") == 0
    assert sys.stdin.read() == ""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.close()


def test_a_module_that_a_signal_ends_as_it_loads_is_no_bug() -> None:
    code = (
        "import os, signal, typer\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from solver.cli.common import run\n"
        "app = typer.Typer()\n"
        "@app.command()\n"
        "def main() -> None:\n"
        "    try:\n"
        "        os.kill(os.getpid(), signal.SIGINT); [None for _ in range(1000)]\n"
        "    except KeyboardInterrupt:\n"
        "        raise ImportError('initialization failed') from None\n"
        "run(app, [])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "")


def test_a_file_that_no_command_caught_as_unreadable_is_no_bug(
    capsys: pytest.CaptureFixture[str],
) -> None:
    broken = typer.Typer()

    @broken.command()
    def read_it() -> None:
        raise FormatError("'q'", "a digit", file="a.sdm", line=3)

    with pytest.raises(SystemExit) as leave:
        run(broken, [])
    assert leave.value.code == ExitCode.USAGE
    assert capsys.readouterr().err == "error: a.sdm, line 3: found 'q', expected a digit\n"
