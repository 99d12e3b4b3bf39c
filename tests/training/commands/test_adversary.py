"""Puzzles searched for against a policy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from solver.exact import solve_many
from solver.exact.depth import depths
from solver.exact.rating import rate_many
from solver.formats import read_argument
from solver.generator.chunks import Puzzles, generate
from solver.generator.table import table_writer
from training.commands import adversary
from training.commands.adversary import FLOOR, Pool, passes_needed
from training.data.cache import packed
from training.data.rows import unpack
from training.network.checkpoint import save_policy
from training.network.graph import Policy, PolicyConfig


class Knowing(Policy):
    """Knows the solutions, and says each from a pass of its own on; its state counts passes."""

    def __init__(self, solutions: Tensor, passes: Tensor) -> None:
        super().__init__(PolicyConfig(width=16, hidden=16, gate=16))
        self.right = torch.nn.functional.one_hot(solutions - 1, 9).float()
        self.passes = passes

    def begin(self, puzzle_bk: Tensor) -> tuple[Tensor, Tensor]:
        rows = torch.arange(len(puzzle_bk))
        return torch.stack([torch.zeros(len(rows)), rows], 1), puzzle_bk

    def step(self, state: Tensor, told: Tensor) -> tuple[Tensor, Tensor]:
        h = state + torch.tensor([1, 0])
        rows = h[:, 1].long()
        says = (h[:, 0] >= self.passes[rows]).view(-1, 1, 1)
        return h, torch.where(says, self.right[rows], 0.0)


@pytest.fixture(scope="module")
def start() -> np.ndarray:
    return generate(8, seed=5).puzzles.astype(np.int64)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pools of a few puzzles."""
    monkeypatch.setattr(adversary, "POOL", 4)


@pytest.fixture
def untrained() -> Policy:
    torch.manual_seed(0)
    return Policy(PolicyConfig(width=16, hidden=16, gate=16))


def test_passes_count_up_to_the_first_grid_that_keeps_the_rules(start: np.ndarray) -> None:
    solutions = torch.from_numpy(solve_many(start[:4])[0]).long()
    policy = Knowing(solutions, torch.tensor([3, 1, 9, 6]))
    assert passes_needed(policy, start[:4], most=6).tolist() == [3, 1, 7, 6]


@pytest.mark.usefixtures("small")
def test_a_pool_starts_with_what_takes_most_passes(
    start: np.ndarray, untrained: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def by_number(policy: Policy, puzzles: np.ndarray, most: int) -> np.ndarray:
        numbers = (puzzles[:, None] == start).all(2).argmax(1)
        return np.array([1, 8, 2, 7, 3, 6, 4, 5])[numbers]

    monkeypatch.setattr(adversary, "passes_needed", by_number)
    pool = Pool(untrained, start, most=9, seed=(0, 0), floor=0)
    assert (pool.puzzles == start[[1, 3, 5, 7]]).all()


@pytest.mark.usefixtures("small")
def test_a_pool_gives_new_proper_puzzles_that_take_too_many_passes(
    start: np.ndarray, untrained: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clue_in_the_corner(policy: Policy, puzzles: np.ndarray, most: int) -> np.ndarray:
        return np.where(puzzles[:, 0] > 0, most + 1, most)

    monkeypatch.setattr(adversary, "passes_needed", clue_in_the_corner)
    pool = Pool(untrained, start, most=5, seed=(0, 0), floor=0)
    found = np.concatenate([pool.step() for _ in range(20)])
    assert len(found) > 0
    assert (found[:, 0] > 0).all()
    assert (solve_many(found)[1] == 1).all()
    assert not (found[:, None] == start).all(2).any()


@pytest.mark.usefixtures("small")
def test_the_easiest_puzzles_of_a_pool_make_room(
    start: np.ndarray, untrained: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adversary, "LAST", 1)
    pool = Pool(untrained, start, most=2, seed=(0, 0), floor=0)
    easiest = pool.puzzles[2].copy()
    pool.needed[:] = [3, 3, 1, 3]
    pool.rng = np.random.default_rng(1)
    pool.replace()
    assert not (pool.puzzles[2] == easiest).all()
    assert pool.needed.tolist() == [3, 3, 3, 3]


@pytest.fixture
def famous(tmp_path: Path) -> Path:
    """A table of the hardest puzzles known, all of them deep."""
    files = sorted((Path(__file__).parents[3] / "puzzles" / "famous").iterdir())
    cells = [next(iter(read_argument(str(path)))).givens.cells for path in files]
    puzzles = np.array(cells, np.int8)
    solutions, _ = solve_many(puzzles)
    clues = np.count_nonzero(puzzles, axis=1).astype(np.int32)
    with table_writer(tmp_path / "famous.csv") as write:
        write(Puzzles(puzzles, solutions, clues, rate_many(puzzles)))
    return tmp_path / "famous.csv"


def test_the_command_writes_the_same_deep_puzzles_for_the_same_seed(
    famous: Path, untrained: Policy, tmp_path: Path
) -> None:
    save_policy(tmp_path / "policy.pt", untrained, {})
    for name in ("a.csv", "b.csv"):
        adversary.adversary(
            policy=tmp_path / "policy.pt",
            start=famous,
            out=tmp_path / name,
            count=2,
            pools=2,
            passes=1,
            seed=4,
        )
    lines = (tmp_path / "a.csv").read_text(encoding="ascii").splitlines()
    assert (tmp_path / "b.csv").read_text(encoding="ascii").splitlines() == lines
    assert lines[0] == "puzzle,solution,clues,rating"
    puzzles = [[int(digit) for digit in line.split(",")[0]] for line in lines[1:]]
    assert len(puzzles) == 4
    assert (depths(puzzles) >= FLOOR).all()


def test_a_search_that_finds_nothing_more_ends(
    famous: Path, untrained: Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_policy(tmp_path / "policy.pt", untrained, {})
    monkeypatch.setattr(adversary, "LIFE", 1)
    monkeypatch.setattr(Pool, "step", lambda pool: pool.puzzles[:0])
    start, _ = unpack(packed(famous).cells)
    found = adversary.search(tmp_path / "policy.pt", start.astype(np.int64), 2, FLOOR, 5, 0, 0)
    assert found.shape == (0, 81)


@pytest.mark.parametrize(
    ("name", "message"), [("no", "no.csv: no such file"), ("easy", "none of its puzzles is deep")]
)
def test_the_command_says_what_it_cannot_start_from(
    name: str, message: str, untrained: Policy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_policy(tmp_path / "policy.pt", untrained, {})
    with table_writer(tmp_path / "easy.csv") as write:
        write(generate(6, seed=5))
    with pytest.raises(SystemExit):
        adversary.adversary(
            policy=tmp_path / "policy.pt",
            start=tmp_path / f"{name}.csv",
            out=tmp_path / "out.csv",
        )
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()
