"""The puzzles that are shipped: at least a hundred, proper, and at the level they name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from solver.board.levels import LEVELS
from solver.exact import rate_many, solve_many
from solver.exact.canonical import canonical_many
from solver.formats import Record, read
from solver.generator.collection import at_level, famous
from solver.logic.rating import Difficulty, difficulty

FOLDER = Path(__file__).resolve().parents[3] / "puzzles"


@pytest.fixture(scope="module")
def shipped() -> dict[Path, Record]:
    return {path: next(iter(read(path))) for path in sorted(FOLDER.rglob("*.sdk"))}


@pytest.fixture(scope="module")
def rated(shipped: dict[Path, Record]) -> dict[Path, Difficulty]:
    return {path: difficulty(record.givens) for path, record in shipped.items()}


def test_each_shipped_puzzle_has_one_solution(shipped: dict[Path, Record]) -> None:
    cells = np.array([record.givens.cells for record in shipped.values()])
    assert len(cells) > 100
    assert (solve_many(cells)[1] == 1).all()


def test_each_shipped_puzzle_is_at_the_level_it_names(
    shipped: dict[Path, Record], rated: dict[Path, Difficulty]
) -> None:
    for path, found in rated.items():
        assert shipped[path].metadata["level"] == found.level
        assert path.parent.name in (found.level, "famous", "puzzles")


def test_each_shipped_puzzle_names_its_hardest_technique_score_and_clues(
    shipped: dict[Path, Record], rated: dict[Path, Difficulty]
) -> None:
    for path, record in shipped.items():
        found = rated[path]
        hardest = "beyond all techniques" if found.hardest is None else found.hardest.value
        said = f"{hardest}, score {found.score}, {record.givens.clues} clues"
        assert record.metadata["comment"] == said


def test_every_level_has_two_dozen_puzzles_and_none_twice(shipped: dict[Path, Record]) -> None:
    for level in LEVELS:
        inside = [record for path, record in shipped.items() if path.parent.name == level]
        assert len(inside) == 24
        forms = canonical_many([record.givens.cells for record in inside])
        assert len(np.unique(forms, axis=0)) == 24


def test_the_first_example_is_hard_and_needs_many_guesses(shipped: dict[Path, Record]) -> None:
    hard = shipped[FOLDER / "hard.sdk"]
    assert hard.metadata["level"] == "hard"
    assert rate_many([hard.givens.cells])[0] == 61


def test_shipped_puzzles_are_what_the_generator_makes(shipped: dict[Path, Record]) -> None:
    for level in ("easy", "medium", "hard"):
        for number, record in enumerate(at_level(level, 1), 1):
            assert shipped[FOLDER / level / f"{level}-{number:02}.sdk"] == record


def test_famous_puzzles_are_there_by_name_and_say_whose_they_are(
    shipped: dict[Path, Record],
) -> None:
    assert dict(famous()) == {
        path.relative_to(FOLDER): record
        for path, record in shipped.items()
        if path.parent.name == "famous"
    }
    assert all(record.metadata["author"] for _, record in famous())
