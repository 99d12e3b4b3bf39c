"""The one registry of actions: it feeds the key bindings, the footer, the palette and the help.

A screen takes its bindings from `bindings(screen)`; the method that answers is named by the call,
as Textual does it: the call `move(-1,0)` runs `action_move(-1, 0)` of the screen or the app.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from textual.binding import Binding, BindingType

GROUPS: Final = ("Move", "Enter", "Policy", "Confidence", "Puzzle", "Library", "Model", "Program")

DIGITS: Final = {str(digit): f"digit({digit})" for digit in range(1, 10)}


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person can do.

    `calls` maps keys (several, with commas between) to the call that each runs. `label` is the
    footer's word and `shown` the keys as people write them; `help` is one sentence.
    """

    name: str
    group: str
    screen: str
    label: str
    help: str
    calls: dict[str, str]
    shown: str
    footer: bool = False
    palette: bool = True

    @property
    def call(self) -> str:
        """What the command palette runs: the first call."""
        return next(iter(self.calls.values()))


def _one(
    name: str,
    group: str,
    screen: str,
    keys: str,
    shown: str,
    label: str,
    help: str,
    *,
    footer: bool = False,
) -> Action:
    """An action with one call, which is its name."""
    return Action(name, group, screen, label, help, {keys: name}, shown, footer=footer)


_MOVES: Final = {
    "up,k": "move(-1,0)",
    "down,j": "move(1,0)",
    "left,h": "move(0,-1)",
    "right,l": "move(0,1)",
}
_BOX_MOVES: Final = {"K": "move(-3,0)", "J": "move(3,0)", "H": "move(0,-3)", "L": "move(0,3)"}
_PASSES: Final = {"[": "pass_by(-1)", "]": "pass_by(1)", "{": "pass_to(0)", "}": "pass_to(-1)"}
_SPEEDS: Final = {"+,=": "speed(1)", "-": "speed(-1)"}

