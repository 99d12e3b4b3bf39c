"""Pools of puzzles that are bred: deep ones, and ones around a planted tridagon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

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
    """Puzzles with a planted tridagon, of which the deepest make the pool."""
    size: int
    """Puzzles in the pool."""
    kept: bool
    """Whether children must show the tridagon of their parent."""
    weights: tuple[int, ...]
    """Hundredths of what nested trials leave that count beside the depth; pools take turns."""
    terms: Terms
    """What its children are bred for."""


PLANS: Final = {
    "deep": Plan(2000, 200, False, (5, 10, 20, 40), Terms(320_000, 20, 250, 30, 560)),
    "tridagon": Plan(2000, 150, True, (100,), Terms(160_000, 15, 250, 30, 700)),
}
"""The plan of each mode that breeds."""


_plant = compiled(plant_many)
_breed = compiled(breed)


def bred(bench: Bench, plan: Plan, number: int) -> npt.NDArray[np.int64]:
    """What pool `number` brings of puzzles, int64 [k, 81].

    All pools begin around tridagons, where depth is soon found; most puzzles of a pool that need
    not keep them lose them on the way.
    """
    puzzles, plants = bench.boards(plan.starts), bench.boards(plan.starts)
    _plant(bench.words, puzzles, plants, bench.trial, TRIES, bench.work)
    deep = depths(puzzles)
    chosen = np.argsort(-deep, kind="stable")[: plan.size].tolist()
    weight = plan.weights[number % len(plan.weights)]
    kept = bench.boards(ROOM)
    number = _breed(
        bench.words,
        bench.as_boards([puzzles[i] for i in chosen]),
        bench.as_room(deep[chosen].tolist()),
        bench.as_boards([plants[i] for i in chosen if plan.kept]),
        kept,
        bench.room(SEEN),
        bench.trial,
        bench.work,
        bench.as_room(list(HABITS)),
        bench.as_room(list(plan.terms._replace(weight=weight))),
    )
    return np.asarray(kept, dtype=np.int64)[:number]
