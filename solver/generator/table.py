"""Generated puzzles on disk: CSV or Parquet with the columns puzzle, solution, clues, rating."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from solver.generator.chunks import Puzzles
from solver.system.files import atomic_write

COLUMNS: Final = ("puzzle", "solution", "clues", "rating")
SUFFIXES: Final = (".csv", ".parquet")


def lines(grids: npt.NDArray[np.int8]) -> list[str]:
    """Grids, int8 [n, 81], as 81 digits each, 0 for a blank."""
    text = (grids + ord("0")).astype(np.uint8).tobytes().decode("ascii")
    return [text[start : start + 81] for start in range(0, len(text), 81)]


@contextlib.contextmanager
def table_writer(path: Path) -> Iterator[Callable[[Puzzles], None]]:
    """What adds puzzles to a table, which appears at `path` when the context ends in order.

    Raises `ValueError` for a suffix other than `SUFFIXES` or a missing folder,
    `ModuleNotFoundError` where Parquet is asked for without pyarrow.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise ValueError(f"{path}: a table's name ends in .csv or .parquet")
    if not path.parent.is_dir():
        raise ValueError(f"{path.parent}: no such folder to write {path.name} in")
    writer = _parquet if path.suffix.lower() == ".parquet" else _csv
    with atomic_write(path) as temporary, writer(temporary) as write:
        yield write


def _columns(part: Puzzles) -> list[list[Any]]:
    clues, ratings = part.clues.tolist(), part.ratings.tolist()
    return [lines(part.puzzles), lines(part.solutions), clues, ratings]


@contextlib.contextmanager
def _csv(path: Path) -> Iterator[Callable[[Puzzles], None]]:
    with path.open("w", encoding="ascii", newline="\n") as stream:
        stream.write(",".join(COLUMNS) + "\n")

        def write(part: Puzzles) -> None:
            for row in zip(*_columns(part), strict=True):
                stream.write("{},{},{},{}\n".format(*row))

        yield write


@contextlib.contextmanager
def _parquet(path: Path) -> Iterator[Callable[[Puzzles], None]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = (pa.string(), pa.string(), pa.int32(), pa.int32())
    schema = pa.schema(list(zip(COLUMNS, types, strict=True)))
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:

        def write(part: Puzzles) -> None:
            writer.write_table(pa.table(_columns(part), schema=schema))

        yield write