ACTIONS: Final[tuple[Action, ...]] = (
    Action(
        "move", "Move", "play", "Move", "Move by a cell; the mouse goes straight there.",
        _MOVES, "↑ ↓ ← → or k j h l", palette=False,
    ),
    Action(
        "move_box", "Move", "play", "Move by box", "Move by a box.",
        _BOX_MOVES, "K J H L", palette=False,
    ),
    Action(
        "digit", "Enter", "play", "Enter", "Enter a digit, or mark it in pencil mode.",
        DIGITS, "1 … 9", palette=False,
    ),
    _one("clear", "Enter", "play", "0,space,backspace,delete", "0 space ⌫", "Clear",
         "Clear the cell: its digit, or its pencil marks."),
    _one("pencil", "Enter", "play", "p", "p", "Pencil", "Pencil mode: digits become marks.",
         footer=True),
    _one("fill_marks", "Enter", "play", "P", "P", "Fill marks",
         "Mark every candidate of every blank cell."),
    _one("clear_marks", "Enter", "play", "ctrl+e", "^e", "Clear marks",
         "Rub out all pencil marks."),
    _one("undo", "Enter", "play", "u,ctrl+z", "u", "Undo",
         "Take back the last change, whoever made it.", footer=True),
    _one("redo", "Enter", "play", "r,ctrl+y", "r", "Redo", "Make again what was taken back."),
    _one("restart", "Enter", "play", "ctrl+r", "^r", "Restart",
         "Clear all but the givens (undo brings it back)."),
    _one("play", "Policy", "play", "enter", "⏎", "Play",
         "Play the steps from here, or pause.", footer=True),
    _one("next_step", "Policy", "play", "n,full_stop", "n", "Step", "One step forward.",
         footer=True),
    _one("previous_step", "Policy", "play", "b,comma", "b", "Step back", "One step back."),
    _one("solve", "Policy", "play", "s", "s", "Solve", "Play all steps at once."),
    _one("jump", "Policy", "play", "g", "g", "Jump to step",
         "Jump to a step by its number; in the list, ⏎ or a click does it."),
    Action(
        "speed", "Policy", "play", "Faster, slower", "Play faster or slower.",
        _SPEEDS, "+ −", palette=False,
    ),
    _one("hint", "Policy", "play", "t", "t", "Hint",
         "A hint: first the unit, again for the cell, again for the digit and why.", footer=True),
    _one("check", "Policy", "play", "x", "x", "Check",
         "Does what stands here lead to one solution, to none, or to several?"),
    _one("cancel", "Policy", "play", "escape", "esc", "Cancel",
         "Stop what is being worked out, or playing; put a hint away."),
    _one("confidence", "Confidence", "play", "c", "c", "Heat map",
         "The heat map: what the policy would enter in each blank cell, and how sure it is.",
         footer=True),
    Action(
        "passes", "Confidence", "play", "Passes",
        "One pass of the policy back or on; to the first or last: watch the grid settle.",
        _PASSES, "[ ] { }", palette=False,
    ),
    _one("settle", "Confidence", "play", "v", "v", "Watch it settle",
         "Run through the passes from the first to the last."),
    _one("open", "Puzzle", "play", "ctrl+o", "^o", "Open file", "Open a file of puzzles."),
    _one("save", "Puzzle", "play", "ctrl+s", "^s", "Save", "Save as .sdk, with the play so far."),
    _one("copy", "Puzzle", "play", "y", "y", "Copy", "Copy the grid as 81 characters."),
    _one("paste", "Puzzle", "play", "ctrl+v", "^v", "Paste",
         "Open what was pasted: 81 characters, or a whole file of any known format."),
    _one("generate", "Puzzle", "play", "e", "e", "Generate", "Make a new puzzle at a level."),
    _one("library", "Library", "play", "o", "o", "Library", "Choose from the puzzles.",
         footer=True),
    _one("filter", "Library", "library", "slash", "/", "Filter",
         "Show only puzzles whose name, level or state has these words.", footer=True),
    _one("sort", "Library", "library", "s", "s", "Sort",
         "Sort by the next column: name, level, clues, rating, state.", footer=True),
    _one("folder", "Library", "library", "f", "f", "Folder", "List another folder.", footer=True),
    _one("try_policy", "Library", "library", "a", "a", "Try policy",
         "Run the policy on every puzzle listed; esc stops it.", footer=True),
    _one("new_puzzle", "Library", "library", "e", "e", "Generate",
         "Make a new puzzle at a level.", footer=True),
    _one("model", "Model", "play", "m", "m", "Model",
         "Which policy plays, and how fast."),
    _one("open_model", "Model", "model", "o", "o", "Open another", "Open another policy.",
         footer=True),
    _one("shipped_model", "Model", "model", "d", "d", "Shipped one",
         "Go back to the shipped policy.", footer=True),
    _one("compare", "Model", "model", "c", "c", "Compare",
         "Compare with a second policy, side by side on the same puzzle.", footer=True),
    _one("theme", "Program", "app", "f4", "F4", "Theme", "Dark, light, or high contrast."),
    _one("settings", "Program", "app", "f2", "F2", "Settings", "Settings."),
    _one("help", "Program", "app", "f1,question_mark", "?", "Help", "This page.", footer=True),
    _one("back", "Program", "over", "escape,q", "esc", "Back", "Back to the board.", footer=True),
    _one("quit", "Program", "app", "ctrl+q", "^q", "Quit", "Leave; the play so far is kept."),
)  # fmt: skip


def of(screen: str) -> tuple[Action, ...]:
    """The actions of a screen: "play", "library", "model", "app", or "over" for all but play."""
    return tuple(action for action in ACTIONS if action.screen == screen)


def bindings(*screens: str) -> list[BindingType]:
    """The key bindings of these screens' actions, in the registry's order."""
    return [
        Binding(
            keys,
            call,
            action.label,
            show=action.footer,
            key_display=action.shown if action.footer else None,
            tooltip=action.help,
            id=f"{action.screen}.{call}",
        )
        for screen in screens
        for action in of(screen)
        for keys, call in action.calls.items()
    ]


def keys_markdown() -> str:
    """The tables of keys of the help page, a heading for each group."""
    parts = []
    for group in GROUPS:
        rows = [f"| `{a.shown}` | {a.label} | {a.help} |" for a in ACTIONS if a.group == group]
        parts.append("\n".join([f"## {group}", "", "| Keys | Action | |", "|---|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"
