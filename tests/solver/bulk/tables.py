"""A file of puzzles of every kind, solved, and the table that comes of it."""

from __future__ import annotations

import csv
from pathlib import Path

from solver.bulk.files import (
    columns_of,
    job_of,
    solve_files,
)
from solver.bulk.part import Part
from solver.bulk.rows import Asked, ExactEngine, PolicyEngine
from solver.formats.batches import Batch
from solver.policy.session import ModelError
from tests.solver import puzzles

LINES = [
    *puzzles.ALL,
    puzzles.SINGLES_SOLVED,
    puzzles.TWO_SOLUTIONS,
    puzzles.NO_SOLUTION,
    puzzles.BROKEN,
]


def write(path: Path, lines: list[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


class Counting(ExactEngine):
    """The exact engine, in blocks of two; `seen` are the puzzles that it got."""

    block = 2

    def __init__(self, fails_at: int | None = None) -> None:
        self.seen: list[str] = []
        self.fails_at = fails_at

    def ask(self, batch: Batch) -> Asked:
        self.seen += ["".join(map(str, puzzle)) for puzzle in batch.cells]
        if self.fails_at is not None and len(self.seen) > self.fails_at:
            raise ModelError("the policy failed at work")
        return super().ask(batch)


def solve(engine: ExactEngine | PolicyEngine, source: Path, target: Path) -> Part:
    """What the command does, without what it says."""
    files = [str(source)]
    columns = columns_of(files)
    with Part(target, job_of(engine.name, files, columns), engine.block) as part:
        for block, _ in solve_files(engine, files, part.block, part.done.blocks, columns):
            part.write(block)
        part.finish()
    return part


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
