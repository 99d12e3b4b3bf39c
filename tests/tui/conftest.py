"""A tiny policy and a program around it: no file, no session, no clock; the same every time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from textual.app import App
from textual.pilot import Pilot

from solver import exact
from solver.board.grid import Grid
from solver.policy.session import ModelError, Policy
from tui.app import SudokuApp
from tui.asking import Asking
from tui.engine import Engine
from tui.game import storage
from tui.game.game import Game
from tui.settings import Settings

PASSES = 8
PUZZLE = Grid.parse(
    "4.....8.5...1....3....6........2.........745.23..497..7.9.......2.3...76..1....8."
)


class FakeSession:
    """Knows the solution, and is sure of it to a degree that depends on the cell."""

    def __init__(self, wrong: bool) -> None:
        self.wrong = wrong

    def get_providers(self) -> list[str]:
        return ["CPUExecutionProvider"]

    def get_outputs(self) -> list[Any]:
        return [SimpleNamespace(name="trace")]

    def get_overridable_initializers(self) -> list[Any]:
        return []

    def run(
        self, names: list[str], feed: dict[str, npt.NDArray[np.int64]], options: Any = None
    ) -> list[Any]:
        puzzles = feed["puzzle"]
        if names == ["trace"]:
            shares = np.linspace(0, 1, PASSES)
            return [np.stack([self.probabilities(puzzles[0], float(s)) for s in shares])]
        probabilities = np.stack([self.probabilities(puzzle) for puzzle in puzzles])
        n = len(puzzles)
        grid = probabilities.argmax(2).astype(np.int64) + 1
        counts = np.full(n, PASSES, np.int64)
        return [probabilities, grid, counts, np.zeros(n, np.int64), np.ones(n, np.bool_)]

    def probabilities(self, puzzle: npt.NDArray[np.int64], share: float = 1.0) -> Any:
        """float32 [81,9]: `share` of the way from knowing nothing to being as sure as it gets."""
        solution = exact.solve(puzzle.astype(np.int8))
        answer = np.tile(np.arange(1, 10), 9) if solution is None else solution.astype(int)
        sure = 0.3 + 0.69 * ((np.arange(81) * 37 % 81) / 80)
        answer = np.where(puzzle > 0, puzzle, answer)
        sure = np.where(puzzle > 0, 1.0, 1 / 9 + (sure - 1 / 9) * share)
        found = np.repeat(((1 - sure) / 8)[:, None], 9, axis=1)
        found[np.arange(81), answer - 1] = sure
        if self.wrong:
            blank = np.flatnonzero(puzzle == 0)
            found[blank, answer[blank] % 9] = 1.0
            found /= found.sum(1, keepdims=True)
        return found.astype(np.float32)


class FakePolicy(Policy):
    """The policy around the fake session."""

    def __init__(self, name: str = "fake.onnx", wrong: bool = False) -> None:
        metadata = {"schema": "sudoku-policy/1", "hash": "0f1e2d3c" * 8, "views": "1"}
        super().__init__(FakeSession(wrong), Path(name), metadata | {"passes": str(PASSES)}, 1)


def load_fake(path: str) -> Policy:
    """A right policy for any name; a wrong one for "wrong.onnx"; an error for "bad.onnx"."""
    if path.startswith("bad"):
        raise ModelError(f"{path}: not a usable ONNX model, or cut short")
    return FakePolicy(path or "fake.onnx", wrong=path.startswith("wrong"))


@pytest.fixture
def fake() -> Callable[[str], Policy]:
    """Loads a tiny policy by name."""
    return load_fake


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has configuration and state folders of its own."""
    for name in ("CONFIG", "STATE", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.delenv("NO_COLOR", raising=False)
    storage.problems()
    return tmp_path


@pytest.fixture
def puzzle() -> Grid:
    """A puzzle with one solution that singles don't solve."""
    return PUZZLE


@pytest.fixture
def solution(puzzle: Grid) -> Grid:
    """The solution of `puzzle`."""
    found = exact.solve(np.array(puzzle.cells, np.int8))
    assert found is not None
    return Grid(found)


@pytest.fixture
def other(solution: Grid) -> Grid:
    """The solution of another puzzle: the same with its digits renamed."""
    return Grid(tuple(digit % 9 + 1 for digit in solution))


Program = Callable[..., SudokuApp]


@pytest.fixture
def program(puzzle: Grid) -> Program:
    """Makes the program with the tiny policy."""

    def make(
        grid: Grid = puzzle,
        *,
        settings: Settings | None = None,
        load: Callable[[str], Policy] = load_fake,
        files: tuple[str, ...] = (),
        watch: bool = False,
        **options: Any,
    ) -> SudokuApp:
        game = Game.of(grid, metadata={"level": "hard"}, name="hard.sdk")
        settings = settings or Settings()
        if watch:
            settings = replace(settings, mode="watch")
        return SudokuApp(
            game, settings=settings, engine=Engine(load), files=files, clock=lambda: 0.0, **options
        )

    return make


def at_work(app: App[None]) -> bool:
    """Whether anything is being worked out."""
    return any(isinstance(screen, Asking) and screen.is_asking() for screen in app.screen_stack)


async def settle(pilot: Pilot[None]) -> None:
    """Wait until nothing is being worked out and nothing waits to be shown."""
    for _ in range(4000):
        await pilot.pause()
        if not at_work(pilot.app):
            await pilot.pause()
            return
        await pilot.pause(0.01)
    raise AssertionError("still working")


class Player:
    """A pilot who waits for every answer."""

    def __init__(self, app: SudokuApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)
        await settle(self.pilot)

    async def type(self, text: str) -> None:
        """Write in a field of a dialog, and enter it."""
        from textual.widgets import Input

        self.app.screen.query_one(Input).value = text
        await self.press("enter")

    @property
    def screen(self) -> Any:
        return self.app.screen

    @property
    def state(self) -> Any:
        """What the board's screen shows."""
        return self.app.play_screen.state

    @property
    def cursor(self) -> int:
        return int(self.state.cursor)

    @cursor.setter
    def cursor(self, cell: int) -> None:
        self.app.play_screen.update(cursor=cell)

    @property
    def position(self) -> Any:
        return self.app.play_screen.position

    @property
    def status(self) -> str:
        """The status line of the screen on top."""
        from tui.widgets.lines import StatusLine

        return self.app.screen.query_one(StatusLine).text


Playing = Callable[..., AbstractAsyncContextManager[Player]]


@pytest.fixture
def playing(program: Program) -> Playing:
    """Runs the program: `async with playing() as player`."""

    @asynccontextmanager
    async def run(
        *arguments: Any, size: tuple[int, int] = (80, 24), **options: Any
    ) -> AsyncIterator[Player]:
        app = program(*arguments, **options)
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            yield Player(app, pilot)

    return run
