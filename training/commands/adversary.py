"""Deep puzzles that a policy finds hard: `sudoku-train adversary`.

A policy soon solves what `sudoku-data generate` searches for, and then has little left to learn
from it. Here the policy itself says what is hard. A pool of deep puzzles (`solver.exact.depth`)
takes steps as those of `solver.generator.climb` are; a puzzle is followed where it stays deep and
the policy needs about as many passes as before or more, and kept where it needs more than `passes`.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import count as count_up
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import torch
import typer
from torch import Tensor

from solver.cli.common import fail
from solver.cli.help import command_app
from solver.cli.outputs import writing
from solver.exact import solve_many
from solver.exact.depth import depths
from solver.exact.random import seed_words
from solver.exact.rating import rate_many
from solver.generator import climb
from solver.generator.bench import Bench
from solver.generator.chunks import Puzzles
from solver.generator.table import table_writer
from solver.system.processes import end_with_parent, ending_workers
from training.data.cache import packed
from training.data.rows import DataError, unpack
from training.measure.metrics import violations
from training.measure.validate import finite
from training.network.base import Network, unroll
from training.network.checkpoint import CheckpointError, load_policy
from training.network.kernel import equipped

app = command_app(add_completion=False)
POOL = 128
"""Puzzles in a pool."""
STEPS = 6
"""Steps of a climb between two looks at a puzzle; most change nothing."""
HABITS = climb.Habits(solutions=64, tries=4, rare=16, slack=16, again=1 << 30, deep=1)
FLOOR = 400
"""The least depth of a puzzle that is followed, by default."""
NEVER = 1 << 30
"""A rating that no puzzle has: the climb keeps none by itself."""
PATIENCE = 0.6
"""A step may lose up to this share of the passes, a random part of it."""
ROUNDS = 10
"""Steps of the pool between two replacements of its `LAST` easiest puzzles by others of it."""
LAST = 6
LIFE = 250
"""Steps after which a pool starts afresh: by then it mostly finds what it found before."""
STARTS = 512
"""Puzzles drawn to start a pool from, of which the hardest are its first."""


def passes_needed(policy: Network, puzzles: npt.NDArray[np.int64], most: int) -> npt.NDArray[Any]:
    """The first pass, int64 [n], whose grid keeps the rules; `most` + 1 where none does."""
    puzzle = torch.from_numpy(puzzles)
    taken = torch.zeros(len(puzzles), dtype=torch.long)
    solved = torch.zeros(len(puzzles), dtype=torch.bool)

    def right(rows: Tensor, logits: Tensor) -> Tensor:
        given = puzzle[rows]
        grid = torch.where(given > 0, given - 1, finite(logits).argmax(-1))
        taken[rows] += 1
        solved[rows] = violations(grid) == 0
        return solved[rows]

    for _ in unroll(policy, puzzle, most, until=right):
        pass
    return torch.where(solved, taken, most + 1).numpy()


class Pool:
    """Puzzles int64 [POOL, 81], their depths and the passes that the policy needs for them."""

    def __init__(
        self,
        policy: Network,
        start: npt.NDArray[np.int64],
        most: int,
        seed: tuple[int, ...],
        floor: int = FLOOR,
    ) -> None:
        self.policy, self.most, self.floor = policy, most, floor
        self.rng = np.random.default_rng(seed)
        self.bench = Bench(seed_words(*seed))
        start = start[self.rng.permutation(len(start))[:STARTS]]
        needed = passes_needed(policy, start, most)
        rows = np.argsort(-needed, kind="stable")[:POOL]
        self.puzzles, self.needed = start[rows], needed[rows]
        self.depths = depths(self.puzzles)

    def step(self) -> npt.NDArray[np.int64]:
        """Let every puzzle take its steps; those new ones that the policy finds hard, [k, 81]."""
        puzzles, deep = self.puzzles.copy(), self.depths.copy()
        for i, puzzle in enumerate(puzzles):
            deep[i], _ = climb.chain(self.bench, puzzle, deep[i], STEPS, HABITS, NEVER)
        new = np.flatnonzero((puzzles != self.puzzles).any(1) & (deep >= self.floor))
        needed = passes_needed(self.policy, puzzles[new], self.most)
        enough = self.needed[new] * self.rng.uniform(PATIENCE, 1, len(new))
        rows = new[needed >= enough]
        self.puzzles[rows], self.depths[rows] = puzzles[rows], deep[rows]
        self.needed[rows] = needed[needed >= enough]
        return puzzles[new[needed > self.most]]

    def replace(self) -> None:
        """Put random puzzles of the pool in the place of its easiest."""
        easiest = np.argsort(self.needed, kind="stable")[:LAST]
        others = self.rng.integers(0, len(self.puzzles), LAST)
        for values in (self.puzzles, self.depths, self.needed):
            values[easiest] = values[others]


def search(
    policy: Path,
    start: npt.NDArray[np.int64],
    most: int,
    floor: int,
    count: int,
    seed: int,
    number: int,
) -> npt.NDArray[np.int64]:
    """Up to `count` different puzzles [k, 81] of pool `number` that take the policy more than
    `most` passes: fewer where a whole life of a pool brings no other."""
    torch.set_num_threads(1)
    equipped_policy = equipped(load_policy(policy)[0])
    found: dict[bytes, npt.NDArray[np.int64]] = {}
    with torch.inference_mode():
        for life in count_up():
            before = len(found)
            pool = Pool(equipped_policy, start, most, (seed, number, life), floor)
            for turn in range(1, LIFE + 1):
                found |= {puzzle.tobytes(): puzzle for puzzle in pool.step()}
                if len(found) >= count:
                    break
                if turn % ROUNDS == 0:
                    pool.replace()
            done = min(len(found), count)
            print(f"pool {number}: {done} of {count}", file=sys.stderr, flush=True)
            if not before < len(found) < count:
                break
    return np.array(list(found.values())[:count], np.int64).reshape(-1, 81)


@app.command()
def adversary(
    policy: Annotated[
        Path, typer.Argument(metavar="POLICY", help="Policy to search against, .pt.")
    ],
    start: Annotated[
        Path, typer.Option(help="Deep puzzles to start from: training/puzzles/deep.csv.")
    ],
    out: Annotated[
        Path, typer.Option("--output", "-o", help="The file to write, .csv or .parquet.")
    ],
    count: Annotated[int, typer.Option(min=1, help="Puzzles per pool.")] = 1000,
    pools: Annotated[int, typer.Option(min=1, help="Pools, one process each.")] = 2,
    passes: Annotated[
        int, typer.Option(min=1, help="Keep puzzles that need more passes than this.")
    ] = 48,
    depth: Annotated[
        int, typer.Option(min=0, help="Follow puzzles of at least this depth; 0: of any.")
    ] = FLOOR,
    seed: Annotated[int, typer.Option(min=0, help="Random seed.")] = 0,
) -> None:
    """Search for deep puzzles that a policy needs many passes for, or doesn't solve.

    The same policy, seed and number of pools give the same file on the same machine.
    """
    try:
        cells, _ = unpack(packed(start).cells)
        deep = cells[depths(cells) >= depth].astype(np.int64)
        if not len(deep):
            raise ValueError(
                f"{start}: none of its puzzles is deep; training/puzzles/deep.csv has some"
            )
        passes_needed(load_policy(policy)[0], deep[:1], 1)  # a broken one is found before the rest
        make = partial(search, policy, deep, passes, depth, count, seed)
        with (
            writing(out, [policy, start]),
            table_writer(out) as write,
            ProcessPoolExecutor(
                pools, mp_context=get_context("spawn"), initializer=end_with_parent
            ) as processes,
            ending_workers(processes),
        ):
            for found in processes.map(make, range(pools)):
                write(_described(found))
    except (ValueError, DataError, CheckpointError) as error:
        fail(error)


def _described(puzzles: npt.NDArray[np.int64]) -> Puzzles:
    solutions, counts = solve_many(puzzles)
    assert (counts == 1).all(), "a step led to a puzzle that isn't proper"
    clues = np.count_nonzero(puzzles, axis=1).astype(np.int32)
    return Puzzles(puzzles.astype(np.int8), solutions, clues, rate_many(puzzles))
