"""Puzzles that are bred: harder than what they began with, each once, plain as compiled."""

from __future__ import annotations

import numpy as np
import pytest

from solver.exact import compiled, solve_many
from solver.exact.depth import STACK, depths
from solver.exact.lanes import new_stack
from solver.exact.random import seed_words
from solver.generator.bench import Bench
from solver.generator.carve import random_grid
from solver.generator.chunks import make_chunk
from solver.generator.deep import pool
from solver.generator.deep.breed import EXOCET, TRIDAGON, Terms
from solver.generator.deep.exocet import (
    find_exocet,
    place_at,
    plant_exocet,
    plant_exocets,
    shows_exocet,
)
from solver.generator.deep.tridagon import guardians, plant_many

SMALL = {
    "deep": pool.Plan("tridagon", 40, 12, (10, 40), (Terms(4000, 20, 100, 6, 60),)),
    "tridagon": pool.Plan(
        "tridagon", 60, 12, (100,), (Terms(2000, 20, 100, 4, 60, shown=TRIDAGON),)
    ),
    "exocet": pool.Plan(
        "exocet",
        12,
        6,
        (40,),
        (Terms(1500, 20, 100, 4, 60, shown=EXOCET), Terms(500, 20, 100, 4, 60)),
    ),
    "sectors": pool.Plan("sectors", 160, 12, (20,), (Terms(4000, 20, 100, 6, 60),)),
}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pools of a second."""
    from solver.generator import chunks

    monkeypatch.setattr(chunks, "PLANS", SMALL)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("mode", sorted(SMALL))
def test_bred_puzzles_are_proper_minimal_different_and_deeper_than_random_ones(mode: str) -> None:
    made = make_chunk(5, mode, 0, 0)  # type: ignore[arg-type]
    solutions, counts = solve_many(made.puzzles)
    assert len(made) > 20
    assert (counts == 1).all()
    assert np.array_equal(solutions, made.solutions)
    assert len(np.unique(made.puzzles, axis=0)) == len(made)
    assert np.median(depths(made.puzzles)) >= 60
    for puzzle in made.puzzles[:10]:
        fewer = np.repeat(puzzle[None], np.count_nonzero(puzzle), axis=0)
        fewer[np.arange(len(fewer)), np.flatnonzero(puzzle)] = 0
        assert (solve_many(fewer)[1] == 2).all()


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("mode", ["deep", "sectors", "tridagon"])
def test_plain_python_breeds_the_same_puzzles(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from solver.generator import chunks

    plan = SMALL[mode]
    rounds = tuple(terms._replace(children=60, keep=0, deep=20, sample=1) for terms in plan.rounds)
    tiny = plan._replace(starts=8, size=4, rounds=rounds)
    monkeypatch.setattr(chunks, "PLANS", {mode: tiny})
    fast = make_chunk(6, mode, 0, 0)  # type: ignore[arg-type]
    monkeypatch.setattr(compiled, "available", lambda: False)
    plain = make_chunk(6, mode, 0, 0)  # type: ignore[arg-type]
    assert len(plain) > 0
    assert np.array_equal(plain.puzzles, fast.puzzles)


def test_plain_python_carves_the_same_puzzle_around_an_exocet() -> None:
    found = []
    for quick in (True, False):
        bench = Bench(seed_words(11), compiled=quick)
        grid, plant, puzzle = bench.boards(3)
        among = bench.zeros(9)
        bench.run(random_grid)(bench.words, grid, bench.work)
        while not bench.run(find_exocet)(bench.words, grid, plant, among):
            pass
        shown = bench.run(plant_exocet)(bench.words, puzzle, plant, grid, among, bench.work)
        found.append((list(plant), list(puzzle), shown))
    assert found[0] == found[1]
    assert any(found[0][1])


def test_the_targets_of_a_planted_exocet_hold_the_digits_of_its_base() -> None:
    bench = Bench(seed_words(12))
    puzzles, plants = bench.boards(4), bench.boards(4)
    plant_all = bench.run(plant_exocets)
    plant_all(bench.words, puzzles, plants, bench.trial, bench.zeros(9), 20, bench.work)
    solutions, counts = solve_many(puzzles)
    assert (counts == 1).all()
    stack = new_stack(STACK, compiled=False)
    for puzzle, plant, solution in zip(puzzles.tolist(), plants.tolist(), solutions, strict=True):
        base = [place_at(plant, 0, 0), place_at(plant, 0, 1)]
        targets = [place_at(plant, 1, plant[19]), place_at(plant, 2, plant[20])]
        assert sorted(solution[targets]) == sorted(solution[base])
        assert not any(puzzle[cell] for cell in base + targets)
        assert shows_exocet(puzzle, plant, stack)
        puzzle[base[0]] = int(solution[base[0]])
        assert not shows_exocet(puzzle, plant, stack)


def test_planted_tridagons_have_their_digits_in_no_colouring() -> None:
    bench = Bench(seed_words(8))
    number = 6
    puzzles, plants, grid = bench.boards(number), bench.boards(number), bench.boards(1)[0]
    compiled.compiled(plant_many)(bench.words, puzzles, plants, grid, 10, bench.work)
    for puzzle, plant in zip(np.asarray(puzzles), np.asarray(plants), strict=True):
        cells, digits = plant[:12].tolist(), plant[12:15]
        assert solve_many(puzzle[None])[1][0] == 1
        assert (
            1 <= guardians(puzzle.tolist(), plant.tolist(), new_stack(STACK, compiled=False)) <= 7
        )
        assert len(set(digits.tolist())) == 3
        boxes = [(cell // 27, cell % 9 // 3) for cell in cells[::3]]
        assert len(set(boxes)) == 4
        assert len({band for band, _ in boxes}) == 2
        assert len({stack for _, stack in boxes}) == 2
        assert not _colourable(cells)


def _colourable(cells: list[int]) -> bool:
    """Whether three digits fill the twelve cells without a clash, by trying all."""
    sees = [
        [
            j
            for j in range(i)
            if cells[i] // 9 == cells[j] // 9 or cells[i] % 9 == cells[j] % 9 or i // 3 == j // 3
        ]
        for i in range(12)
    ]
    partial: list[list[int]] = [[]]
    for i in range(12):
        partial = [
            [*colours, colour]
            for colours in partial
            for colour in range(3)
            if all(colours[j] != colour for j in sees[i])
        ]
    return bool(partial)
