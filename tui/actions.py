"""The one registry of actions: it feeds the key bindings, the footer, the palette and the help.

A screen takes its bindings from `bindings(screen)`. On the board, the call `move(-1,0)` becomes
`do('move',-1,0)`: the screen looks at the action before one of its controllers does it. Other
screens and the app have a method `action_…` for each call, as Textual does it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from textual.binding import Binding, BindingType

GROUPS: Final = (
    "Move", "Enter", "Help", "Policy", "Puzzle", "Library", "Model", "Program",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person can do.

    `calls` maps keys (several, with commas between) to the call that each runs. `label` is the
    footer's word and `shown` the keys as people write them; `help` is one sentence. `watch` says
    that it needs the Watch mode, `keeps_playing` that steps being played go on meanwhile.
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
    watch: bool = False
    keeps_playing: bool = False

    @property
    def call(self) -> str:
        """What the command palette runs: the first call."""
        return run_by(self, next(iter(self.calls.values())))


def run_by(action: Action, call: str) -> str:
    """The call as the screen of the action runs it."""
    if action.screen != "play":
        return call
    name, _, arguments = call.partition("(")
    return f"do({', '.join([repr(name), *filter(None, [arguments.rstrip(')')])])})"


def _one(
    name: str, group: str, screen: str, keys: str, shown: str, label: str, help: str,
    *, footer: bool = False, watch: bool = False, keeps_playing: bool = False,
) -> Action:  # fmt: skip
    """An action with one call, which is its name."""
    return Action(name, group, screen, label, help, {keys: name}, shown, footer,
                  watch=watch, keeps_playing=keeps_playing)  # fmt: skip


_MOVES: Final = {
    "up,k": "move(-1,0)",
    "down,j": "move(1,0)",
    "left,h": "move(0,-1)",
    "right,l": "move(0,1)",
}
_BOX_MOVES: Final = {
    "K,shift+up,ctrl+up": "move(-3,0)",
    "J,shift+down,ctrl+down": "move(3,0)",
    "H,shift+left,ctrl+left": "move(0,-3)",
    "L,shift+right,ctrl+right": "move(0,3)",
}
_ENDS: Final = {
    "home": "move_to(None,0)", "end": "move_to(None,8)",
    "ctrl+home": "move_to(0,0)", "ctrl+end": "move_to(8,8)",
}  # fmt: skip
_SHIFTED: Final = (
    "exclamation_mark", "at", "number_sign", "dollar_sign", "percent_sign",
    "circumflex_accent", "ampersand", "asterisk", "left_parenthesis",
)  # fmt: skip
"""The keys 1 to 9 with shift, on most keyboards."""
_ALTED: Final = (
    "inverted_exclamation_mark", "trade_mark_sign", "pound_sign", "cent_sign", "infinity",
    "section_sign", "pilcrow_sign", "bullet", "ª",
)  # fmt: skip
"""What Textual takes 1 to 9 with alt for, where a terminal sends an escape before the digit."""
DIGITS: Final = {str(digit): f"digit({digit})" for digit in range(1, 10)}
MARKS: Final = {
    f"alt+{digit},{shifted},{alted}": f"mark({digit})"
    for digit, (shifted, alted) in enumerate(zip(_SHIFTED, _ALTED, strict=True), 1)
}
_PASSES: Final = {"[": "pass_by(-1)", "]": "pass_by(1)", "{": "pass_to(0)", "}": "pass_to(-1)"}
_SPEEDS: Final = {"+,=": "speed(1)", "-": "speed(-1)"}

ACTIONS: Final[tuple[Action, ...]] = (
    Action("move", "Move", "play", "Move", "By a cell; the mouse goes straight there.",
           _MOVES, "↑ ↓ ← → or k j h l", palette=False),
    Action("move_box", "Move", "play", "Move by box", "Three cells on.",
           _BOX_MOVES, "⇧ + arrow, or K J H L", palette=False),
    Action("move_to", "Move", "play", "Go to the end", "To the row's ends; with ctrl, to the "
           "first and last cell.", _ENDS, "Home End", palette=False),
    Action("digit", "Enter", "play", "Enter", "Write a digit, or mark it in pencil mode.",
           DIGITS, "1 … 9", palette=False),
    Action("mark", "Enter", "play", "Mark", "Mark a digit whatever the mode (alt always works, "
           "shift on most keyboards).", MARKS, "alt or ⇧ with 1 … 9", palette=False),
    _one("clear", "Enter", "play", "0,backspace,delete", "0 or ⌫", "Clear",
         "Clear the cell: its digit, or its pencil marks."),
    _one("pencil", "Enter", "play", "space,p", "space", "Pencil",
         "Pencil mode: digits become marks.", footer=True),
    _one("fill_marks", "Enter", "play", "P", "P", "Fill marks",
         "Mark every candidate in the blank cells that have no marks."),
    _one("auto_marks", "Enter", "play", "f6", "F6", "Automatic marks",
         "Show every candidate that you have not rubbed out, or your own marks."),
    _one("clear_marks", "Enter", "play", "ctrl+e", "^e", "Clear marks",
         "Rub out all pencil marks."),
    _one("undo", "Enter", "play", "u,ctrl+z", "u", "Undo",
         "Take back the last change and go to its cell.", footer=True),
    _one("redo", "Enter", "play", "r,ctrl+y", "r", "Redo", "Make again what was taken back."),
    _one("restart", "Enter", "play", "ctrl+r", "^r", "Restart",
         "Clear all but the givens (undo brings it back)."),
    _one("checkpoint", "Enter", "play", "full_stop", ".", "Checkpoint",
         "Remember this position, to try something."),
    _one("to_checkpoint", "Enter", "play", "comma", ",", "Back to checkpoint",
         "Go back to the position remembered last."),
    _one("hint", "Help", "play", "t", "t", "Hint",
         "A hint: where to look; again for the pattern, for what follows, and to write it.",
         footer=True),
    _one("leave", "Program", "play", "q", "q", "Quit", "Leave; the play so far is kept.",
         footer=True),  # here, so that a narrow footer has it
    Action("read_on", "Help", "play", "Read on", "The rest of a hint or message that is cut.",
           {"pagedown": "read_on(1)", "pageup": "read_on(-1)"}, "PgDn PgUp", palette=False),
    _one("apply", "Help", "play", "a", "a", "Apply",
         "Rub out the marks that the hint rules out, without writing its digit."),
    _one("check", "Help", "play", "x", "x", "Check",
         "Does what stands here lead to one solution, to none, or to several?"),
    _one("last_right", "Help", "play", "X", "X", "Last right position",
         "Go back to the last position without a wrong digit."),
    _one("pause", "Help", "play", "z", "z", "Pause", "Stop the clock and hide the board."),
    _one("cancel", "Help", "play", "escape", "esc", "To the board",
         "Back to the board: stop what is being worked out or played; put a hint away."),
    _one("watch", "Policy", "play", "W,i", "W", "Watch",
         "Show the policy at work beside the board (spoils the puzzle), or hide it again.",
         footer=True),
    _one("play", "Policy", "play", "enter", "⏎", "Play",
         "In Watch: play the policy's steps from here, or pause; any other key pauses too.",
         footer=True, watch=True, keeps_playing=True),
    _one("pause_steps", "Policy", "play", "enter", "⏎", "Pause",
         "Halt the steps that are being played.", footer=True, watch=True, keeps_playing=True),
    _one("next_step", "Policy", "play", "n", "n", "Step", "In Watch: one step forward.",
         footer=True, watch=True),
    _one("previous_step", "Policy", "play", "b", "b", "Step back", "In Watch: one step back.",
         watch=True),
    _one("solve", "Policy", "play", "S", "S", "Solve", "Solve the whole puzzle at once (spoils)."),
    _one("jump", "Policy", "play", "g", "g", "Jump to step",
         "In Watch: jump to a step by its number; in the list, ⏎ or a click does it.", watch=True),
    Action("speed", "Policy", "play", "Faster, slower", "In Watch: play faster or slower.",
           _SPEEDS, "+ −", palette=False, watch=True, keeps_playing=True),
    _one("confidence", "Policy", "play", "c", "c", "Heat",
         "In Watch: what the policy would enter in each blank cell, and how sure it is.",
         footer=True, watch=True),
    Action("passes", "Policy", "play", "Passes",
           "In Watch: one pass of the policy back or on; to the first or last.",
           _PASSES, "[ ] { }", palette=False, watch=True),
    _one("settle", "Policy", "play", "v", "v", "Watch it settle",
         "In Watch: run through the passes from the first to the last.", watch=True),
    _one("next_puzzle", "Puzzle", "play", "N", "N", "Next puzzle",
         "Play another puzzle of this level."),
    _one("daily", "Puzzle", "play", "d", "d", "Daily puzzle",
         "Play the puzzle of the day, which is the same everywhere."),
    _one("generate", "Puzzle", "play", "e", "e", "New puzzle", "Make a new puzzle at a level."),
    _one("open", "Puzzle", "play", "ctrl+o", "^o", "Open file", "Open a file of puzzles."),
    _one("save", "Puzzle", "play", "ctrl+s", "^s", "Save", "Save as .sdk, with the play so far."),
    _one("copy", "Puzzle", "play", "y", "y", "Copy", "Copy the grid as 81 characters."),
    _one("paste", "Puzzle", "play", "ctrl+v", "^v", "Paste",
         "Open what was pasted: 81 characters, or a whole file of any known format."),
    _one("statistics", "Puzzle", "play", "s", "s", "Statistics",
         "Games finished, best times and days in a row, by level."),
    _one("library", "Library", "play", "o", "o", "Library", "Choose from the puzzles.",
         footer=True),
    _one("filter", "Library", "library", "slash", "/", "Filter",
         "Show only puzzles whose name, level or state has these words.", footer=True),
    _one("sort", "Library", "library", "s", "s", "Sort", "Sort by the next column.", footer=True),
    _one("reverse", "Library", "library", "r", "r", "Reverse", "Turn the order round.",
         footer=True),
    _one("folder", "Library", "library", "f", "f", "Folder", "List another folder.", footer=True),
    _one("try_policy", "Library", "library", "a", "a", "Try policy",
         "Run the policy on every puzzle listed; esc stops it.", footer=True),
    _one("new_puzzle", "Library", "library", "e", "e", "New",
         "Make a new puzzle at a level.", footer=True),
    _one("daily_puzzle", "Library", "library", "d", "d", "Daily", "Play the puzzle of the day.",
         footer=True),
    _one("model", "Model", "play", "m", "m", "Model", "Which policy plays, and how fast."),
    _one("open_model", "Model", "model", "o", "o", "Open another", "Open another policy.",
         footer=True),
    _one("shipped_model", "Model", "model", "d", "d", "Shipped one",
         "Go back to the shipped policy.", footer=True),
    _one("compare", "Model", "model", "c", "c", "Compare",
         "Compare with a second policy, side by side on the same puzzle.", footer=True),
    Action("compare_pass", "Model", "model", "Passes",
           "One pass of both policies back or on; to the first or last.",
           {"[,left": "compare_pass(-1)", "],right": "compare_pass(1)",
            "{,home": "compare_pass(-1000000)", "},end": "compare_pass(1000000)"},
           "[ ] { } or ← → Home End", palette=False),
    _one("compare_settle", "Model", "model", "v", "v", "Settle",
         "Run through the passes of both policies, from the first to the last.", footer=True),
    _one("theme", "Program", "app", "f4", "F4", "Theme", "Dark, light, or high contrast."),
    _one("settings", "Program", "app", "f2", "F2", "Settings", "Settings, own keys among them."),
    _one("help", "Program", "app", "f1,question_mark", "?", "Keys",
         "This page, or away with it.", footer=True),
    _one("back", "Program", "over", "escape,q", "esc", "Back", "Back to the board.", footer=True),
    _one("quit", "Program", "app", "ctrl+q", "^q", "Quit", "Leave from anywhere."),
)  # fmt: skip

BY_NAME: Final = {action.name: action for action in ACTIONS}
BY_CALL: Final = {
    call.partition("(")[0]: action for action in ACTIONS for call in action.calls.values()
}
_own_keys: dict[str, str] = {}


def of(screen: str) -> tuple[Action, ...]:
    """The actions of a screen: "play", "library", "model", "app", or "over" for all but play."""
    return tuple(action for action in ACTIONS if action.screen == screen)


def bindings(*screens: str) -> list[BindingType]:
    """The key bindings of these screens' actions, in the registry's order."""
    return [
        Binding(
            keys,
            run_by(action, call),
            action.label,
            show=action.footer,
            key_display=action.shown if action.footer else None,
            tooltip=action.help,
            id=_id(action, call),
        )
        for screen in screens
        for action in of(screen)
        for keys, call in action.calls.items()
    ]


def _id(action: Action, call: str) -> str:
    return action.name if len(action.calls) == 1 else f"{action.screen}.{call}"


# ---- own keys --------------------------------------------------------------------------------


def use_keys(own: Mapping[str, str]) -> None:
    """Show these own keys in help and panels from now on."""
    _own_keys.clear()
    _own_keys.update(own)


def keys_of(name: str) -> str:
    """The keys of an action as people write them."""
    return _own_keys.get(name) or BY_NAME[name].shown
