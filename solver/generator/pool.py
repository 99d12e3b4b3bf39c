"""Pools of puzzles that are bred: deep ones, and ones around a planted tridagon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from solver.exact.compiled import compiled
from solver.exact.depth import depths
from solver.generator.breed import HABITS, SEEN, Terms, breed
from solver.generator.tridagon import plant_many

if TYPE_CHECKING:
    from solver.generator.chunks import Bench

ROOM: Final = 4096
"""Puzzles kept of a pool at most."""
TRIES: Final = 20
"""Puzzles carved around one place of a tridagon."""


class Plan(NamedTuple):
    """How a pool is bred."""

    starts: int
    """Puzzles of which the deepest make the pool."""
    size: int
    """Puzzles in the pool."""
    terms: Terms
    """What its children are bred for."""


PLANS: Final = {
    "deep": Plan(3000, 200, Terms(400_000, 20, 400, 30, 640)),
    "tridagon": Plan(2000, 150, Terms(160_000, 15, 250, 30, 700)),
}
"""The plan of each mode that breeds. The hardest puzzles known score 680 to 850, those of T&E(3)
1,000 and more."""


_plant = compiled(plant_many)
_breed = compiled(breed)


def bred(bench: Bench, mode: str, plan: Plan) -> npt.NDArray[np.int64]:
    """What a pool brings of puzzles, int64 [k, 81]."""
    plants = bench.boards(plan.starts if mode == "tridagon" else 0)
    if mode == "tridagon":
        puzzles = bench.boards(plan.starts)
        _plant(bench.words, puzzles, plants, bench.trial, TRIES, bench.work)
    else:
        puzzles = _searched(bench, plan.starts)
    deep = depths(puzzles)
    chosen = np.argsort(-deep, kind="stable")[: plan.size].tolist()
    pool = [puzzles[i] for i in chosen]
    marks = [plants[i] for i in chosen] if mode == "tridagon" else []
    scores = bench.as_room(deep[chosen].tolist())
    stock = bench.as_boards(pool), scores, bench.as_boards(marks)
    kept, seen = bench.boards(ROOM), bench.room(SEEN)

    number = _breed(
        bench.words,
        *stock,
        kept,
        seen,
        bench.trial,
        bench.work,
        bench.as_room(list(HABITS)),
        bench.as_room(list(plan.terms)),
    )
    return np.asarray(kept, dtype=np.int64)[:number]


def _searched(bench: Bench, number: int) -> Any:
    """So many puzzles of the hard mode's search, or a few more."""
    parts: list[npt.NDArray[np.int64]] = []
    while sum(map(len, parts)) < number:
        parts.append(bench.search("hard", 0))
    return bench.as_boards(np.concatenate(parts).tolist())
