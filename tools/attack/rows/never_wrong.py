"""Row 1: every answer is right, whatever the policy says."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from tools.attack.checker import count, is_solution
from tools.attack.common import ROOT, Attack, Fault, Outcome
from tools.attack.policies import write_all

SHARED = ROOT.parent / "shared" / "data" / "lists"
SLICE = 100
"""Puzzles in one run of the command."""
VERDICT = {"solved": 1, "several solutions": 2, "no solution": 0, "invalid": 0}


def never_wrong(attack: Attack) -> Sequence[Fault]:
    """Puzzles of all kinds through the shipped policy and through wrong ones."""
    puzzles = list(dict.fromkeys(_puzzles(attack)))
    attack.rng.shuffle(puzzles)  # so that what a limit of time leaves holds all kinds
    known: dict[str, int] = {}
    policies: dict[str, Path | None] = {"the shipped policy": None}
    policies.update(write_all(attack.folder, seed=1))
    return [partial(_answers, attack, puzzles, known, *policy) for policy in policies.items()]


def _answers(
    attack: Attack, puzzles: list[str], known: dict[str, int], name: str, file: Path | None
) -> Outcome:
    outcome = attack.outcome(f"answers with {name}")
    model = ["--model", file] if file else []
    asked: list[int] = []
    for start in range(0, len(puzzles), SLICE):
        part = puzzles[start : start + SLICE]
        (attack.folder / "all.sdm").write_text("".join(f"{puzzle}\n" for puzzle in part))
        for left in attack.folder.glob("all.*csv*"):
            left.unlink()
        done = attack.run("sudoku-solve", "all.sdm", "-o", "all.csv", *model)
        if outcome.check(done.clean and done.status in (0, 3, 4), done.said()):
            known.update({each: count(each) for each in part if each not in known})
            _compare(attack.folder / "all.csv", part, known, outcome)
            asked += [known[puzzle] for puzzle in part]
            outcome.note = _kinds(asked)
    return outcome


def _kinds(found: list[int]) -> str:
    names = ((1, "with one solution"), (2, "with several"), (0, "with none"))
    return ", ".join(f"{found.count(kind):,} {name}" for kind, name in names)


def _compare(table: Path, puzzles: list[str], known: dict[str, int], outcome: Outcome) -> None:
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    outcome.check(len(rows) == len(puzzles), f"{len(rows)} rows for {len(puzzles)} puzzles")
    for row, puzzle in zip(rows, puzzles, strict=False):
        said = VERDICT[row["status"]]
        solved = said == 0 or is_solution(puzzle, row["solution"])
        share = float(row["confidence"] or 0)
        right = solved and said == known[puzzle] and 0 <= share <= 1
        outcome.check(right, f"{puzzle}: {row}")


def _puzzles(attack: Attack) -> Iterator[str]:
    made = attack.count(100_000, 20)
    for mode in ("fast", "hard"):
        done = attack.run(
            "sudoku-data", "generate", "--count", made // 2, "--mode", mode, "--seed", 7,
            "--workers", 1, "--out", f"{mode}.csv", seconds=1800,
        )  # fmt: skip
        if done.status == 0:
            lines = (attack.folder / f"{mode}.csv").read_text().splitlines()[1:]
            yield from (line[:81].replace("0", ".") for line in lines)
    full = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
    for _ in attack.tries(10_000, 60):
        kept = attack.rng.sample(range(81), attack.rng.choice((0, 5, 12, 20, 24, 40, 77, 80, 81)))
        cells = [full[cell] if cell in kept else "." for cell in range(81)]
        if attack.rng.random() < 0.5 and kept:
            cells[attack.rng.choice(kept)] = attack.rng.choice("123456789")
        if 0 < sum(cell != "." for cell in cells) < 17 and attack.rng.random() < 0.8:
            continue
        yield "".join(cells)
    if SHARED.is_dir():
        lists = [
            line.strip()[:81].replace("0", ".")
            for path in sorted(SHARED.glob("*.sdm"))
            for line in path.read_text(errors="replace").splitlines()
            if len(line.strip()) >= 81
        ]
        for puzzle in attack.rng.sample(lists, min(len(lists), attack.count(len(lists), 50))):
            yield puzzle
            yield _turned(attack, puzzle)
            given = [cell for cell in range(81) if puzzle[cell] != "."]
            less = attack.rng.choice(given)
            yield puzzle[:less] + "." + puzzle[less + 1 :]


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
