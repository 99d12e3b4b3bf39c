"""One style of help for every command: plain text, -h, and metavars that are words."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Annotated, Any, Final

import typer

from solver.cli.watchdog import limit

CHOICES: Final = "|"
WORDS: Final = {"path": "FILE", "int": "N", "float": "X", "str": "TEXT"}
"""Python type, as typer names it -> what stands for a value in a help text."""

OLD_NAMES: Final = {
    "--out": "--output",
    "--output-dir": "--output",
    "--max-samples": "--limit",
    "--first": "--limit",
    "--csv": "--output",
    "--begin": "--weights",
    "--model": "--size",
}
"""Options that had another name once -> their name now; still understood, in no help."""


def command_app(**settings: Any) -> typer.Typer:
    """A typer app in this style; `settings` are more of its arguments."""
    return typer.Typer(
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        **settings,
    )


def timed(command: Any) -> Any:
    """The command that typer made, with `--timeout` as the last option of all that does work."""
    children = getattr(command, "commands", {})
    for child in children.values():
        timed(child)
    if not children:
        place = next((i for i, p in enumerate(command.params) if p.name == "version"), None)
        command.params.insert(len(command.params) if place is None else place, _timeout())
    return command


def _timeout() -> Any:
    """`--timeout`, as an option that a command needn't know of."""
    app = typer.Typer(add_completion=False)

    @app.command()
    def limited(
        timeout: Annotated[
            float | None,
            typer.Option(
                min=0.01,
                callback=_limit,
                is_eager=True,
                expose_value=False,
                help="Give up after this many seconds, with exit status 124.",
            ),
        ] = None,
    ) -> None: ...

    return typer.main.get_command(app).params[0]


def _limit(seconds: float | None) -> float | None:
    if seconds is not None:
        limit(seconds)
    return seconds


def plain(command: Any) -> Any:
    """The command that typer made, with its commands, set to print its help in this style."""
    for parameter in command.params:
        if parameter.name in ("install_completion", "show_completion"):
            parameter.hidden = True
        parameter.display_type_rich = functools.partial(
            _word, parameter, parameter.display_type_rich
        )
    command.format_options = functools.partial(_options, command, command.format_options)
    for child in getattr(command, "commands", {}).values():
        plain(child)
    return command


def renamed(command: Any, arguments: Sequence[str]) -> list[str]:
    """The arguments with old names of options as they are called now.

    Only for a command without an option of the old name.
    """
    known = _options_of(command)
    found = []
    for argument in arguments:
        name, equals, value = argument.partition("=")
        now = OLD_NAMES.get(name)
        changed = now in known and name not in known
        found.append(f"{now}{equals}{value}" if changed else argument)
    return found


def _options_of(command: Any) -> set[str]:
    names = {name for parameter in command.params for name in parameter.opts}
    return names.union(*map(_options_of, getattr(command, "commands", {}).values()))


def _word(parameter: Any, shown: Any, *, ctx: Any) -> str:
    """What stands for a value: the choices, the metavar, or a word for its type."""
    if parameter.param_type_name == "argument":
        return ""
    text = str(shown(ctx=ctx))
    if CHOICES in text or parameter.metavar:
        return parameter.metavar or text
    kind = text.strip("<>").removeprefix("list[").rstrip("]").split(" ")[0].lower()
    return WORDS.get(kind, kind.upper())


def _options(command: Any, write_all: Any, ctx: Any, formatter: Any) -> None:
    """Write the options, under the headings of their panels where they have such."""
    panels: dict[str, list[tuple[str, str]]] = {}
    if not any(getattr(p, "rich_help_panel", None) for p in command.params):
        write_all(ctx, formatter)
        return
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record is not None:
            panel = getattr(parameter, "rich_help_panel", None) or (
                "Arguments" if parameter.param_type_name == "argument" else "Options"
            )
            panels.setdefault(panel, []).append(record)
    for panel, records in panels.items():
        with formatter.section(panel):
            formatter.write_dl(records)
