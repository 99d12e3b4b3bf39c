"""Puzzles with exactly one solution, made from a seed, random or searched for, and rated.

Puzzles are made in chunks. Chunk i takes its random numbers from (seed, mode, i) alone and chunks
are used in order, so a seed gives the same puzzles for any number of workers.
"""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count as count_up
from typing import Any, Final, Literal, TypeVar, get_args

import numpy as np
import numpy.typing as npt

from solver.board.grid import Grid
from solver.exact import solve_many
from solver.exact.random import seed_words
from solver.exact.rating import rate_many
from solver.generator import carve, climb
from solver.generator.bench import Bench
from solver.generator.deep.pool import PLANS, bred
from solver.system.processes import end_with_parent, ending_workers

Mode = Literal["minimal", "mixed", "hard", "extreme", "deep", "tridagon", "sectors", "exocet"]
"""Random minimal puzzles; the same with any number of clues put back; puzzles searched for;
puzzles searched for longer, in fewer and longer chains; puzzles bred so that trials leave much;
the same around a planted tridagon, where trials with trials in them do."""
MODES: Final[tuple[Mode, ...]] = get_args(Mode)

FEW: Final = 4
"""Random puzzles that are made before the compiler would be done."""
CHUNK: Final = 256
"""Puzzles in a chunk of minimal or mixed ones."""
ROUNDS: Final = {
    "hard": ((16, 120), (8, 120), (4, 240), (2, 480)),
    "extreme": ((8, 120), (4, 240), (2, 480), (1, 1920)),
}
"""Of a chunk of searched puzzles: how many chains continue, the hardest, and for how many steps."""
HABITS: Final = {
    "hard": climb.Habits(solutions=48, tries=4, rare=8, slack=12, again=8, apart=3),
    "extreme": climb.Habits(solutions=96, tries=6, rare=16, slack=6, again=4, apart=3),
}
"""How the chains take their steps."""


_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True, repr=False)
class Puzzles:
    """Puzzles and solutions, int8 [n, 81], 0 for a blank; clues and ratings, int32 [n]."""

    puzzles: npt.NDArray[np.int8]
    solutions: npt.NDArray[np.int8]
    clues: npt.NDArray[np.int32]
    ratings: npt.NDArray[np.int32]

    @property
    def columns(self) -> tuple[npt.NDArray[Any], ...]:
        """The four arrays."""
        return self.puzzles, self.solutions, self.clues, self.ratings

    def __len__(self) -> int:
        return len(self.puzzles)

    def __iter__(self) -> Iterator[Grid]:
        """The puzzles as grids, one by one."""
        return (Grid(puzzle) for puzzle in self.puzzles)

    def __repr__(self) -> str:
        if not len(self):
            return "Puzzles(none)"
        clues = f"{self.clues.min()} to {self.clues.max()} clues"
        return f"Puzzles({len(self)}, {clues}, rated {self.ratings.min()} to {self.ratings.max()})"

    def take(self, rows: npt.NDArray[np.bool_] | npt.NDArray[np.int64] | slice) -> Puzzles:
        """Some of the rows."""
        return Puzzles(*(column[rows] for column in self.columns))


Apply = Callable[[Callable[[int], Any]], Iterator[Any]]
"""Gives what a function makes of 0, 1, 2, …, in that order."""


def generate(
    count: int,
    seed: int,
    mode: Mode = "minimal",
    *,
    min_rating: int = 0,
    max_rating: int | None = None,
    workers: int = 1,
) -> Puzzles:
    """`count` different puzzles of a seed, each with one solution, solved and rated.

    `min_rating` and `max_rating` keep only such puzzles; hard ones are searched for from
    `min_rating` up. Raises `ValueError` for arguments that can't be met.

    >>> made = generate(3, seed=1)
    >>> made.puzzles.shape, bool((made.puzzles == made.solutions)[made.puzzles > 0].all())
    ((3, 81), True)
    """
    parts = list(stream(count, seed, mode, min_rating, max_rating, workers))
    return Puzzles(*map(np.concatenate, zip(*(part.columns for part in parts), strict=True)))


