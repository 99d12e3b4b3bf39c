"""Generated puzzles on disk: CSV or Parquet with the columns puzzle, solution, clues, rating."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from solver.generator.chunks import Puzzles

COLUMNS: Final = ("puzzle", "solution", "clues", "rating")
SUFFIXES: Final = (".csv", ".parquet")


def lines(grids: npt.NDArray[np.int8]) -> list[str]:
    """Grids, int8 [n, 81], as 81 digits each, 0 for a blank."""
    text = (grids + ord("0")).astype(np.uint8).tobytes().decode("ascii")
    return [text[start : start + 81] for start in range(0, len(text), 81)]


class TableWriter:
    """Writes parts of a table beside `path` and moves the whole into place at the end.

    Raises `ValueError` for a suffix other than `SUFFIXES` or a missing folder,
    `ModuleNotFoundError` where Parquet is asked for without pyarrow.
    """

    def __init__(self, path: Path) -> None:
        if path.suffix.lower() not in SUFFIXES:
            raise ValueError(f"{path}: a table's name ends in .csv or .parquet")
        if not path.parent.is_dir():
            raise ValueError(f"{path.parent}: no such folder to write {path.name} in")
        self.path = path
        self.temporary = path.with_name(path.name + ".tmp")
        self.parquet = path.suffix.lower() == ".parquet"
        self._writer: Any = None

    def __enter__(self) -> TableWriter:
        if self.parquet:
            import pyarrow as pa
            import pyarrow.parquet as pq

            types = (pa.string(), pa.string(), pa.int32(), pa.int32())
            self._schema = pa.schema(list(zip(COLUMNS, types, strict=True)))
            self._writer = pq.ParquetWriter(self.temporary, self._schema, compression="zstd")
        else:
            self._writer = self.temporary.open("w", encoding="ascii", newline="\n")
            self._writer.write(",".join(COLUMNS) + "\n")
        return self

    def write(self, part: Puzzles) -> None:
        """Add some puzzles."""
        columns = (
            lines(part.puzzles),
            lines(part.solutions),
            part.clues.tolist(),
            part.ratings.tolist(),
        )
        if self.parquet:
            import pyarrow as pa

            self._writer.write_table(pa.table(list(columns), schema=self._schema))
        else:
            for row in zip(*columns, strict=True):
                self._writer.write("{},{},{},{}\n".format(*row))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.close()
        if kind is None:
            self.temporary.replace(self.path)
        else:
            self.temporary.unlink(missing_ok=True)
