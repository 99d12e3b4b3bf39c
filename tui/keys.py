"""Custom keys: read, written, and checked for conflicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from textual.binding import Binding
from textual.keys import KEY_NAME_REPLACEMENTS, Keys, key_to_character

from tui.actions import ACTIONS, BY_NAME

NAMED: Final = frozenset([*(key.value for key in Keys), *KEY_NAME_REPLACEMENTS.values()])
MODIFIERS: Final = {"alt", "ctrl", "shift"}
EXAMPLE: Final = "hint=f3, undo=ctrl+u"


def key_name(text: str) -> str:
    """A key as Textual names it: `?` is question_mark, `Ctrl+T` is ctrl+t, `shift+h` is H.

    Raises `ValueError` for what is no key.
    """
    if len(text) == 1:
        (binding,) = Binding.make_bindings([(text, "", "")])
        return binding.key
    name = text.lower()
    held, _, key = name.rpartition("+")
    if held == "shift" and len(key) == 1:
        return key.upper()
    known = key in NAMED or len(key) == 1 or key_to_character(key) is not None
    if name not in NAMED and not (known and MODIFIERS.issuperset(filter(None, held.split("+")))):
        raise ValueError(f"{text!r} is no key; write for example h, ?, f5, ctrl+t")
    return name


def keymap(own: Mapping[str, str]) -> dict[str, str]:
    """Textual's keymap of own keys: actions by name. Raises `ValueError` where it can't hold."""
    for name, keys in own.items():
        action = BY_NAME.get(name)
        if action is None or len(action.calls) > 1:
            names = ", ".join(a.name for a in ACTIONS if len(a.calls) == 1)
            raise ValueError(f"no action {name!r} takes own keys; these do: {names}")
        for other in ACTIONS:
            taken = own.get(other.name) or ",".join(other.calls)
            both = {"play", "app"} >= {other.screen, action.screen} or other.screen == action.screen
            shared = {action.name, other.name} == {"play", "pause_steps"}
            if other is action or not both or shared:
                continue
            if clash := _names(keys) & _names(taken):
                raise ValueError(f"{clash.pop()!r} can't be {name}: it is {other.name}")
    return dict(own)


def _names(keys: str) -> set[str]:
    return {key_name(key) for key in keys.split(",")}


def parse_keys(text: str) -> dict[str, str]:
    """Own keys written as in `EXAMPLE`. Raises `ValueError` for anything else."""
    own: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, found, key = (word.strip() for word in part.partition("="))
        if not (name and found and key):
            raise ValueError(f"{part!r} is no own key; write for example {EXAMPLE}")
        key = key_name(key)
        own[name] = f"{own[name]},{key}" if name in own else key
    keymap(own)
    return own


def write_keys(own: Mapping[str, str]) -> str:
    """Own keys as `parse_keys` reads them."""
    return ", ".join(f"{name}={key}" for name, keys in own.items() for key in keys.split(","))