def stream(
    count: int,
    seed: int,
    mode: Mode = "minimal",
    min_rating: int = 0,
    max_rating: int | None = None,
    workers: int = 1,
    apply: Apply | None = None,
) -> Iterator[Puzzles]:
    """What `generate` gives, in parts as they are made: by `workers` processes, or by `apply`."""
    if count < 1 or workers < 1 or seed < 0 or min_rating < 0:
        raise ValueError("count and workers are 1 or more, seed and least rating 0 or more")
    if max_rating is not None and max_rating < min_rating:
        raise ValueError(f"no rating is at least {min_rating} and at most {max_rating}")
    if mode not in MODES:
        raise ValueError(f"no mode {mode!r}; there are {', '.join(MODES)}")
    make = functools.partial(make_chunk, seed, mode, min_rating)
    if mode in ("minimal", "mixed") and min_rating == 0 and max_rating is None:
        make = functools.partial(make, most=count)
    chunks = apply(make) if apply is not None else in_order(make, workers)
    seen: set[bytes] = set()
    for chunk in chunks:
        keep = chunk.ratings >= min_rating
        if max_rating is not None:
            keep &= chunk.ratings <= max_rating
        for row in np.flatnonzero(keep):
            puzzle = chunk.puzzles[row].tobytes()
            keep[row] = puzzle not in seen and len(seen) < count
            if keep[row]:
                seen.add(puzzle)
        yield chunk.take(keep)
        if len(seen) == count:
            return


def in_order(make: Callable[[int], _Made], workers: int) -> Iterator[_Made]:
    """What `make` gives for 0, 1, 2, …, made by processes a few chunks ahead where there are any.

    `make` can be pickled.
    """
    if workers == 1:
        yield from map(make, count_up())
        return
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing import get_context

    numbers = count_up()
    waiting: deque[Future[_Made]] = deque()
    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=end_with_parent
    )
    with ending_workers(pool):
        while True:
            while len(waiting) < 2 * workers:
                waiting.append(pool.submit(make, next(numbers)))
            yield waiting.popleft().result()


def make_chunk(
    seed: int, mode: Mode, min_rating: int, number: int, *, most: int = CHUNK
) -> Puzzles:
    """Chunk `number`: its puzzles, solved and rated; of hard ones, most need `min_rating`.

    Of a chunk of minimal or mixed ones, the first `most`.
    """
    few = mode in ("minimal", "mixed") and most <= FEW
    bench = Bench(seed_words(seed, MODES.index(mode), number), compiled=not few)
    if mode in PLANS:
        made = bred(bench, PLANS[mode], number)
    elif mode in ROUNDS:
        made = searched_puzzles(bench, mode, min_rating)
    else:
        made = random_puzzles(bench, mode, most)
    solutions, counts = solve_many(made)
    assert (counts == 1).all(), f"chunk {number} of seed {seed} has a puzzle that isn't proper"
    clues = np.count_nonzero(made, axis=1).astype(np.int32)
    return Puzzles(made.astype(np.int8), solutions, clues, rate_many(made))


def random_puzzles(bench: Bench, mode: Mode, most: int = CHUNK) -> npt.NDArray[np.int64]:
    """The first of a chunk of minimal or mixed puzzles, int64 [min(most, CHUNK), 81]."""
    puzzles = bench.boards(min(most, CHUNK))
    make = carve.minimal_puzzles if mode == "minimal" else carve.mixed_puzzles
    bench.run(make)(bench.words, puzzles, bench.work)
    return np.asarray(puzzles, dtype=np.int64)


def searched_puzzles(bench: Bench, mode: Mode, min_rating: int) -> npt.NDArray[np.int64]:
    """A chunk of hard or extreme puzzles that mostly need `min_rating` guesses, int64 [k, 81].

    Chains start from random minimal puzzles; in each round all take steps to harder ones,
    and the hardest continue. The puzzles kept are some swaps apart.
    """
    rounds = ROUNDS[mode]
    puzzles = bench.boards(rounds[0][0])
    bench.run(carve.minimal_puzzles)(bench.words, puzzles, bench.work)
    chains = [(0, puzzle) for puzzle in puzzles]
    parts = []
    for alive, steps in rounds:
        chains = sorted(chains, key=lambda chain: -chain[0])[:alive]
        for i, (rated, puzzle) in enumerate(chains):
            rated, kept = climb.chain(bench, puzzle, rated, steps, HABITS[mode], min_rating)
            chains[i] = (rated, puzzle)
            parts.append(kept)
    return np.concatenate(parts)
