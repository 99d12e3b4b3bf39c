"""A command's output in a terminal, as a moving SVG without scripts.

The command runs in a pseudo-terminal. A frame ends where the cursor goes up to draw over what is
there, so the picture is the same however fast the machine is. Frames stand one below another in
the file, and one CSS animation shows them in turn; with reduced motion, only the last one is shown.
"""

from __future__ import annotations

import re
from html import escape
from itertools import groupby
from typing import Final

from rich.style import Style
from rich.text import Text

UP: Final = re.compile(r"\x1b\[(\d+)A")
COLORS: Final = (
    "#20242c",
    "#ff7b72",
    "#7ee787",
    "#e3b341",
    "#79c0ff",
    "#d2a8ff",
    "#76e3ea",
    "#d0d7de",
)
"""The eight ANSI colours, by number."""
INK, FAINT, BRIGHT, PAPER = "#c9d1d9", "#6e7681", "#ffffff", "#0d1117"
CELL: Final = (8.4, 18.0)
"""Width and height of a character, in pixels."""
EDGE: Final = 16.0
BAR: Final = 32.0
"""Height of the window's title bar, in pixels."""

Screen = tuple[str, ...]
"""The rows of a screen, with their ANSI colours."""


def run(command: list[str], columns: int, rows: int) -> str:
    """What `command` writes to a terminal of that size. Raises `RuntimeError` when it fails."""
    import pexpect

    child = pexpect.spawn(command[0], command[1:], dimensions=(rows, columns), encoding="utf-8")
    child.expect(pexpect.EOF, timeout=120)
    child.close()
    if child.exitstatus:
        raise RuntimeError(f"{' '.join(command)} left with {child.exitstatus}: {child.before}")
    return str(child.before).replace("\r\n", "\n")


def screens(output: str, prompt: str, rows: int) -> list[Screen]:
    """The last `rows` rows of the terminal after each frame of `output`, the prompt first."""
    held, found, end = [prompt, ""], [], 0
    row = 1
    for cut in [*UP.finditer(output), None]:
        for number, line in enumerate(output[end : cut.start() if cut else None].split("\n")):
            row += number > 0
            held.extend([""] * (row + 1 - len(held)))
            held[row] = line or held[row]
        found.append(tuple(held[-rows:]))
        if cut:
            row, end = row - int(cut[1]), cut.end()
    return [(prompt,), *found]


def thin(frames: list[Screen], most: int) -> list[Screen]:
    """At most about `most` of the frames, evenly taken; the first and the last two stay."""
    step = max(1, -(-len(frames) // most))
    return [f for i, f in enumerate(frames) if i % step == 0 or i >= len(frames) - 2]


def _look(style: Style) -> str:
    """The SVG attributes of a rich style."""
    number = style.color.number if style.color else None
    ink = INK if number is None else COLORS[number % 8]
    if style.dim:
        ink = FAINT
    elif style.bold and not style.color:
        ink = BRIGHT
    weight = ' font-weight="bold"' if style.bold else ""
    return f' fill="{ink}"{weight}'


def _row(line: str) -> str:
    """A row as SVG text spans; blanks only move the next span to the right."""
    text = Text.from_ansi(line)
    looks = [_look(text.get_style_at_offset(_NO_CONSOLE, i)) for i in range(len(text))]
    spans = []
    for look, cells in groupby(enumerate(text.plain), key=lambda cell: looks[cell[0]]):
        run_ = list(cells)
        word = "".join(c for _, c in run_)
        if word.strip():
            at = run_[0][0] + len(word) - len(word.lstrip())
            spans.append(f'<tspan x="{at * CELL[0]:g}"{look}>{escape(word.strip())}</tspan>')
    return "".join(spans)


class _Console:
    """What `Text.get_style_at_offset` asks a console for: styles by themselves."""

    def get_style(self, style: str | Style, *, default: str | Style | None = None) -> Style:
        """`style` as a value."""
        return style if isinstance(style, Style) else Style.parse(str(style or default or ""))


_NO_CONSOLE: Final = _Console()


def draw(frames: list[Screen], title: str, size: tuple[int, int], pause: float, last: float) -> str:
    """The moving picture: `pause` seconds a frame, the first for one second, `last` at the end."""
    columns, rows = size
    width, height = columns * CELL[0] + 2 * EDGE, rows * CELL[1] + BAR + EDGE
    tall = rows * CELL[1]
    names: dict[str, str] = {}
    pages = []
    for number, frame in enumerate(frames):
        for row, line in enumerate(frame):
            spans = _row(line)
            if spans:
                name = names.setdefault(spans, f"r{len(names)}")
                pages.append(f'<use href="#{name}" y="{number * tall + (row + 1) * CELL[1]:g}"/>')
    times = [1.0, *[pause] * (len(frames) - 2), last]
    marks, spent = [], 0.0
    for number, time in enumerate(times):
        marks.append(
            f"{100 * spent / sum(times):.2f}%{{transform:translateY({-number * tall:g}px)}}"
        )
        spent += time
    end = (len(frames) - 1) * tall
    rolled = "".join(f'<text id="{name}">{spans}</text>' for spans, name in names.items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" role="img" aria-label="{escape(title)}">'
        "<style>text{font:14px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;"
        "white-space:pre}"
        f".roll{{transform:translateY({-end:g}px);"
        f"animation:roll {sum(times):.2f}s step-end infinite}}"
        f"@keyframes roll{{{''.join(marks)}}}"
        "@media (prefers-reduced-motion:reduce){.roll{animation:none}}</style>"
        f'<defs>{rolled}</defs><rect width="100%" height="100%" rx="8" fill="{PAPER}"/>'
        + "".join(
            f'<circle cx="{20 + 20 * i}" cy="17" r="6" fill="{c}"/>'
            for i, c in enumerate(("#ff5f57", "#febc2e", "#28c840"))
        )
        + f'<text x="{width / 2:g}" y="21" text-anchor="middle" fill="{FAINT}">'
        f"{escape(title)}</text>"
        f'<svg x="{EDGE}" y="{BAR}" width="{width - 2 * EDGE:g}" height="{tall + 6:g}">'
        f'<g class="roll">{"".join(pages)}</g></svg></svg>\n'
    )
