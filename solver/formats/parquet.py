"""Parquet tables of puzzles, read and written batch by batch; needs pyarrow."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from solver.formats.errors import FormatError, shown
from solver.formats.record import Record
from solver.formats.source import Source
from solver.formats.table import Columns, FieldError, header_for, row_of

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

MAGIC: Final = b"PAR1"
_BATCH: Final = 4096
_PIPE_LIMIT: Final = 1 << 30
_FOOTER_LIMIT: Final = 16 << 20


def read(source: Source) -> Iterator[Record | FormatError]:
    """One record a row; a bad row is yielded as its error. `Record.line` counts rows from 1.

    Raises `ModuleNotFoundError` where pyarrow is missing.
    """
    import pyarrow as pa

    try:
        file = _open(source)
        names = list(file.schema_arrow.names)
        columns = Columns.named(names)
        row_number = 0
        for batch in file.iter_batches(batch_size=_BATCH):
            for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                row = [_text(value) for value in values]
                row_number += 1
                try:
                    columns = columns or Columns.seen(names, row)
                    if columns is None:
                        raise FormatError("no column of grids", "a column of 81 cells each")
                    yield columns.record(row, source.name, row_number)
                except FormatError as error:
                    if isinstance(error, FieldError):
                        error.column = None
                    yield error.at(source.name, row_number)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        if isinstance(error, FormatError):
            raise
        message = str(error).partition("\n")[0]
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

    names, stream = header_for(records)
    rows = iter(stream)
    schema = pa.schema([(name, pa.string()) for name in names])
    sink = io.BytesIO()
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        while held := list(islice(rows, 1 << 16)):
            fields = zip(*(row_of(record, names) for record in held), strict=True)
            writer.write_table(pa.table([pa.array(column) for column in fields], schema=schema))
    yield sink.getvalue()
