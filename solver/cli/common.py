"""What every command shares: exit codes, `--version`, and errors in one line.

stdout holds results alone; everything else goes to stderr. A command's entry point is

    def main() -> None:
        run(app)

and its options include ``version: Annotated[bool, version_option] = False``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from solver import __version__
from solver.board.words import inert
from solver.cli.help import plain, renamed, timed
from solver.cli.watchdog import watching
from solver.system.processes import came, leave_on_signals

if TYPE_CHECKING:
    from typer import Typer

DISTRIBUTION = "sudoku-policy"
DEBUG = "SUDOKU_DEBUG"
"""Set to anything, this environment variable shows the traceback of an unexpected error."""

EXTRA_OF = {
    **dict.fromkeys(
        ("torch", "onnx", "onnxscript", "numba", "pyarrow", "tensorboard", "matplotlib", "plotext"),
        "train",
    ),
    "textual_serve": "serve",
    "ray": "cluster",
    "fpdf": "print",
    "segno": "print",
}
"""Import name -> the extra of this distribution that installs it."""


class ExitCode(IntEnum):
    """What a command's exit status says; the same for all commands."""

    SOLVED = 0
    INTERNAL = 1
    USAGE = 2
    NO_SOLUTION = 3
    SEVERAL = 4
    MODEL = 5
    TIMED_OUT = 124
    INTERRUPTED = 130
    BROKEN_PIPE = 141


def complain(message: object) -> None:
    """Print `error: message` on stderr, on one line."""
    try:
        print(f"error: {inert(message)}", file=sys.stderr, flush=True)
    except BrokenPipeError:
        _silence(sys.stderr)


def fail(message: object, code: ExitCode | int = ExitCode.USAGE) -> NoReturn:
    """Print `error: message` on stderr and leave with `code`."""
    complain(message)
    raise SystemExit(int(code))


def install_hint(module: str) -> str | None:
    """What to install for an absent `module`, or None when it belongs to no extra."""
    extra = EXTRA_OF.get(module.partition(".")[0])
    if extra is None:
        return None
    return (
        f"this needs {module.partition('.')[0]}, from the extra '{extra}': "
        f"pip install '{DISTRIBUTION}[{extra}]'"
    )


def _print_version(context: typer.Context, value: bool) -> None:
    if not value or context.resilient_parsing:
        return
    print(f"{Path(context.command_path).name} {__version__}")
    raise typer.Exit


version_option: Any = typer.Option(
    "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
)


def _silence(stream: Any) -> None:
    """Send what is left in `stream` nowhere, so that nothing complains at shutdown."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError, AttributeError):
        return


def _open_closed_streams() -> None:
    """Give a process that was started with closed standard streams empty ones."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


def _call(app: Typer, args: Sequence[str] | None, *, watched: bool) -> int:
    """The exit status of one run of `app`; expected errors are printed, others propagate."""
    try:
        command = typer.main.get_command(app)
        command = plain(timed(command) if watched else command)
        given = renamed(command, sys.argv[1:] if args is None else args)
        result = command(args=given, standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else ExitCode.SOLVED
    except typer.TyperException as error:
        complain(error.format_message().replace(": Value error, ", ": "))
        context = getattr(error, "ctx", None)
        if context is not None:
            print(f"Try '{context.command_path} --help'.", file=sys.stderr)
        return ExitCode.USAGE
    except typer.Abort:
        complain("input ended before an answer came")
        return ExitCode.USAGE
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except SystemExit as leave:
        if isinstance(leave.__context__, BrokenPipeError):
            raise leave.__context__ from None
        sys.stdout.flush()
        if leave.code is None or isinstance(leave.code, int):
            return leave.code or 0
        complain(leave.code)
        return ExitCode.INTERNAL
    except ImportError:
        number = came()
        if number is None:
            raise
        return 128 + number  # a module that a signal ends as it loads says so in words of its own


def _expected(error: Exception) -> tuple[str, ExitCode]:
    """The line and the exit status for an error that escaped a command."""
    if isinstance(error, ModuleNotFoundError) and error.name:
        hint = install_hint(error.name)
        if hint is not None:
            return hint, ExitCode.USAGE
    if isinstance(error, OSError) and error.strerror:
        name = f"{error.filename or repr(error.filename)}: " if error.filename is not None else ""
        return f"{name}{error.strerror.lower()}", ExitCode.USAGE
    status = getattr(error, "exit_status", None)
    if isinstance(status, int):
        return str(error), ExitCode(status)
    if isinstance(error, MemoryError):
        return "out of memory; use fewer puzzles at a time", ExitCode.INTERNAL
    return (
        f"unexpected {type(error).__name__}: {error} "
        f"(this is a bug; set {DEBUG}=1 for the traceback)",
        ExitCode.INTERNAL,
    )


def run(app: Typer, args: Sequence[str] | None = None, *, watched: bool = False) -> NoReturn:
    """Run a typer app to its exit status; no traceback reaches a user.

    Usage errors and unreadable files leave with `ExitCode.USAGE`, Ctrl-C with 130, a reader
    that closed our stdout with 141 (as the shell reports SIGPIPE), an absent extra with
    `ExitCode.USAGE` and the line to install it. With `watched`, Ctrl-C ends the command soon
    even in compiled code, and its commands have `--timeout`.
    """
    _open_closed_streams()
    leave_on_signals()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    try:
        with watching() if watched else nullcontext() as dog:
            code = _call(app, args, watched=watched)
            if dog is not None and dog.timed_out and code == ExitCode.INTERRUPTED:
                if dog.has_last_word():
                    complain(dog.said)
                code = ExitCode.TIMED_OUT
    except BrokenPipeError:
        _silence(sys.stdout)
        code = ExitCode.BROKEN_PIPE
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        message, code = _expected(error)
        complain(message)
    raise SystemExit(int(code))
