"""The fields of a recipe as options of a command: one source for both."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import Field, fields
from typing import Annotated, Any, get_origin, get_type_hints

import typer

from training.recipe.config import Recipe, Switch, option_name

PATHS = ("data", "validation", "exclude")
METAVARS = {
    **dict.fromkeys((*PATHS, "begin"), "FILE"),
    "shares": "X,...",
    "curriculum": "LEVEL=N,...",
    "model": "NAME=N,...",
    "device": "NAME",
    "sinks": "NAME,...",
}
"""What stands for the value of a field, where neither its choices nor its type say it."""
GROUPS = {
    "data": "Puzzles",
    "epochs": "Time",
    "architecture": "Network and passes",
    "batch_size": "Batches",
    "optimizer": "Optimization",
    "device": "Machine",
    "sinks": "Run",
}
"""First field of each group of options in the help."""


def with_recipe_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add an option for every field of `Recipe` but `recipe` itself to a typer command.

    The command gets those that were given as its keyword `values`, a dict by field name.
    """
    own = [
        p
        for p in inspect.signature(command, eval_str=True).parameters.values()
        if p.name != "values"
    ]
    types, group, extra = get_type_hints(Recipe), "", []
    for item in fields(Recipe):
        group = GROUPS.get(item.name, group)
        if item.name == "recipe":
            continue
        typed, option = _option(item, types[item.name], group)
        extra.append(
            inspect.Parameter(
                item.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=None,
                annotation=Annotated[typed, option],
            )
        )
    names = {parameter.name for parameter in extra}

    def wrapped(**given: Any) -> None:
        values = {k: _plain(k, given.pop(k)) for k in list(given) if k in names}
        command(**given, values={k: v for k, v in values.items() if v is not None})

    wrapped.__doc__ = command.__doc__
    keyword = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
    wrapped.__signature__ = inspect.Signature(keyword + extra)  # type: ignore[attr-defined]
    wrapped.__annotations__ = {p.name: p.annotation for p in keyword + extra}
    return wrapped


def _option(item: Field[Any], kind: Any, group: str) -> tuple[Any, Any]:
    """The type and the typer option for a field of `Recipe` whose type is `kind`."""
    flag = option_name(item.name)
    text = item.metadata["help"] + _default(item.default)
    choices = item.metadata["choices"]
    typed: Any = str | None
    if item.name in PATHS:
        typed = list[str] | None
        text += " May be repeated."
    elif kind in (bool, Switch):
        typed = bool | None
        flag += f"/--no-{flag[2:]}"
    elif kind in (int, float):
        typed = kind | None
    option = typer.Option(
        flag,
        help=text,
        rich_help_panel=group,
        show_default=False,
        metavar=f"<{'|'.join(choices)}>" if choices else METAVARS.get(item.name),
    )
    return typed, option


def _default(value: Any) -> str:
    """The default of a field as its help shows it; a named recipe may have another."""
    if value in ("", ()):
        return ""
    if isinstance(value, tuple):
        value = ",".join(map(str, value))
    shown = {True: "on", False: "off"}.get(value, value) if isinstance(value, bool) else value
    return f" Default: {shown}."


def _plain(name: str, value: Any) -> Any:
    """An option's value as a recipe takes it; None for one that wasn't given."""
    if value is None or (name in PATHS and not value):
        return None
    if name in PATHS:
        return list(value)
    if get_origin(get_type_hints(Recipe)[name]) is tuple:
        return [part.strip() for part in value.split(",") if part.strip()]
    return value
