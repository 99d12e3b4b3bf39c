"""The policy that ships: the card is of its files, and it solves what the card says."""

from __future__ import annotations

from hashlib import sha256
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from solver import Solver, load
from solver.formats import read
from solver.generator.library import shipped_folder
from solver.policy.session import SHIPPED, Policy

CARD = SHIPPED.with_name("README.md")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.load(device="cpu", threads=1)


def test_the_card_names_the_files_that_ship(policy: Policy) -> None:
    card = CARD.read_text(encoding="utf-8")
    assert policy.hash in card
    assert sha256(SHIPPED.with_name("policy_ema.pt").read_bytes()).hexdigest() in card


def test_the_policy_is_small() -> None:
    assert SHIPPED.stat().st_size <= 5_000_000


def test_the_hard_puzzle_of_the_readme_needs_no_search(policy: Policy) -> None:
    [puzzle] = load(shipped_folder() / "hard.sdk")
    solution = Solver(policy).solve(puzzle)
    assert solution.method == "policy"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("norvig_easy50", 50),
        ("qqwing_simple", 50),
        ("qqwing_intermediate", 50),
        ("qqwing_expert", 50),
        ("17_clue.dev", 50),
        ("magictour_top1465", 50),
        ("norvig_top95", 50),
        ("sudocue_top50000.dev", 50),
        ("hardest_11plus.dev", 48),
    ],
)
def test_the_first_fifty_of_each_list_are_solved_as_the_card_says(
    policy: Policy, shared: Path, name: str, least: int
) -> None:
    records = islice(read(shared / "lists" / f"{name}.sdm"), 50)
    puzzles = np.array([record.givens.array() for record in records])
    assert int(policy.predict(puzzles).valid.sum()) >= least


@pytest.mark.shared
def test_fewer_views_are_an_option_and_leave_more_to_search(policy: Policy, shared: Path) -> None:
    few = Policy.load(device="cpu", threads=1, views=1)
    assert (few.views, policy.views) == (1, 64)
    records = islice(read(shared / "lists" / "hardest_11plus.dev.sdm"), 8)
    puzzles = np.array([record.givens.array() for record in records])
    one, all_of_them = few.predict(puzzles), policy.predict(puzzles)
    assert one.passes.max() <= few.passes
    assert one.view.max() == 0
    assert one.valid.sum() < all_of_them.valid.sum()
    assert (policy.predict(puzzles, views=1).grid == one.grid).all()
