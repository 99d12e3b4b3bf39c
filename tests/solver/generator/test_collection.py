"""The puzzles that are shipped: at least a hundred, proper, and at the level they name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from solver.cli.data import app
from solver.exact import rate_many, solve_many
from solver.exact.canonical import canonical_many
from solver.formats import Record, read
from solver.generator.collection import MODE_OF, at_level, famous
from solver.generator.library import LEVELS, level_of

FOLDER = Path(__file__).resolve().parents[3] / "puzzles"


@pytest.fixture(scope="module")
def shipped() -> dict[Path, Record]:
    return {path: next(iter(read(path))) for path in sorted(FOLDER.rglob("*.sdk"))}


def test_each_shipped_puzzle_has_one_solution(shipped: dict[Path, Record]) -> None:
    cells = np.array([record.givens.cells for record in shipped.values()])
    assert len(cells) > 100
    assert (solve_many(cells)[1] == 1).all()


def test_each_shipped_puzzle_is_at_the_level_it_names(shipped: dict[Path, Record]) -> None:
    ratings = rate_many(np.array([record.givens.cells for record in shipped.values()]))
    for (path, record), rating in zip(shipped.items(), ratings.tolist(), strict=True):
        assert record.metadata["level"] == level_of(rating)
        assert record.metadata["comment"] == f"rating {rating}, {record.givens.clues} clues"
        assert path.parent.name in (record.metadata["level"], "famous", "puzzles")


def test_every_level_has_two_dozen_puzzles_and_none_twice(shipped: dict[Path, Record]) -> None:
    for level in LEVELS:
        inside = [record for path, record in shipped.items() if path.parent.name == level]
        assert len(inside) == 24
        forms = canonical_many([record.givens.cells for record in inside])
        assert len(np.unique(forms, axis=0)) == 24


def test_the_first_example_is_truly_hard(shipped: dict[Path, Record]) -> None:
    hard = shipped[FOLDER / "hard.sdk"]
    assert rate_many([hard.givens.cells])[0] >= 50


def test_shipped_puzzles_are_what_the_generator_makes(shipped: dict[Path, Record]) -> None:
    for level in ("easy", "medium", "hard"):
        for number, record in enumerate(at_level(level, 1), 1):
            assert shipped[FOLDER / level / f"{level}-{number:02}.sdk"] == record


@pytest.mark.parametrize(
    ("level", "count"),
    [("easy", 520), ("medium", 130), ("hard", 150), ("expert", 150), ("extreme", 12)],
)
def test_the_generate_command_makes_the_first_five_of_each_level(
    level: str, count: int, shipped: dict[Path, Record], tmp_path: Path
) -> None:
    least, greatest = LEVELS[level]
    bounds = ["--min-rating", least] + ([] if greatest is None else ["--max-rating", greatest])
    asked = ["--count", count, "--seed", 1, "--mode", MODE_OF[level], *bounds]
    out = tmp_path / "made.csv"
    command = ["generate", *map(str, asked), "--workers", "1", "--output", str(out)]
    assert CliRunner().invoke(app, command).exit_code == 0
    made = {record.givens for record in read(out)}
    assert made >= {shipped[FOLDER / level / f"{level}-0{n}.sdk"].givens for n in range(1, 6)}


def test_famous_puzzles_are_there_by_name_and_say_whose_they_are(
    shipped: dict[Path, Record],
) -> None:
    assert dict(famous()) == {
        path.relative_to(FOLDER): record
        for path, record in shipped.items()
        if path.parent.name == "famous"
    }
    assert all(record.metadata["author"] for _, record in famous())
