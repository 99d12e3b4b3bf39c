"""The card at the end of a game, and the statistics."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from solver.board.words import inert
from tui.game.game import Game
from tui.game.making import LEVELS_TEXT
from tui.game.state import clock
from tui.game.statistics import by_level, days_in_a_row, finished


class SolvedScreen(ModalScreen[str | None]):
    """How the game went; dismissed with "next" or "library", or None for the board."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,N", "answer('next')", "Next"),
        Binding("o", "answer('library')", "Library"),
        Binding("escape,q", "answer('')", "Board"),
    ]

    def __init__(self, game: Game) -> None:
        super().__init__()
        self._game = game

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog card") as dialog:
            dialog.border_title = "Solved"
            level = self._game.level or "easy"
            keys = f"⏎   the next {level} puzzle\no   the library\nesc the board"
            yield Static(f"{solved_text(self._game)}\n\n{keys}", markup=False)

    def action_answer(self, answer: str) -> None:
        self.dismiss(answer or None)


def solved_text(game: Game) -> str:
    """How a game went."""
    games = finished()
    level = game.level or "unknown"
    times = [each.seconds for each in games if each.level == level]
    helped = [
        f"{count} {name}{'s' * (count != 1)}"
        for count, name in ((game.hints, "hint"), (game.checks, "check"))
        if count
    ]
    best = min(times, default=int(game.seconds))
    record = " – your best" if len(times) > 1 and int(game.seconds) <= best else ""
    lines = {
        "Puzzle": inert(f"{game.name} ({level})"),
        "Time": clock(game.seconds) + record,
        "Best": clock(best),
        "Help": ", ".join(helped) or "none",
        "Solved": f"{len(times)} {level}, {len(games)} in all",
        "In a row": plural_days(days_in_a_row(games)),
    }
    return "\n".join(f"{name:<10}{value}" for name, value in lines.items())


def plural_days(days: int) -> str:
    """A number of days, in words."""
    return f"{days} {'day' if days == 1 else 'days'}"


class StatisticsScreen(ModalScreen[None]):
    """Games finished, by level."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,s,enter", "dismiss", "Back")]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Statistics"
            dialog.border_subtitle = "esc back"
            yield Static(statistics_text(), markup=False)


def statistics_text() -> str:
    """The table of games finished."""
    games = finished()
    if not games:
        return "No game finished yet. Those that you solve without the policy's steps count."
    lines = [f"{'Level':<12}{'Solved':>7}{'Unaided':>9}{'Best':>9}{'Mean':>9}"]
    for row in by_level(games, list(LEVELS_TEXT)):
        lines.append(
            f"{inert(row.level)[:11]:<12}{row.solved:>7}{row.unaided:>9}"
            f"{clock(row.best):>9}{clock(row.mean):>9}"
        )
    daily = sum(game.daily for game in games)
    lines += ["", f"Days in a row: {days_in_a_row(games)}. Puzzles of the day: {daily}."]
    return "\n".join(lines)
