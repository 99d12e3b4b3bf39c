"""The diagrams of the architecture page: rows of boxes with arrows down, drawn as SVG.

The picture of the layers is read from the import rules in pyproject.toml, so it can't be wrong.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
WIDTH: Final = 760.0
GAP: Final = 14.0
LINE: Final = 17.0
ARROW: Final = 26.0

LOOK: Final = """<style>
text{font:13px system-ui,sans-serif;fill:#1f2937}.t{font-weight:600}.s{fill:#4b5563;font-size:12px}
rect{fill:#eef2ff;stroke:#6366f1}path{stroke:#6366f1;fill:none;stroke-width:1.5}.h{fill:#6366f1}
@media(prefers-color-scheme:dark){text{fill:#e5e7eb}.s{fill:#9ca3af}rect{fill:#1e1b4b}}
</style>"""

ABOUT: Final = {
    "cli": "one file a command",
    "bulk": "files of any size, resumed",
    "render": "text, SVG, HTML, Markdown",
    "solving": "answers, checked",
    "policy": "the ONNX session",
    "logic": "reasons and hints",
    "generator": "puzzles to order",
    "exact": "engine, rating, depth",
    "formats": "a file a format",
    "board": "grid, rules, symmetry",
    "commands": "train, evaluate, …",
    "loop": "the training loop",
    "measure": "metrics, reports",
    "network": "the policy in torch",
    "optim": "optimizers, EMA",
    "data": "puzzles to batches",
    "recipe": "settings of a run",
    "machine": "device, memory",
    "export": "checkpoint to ONNX",
    "tui": "the interface",
}


@dataclass(frozen=True)
class Box:
    """A box: its title, and lines of what it is."""

    title: str
    about: Sequence[str] = ()

    @property
    def height(self) -> float:
        """In pixels."""
        return LINE * (1 + len(self.about)) + 14


Row = Sequence[Box]


def column(
    rows: Sequence[Row], x: float, wide: float, between: float, arrows: bool
) -> tuple[str, float]:
    """Rows of boxes below one another, and how tall they are together, in pixels."""
    parts, y = [], 4.0
    for number, row in enumerate(rows):
        each = (wide - GAP * (len(row) - 1)) / len(row)
        tall = max(box.height for box in row)
        for place, box in enumerate(row):
            parts.append(_box(box, x + place * (each + GAP), y, each, tall))
        y += tall
        if number < len(rows) - 1:
            if arrows:
                parts.append(_arrow(x + wide / 2, y, between))
            y += between
    return "".join(parts), y + 4


def picture(title: str, parts: str, tall: float) -> str:
    """The SVG around what is drawn."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {tall:g}" '
        f'width="{WIDTH:g}" height="{tall:g}" role="img" aria-label="{escape(title)}">'
        f"{LOOK}{parts}</svg>\n"
    )


def draw(title: str, rows: Sequence[Row]) -> str:
    """The diagram of a flow: a row below another, with an arrow from each row to the next."""
    return picture(title, *column(rows, 4, WIDTH - 8, ARROW, arrows=True))


def _box(box: Box, x: float, y: float, wide: float, tall: float) -> str:
    middle, top = x + wide / 2, y + (tall - LINE * (1 + len(box.about))) / 2
    lines = [(box.title, "t"), *((line, "s") for line in box.about)]
    texts = "".join(
        f'<text class="{kind}" x="{middle:g}" y="{top + LINE * (i + 0.8):g}" '
        f'text-anchor="middle">{escape(line)}</text>'
        for i, (line, kind) in enumerate(lines)
    )
    return f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{tall:g}" rx="6"/>{texts}'


def _arrow(x: float, y: float, tall: float) -> str:
    return (
        f'<path d="M{x:g} {y + 3:g}v{tall - 11:g}"/>'
        f'<path class="h" d="M{x - 4:g} {y + tall - 9:g}h8l-4 6z"/>'
    )


def layers_of(package: str) -> list[list[str]]:
    """The layers of a package, the highest first, from the import rules."""
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for contract in rules["tool"]["importlinter"]["contracts"]:
        if contract["type"] == "layers" and contract.get("containers") == [package]:
            return [
                [name.strip("() ") for name in layer.replace(":", "|").split("|")]
                for layer in contract["layers"]
            ]
    raise ValueError(f"no import rule tells the layers of {package}")


def layers() -> str:
    """Every package, on the layer that the import rules give it: a box imports those below it."""

    def boxes(package: str, above: str) -> list[Row]:
        rows: list[Row] = [[Box(above, [ABOUT[above]])]]
        for number, layer in enumerate(layers_of(package)):
            prefix = f"{package}." if number == 0 else ""
            rows.append([Box(prefix + name, [ABOUT.get(name, "")]) for name in layer])
        return rows

    left, right = boxes("training", "export"), boxes("solver", "tui")
    narrow, x = 230.0, 290.0
    first, tall = column(left, 4, narrow, 10, arrows=False)
    second, other = column(right, x, WIDTH - x - 4, 10, arrows=False)
    middle = f'<path d="M{narrow + 12:g} 110h{x - narrow - 30:g}"/>' + (
        f'<path class="h" d="M{x - 18:g} 106v8l8 -4z"/>'
    )
    word = f'<text class="s" x="{(narrow + x) / 2:g}" y="100" text-anchor="middle">imports</text>'
    return picture("The layers", first + second + middle + word, max(tall, other))


def solve() -> str:
    """From a file to a checked answer with reasons."""
    return draw(
        "How a puzzle is solved",
        [
            [Box("a file, stdin or 81 characters")],
            [Box("solver.formats", ["finds the format, reads records"])],
            [
                Box("solver.exact", ["counts the solutions: none, one, several"]),
                Box("solver.policy", ["passes until the grid keeps the rules,", "else next view"]),
            ],
            [
                Box(
                    "solver.solving",
                    ["the policy's grid where it is right, else a search led by its probabilities"],
                )
            ],
            [Box("solver.logic", ["orders the steps and finds the reason of each"])],
            [
                Box("solver.render", ["text, JSON, CSV,", "Markdown, SVG, HTML"]),
                Box("solver.bulk", ["tables of answers, resumed"]),
                Box("tui", ["the board, step by step"]),
            ],
        ],
    )


def train() -> str:
    """From nothing to a policy that ships."""
    return draw(
        "How a policy is made",
        [
            [Box("sudoku-data generate", ["solver.generator: proper puzzles, solved and rated"])],
            [Box("training.data", ["packs what solver.formats reads, draws batches"])],
            [
                Box(
                    "training.loop",
                    ["a window of passes over puzzles in slots, whose states are kept"],
                )
            ],
            [
                Box("training.network", ["the pass, its kernel, losses"]),
                Box("training.optim", ["SOAP, schedule, EMA"]),
                Box("training.measure", ["validation, report"]),
            ],
            [Box("policy_ema.pt")],
            [
                Box(
                    "sudoku-export",
                    ["one ONNX graph: passes, views, rule check; compared with torch"],
                )
            ],
            [Box("policy.onnx", ["sudoku-solve --model, sudoku-tui --model"])],
        ],
    )


def play() -> str:
    """From a key to the screen."""
    return draw(
        "How the interface works",
        [
            [Box("a key or a click")],
            [Box("tui.actions", ["one registry feeds keys, footer, palette and help"])],
            [
                Box("tui.play", ["the board's screen", "and its controllers"]),
                Box("tui.screens", ["library, model, settings,", "statistics, dialogs"]),
            ],
            [
                Box("tui.game", ["givens, entries, marks, undo;", "pure values"]),
                Box("tui.engine", ["asks solver, on a thread", "that posts its answers"]),
            ],
            [Box("one state", ["that all widgets watch"])],
            [Box("tui.widgets", ["board, steps, probabilities: drawn from the state"])],
        ],
    )


def network() -> str:
    """One pass of the policy over its state."""
    return draw(
        "One pass of the network",
        [
            [
                Box(
                    "first state",
                    ["each of 729 candidates: unknown, given, or excluded in its cell"],
                )
            ],
            [Box("x = state / its root mean square", ["a pass begins; it is repeated"])],
            [
                Box("segments", ["three cells of a line in a box,", "for each digit: 486"]),
                Box("rows, columns, boxes", ["for each digit: 243"]),
                Box("cells", ["over their digits: 81"]),
            ],
            [
                Box("gated unit", ["own x, both segments, the cell, and what is given here"]),
            ],
            [Box("state ← keep · state + what the gate lets through")],
            [Box("softmax over the nine digits of each cell")],
            [
                Box(
                    "the grid keeps the rules?",
                    ["stop; else another pass, and after the last another view"],
                )
            ],
        ],
    )
