"""The figures of the README and of the first page are those of the card and the benchmarks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from solver.policy.session import SHIPPED, Policy

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
INDEX = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
BENCHMARKS = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
CARD = SHIPPED.with_name("README.md").read_text(encoding="utf-8")


def row(text: str, first: str) -> list[str]:
    """The cells of the one row of a table of `text` that begins with `first`."""
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    [found] = [cells for cells in rows if cells[0].strip() == first]
    return [cell.strip() for cell in found]


LISTS = re.findall(r"^\| (`[\w.]+`) \| [\d,]+ \| [\d.]+% \|", README, re.M)


@pytest.mark.parametrize("name", LISTS)
def test_the_accuracy_in_the_readme_is_that_of_the_card(name: str) -> None:
    assert row(README, name) == row(CARD, name)[:4]


def test_the_readme_tells_of_four_lists() -> None:
    assert len(LISTS) == 4


@pytest.mark.parametrize("text", [README, INDEX], ids=["README", "index"])
def test_what_is_said_first_is_what_the_card_says(text: str) -> None:
    parameters = row(CARD, "parameters")[1].split()[0]
    hardest = row(CARD, "`hardest_11plus.dev.sdm`")[2]
    assert f"{parameters} parameters" in text
    assert f"solves {hardest} of" in " ".join(text.split())


def test_the_size_is_that_of_the_file() -> None:
    size = f"{SHIPPED.stat().st_size // 1000} kB"
    assert size in README
    assert row(CARD, "file")[1].startswith(size)


def test_the_comparison_repeats_the_table_of_accuracy() -> None:
    magictour = row(CARD, "`magictour_top1465.sdm`")
    hardest = row(CARD, "`hardest_11plus.dev.sdm`")
    one, all_views = (row(README, f"this, {it}")[4] for it in ("one view", "64 views"))
    rounded = [f"{float(cells[3].rstrip('%')):.1f}%" for cells in (magictour, hardest)]
    assert one == "; ".join(rounded)
    assert all_views == f"{magictour[2].replace('.00', '')}; {hardest[2]}"


def test_the_shipped_policy_has_as_many_views_as_the_readme_says() -> None:
    policy = Policy.load(device="cpu", threads=1)
    assert f"all {policy.views} views" in README


SPEEDS = [
    ("one puzzle, median, one view", "latency and throughput, easy, one thread", 1),
    ("one puzzle, median, one view", "the same, hardest known, one view", 2),
    ("puzzles a second, one view", "latency and throughput, easy, one thread", 1),
    ("puzzles a second, one view", "the same, hardest known, one view", 2),
    ("puzzles a second, all 64 views", "the same, 8, 16 and all 64 views", 2),
    ("exact engine, counting to two solutions", "exact engine, counting to two", 1),
    ("exact engine, counting to two solutions", "exact engine, counting to two", 2),
]


@pytest.mark.parametrize(("ours", "theirs", "column"), SPEEDS)
def test_the_speeds_in_the_readme_were_printed(ours: str, theirs: str, column: int) -> None:
    figure = row(README, ours)[column].split()[0]
    printed = row(BENCHMARKS, theirs)[2]
    assert re.search(rf"(?<![\d.,]){re.escape(figure)}(?![\d]|[.,]\d)", printed), (figure, printed)
