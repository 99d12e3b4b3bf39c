"""Pools of puzzles that are bred from ones with a planted pattern."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from solver.exact.depth import depths
from solver.generator.bench import Bench
from solver.generator.deep.breed import EXOCET, HABITS, SEEN, TRIDAGON, Terms, breed
from solver.generator.deep.exocet import plant_exocets
from solver.generator.deep.sectors import SIZES, plant_sets
from solver.generator.deep.tridagon import plant_many

ROOM: Final = 4096
"""Puzzles kept of a pool at most."""
TRIES: Final = {"tridagon": 20, "exocet": 20, "sectors": 5}
"""Puzzles carved around one place of a pattern."""


class Plan(NamedTuple):
    """How a pool is bred."""

    pattern: str
    """What is planted: "tridagon", "exocet", or a locked set over many "sectors"."""
    starts: int
    """Puzzles with the pattern, of which the deepest make the pool."""
    size: int
    """Puzzles in the pool."""
    weights: tuple[int, ...]
    """Hundredths of what nested trials leave that count beside the depth; pools take turns."""
    rounds: tuple[Terms, ...]
    """What children are bred for, one round after another."""


PLANS: Final = {
    "deep": Plan("tridagon", 2000, 200, (5, 10, 20, 40), (Terms(320_000, 20, 250, 30, 560),)),
    "sectors": Plan("sectors", 40_000, 200, (20,), (Terms(320_000, 20, 640, 30, 400),)),
    "tridagon": Plan(
        "tridagon", 2000, 150, (100,), (Terms(160_000, 15, 250, 30, 700, shown=TRIDAGON),)
    ),
    "exocet": Plan(
        "exocet", 600, 200, (20, 40), (Terms(1_200_000, 20, 640, 30, 500, shown=EXOCET),)
    ),
}
"""The plan of each mode that breeds."""


def bred(bench: Bench, plan: Plan, number: int) -> npt.NDArray[np.int64]:
    """The puzzles that pool `number` yields, int64 [k, 81].

    All pools begin with puzzles around a pattern, whose descendants are soon deep; in a round that
    doesn't demand that they show the pattern, most lose it.
    """
    puzzles, plants = _planted(bench, plan)
    deep = depths(puzzles)
    chosen = np.argsort(-deep, kind="stable")[: plan.size].tolist()
    pool = bench.as_boards([puzzles[i] for i in chosen])
    patterns = bench.as_boards([plants[i] for i in chosen])
    scores, seen = bench.numbers(deep[chosen].tolist()), bench.zeros(SEEN)
    weight = plan.weights[number % len(plan.weights)]
    parts = []
    for terms in plan.rounds:
        kept = bench.boards(ROOM)
        found = bench.run(breed)(
            bench.words,
            pool,
            scores,
            patterns,
            kept,
            seen,
            bench.trial,
            bench.work,
            HABITS,
            terms._replace(weight=weight),
        )
        parts.append(np.asarray(kept, dtype=np.int64)[:found])
    return np.concatenate(parts)


def _planted(bench: Bench, plan: Plan) -> tuple[Any, Any]:
    """Boards [starts, 81] around the plan's pattern, and where they have it, in as many rows."""
    puzzles, plants = bench.boards(plan.starts), bench.boards(plan.starts)
    tries = TRIES[plan.pattern]
    if plan.pattern == "tridagon":
        bench.run(plant_many)(bench.words, puzzles, plants, bench.trial, tries, bench.work)
    elif plan.pattern == "exocet":
        among = bench.zeros(9)
        bench.run(plant_exocets)(
            bench.words, puzzles, plants, bench.trial, among, tries, bench.work
        )
    else:
        share = -(-plan.starts // len(SIZES))
        for i, size in enumerate(SIZES):
            part = puzzles[i * share : (i + 1) * share]
            marks, wanted = bench.boards(3), bench.numbers(list(size))
            bench.run(plant_sets)(bench.words, part, bench.trial, marks, wanted, tries, bench.work)
    return puzzles, plants
