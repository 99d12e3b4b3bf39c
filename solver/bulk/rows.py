"""Blocks of puzzles to rows of the output: what the policy or the exact engine makes of each.

A block's rows depend on its puzzles alone, never on where or beside what they are solved: what
one process writes and what a cluster writes is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from solver import exact
from solver.board.rules import duplicates_many
from solver.formats.batches import Batch
from solver.formats.errors import FormatError
from solver.generator.table import lines
from solver.policy.providers import CPU
from solver.policy.session import Policy, Prediction
from solver.solving.answer import Answers, Status, judge, predict
from solver.solving.columns import COLUMNS, csv_line

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
    """Those with play or candidates in the file, of which the givens alone are used."""
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


class Engine(Protocol):
    """What answers a block of puzzles, in two halves that may overlap those of other blocks."""

    @property
    def name(self) -> str:
        """What the rows depend on, besides the puzzles."""

    @property
    def block(self) -> int:
        """How many puzzles make a block."""

    def infer(self, cells: npt.NDArray[np.int8]) -> Prediction | None:
        """What a policy says of puzzles, int8 [n, 81]."""

    def rows(self, cells: npt.NDArray[np.int8], said: Prediction | None) -> tuple[str, Tally]:
        """The rows for puzzles, int8 [n, 81], of which the policy said this, and their tally."""


class ExactEngine:
    """Answers by the exact engine alone."""

    name = "exact"
    block = EXACT_BLOCK

    def infer(self, cells: npt.NDArray[np.int8]) -> None:
        """Nothing: there is no policy."""

    def rows(self, cells: npt.NDArray[np.int8], said: Prediction | None) -> tuple[str, Tally]:
        """As `Engine.rows`."""
        violations = duplicates_many(cells)
        grids, counts = exact.solve_many(cells)
        kinds = [Status.NO_SOLUTION, Status.SOLVED, Status.SEVERAL]
        status = [
            Status.INVALID if broken else kinds[count]
            for broken, count in zip(violations.tolist(), counts.tolist(), strict=True)
        ]
        methods = ["" if one is Status.INVALID else "exact" for one in status]
        blank = [""] * len(cells)
        return _told(cells, grids, status, methods, blank, blank, violations)


class PolicyEngine:
    """Answers by the policy, and by search where the policy is wrong."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.name = f"policy {policy.hash}, {policy.views} views"
        self.block = CPU_BLOCK if policy.provider == CPU else CUDA_BLOCK

    def infer(self, cells: npt.NDArray[np.int8]) -> Prediction:
        """As `Engine.infer`."""
        return predict(self.policy, cells)

    def rows(self, cells: npt.NDArray[np.int8], said: Prediction | None) -> tuple[str, Tally]:
        """As `Engine.rows`."""
        assert said is not None
        answers = judge(cells, said)
        methods = [
            "" if status is Status.INVALID else "search" if searched else "policy"
            for status, searched in zip(answers.status, answers.searched.tolist(), strict=True)
        ]
        return _told(
            cells,
            answers.grids,
            answers.status,
            methods,
            [f"{sure:.6f}" for sure in answers.confidence.tolist()],
            list(map(str, said.passes.tolist())),
            _violations(answers),
        )


def _violations(answers: Answers) -> npt.NDArray[np.int64]:
    """What the policy's own grids break; of puzzles not tried, what their givens break."""
    tried = np.array([status is not Status.INVALID for status in answers.status], dtype=bool)
    return duplicates_many(np.where(tried[:, None], answers.prediction.grid, answers.puzzles))


def _told(
    cells: npt.NDArray[np.int8],
    grids: npt.NDArray[np.int8],
    status: Sequence[Status],
    methods: Sequence[str],
    confidence: Sequence[str],
    passes: Sequence[str],
    violations: npt.NDArray[np.int64],
) -> tuple[str, Tally]:
    """The rows as text, and their tally."""
    solutions = lines(grids)
    answered = [one is Status.SOLVED or one is Status.SEVERAL for one in status]
    text = "".join(
        f"{puzzle},{solution if known else ''},{one.value},{method},{sure},{taken},{broken}\n"
        for puzzle, solution, known, one, method, sure, taken, broken in zip(
            lines(cells),
            solutions,
            answered,
            status,
            methods,
            confidence,
            passes,
            violations.tolist(),
            strict=True,
        )
    )
    solved = [method for one, method in zip(status, methods, strict=True) if one is Status.SOLVED]
    return text, Tally(
        policy=solved.count("policy"),
        search=solved.count("search"),
        exact=solved.count("exact"),
        no_solution=status.count(Status.NO_SOLUTION),
        several=status.count(Status.SEVERAL),
        invalid=status.count(Status.INVALID),
        violations=int(violations.sum()),
    )


MESSAGES: Final = 20


def block_of(engine: Engine, batch: Batch, said: Prediction | None) -> Block:
    """What is written for a batch of which the policy said this."""
    text, tally = engine.rows(batch.cells, said)
    played = 0 if batch.played is None else int(batch.played.sum())
    return Block(
        text.encode("ascii"),
        "".join(map(_bad_row, batch.errors)).encode("utf-8", "replace"),
        tuple(str(error) for error in batch.errors[:MESSAGES]),
        tally + Tally(bad=len(batch.errors), played=played),
    )


def _bad_row(error: FormatError) -> str:
    return csv_line([error.file, error.line, error.column, error.found, error.expected])


def to_parquet(source: Path, target: Path) -> None:
    """Write an output that is CSV, `source`, as Parquet, a few rows at a time.

    Raises `ModuleNotFoundError` where pyarrow is missing.
    """
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet as pq

    types = [pa.string()] * 4 + [pa.float32(), pa.int32(), pa.int32()]
    schema = pa.schema(list(zip(COLUMNS, types, strict=True)))
    options = pa.csv.ConvertOptions(column_types=schema, null_values=[""])
    temporary = target.with_name(target.name + ".tmp")
    with (
        pa.csv.open_csv(source, convert_options=options) as reader,
        pq.ParquetWriter(temporary, schema, compression="zstd") as writer,
    ):
        for batch in reader:
            writer.write_batch(batch)
    temporary.replace(target)
