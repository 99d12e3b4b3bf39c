"""Puzzles to order: of a level, that need a technique, with wished clues in a symmetric pattern.

Random puzzles of the wished shape are tried, and small changes of those that come near. The tries
come in chunks, and chunk i takes its random numbers from (seed, i) alone, so a seed gives the same
puzzles for any number of workers.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from solver.board.grid import Grid
from solver.board.levels import EASY, EXTREME, LEVELS
from solver.board.words import plural
from solver.exact import rate, solve
from solver.exact.random import seed_words
from solver.formats import Record
from solver.generator.bench import Bench
from solver.generator.chunks import Apply, in_order
from solver.generator.ordered import shape
from solver.logic.pencil import Pencil
from solver.logic.rating import difficulty, needs, turns
from solver.logic.techniques import Technique

CHUNK: Final = 576
"""Tries of a chunk."""
RANDOM: Final = 64
"""How many of them are random puzzles."""
CHAINS: Final = 4
"""In how many chains the others are."""
STREAM: Final = 64
"""What sets the random numbers of orders apart from those of the generator's modes."""
TRIES: Final = 10_000
"""Puzzles tried for each one ordered, where nothing else is said."""
CLUES: Final = (17, 81)
"""The fewest clues of a puzzle with one solution, and the most."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a puzzle is to be like; what is None doesn't matter.

    A puzzle needs a technique if, of the techniques up to its level, all solve it and all others
    don't. Without a level, it is that of the technique. Raises `ValueError` for what no puzzle is.
    """

    level: str | None = None
    technique: Technique | None = None
    least: int = CLUES[0]
    """Clues."""
    most: int = CLUES[1]
    symmetry: str = "none"
    min_rating: int = 0
    """Guesses, as `solver.exact.rate` counts them."""
    max_rating: int | None = None

    def __post_init__(self) -> None:
        if self.level is not None and self.level not in LEVELS:
            raise ValueError(f"no level {self.level!r}; there are {', '.join(LEVELS)}")
        if not CLUES[0] <= self.least <= self.most <= CLUES[1]:
            raise ValueError(
                f"clues from {self.least} to {self.most}: a puzzle has {CLUES[0]} to {CLUES[1]}"
            )
        if not shape.possible(self.symmetry, self.least, self.most):
            raise ValueError(f"no pattern with the symmetry {self.symmetry} has {self.clues}")
        if self.max_rating is not None and self.max_rating < self.min_rating:
            raise ValueError(
                f"no rating is at least {self.min_rating} and at most {self.max_rating}"
            )
        if self.technique is Technique.FULL_HOUSE:
            raise ValueError("no puzzle needs full houses: each is a naked single as well")
        if self.technique is not None and self.level is not None:
            own = self.technique.level
            if LEVELS.index(own) > LEVELS.index(self.level):
                raise ValueError(
                    f"no {self.level} puzzle needs {self.technique.with_article}, which is {own}"
                )

    def __str__(self) -> str:
        """The wishes in short: "hard, X-wing, 24 to 26 clues, rotate180"."""
        wishes = [self.wanted or "any level"]
        if self.technique is not None:
            wishes.append(self.technique.value)
        if (self.least, self.most) != CLUES:
            wishes.append(self.clues)
        if self.symmetry != "none":
            wishes.append(self.symmetry)
        return ", ".join(wishes)

    @property
    def clues(self) -> str:
        """The number of clues in words."""
        most = "" if self.least == self.most else f" to {self.most}"
        return f"{self.least}{most} clues"

    @property
    def wanted(self) -> str | None:
        """The level: the one named, or the technique's."""
        return self.level or (self.technique.level if self.technique else None)


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one chunk of tries gave."""

    tries: tuple[int, ...]
    """The number of each try, from 0, that gave a puzzle as ordered."""
    puzzles: tuple[bytes, ...]
    nearest: tuple[int, bytes]
    """How far the best of the others came (`nearness`), and that puzzle."""


def try_chunk(seed: int, order: Order, enough: int, number: int) -> Chunk:
    """Chunk `number` of the tries for an order: random puzzles, and then changes of the nearest.

    Chains of small changes start from the random ones that came nearest, and go on from each that
    came no less near. Ends early where `enough` puzzles are found.
    """
    bench = Bench(seed_words(seed, STREAM, number))
    all_orbits = shape.orbits(order.symmetry)
    starts = np.cumsum([0, *map(len, all_orbits)]).tolist()
    cells = [cell for orbit in all_orbits for cell in orbit]
    orbits = bench.numbers(cells), bench.numbers(starts)
    puzzles, solutions = bench.boards(RANDOM), bench.boards(RANDOM)
    shaped, clues = bench.run(shape.shaped), (order.least, order.most)
    shaped(bench.words, puzzles, solutions, orbits, clues, 0, bench.work)
    found: dict[int, bytes] = {}
    nearest = (FARTHEST, b"")

    def reached(at: int, row: Any) -> int:
        nonlocal nearest
        puzzle = bytes(row.tolist() if bench.compiled else row)
        far = nearness(order, Grid(puzzle))
        if far == MET:
            found[at] = puzzle
        elif far > nearest[0]:
            nearest = far, puzzle
        return far

    ranks: list[int] = []
    for at, row in enumerate(puzzles):
        ranks.append(reached(at, row) if len(found) < enough else MET)
    best = sorted(range(RANDOM), key=lambda at: -ranks[at])
    chains = [(ranks[at], puzzles[at], solutions[at]) for at in best if ranks[at] != MET][:CHAINS]
    for at in range(RANDOM, CHUNK):
        place = (at - RANDOM) % CHAINS
        if len(found) >= enough:
            break
        if place >= len(chains) or chains[place][0] == MET:
            continue
        rank, puzzle, solution = chains[place]
        changed = bench.as_boards([puzzle])
        own = bench.as_boards([solution])
        shaped(bench.words, changed, own, orbits, clues, shape.MORE, bench.work)
        now = reached(at, changed[0])
        if now >= rank:
            chains[place] = now, changed[0], solution
    return Chunk(tuple(found), tuple(found.values()), nearest)


FARTHEST: Final = -100
"""Farther from any order than any puzzle."""
OTHER, HELPS, NEARLY, MET = 100, 200, 300, 400
"""How near a puzzle comes: not at all; the technique helps; with easier ones it is enough, but
others are too; all is as ordered."""


def nearness(order: Order, puzzle: Grid) -> int:
    """How near a puzzle of one solution comes to an order: `MET`, or less.

    One with too many clues is as many below 1.
    """
    level, technique = order.wanted, order.technique
    if puzzle.clues > order.most:
        return 1 + order.most - puzzle.clues
    if order.max_rating is not None or order.min_rating:
        rating = rate(puzzle)
        most = rating if order.max_rating is None else order.max_rating
        if not order.min_rating <= rating <= most:
            return OTHER
    if level is None:
        return MET
    pencil = Pencil.of(puzzle)
    used = [each.level for each in turns(pencil, level, technique)]
    solved = not any(pencil.masks)
    if technique is None:
        beyond = not solved and level == EXTREME
        return MET if beyond or (solved and (level in used or level == EASY)) else OTHER
    if not solved and needs(puzzle, technique, level):
        used += [each.level for each in turns(pencil, level)]
        if level in used or level == EASY:
            return MET
    pencil = Pencil.of(puzzle)
    helped = technique in turns(pencil, below(technique), plus=technique)
    if not helped:
        return OTHER
    for _ in turns(pencil, below(technique), plus=technique):
        pass
    return HELPS if any(pencil.masks) else NEARLY


def below(technique: Technique) -> str:
    """The level below that of a technique; easy, where that is easy."""
    return LEVELS[max(LEVELS.index(technique.level) - 1, 0)]


@dataclass
class Filling:
    """How an order is being met: `records` gives the puzzles; the rest is known at their end."""

    order: Order
    count: int
    seed: int
    most: int
    """Tries at most."""
    tries: int = 0
    made: int = 0
    nearest: tuple[int, bytes] = (FARTHEST, b"")

    def records(self, workers: int = 1, apply: Apply | None = None) -> Iterator[Record]:
        """The puzzles as they are found, in the order of the tries, until `count` or no more tries.

        By `workers` processes, or by `apply`. With solution, clues, rating, level, hardest
        technique and score.
        """
        make = functools.partial(try_chunk, self.seed, self.order, self.count)
        seen: set[bytes] = set()
        chunks = apply(make) if apply is not None else in_order(make, workers)
        for number, chunk in enumerate(chunks):
            if chunk.nearest[0] > self.nearest[0]:
                self.nearest = chunk.nearest
            for at, cells in zip(chunk.tries, chunk.puzzles, strict=True):
                self.tries = CHUNK * number + at + 1
                if self.tries > self.most:
                    break
                if cells in seen:
                    continue
                seen.add(cells)
                record = graded(Grid(cells))
                self.made += 1
                yield record
                if self.made == self.count:
                    return
            self.tries = min(CHUNK * (number + 1), self.most)
            if self.tries == self.most:
                return

    def shortfall(self) -> str:
        """What to say of an order that was not met: how far it came, and the nearest puzzle."""
        text = f"{self.made} of {self.count} made in {plural(self.tries, 'try', 'tries')}"
        if not self.nearest[1]:
            return text
        found = graded(Grid(self.nearest[1]))
        told = f"{found.metadata['level']}, {found.metadata['hardest']}"
        clues = found.metadata["clues"]
        return f"{text}; nearest: {told}, {clues} clues: {found.givens.line()}"


def to_order(
    count: int, order: Order, seed: int = 0, *, tries: int = TRIES, workers: int = 1
) -> list[Record]:
    """Up to `count` puzzles that meet an order, from a seed; fewer where `tries` for each are over.

    >>> [record] = to_order(1, Order("easy", least=30, most=34, symmetry="rotate180"))
    >>> record.metadata["level"], 30 <= record.givens.clues <= 34
    ('easy', True)
    """
    return list(Filling(order, count, seed, count * tries).records(workers))


def graded(puzzle: Grid) -> Record:
    """A puzzle of one solution with what a file can say of it."""
    found, solution = difficulty(puzzle), solve(puzzle)
    assert solution is not None
    figures = {
        "clues": puzzle.clues,
        "rating": rate(puzzle),
        "level": found.level,
        "hardest": "none" if found.hardest is None else found.hardest.value,
        "score": found.score,
    }
    texts = {key: str(value) for key, value in figures.items()}
    return Record(puzzle, solution=Grid(solution), metadata=texts)
