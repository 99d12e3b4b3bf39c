"""A puzzle's level is that of the hardest technique it needs; its score sums what is used."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from solver.board.grid import Grid
from solver.board.levels import LEVELS
from solver.formats import read
from solver.logic.rating import difficulty
from solver.logic.techniques import Technique
from tests.solver import puzzles

HIDDEN_PAIR = ".3.2........4...5...5.....9......73...8.2...551..6..4...6.9.2..9.......6.5.7....."


@pytest.mark.parametrize(
    ("line", "hardest", "level"),
    [
        (puzzles.SINGLES, Technique.HIDDEN_SINGLE_LINE, "easy"),
        (HIDDEN_PAIR, Technique.HIDDEN_PAIR, "medium"),
        (puzzles.X_WING_AND_SWORDFISH, Technique.SKYSCRAPER, "hard"),
        (puzzles.BEYOND_LOGIC, None, "extreme"),
    ],
)
def test_the_level_is_that_of_the_hardest_technique(
    line: str, hardest: Technique | None, level: str
) -> None:
    found = difficulty(Grid.parse(line))
    assert (found.hardest, found.level) == (hardest, level)


def test_one_blank_cell_scores_one_full_house() -> None:
    cells = [int(digit) for digit in puzzles.SINGLES_SOLVED]
    found = difficulty(Grid([0, *cells[1:]]))
    assert (found.hardest, found.score) == (Technique.FULL_HOUSE, Technique.FULL_HOUSE.weight)


def test_a_turned_puzzle_is_as_hard() -> None:
    for line in (HIDDEN_PAIR, puzzles.X_WING_AND_SWORDFISH):
        turned = Grid(Grid.parse(line)[9 * column + row] for row in range(9) for column in range(9))
        assert difficulty(turned).hardest is difficulty(Grid.parse(line)).hardest


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "levels"),
    [
        ("simple", {"easy"}),
        ("easy", {"easy"}),
        ("intermediate", {"medium", "hard"}),
        ("expert", {"hard", "expert", "extreme"}),
    ],
)
def test_qqwing_names_its_levels_as_we_do(name: str, levels: set[str], shared: Path) -> None:
    records = list(read(shared / "lists" / f"qqwing_{name}.sdm"))[:100]
    found = {difficulty(record.givens).level for record in records}
    assert found <= levels <= set(LEVELS)


def ranks(values: list[float]) -> npt.NDArray[np.float64]:
    """The rank of each value, equal ones sharing the mean of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[place]


@pytest.mark.slow
@pytest.mark.shared
def test_scores_rank_puzzles_much_as_another_rating_does(shared: Path) -> None:
    """Kaggle's three million rated puzzles; no list here carries Sudoku Explainer's ratings."""
    with (shared / "csv" / "kaggle_3m_sample.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[::17][:400]
    ours = [float(difficulty(Grid.parse(row["puzzle"])).score) for row in rows]
    theirs = [float(row["difficulty"]) for row in rows]
    correlation = float(np.corrcoef(ranks(ours), ranks(theirs))[0, 1])
    print(f"rank correlation over {len(rows)} puzzles: {correlation:.2f}")
    assert correlation > 0.7
