"""How fast the exact engine and the generator are, in processor time of one core."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from solver import exact
from solver.exact.compiled import FEW, available
from solver.generator.chunks import CHUNK, Mode, make_chunk

REPEATS: Final = 3
"""Runs over a list, of which the fastest counts."""
PLAIN: Final = 50
"""Puzzles of a list that the plain engine solves."""
CHUNKS: Final = 8
"""Chunks of minimal puzzles that are timed."""
SEARCH: Final = 4
"""Chunks of hard puzzles that are timed."""

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class ListSpeed:
    """The exact engine on one list: each puzzle solved and its solution proved the only one."""

    name: str
    puzzles: int
    unique: int
    """Puzzles with exactly one solution."""
    rate: float
    """Puzzles a second, batch form (compiled where numba is installed)."""
    guesses: float
    """Guesses a puzzle, on average."""
    no_guess: float
    """The share of the puzzles that need none."""
    rating_rate: float
    """Puzzles rated a second, three searches each."""
    plain_slowest: float
    """Seconds for the slowest of the first `PLAIN` puzzles in plain Python."""


@dataclass(frozen=True, slots=True)
class GenerateSpeed:
    """The generator: puzzles a second, each solved and rated."""

    minimal: float
    hard_20: float
    """Searched for; those that need at least 20 guesses."""
    hard_100: float
    """Of these, those that need at least 100."""
    extreme_100: float
    """Searched for longer; those that need at least 100."""


def timed(run: Callable[[], _Result]) -> tuple[_Result, float]:
    """What `run` returns and the processor seconds that it took."""
    started = time.process_time()
    result = run()
    return result, max(time.process_time() - started, 1e-9)


def measure_list(name: str, puzzles: npt.NDArray[np.int8]) -> ListSpeed:
    """Measure the engine on puzzles, int8 [n, 81]; a short list is repeated."""
    batch = np.resize(puzzles, (max(len(puzzles), FEW + 1), 81))
    exact.solve_many(batch[: FEW + 1])
    exact.rate_many(batch[: FEW + 1])
    guesses = exact.guesses_many(puzzles)
    repeats = REPEATS if available() else 1
    seconds = min(timed(lambda: exact.solve_many(batch))[1] for _ in range(repeats))
    plain = [
        timed(lambda cells=cells: exact.count_solutions(cells))[1]  # type: ignore[misc]
        for cells in puzzles[:PLAIN]
    ]
    return ListSpeed(
        name=name,
        puzzles=len(puzzles),
        unique=int((exact.solve_many(puzzles)[1] == 1).sum()),
        rate=len(batch) / seconds,
        guesses=float(guesses.mean()),
        no_guess=float((guesses == 0).mean()),
        rating_rate=len(batch) / timed(lambda: exact.rate_many(batch))[1],
        plain_slowest=max(plain),
    )


def measure_generator(seed: int = 1) -> GenerateSpeed:
    """Measure the generator on its first chunks of a seed."""
    make_chunk(seed, "minimal", 0, 0)
    minimal = timed(lambda: [make_chunk(seed, "minimal", 0, i) for i in range(CHUNKS)])[1]
    if not available():
        return GenerateSpeed(CHUNKS * CHUNK / minimal, 0.0, 0.0, 0.0)
    make_chunk(seed, "hard", 20, 0)
    hard, seconds = _searched(seed, "hard", 20)
    extreme, extreme_seconds = _searched(seed, "extreme", 100)
    return GenerateSpeed(
        CHUNKS * CHUNK / minimal,
        float((hard >= 20).sum() / seconds),
        float((hard >= 100).sum() / seconds),
        float((extreme >= 100).sum() / extreme_seconds),
    )


def _searched(seed: int, mode: Mode, least: int) -> tuple[npt.NDArray[np.int32], float]:
    """The ratings of the first chunks that are searched for, and the seconds they took."""
    chunks, seconds = timed(lambda: [make_chunk(seed, mode, least, i) for i in range(SEARCH)])
    return np.concatenate([chunk.ratings for chunk in chunks]), seconds


def as_json(lists: list[ListSpeed], generator: GenerateSpeed | None) -> dict[str, object]:
    """The measurements for programs."""
    return {
        "compiled": available(),
        "lists": [asdict(speed) for speed in lists],
        "generate": None if generator is None else asdict(generator),
    }
