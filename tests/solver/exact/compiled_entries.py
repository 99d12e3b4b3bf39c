"""Fill the cache of compiled functions from several processes, then compare with the plain engine.

Run as a program by `test_compiled_cache`, with an empty cache: each entry point is compiled in a
process of its own. Then new processes load them from the cache: all in one order and all in the
reverse, between which every pair meets both ways; with `--pairs` each ordered pair by itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from itertools import permutations
from typing import Any, Final

import numba  # noqa: F401  (imported once, before any fork)
import numpy as np
import numpy.typing as npt

from solver.exact import canonical, compiled, depth, engine, rating
from solver.generator import chunks, climb
from solver.generator.bench import Bench
from solver.generator.ordered import search as order

PUZZLES: Final = np.array(
    [
        [int(digit) for digit in line]
        for line in (
            "000000012000000003002300400001800005060070800000009000008500000900040500470006000",
            "100007090030020008009600500005300900010080002600004000300000010040000007007000300",
            "530070000600195000098000060800060003400803001700020006060000280000419005000080079",
            "000000000000003085001020000000507000004000100090000000500000073002010000000040009",
        )
    ],
    dtype=np.int8,
)
WEIGHTS: Final = np.random.default_rng(1).random((len(PUZZLES), 81, 9))


def _random(mode: str) -> npt.NDArray[np.int64]:
    return chunks.random_puzzles(Bench([3, 4]), mode)  # type: ignore[arg-type]


def _climb() -> npt.NDArray[np.int64]:
    room = Bench([5, 6])
    puzzle = room.boards(1)[0]
    puzzle[:] = PUZZLES[2] if room.compiled else PUZZLES[2].tolist()
    rated, kept = climb.chain(room, puzzle, 0, 2, chunks.HABITS["hard"]._replace(solutions=4), 0)
    return np.append(kept.ravel(), rated)


def _order() -> npt.NDArray[np.int8]:
    tried = order.try_chunk(7, order.Order("medium", symmetry="mirror"), 9, 0)
    return np.frombuffer(b"".join((*tried.puzzles, tried.nearest[1])), np.int8)


ENTRIES: Final[dict[str, Callable[[], Any]]] = {
    "solve": lambda: np.concatenate([part.ravel() for part in engine.solve_many(PUZZLES)]),
    "search": lambda: np.concatenate(
        [part.ravel() for part in engine.search_many(PUZZLES, WEIGHTS)]
    ),
    "rate": lambda: rating.rate_many(PUZZLES),
    "depth": lambda: depth.depths(PUZZLES),
    "canonical": lambda: canonical.canonical_many(PUZZLES[:2]),
    "minimal": lambda: _random("minimal"),
    "mixed": lambda: _random("mixed"),
    "climb": _climb,
    "order": _order,
}


def plain() -> dict[str, Any]:
    """What each entry point gives without numba."""
    before = compiled.available
    compiled.available = lambda: False  # type: ignore[assignment]
    try:
        return {name: entry() for name, entry in ENTRIES.items()}
    finally:
        compiled.available = before


def in_a_new_process(names: tuple[str, ...], expected: dict[str, Any]) -> bool:
    """Whether the entry points, called in this order in a new process, give what is expected."""
    child = os.fork()
    if child == 0:
        try:
            right = all(np.array_equal(ENTRIES[name](), expected[name]) for name in names)
        except BaseException as error:
            print(f"{names}: {error!r}", file=sys.stderr)
            right = False
        os._exit(0 if right else 1)
    return os.waitpid(child, 0)[1] == 0


def main() -> None:
    chunks.CHUNK = order.RANDOM = 2  # type: ignore[misc]
    compiled.FEW = 0  # type: ignore[misc]
    order.CHUNK = 6  # type: ignore[misc]
    expected = plain()
    alone = [(name,) for name in ENTRIES]
    every = tuple(ENTRIES)
    orders = list(permutations(every, 2)) if "--pairs" in sys.argv else [every, every[::-1]]
    wrong = [names for names in (*alone, *orders) if not in_a_new_process(names, expected)]
    if wrong:
        sys.exit(f"other answers than the plain engine's: {wrong}")
    print(f"{len(alone)} compiled, {len(orders)} orders right")


if __name__ == "__main__":
    main()
