"""`sudoku-tui`: the terminal interface, or the same in a browser."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from solver.cli.common import ExitCode, fail, run, version_option
from solver.cli.help import command_app

app = command_app()


@app.command(
    epilog="Examples:\n\n\b\n"
    "  sudoku-tui                        the library, at the puzzle played last\n"
    "  sudoku-tui puzzles                the library, with a folder of your own\n"
    "  sudoku-tui puzzles/hard.sdk       play a file\n"
    "  sudoku-tui --plain hard.sdk       prompts and lines instead of a screen\n"
    "  sudoku-tui --serve --port 8000    the same in a browser"
)
def tui(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE",
            help="Files of puzzles, a folder of them, - for stdin, or 81 characters.",
            show_default=False,
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Policy to use instead of the shipped one, .onnx."),
    ] = None,
    theme: Annotated[
        str | None, typer.Option(metavar="NAME", help="dark, light or contrast, for this session.")
    ] = None,
    plain: Annotated[
        bool,
        typer.Option("--plain", help="Plain prompts and lines, for screen readers and scripts."),
    ] = False,
    serve: Annotated[bool, typer.Option("--serve", help="Play in a browser.")] = False,
    host: Annotated[
        str, typer.Option(metavar="HOST", help="With --serve: address to listen on.")
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(metavar="N", min=0, max=65535, help="With --serve: port; 0 picks a free one."),
    ] = 8000,
    name: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="With --serve: another host name to answer to."),
    ] = None,
    version: Annotated[bool, version_option] = False,
) -> None:
    """Play Sudoku, with hints that explain themselves; watch a neural network solve it."""
    names = files or []
    theme = _theme(theme)
    if serve and plain:
        fail("--plain and --serve don't go together: choose one")
    if name and not serve:
        fail("--name is for --serve")
    if serve:
        # read when Textual is imported: of a pipe it would think that it has 16 colours
        os.environ["TEXTUAL_COLOR_SYSTEM"] = "truecolor"
        if not hasattr(os, "fork"):
            fail("--serve starts games by fork, which this system lacks; play in a terminal")
        from tui.web.server import serve as serve_it

        arguments = _arguments(names, model, theme)
        _readable(names)
        serve_it(arguments, host, port, tuple(name or ()))
    elif plain:
        _plain(names, model)
    else:
        _play(names, model, theme)


def _theme(name: str | None) -> str | None:
    """The full name of a theme."""
    if name is None:
        return None
    from tui.settings import THEMES

    short = {theme.removeprefix("sudoku-"): theme for theme in THEMES}
    if name not in short:
        fail(f"no theme {name!r}; choose from {', '.join(short)}")
    return short[name]


def _arguments(files: list[str], model: str | None, theme: str | None) -> list[str]:
    """The arguments of the program behind the browser."""
    if "-" in files:
        fail("--serve can't take stdin; name a file")
    options = {"--model": model, "--theme": theme}
    chosen = [part for name, value in options.items() if value for part in (name, value)]
    return [*chosen, "--", *(str(Path(f).resolve()) if Path(f).exists() else f for f in files)]


def _readable(files: list[str]) -> None:
    """Make sure that what each browser will be shown can be read, while someone reads stderr."""
    from tui.game.opening import open_file

    try:
        for name in files[:1]:
            if not Path(name).is_dir():
                open_file(name)
    except ValueError as error:
        fail(error)


def _plain(files: list[str], model: str | None) -> None:
    from tui.plain.lines import main as lines

    try:
        lines(files, model)
    except ValueError as error:
        fail(error)


def _play(files: list[str], model: str | None, theme: str | None) -> None:
    from tui.start import options_for

    try:
        options = options_for(files)
    except ValueError as error:
        fail(error)
    _terminal("-" in files)
    from tui.app import SudokuApp
    from tui.asking import give_keys_precedence

    program: Any = SudokuApp(**options, theme=theme, model=model)
    give_keys_precedence()
    program.run()
    if program.failure:
        fail(program.failure, ExitCode.INTERNAL)
    if program.return_code:
        raise typer.Exit(program.return_code)


def _terminal(stdin_read: bool) -> None:
    """Make sure that a terminal is there to draw on and to read keys from."""
    if os.environ.get("TEXTUAL_DRIVER"):
        return
    if not sys.stdout.isatty():
        fail("sudoku-tui draws on a terminal, and stdout is none; sudoku-solve prints instead")
    if stdin_read or not sys.stdin.isatty():
        try:
            os.dup2(os.open("/dev/tty", os.O_RDWR), 0)
        except OSError:
            fail("sudoku-tui reads keys from a terminal, and there is none")


def main() -> None:
    """The entry point."""
    run(app)
