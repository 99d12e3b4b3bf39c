"""From blocks of puzzles to rows of the output, by the policy or the exact engine.

A block's rows depend on its puzzles alone, never on where or beside what they are solved: what
one process writes and what a cluster writes is the same.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from solver.board.rules import duplicates_many
from solver.formats.batches import Batch
from solver.formats.errors import FormatError
from solver.generator.table import lines
from solver.policy.providers import CPU
from solver.policy.session import Policy, Prediction
from solver.solving.answer import Counted, count, judge, predict
from solver.solving.columns import COLUMNS, answer_row, csv_line
from solver.solving.solution import Status
from solver.solving.start import ANY, Start, masks_of, starts_of
from solver.system.files import atomic_write

BAD_COLUMNS: Final = ("file", "line", "column", "found", "expected")
"""Of the side file that lists what could not be read."""
EXACT_BLOCK: Final = 4096
CPU_BLOCK: Final = 64
CUDA_BLOCK: Final = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many puzzles became what."""

    policy: int = 0
    search: int = 0
    exact: int = 0
    no_solution: int = 0
    several: int = 0
    invalid: int = 0
    bad: int = 0
    played: int = 0
    """Those with play or candidates in the file."""
    faulty: int = 0
    """Of these, those whose play or candidates can't be right."""
    violations: int = 0

    @property
    def puzzles(self) -> int:
        """The rows of the output."""
        return (
            self.policy + self.search + self.exact + self.no_solution + self.several + self.invalid
        )

    def __add__(self, other: Tally) -> Tally:
        names = self.__dataclass_fields__
        sums = map(sum, zip(astuple(self), astuple(other), strict=True))
        return Tally(**dict(zip(names, sums, strict=True)))


@dataclass(frozen=True, slots=True)
class Block:
    """What is written for some puzzles that follow one another in a file."""

    rows: bytes
    """Lines of the output, CSV."""
    bad_rows: bytes
    """Lines of the side file, CSV."""
    messages: tuple[str, ...]
    """The first of what could not be read, for people."""
    tally: Tally
    faults: tuple[tuple[str, str], ...] = ()
    """Place and fault of each puzzle whose play or candidates can't be right."""
    unkept: frozenset[str] = frozenset()
    """What else the puzzles come with, by name, that the rows don't hold."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Some puzzles, what the exact engine says of them, and what the policy does, if asked.

    `starts` are the rows that start from more than the givens [n, 81], as `counted` does.
    """

    givens: npt.NDArray[np.int8]
    starts: Mapping[int, Start]
    counted: Counted
    prediction: Prediction | None = None


class Engine(ABC):
    """Answers blocks of puzzles, in two halves that may overlap those of other blocks."""

    name: str
    """What the rows depend on, besides the puzzles."""
    block: int
    """How many puzzles make a block."""

    def ask(self, batch: Batch) -> Asked:
        """Count the solutions of some puzzles, within their play and their candidates."""
        if not batch.played:
            return Asked(batch.cells, {}, count(batch.cells))
        starts = dict(zip(batch.played, starts_of([*batch.played.values()]), strict=True))
        cells, masks = batch.cells.copy(), np.full(batch.cells.shape, ANY, np.int64)
        for row, start in starts.items():
            cells[row], masks[row] = start.grid.cells, start.masks
        within = None if masks_of([*starts.values()]) is None else masks
        return Asked(batch.cells, starts, count(cells, within=within))

    @abstractmethod
    def rows(self, asked: Asked) -> tuple[list[list[str]], Tally]:
        """The rows for these puzzles, and their tally."""


class ExactEngine(Engine):
    """Answers by the exact engine alone."""

    name = "exact"
    block = EXACT_BLOCK

    def rows(self, asked: Asked) -> tuple[list[list[str]], Tally]:
        counted = asked.counted
        n = len(counted)
        methods = ["" if one is Status.INVALID else "exact" for one in counted.status]
        return _table(asked, counted.found, methods, [None] * n, [None] * n, counted.broken)


