"""Pools of puzzles that are bred from ones with a planted pattern."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from solver.exact.depth import depths
from solver.generator.bench import Bench
from solver.generator.deep.breed import HABITS, SEEN, Terms, breed
from solver.generator.deep.sectors import SIZES, plant_sets
from solver.generator.deep.tridagon import plant_many

ROOM: Final = 4096
"""Puzzles kept of a pool at most."""
TRIES: Final = {"tridagon": 20, "sectors": 5}
"""Puzzles carved around one place of a pattern."""


class Plan(NamedTuple):
    """How a pool is bred."""

    pattern: str
    """What is planted: "tridagon", or a locked set over many "sectors"."""
    starts: int
    """Puzzles with the pattern, of which the deepest make the pool."""
    size: int
    """Puzzles in the pool."""
    kept: bool
    """Whether children must show the tridagon of their parent."""
    weights: tuple[int, ...]
    """Hundredths of what nested trials leave that count beside the depth; pools take turns."""
    terms: Terms
    """What its children are bred for."""


PLANS: Final = {
    "deep": Plan("tridagon", 2000, 200, False, (5, 10, 20, 40), Terms(320_000, 20, 250, 30, 560)),
    "sectors": Plan("sectors", 40_000, 200, False, (20,), Terms(320_000, 20, 640, 30, 400)),
    "tridagon": Plan("tridagon", 2000, 150, True, (100,), Terms(160_000, 15, 250, 30, 700)),
}
"""The plan of each mode that breeds."""


def bred(bench: Bench, plan: Plan, number: int) -> npt.NDArray[np.int64]:
    """The puzzles that pool `number` yields, int64 [k, 81].

    All pools begin with puzzles around a pattern, whose descendants are soon deep; unless a plan
    demands that they keep the pattern, most lose it on the way.
    """
    plants = bench.boards(plan.starts if plan.kept else 0)
    puzzles = _planted(bench, plan, plants)
    deep = depths(puzzles)
    chosen = np.argsort(-deep, kind="stable")[: plan.size].tolist()
    weight = plan.weights[number % len(plan.weights)]
    kept = bench.boards(ROOM)
    number = bench.run(breed)(
        bench.words,
        bench.as_boards([puzzles[i] for i in chosen]),
        bench.numbers(deep[chosen].tolist()),
        bench.as_boards([plants[i] for i in chosen if plan.kept]),
        kept,
        bench.zeros(SEEN),
        bench.trial,
        bench.work,
        HABITS,
        plan.terms._replace(weight=weight),
    )
    return np.asarray(kept, dtype=np.int64)[:number]


def _planted(bench: Bench, plan: Plan, plants: Any) -> Any:
    """Boards [starts, 81] around the plan's pattern; `plants`, where it isn't empty, is filled."""
    puzzles = bench.boards(plan.starts)
    tries = TRIES[plan.pattern]
    if plan.pattern == "tridagon":
        places = plants if plan.kept else bench.boards(plan.starts)
        bench.run(plant_many)(bench.words, puzzles, places, bench.trial, tries, bench.work)
        return puzzles
    share = -(-plan.starts // len(SIZES))
    for i, size in enumerate(SIZES):
        part = puzzles[i * share : (i + 1) * share]
        marks, wanted = bench.boards(3), bench.numbers(list(size))
        bench.run(plant_sets)(bench.words, part, bench.trial, marks, wanted, tries, bench.work)
    return puzzles
