"""Row 1: every answer is right, whatever the policy says."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from tools.attack.checker import count, is_solution
from tools.attack.common import ROOT, Attack, Outcome
from tools.attack.policies import write_all

SHARED = ROOT.parent / "shared" / "data" / "lists"
VERDICT = {"solved": 1, "several solutions": 2, "no solution": 0, "invalid": 0}


def never_wrong(attack: Attack) -> Iterator[Outcome]:
    """Puzzles of all kinds through the shipped policy and through wrong ones."""
    puzzles = list(dict.fromkeys(_puzzles(attack)))
    known = {puzzle: count(puzzle) for puzzle in puzzles}
    (attack.folder / "all.sdm").write_text("".join(f"{puzzle}\n" for puzzle in puzzles))
    policies: dict[str, Path | None] = {"the shipped policy": None}
    policies.update(write_all(attack.folder, seed=1))
    for name, file in policies.items():
        outcome = Outcome(f"answers with {name}")
        model = ["--model", file] if file else []
        done = attack.run("sudoku-solve", "all.sdm", "-o", "all.csv", *model, seconds=1800)
        outcome.check(done.clean and done.status in (0, 3, 4), done.said())
        if done.status is not None and (attack.folder / "all.csv").exists():
            _compare(attack.folder / "all.csv", puzzles, known, outcome)
        outcome.note = _kinds(known.values())
        yield outcome


def _kinds(counts: object) -> str:
    found = list(counts)  # type: ignore[call-overload]
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
    made = attack.count(100_000, 200)
    for mode in ("fast", "hard"):
        done = attack.run(
            "sudoku-data", "generate", "--count", made // 2, "--mode", mode, "--seed", 7,
            "--workers", 1, "--out", f"{mode}.csv", seconds=1800,
        )  # fmt: skip
        if done.status == 0:
            lines = (attack.folder / f"{mode}.csv").read_text().splitlines()[1:]
            yield from (line[:81].replace("0", ".") for line in lines)
    full = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
    for _ in range(attack.count(10_000, 60)):
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
        yield from attack.rng.sample(lists, min(len(lists), attack.count(len(lists), 200)))