class PolicyEngine(Engine):
    """Answers by the policy, and by search where the policy is wrong."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.name = f"policy {policy.hash}, {policy.views} views"
        self.block = CPU_BLOCK if policy.provider == CPU else CUDA_BLOCK

    def ask(self, batch: Batch) -> Asked:
        """Count the solutions, and ask the policy."""
        asked = super().ask(batch)
        return replace(asked, prediction=predict(self.policy, asked.counted))

    def rows(self, asked: Asked) -> tuple[list[list[str]], Tally]:
        counted, said = asked.counted, asked.prediction
        assert said is not None
        answers = judge(counted, said)
        methods = [
            "" if status is Status.INVALID else "search" if searched else "policy"
            for status, searched in zip(answers.status, answers.searched.tolist(), strict=True)
        ]
        own = np.where(counted.broken > 0, counted.broken, duplicates_many(said.grid))
        sure, passes = answers.confidence.tolist(), said.passes.tolist()
        return _table(asked, answers.grids, methods, sure, passes, own)


def _table(
    asked: Asked,
    grids: npt.NDArray[np.int8],
    methods: Sequence[str],
    confidence: Sequence[float | None],
    passes: Sequence[int | None],
    violations: npt.NDArray[np.int64],
) -> tuple[list[list[str]], Tally]:
    """The rows, and their tally."""
    status = asked.counted.status
    answered = [one is Status.SOLVED or one is Status.SEVERAL for one in status]
    rows = [
        answer_row(puzzle, solution if known else "", one.value, *values)
        for puzzle, solution, known, one, *values in zip(
            lines(asked.givens),
            lines(grids),
            answered,
            status,
            methods,
            confidence,
            passes,
            violations.tolist(),
            strict=True,
        )
    ]
    solved = [method for one, method in zip(status, methods, strict=True) if one is Status.SOLVED]
    return rows, Tally(
        policy=solved.count("policy"),
        search=solved.count("search"),
        exact=solved.count("exact"),
        no_solution=status.count(Status.NO_SOLUTION),
        several=status.count(Status.SEVERAL),
        invalid=status.count(Status.INVALID),
        violations=int(violations.sum()),
    )


MESSAGES: Final = 20


def block_of(engine: Engine, batch: Batch, asked: Asked) -> Block:
    """What is written for a batch of which this is known."""
    rows, tally = engine.rows(asked)
    told = [",".join(row) for row in rows]
    if batch.texts:
        more = zip(*(column.tolist() for column in batch.texts.values()), strict=True)
        told = [f"{row},{csv_line(texts)[:-1]}" for row, texts in zip(told, more, strict=True)]
    faults = tuple(
        (f"{batch.played[row].source}:{batch.played[row].line}", start.fault)
        for row, start in asked.starts.items()
        if start.fault
    )
    return Block(
        "".join(f"{row}\n" for row in told).encode("utf-8", "replace"),
        "".join(map(_bad_row, batch.errors)).encode("utf-8", "replace"),
        tuple(str(error) for error in batch.errors[:MESSAGES]),
        tally + Tally(bad=len(batch.errors), played=len(batch.played), faulty=len(faults)),
        faults,
        batch.unasked,
    )


def _bad_row(error: FormatError) -> str:
    return csv_line([error.file, error.line, error.column, error.found, error.expected])


def to_parquet(source: Path, target: Path, columns: Sequence[str] = COLUMNS) -> None:
    """Write an output that is CSV, `source`, as Parquet, a few rows at a time.

    `columns` begins with `COLUMNS`; the others hold text.

    Raises `ModuleNotFoundError` where pyarrow is missing.
    """
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet as pq

    types = [pa.string()] * 4 + [pa.float32(), pa.int32(), pa.int32()]
    types += [pa.string()] * (len(columns) - len(COLUMNS))
    schema = pa.schema(list(zip(columns, types, strict=True)))
    options = pa.csv.ConvertOptions(column_types=schema, null_values=[""])
    with (
        atomic_write(target) as temporary,
        pa.csv.open_csv(
            source,
            parse_options=pa.csv.ParseOptions(newlines_in_values=True),
            convert_options=options,
        ) as reader,
        pq.ParquetWriter(temporary, schema, compression="zstd") as writer,
    ):
        for batch in reader:
            writer.write_batch(batch)
