"""Row 1: every answer is right, whatever the policy says."""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from tools.attack.checker import count, is_solution
from tools.attack.common import ROOT, Attack, Fault, Outcome
from tools.attack.forks import called, warm_up
from tools.attack.policies import write_all

SHARED = ROOT.parent / "shared" / "data" / "lists"
SLICES = 1100
"""Runs of the command with each policy, of some hundred puzzles each."""
VERDICT = {"solved": 1, "several solutions": 2, "no solution": 0, "invalid": 0}
Known = dict[str, int]
"""Puzzle -> how many solutions it has, counted up to two."""


def never_wrong(attack: Attack) -> Sequence[Fault]:
    """Puzzles of all kinds through the shipped policy and through wrong ones."""
    warm_up()
    slices: list[Known] = []
    policies: dict[str, Path | None] = dict(write_all(attack.folder, seed=1))
    policies["the shipped policy"] = None
    return [partial(_answers, attack, slices, *policy) for policy in policies.items()]


def _answers(attack: Attack, slices: list[Known], name: str, file: Path | None) -> Outcome:
    outcome = attack.outcome(f"answers with {name}")
    model = ["--model", str(file)] if file else []
    asked: list[int] = []
    for number in attack.tries(SLICES):
        if number == len(slices):
            slices.append({puzzle: count(puzzle) for puzzle in _puzzles(attack, number)})
        known = slices[number]
        (attack.folder / "all.sdm").write_text("".join(f"{puzzle}\n" for puzzle in known))
        for left in attack.folder.glob("all.*csv*"):
            left.unlink()
        done = called(attack, ["sudoku-solve", "all.sdm", "-o", "all.csv", *model], 600)
        if outcome.check(done.clean and done.status in (0, 3, 4), done.said()):
            _compare(attack.folder / "all.csv", known, outcome)
            asked += known.values()
            outcome.note = _kinds(asked)
    return outcome


def _kinds(found: list[int]) -> str:
    names = ((1, "with one solution"), (2, "with several"), (0, "with none"))
    return ", ".join(f"{found.count(kind):,} {name}" for kind, name in names)


def _compare(table: Path, known: Known, outcome: Outcome) -> None:
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    outcome.check(len(rows) == len(known), f"{len(rows)} rows for {len(known)} puzzles")
    for row, puzzle in zip(rows, known, strict=False):
        said = VERDICT[row["status"]]
        solved = said == 0 or is_solution(puzzle, row["solution"])
        share = float(row["confidence"] or 0)
        right = solved and said == known[puzzle] and 0 <= share <= 1
        outcome.check(right, f"{puzzle}: {row}")


def _puzzles(attack: Attack, number: int) -> Iterator[str]:
    """The puzzles of a slice: generated ones, grids with givens missing or wrong, and real ones."""
    mode = "hard" if number % 2 else "fast"
    command = ("sudoku-data", "generate", "--count", "40", "--mode", mode, "--seed", str(number),
               "--workers", "1", "--out", "new.csv")  # fmt: skip
    if called(attack, command).status == 0:
        lines = (attack.folder / "new.csv").read_text().splitlines()[1:]
        yield from (line[:81].replace("0", ".") for line in lines)
    full = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
    for _ in range(30):
        kept = attack.rng.sample(range(81), attack.rng.choice((0, 5, 12, 20, 24, 40, 77, 80, 81)))
        cells = [full[cell] if cell in kept else "." for cell in range(81)]
        if attack.rng.random() < 0.5 and kept:
            cells[attack.rng.choice(kept)] = attack.rng.choice("123456789")
        if 0 < sum(cell != "." for cell in cells) < 17 and attack.rng.random() < 0.8:
            continue
        yield "".join(cells)
    for puzzle in attack.rng.sample(_real(), min(len(_real()), 15)):
        yield puzzle
        yield _turned(attack, puzzle)
        given = [cell for cell in range(81) if puzzle[cell] != "."]
        less = attack.rng.choice(given)
        yield puzzle[:less] + "." + puzzle[less + 1 :]


@functools.cache
def _real() -> list[str]:
    """The real puzzles beside the repository; none where they are absent."""
    lines = (
        line.strip()
        for path in sorted(SHARED.glob("*.sdm"))
        for line in path.read_text(errors="replace").splitlines()
    )
    return [line[:81].replace("0", ".") for line in lines if len(line) >= 81]


def _turned(attack: Attack, puzzle: str) -> str:
    """The same puzzle with its lines, columns and digits in another order."""
    shuffled = attack.rng.sample
    rows, columns = (
        [3 * band + line for band in shuffled(range(3), 3) for line in shuffled(range(3), 3)]
        for _ in range(2)
    )
    digits = dict(zip("123456789", shuffled("123456789", 9), strict=True))
    cells = [puzzle[9 * row + column] for row in rows for column in columns]
    if attack.rng.random() < 0.5:
        cells = [cells[9 * (cell % 9) + cell // 9] for cell in range(81)]
    return "".join(digits.get(cell, ".") for cell in cells)
