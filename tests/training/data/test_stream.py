"""Which puzzle comes when, the loaders, and the split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from training.data.augment import random_symmetries
from training.data.cache import Packed, packed
from training.data.loaders import Feed
from training.data.puzzles import load
from training.data.rows import GIVEN, DataError
from training.data.split import fingerprints, held_out, set_aside, training_rows, unlike
from training.data.stream import BLOCK, Group, Stream, puzzle_and_target
from training.measure.metrics import violations
from training.recipe.config import changed
from training.recipe.recipes import quick

CPU = torch.device("cpu")


@pytest.fixture
def stream(make_csv: Callable[..., Path]) -> Callable[..., Stream]:
    files = [packed(make_csv(100, 1, "a.csv")), packed(make_csv(40, 2, "b.csv"))]

    def make(seed: int = 0, augment: bool = False, shares: tuple[float, ...] = (1, 3)) -> Stream:
        groups = [
            Group(i, np.arange(len(f)), s)
            for i, (f, s) in enumerate(zip(files, shares, strict=True))
        ]
        return Stream(files, groups, seed, 0, augment)

    return make


def test_a_block_depends_on_nothing_but_seed_and_number(stream: Callable[..., Stream]) -> None:
    one, other = stream(), stream()
    other.block(5)
    assert torch.equal(one.block(3), other.block(3))
    assert not torch.equal(one.block(3), one.block(4))
    assert not torch.equal(one.block(3), stream(seed=1).block(3))


def test_groups_get_their_shares(stream: Callable[..., Stream]) -> None:
    files = np.concatenate([stream().draw(k).files for k in range(4)])
    assert Counter(files.tolist()) == {0: BLOCK, 1: 3 * BLOCK}


def test_every_puzzle_comes_once_a_round(stream: Callable[..., Stream]) -> None:
    one = stream(shares=(1, 0))
    one.groups = one.groups[:1]
    one._shares = [1.0]
    rows = np.concatenate([one.draw(k).rows for k in range(25)])  # 12,800 = 128 rounds of 100
    assert set(Counter(rows.tolist()).values()) == {128}


def test_augmented_puzzles_are_puzzles(stream: Callable[..., Stream]) -> None:
    plain, moved = stream().block(0), stream(augment=True).block(0)
    assert not torch.equal(plain, moved)
    puzzle, target = puzzle_and_target(moved)
    assert violations(target).sum() == 0
    assert bool(((puzzle == 0) | (puzzle == target + 1)).all())
    assert torch.equal((moved & GIVEN > 0).sum(1), (plain & GIVEN > 0).sum(1))


def test_symmetries_are_those_of_sudoku() -> None:
    from solver.board.symmetry import Symmetry

    cells, digits = random_symmetries(np.random.default_rng(0), 64)
    for cell_map, names in zip(cells, digits, strict=True):
        assert sorted(cell_map) == list(range(81))
        grid = cell_map.reshape(9, 9)
        flipped = grid[0, 0] // 9 != grid[0, 1] // 9
        lines = grid.T if flipped else grid
        symmetry = Symmetry(
            transpose=False,
            rows=tuple(int(v) for v in lines[:, 0] // 9),
            columns=tuple(int(v) for v in lines[0] % 9),
            digits=tuple(int(v) for v in names),
        )
        expected = symmetry.cell_map().reshape(9, 9)
        assert np.array_equal(lines, expected)


@pytest.mark.parametrize("augment", [False, True])
def test_both_loaders_give_the_same_puzzles(stream: Callable[..., Stream], augment: bool) -> None:
    feeds = [
        Feed(stream(augment=augment), CPU, position=700, loader=loader)
        for loader in ("workers", "device")
    ]
    for n in (1, 30, 600):
        taken = [feed.take(n) for feed in feeds]
        assert torch.equal(*taken)
        assert len(taken[0]) == n


def test_worker_processes_give_the_same_puzzles(stream: Callable[..., Stream]) -> None:
    alone, workers = Feed(stream(), CPU), Feed(stream(), CPU, workers=2, prefetch=2)
    assert torch.equal(alone.take(3 * BLOCK), workers.take(3 * BLOCK))


def test_a_feed_goes_on_from_its_position(stream: Callable[..., Stream]) -> None:
    whole = Feed(stream(), CPU).take(1000)
    first = Feed(stream(), CPU)
    head = first.take(313)
    rest = Feed(stream(), CPU, position=first.position)
    assert torch.equal(whole, torch.cat([head, rest.take(687)]))


def test_fingerprints_are_those_of_all_equivalent_puzzles(make_csv: Callable[..., Path]) -> None:
    cells = packed(make_csv(50)).cells
    moved = _moved(cells)
    assert np.array_equal(fingerprints(cells), fingerprints(moved))
    assert len(set(fingerprints(cells).tolist())) > 5


def _moved(cells: np.ndarray) -> np.ndarray:
    """Each packed puzzle with a symmetry of its own applied."""
    maps, digits = random_symmetries(np.random.default_rng(3), len(cells))
    moved = np.take_along_axis(digits, (cells & 15).astype(np.int64), 1)
    moved = moved | (cells & GIVEN)
    return np.take_along_axis(moved, maps, 1).astype(np.uint8)


def test_an_equivalent_puzzle_is_told_from_a_look_alike(make_csv: Callable[..., Path]) -> None:
    cells = np.array(packed(make_csv(30)).cells)
    assert not unlike(_moved(cells), cells).any()
    harder = cells.copy()
    harder[:, :9] &= 15  # the first row loses its givens
    assert unlike(harder, cells).all()


def test_training_shares_nothing_with_validation_up_to_symmetry(
    make_csv: Callable[..., Path],
) -> None:
    file = packed(make_csv(200))
    held = np.concatenate(held_out([file], 5, 0))
    assert len(held) == 5
    (rows,) = training_rows([file], _moved(held), aside=True)
    assert 150 < len(rows) < 195
    assert unlike(file.cells[rows], held).all()
    assert np.array_equal(held, np.concatenate(held_out([file], 5, 0)))


def test_a_puzzle_set_aside_is_set_aside_in_every_run(make_csv: Callable[..., Path]) -> None:
    one, two = packed(make_csv(200)), packed(make_csv(300, 1, "other.csv"))
    aside = set_aside(one.cells)
    assert 1 <= aside.sum() <= 40
    assert np.array_equal(aside, set_aside(_moved(one.cells)))
    for files, seed in (([one], 0), ([one, two], 1), ([two, one], 2)):
        rows = training_rows(files, np.concatenate(held_out(files, 9, seed)), aside=True)[
            files.index(one)
        ]
        assert not aside[rows].any()


def _rows_of(*files: Packed) -> list[set[bytes]]:
    return [{row.tobytes() for row in file.cells} for file in files]


def test_held_out_puzzles_have_the_shares_of_the_run(make_csv: Callable[..., Path]) -> None:
    large, small = packed(make_csv(900)), packed(make_csv(300, 1, "other.csv"))
    held = np.concatenate(held_out([large, small], 8, 0, (0.25, 0.75)))
    assert [sum(row.tobytes() in file for row in held) for file in _rows_of(large, small)] == [2, 6]
    assert [len(part) for part in held_out([large, small], 8, 0, (1.0, 0.0))] == [8, 0]


def test_a_file_of_which_none_is_set_aside_gives_one_puzzle(make_csv: Callable[..., Path]) -> None:
    file = packed(make_csv(3, 5))
    assert not set_aside(file.cells).any()
    held = np.concatenate(held_out([file], 5, 0))
    assert len(held) == 1
    assert len(training_rows([file], held, aside=True)[0]) == 2


def test_excluded_files_are_kept_out_up_to_symmetry(
    make_csv: Callable[..., Path], tmp_path: Path
) -> None:
    data, other = make_csv(40, 1), make_csv(40, 1, "other.csv")
    recipe = changed(quick(), {"data": [str(data)], "exclude": [str(other)]})
    with pytest.raises(DataError, match="every puzzle is a validation puzzle or excluded"):
        load(recipe, None, print)


def test_stages_come_from_the_rating(
    tmp_path: Path, puzzles: Callable, csv_lines: Callable
) -> None:
    lines = csv_lines(puzzles(60))
    ratings = [(0, 3, 9)[i % 3] for i in range(60)]
    path = tmp_path / "rated.csv"
    rows = [f"{line},{rating}" for line, rating in zip(lines, ratings, strict=True)]
    path.write_text("\n".join(["puzzle,solution,rating", *rows]))
    recipe = changed(quick(), {"data": [str(path)], "validation_size": 3})
    found = load(recipe, None, lambda line: None)

    def rated(level: str) -> Counter[int]:
        draw = found.stream(level, seed=0, stage=0, augment=False).draw(0)
        return Counter(found.files[0].rating[draw.rows].tolist())

    assert set(rated("easy")) == {0}
    assert set(rated("medium")) == {0, 3}
    assert rated("medium")[3] == pytest.approx(BLOCK * 2 / 3, abs=2)
    assert rated("hard")[9] == pytest.approx(BLOCK * 2 / 3, abs=2)
    assert set(rated("all")) == {0, 3, 9}
