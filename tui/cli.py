"""`sudoku-tui`: the terminal interface, or the same in a browser."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from solver.cli.common import ExitCode, fail, run, version_option

THEME_OF = {"dark": "sudoku-dark", "light": "sudoku-light", "contrast": "sudoku-contrast"}

app = typer.Typer(add_completion=True, no_args_is_help=False)


@app.command(
    epilog="Examples:\n\n"
    "  sudoku-tui                        go on with the last game\n\n"
    "  sudoku-tui puzzles/hard.sdk       play a file\n\n"
    "  sudoku-tui *.sdm                  play the first, choose among all with o\n\n"
    "  sudoku-tui --serve --port 8000    the same at http://127.0.0.1:8000"
)
def tui(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE]…",
            help="Files of puzzles, - for stdin, or 81 characters.",
            show_default=False,
        ),
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="Another policy (.onnx) than the shipped one.")
    ] = None,
    theme: Annotated[str | None, typer.Option(help="dark, light or contrast, this once.")] = None,
    serve: Annotated[bool, typer.Option("--serve", help="Show it in a browser.")] = False,
    host: Annotated[str, typer.Option(help="With --serve: where to listen.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="With --serve: the port; 0 takes a free one.")
    ] = 8000,
    version: Annotated[bool, version_option] = False,
) -> None:
    """Watch the policy solve, solve by hand with its help, see where it is unsure."""
    names = files or []
    if theme is not None and theme not in THEME_OF:
        fail(f"no theme {theme!r}; choose from {', '.join(THEME_OF)}")
    if serve:
        from tui.serving import serve as serve_it

        arguments = _arguments(names, model, theme)
        _readable(names)
        serve_it(arguments, host, port)
        return
    _play(names, model, None if theme is None else THEME_OF[theme])


def _arguments(files: list[str], model: str | None, theme: str | None) -> list[str]:
    """The arguments of the program behind the browser."""
    if "-" in files:
        fail("--serve can't take stdin; name a file")
    options = {"--model": model, "--theme": theme}
    chosen = [part for name, value in options.items() if value for part in (name, value)]
    return [*chosen, "--", *(str(Path(f).resolve()) if Path(f).exists() else f for f in files)]


def _readable(files: list[str]) -> None:
    """Make sure that what each browser will be shown can be read, while someone reads stderr."""
    from tui.opening import open_file

    try:
        for name in files[:1]:
            open_file(name)
    except ValueError as error:
        fail(error)


def _play(files: list[str], model: str | None, theme: str | None) -> None:
    from tui import settings as kept
    from tui.opening import first_game, opened

    settings = kept.load()
    try:
        game = first_game(files, resume=settings.resume)
    except ValueError as error:
        fail(error)
    _terminal("-" in files)
    from tui.app import SudokuApp
    from tui.asking import give_keys_precedence

    note = opened(game)
    program: Any = SudokuApp(
        game, settings=settings, files=tuple(files), theme=theme, model=model, note=note
    )
    give_keys_precedence()
    program.run()
    if program.failure:
        fail(program.failure, ExitCode.INTERNAL)


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
