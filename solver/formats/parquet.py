"""Parquet tables of puzzles, read and written batch by batch; needs pyarrow."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from solver.formats.errors import FormatError, shown
from solver.formats.record import Record
from solver.formats.source import Source
from solver.formats.table import Columns, FieldError, table_of

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

MAGIC: Final = b"PAR1"
_BATCH: Final = 4096
_PIPE_LIMIT: Final = 1 << 30
_FOOTER_LIMIT: Final = 16 << 20


def read(source: Source) -> Iterator[Record | FormatError]:
    """One record a row; a bad row is yielded as its error.

    `Record.line` and an error's line count rows from 1, an error's column the table's columns.

    Raises `ModuleNotFoundError` where pyarrow is missing.
    """
    for item in rows(source):
        yield item if isinstance(item, FormatError) else item.record(source.name)


class Row(NamedTuple):
    """One row of a table whose columns are known."""

    number: int
    fields: list[str]
    columns: Columns
    first: int = 0
    """The table's column, from 0, that the first field is of."""

    def record(self, name: str) -> Record | FormatError:
        """The record of the row, or what is wrong with it."""
        try:
            return self.columns.record(self.fields, name, self.number)
        except FormatError as error:
            if isinstance(error, FieldError):
                error.column = self.first + error.field + 1
            return error.at(name, self.number)


def rows(source: Source, *, puzzles_alone: bool = False) -> Iterator[Row | FormatError]:
    """The rows, not yet parsed; with `puzzles_alone`, only the puzzles' column where it is known.

    Raises as `read` does.
    """
    import pyarrow as pa

    try:
        file = _open(source)
        names = list(file.schema_arrow.names)
        columns = Columns.named(names)
        wanted, first = None, 0
        if puzzles_alone and columns is not None:
            first = columns.puzzle
            names = wanted = [names[first]]
            columns = Columns.named(names)
        number = 0
        for batch in file.iter_batches(batch_size=_BATCH, columns=wanted):
            for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                fields = [value if type(value) is str else _text(value) for value in values]
                number += 1
                columns = columns or Columns.seen(names, fields)
                if columns is not None:
                    yield Row(number, fields, columns, first)
                else:
                    error = FormatError("no column of grids", "a column of 81 cells each")
                    yield error.at(source.name, number)
    except FormatError:
        raise
    except (pa.ArrowException, OSError, ValueError, OverflowError) as broken:
        message = str(broken).partition("\n")[0]
        raise FormatError(f"a broken file ({shown(message)})", "Parquet") from None


def _open(source: Source) -> ParquetFile:
    import pyarrow.parquet as pq

    stream: Any = source.stream
    if stream.seekable():
        stream.seek(0)
    else:
        stream = io.BytesIO(source.raw(_PIPE_LIMIT))
    return pq.ParquetFile(
        stream,
        thrift_string_size_limit=_FOOTER_LIMIT,
        thrift_container_size_limit=1 << 20,
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, list):
        return "".join(str(digit) for digit in value)
    return str(value)


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """The columns that the CSV has, all of them strings, compressed with zstd."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = table_of(records)
    schema = pa.schema([(name, pa.string()) for name in next(rows)])
    sink = io.BytesIO()
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        while held := list(islice(rows, 1 << 16)):
            fields = zip(*held, strict=True)
            writer.write_table(pa.table([pa.array(column) for column in fields], schema=schema))
    yield sink.getvalue()
