"""Parquet tables of puzzles, read and written batch by batch; needs pyarrow."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from solver.formats import scan
from solver.formats.chunk import Bytes, Chunk, settled
from solver.formats.chunk import column as column_of
from solver.formats.errors import FormatError, shown
from solver.formats.record import Record
from solver.formats.source import LONGEST_LINE, PARQUET, Source
from solver.formats.table import Columns, FieldError, table_of

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

MAGIC: Final = PARQUET
_BATCH: Final = 4096
_SCANNED: Final = 1 << 15
_PIPE_LIMIT: Final = 1 << 30
_FOOTER_LIMIT: Final = 16 << 20
_COLUMN_LIMIT: Final = 1 << 30
"""Bytes of one column in one row group, uncompressed."""
_ROWS_A_BYTE: Final = 100
_FEW_ROWS: Final = 1_000_000
"""A file may hold as many rows as this, or as `_ROWS_A_BYTE` for each of its bytes."""
_VALUES_A_ROW: Final = 1024


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
    fields: list[str | None]
    columns: Columns

    def record(self, name: str) -> Record | FormatError:
        """The record of the row, or what is wrong with it."""
        try:
            fields = [field for field in self.fields if field is not None]
            if len(fields) < len(self.fields):
                raise FormatError(f"a field longer than {LONGEST_LINE} bytes", "text")
            return self.columns.record(fields, name, self.number)
        except FormatError as error:
            if isinstance(error, FieldError):
                error.column = error.field + 1
            return error.at(name, self.number)


def rows(source: Source) -> Iterator[Row | FormatError]:
    """The rows, not yet parsed. Raises as `read` does."""
    with _broken():
        file = _open(source)
        names = list(file.schema_arrow.names)
        columns = Columns.named(names)
        number = 0
        for batch in file.iter_batches(batch_size=_BATCH):
            for fields in zip(*map(_fields, batch.columns), strict=True):
                number += 1
                columns = columns or Columns.seen(names, [field or "" for field in fields])
                if columns is not None:
                    yield Row(number, list(fields), columns)
                else:
                    error = FormatError("no column of grids", "a column of 81 cells each")
                    yield error.at(source.name, number)


def chunks(source: Source, columns: tuple[str, ...], solved: bool) -> Iterator[Chunk]:
    """The puzzles as arrays; only the columns that are needed are read. Raises as `read` does."""
    with _broken():
        file = _open(source)
        names = list(file.schema_arrow.names)
        known = Columns.named(names)
        if known is None:
            first = next(file.iter_batches(batch_size=_BATCH), None)
            fields = [] if first is None else list(zip(*map(_fields, first.columns), strict=True))
            seen = (Columns.seen(names, [field or "" for field in row]) for row in fields)
            known = next((found for found in seen if found), None)
        if known is None:
            error = FormatError("no column of grids", "a column of 81 cells each")
            raise error.at(source.name, 1)
        if not solved:
            known = known.with_answers_as_texts()
        read = [names[place] for place in known.placed(columns)]
        number = 0
        for batch in file.iter_batches(batch_size=_SCANNED, columns=list(dict.fromkeys(read))):
            yield _chunk(batch, known, names, columns, number, source.name)
            number += len(batch)


def _chunk(
    batch: pa.RecordBatch,
    known: Columns,
    names: list[str],
    columns: tuple[str, ...],
    before: int,
    name: str,
) -> Chunk:
    numbers = np.arange(before, before + len(batch)) + 1
    puzzle = batch[names[known.puzzle]]
    cells, plain = _grids(puzzle)
    solutions = np.zeros_like(cells)
    answer = batch[names[known.solution]] if known.solution >= 0 else None
    if answer is not None:
        solutions, whole = _grids(answer)
        doubtful = np.flatnonzero(~whole)
        whole[doubtful] = [text == "" for text in _fields(answer.take(doubtful))]
        plain &= whole
    if known.state >= 0:
        plain &= [text == "" for text in _fields(batch[names[known.state]])]
    texts = {}
    for column in columns:
        index = known.index(column)
        values = _fields(batch[names[index]]) if index >= 0 else [""] * len(batch)
        texts[column] = column_of(value or "" for value in values)
    odd = np.flatnonzero(~plain)
    careful: dict[int, Record | FormatError | None] = {}
    taken = batch.take(odd)
    fields = {place: _fields(taken[names[place]]) for place in known.placed(columns)}
    for number, row in enumerate(odd.tolist()):
        held = [fields[place][number] if place in fields else "" for place in range(len(names))]
        one = Row(int(numbers[row]), held, known)
        careful[row] = one.record(name) if any(field != "" for field in held) else None
    return settled(numbers, cells, solutions, texts, careful, (name for _, name in known.others))


def _grids(column: pa.Array) -> tuple[Bytes, npt.NDArray[np.bool_]]:
    """The digits of a column, [n, 81], and which rows are plainly a grid."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        cells, plain = _grids(column.dictionary)
        places = np.asarray(column.indices.fill_null(len(cells)))
        cells = np.concatenate([cells, np.zeros((1, 81), np.uint8)])
        return cells[places], np.append(plain, False)[places]
    cells = np.zeros((len(column), 81), np.uint8)
    plain = np.zeros(len(column), bool)
    types = pa.types
    small = types.is_string(column.type) or types.is_binary(column.type)
    if not small and not types.is_large_string(column.type):
        return cells, plain
    _, places, data = column.buffers()
    count = len(column) + 1
    offsets = np.frombuffer(places, np.int32 if small else np.int64, count, 0)
    if column.offset:
        kind = offsets.dtype
        offsets = np.frombuffer(places, kind, count, column.offset * kind.itemsize)
    rows = np.flatnonzero(np.diff(offsets) == 81)
    if len(rows):
        raw = np.frombuffer(data, np.uint8)
        cells[rows], plain[rows] = scan.cells_of(raw, offsets[rows])
    return cells, plain


def _fields(column: pa.Array) -> list[str | None]:
    """A column as text; None for what is longer than any field may be."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        values = _fields(column.dictionary)
        return ["" if place is None else values[place] for place in column.indices.to_pylist()]
    kinds = (pa.types.is_string, pa.types.is_binary, pa.types.is_large_string)
    if any(kind(column.type) for kind in kinds):
        long = pc.greater(pc.binary_length(column), LONGEST_LINE).fill_null(False)
        if pc.any(long).as_py():
            short = pc.if_else(long, pa.scalar(None, column.type), column)
            pairs = zip(_fields(short), long.to_pylist(), strict=True)
            return [None if far else text for text, far in pairs]
    return [value if type(value) is str else _text(value) for value in column.to_pylist()]


@contextmanager
def _broken() -> Iterator[None]:
    """Arrow's errors, in the words of this package."""
    import pyarrow as pa

    try:
        yield
    except FormatError:
        raise
    except (pa.ArrowException, OSError, ValueError, OverflowError, LookupError) as broken:
        message = str(broken).partition("\n")[0]
        raise FormatError(f"a broken file ({shown(message)})", "Parquet") from None


def _open(source: Source) -> ParquetFile:
    """The file, its footer within bounds. Columns that repeat values are read as dictionaries."""
    import pyarrow.parquet as pq

    stream: Any = source.stream
    if stream.seekable():
        size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
    else:
        data = source.raw(_PIPE_LIMIT)
        stream, size = io.BytesIO(data), len(data)
    limits = {
        "thrift_string_size_limit": _FOOTER_LIMIT,
        "thrift_container_size_limit": 1 << 20,
    }
    repeated = _bounded(pq.ParquetFile(stream, **limits).metadata, size)
    stream.seek(0)
    return pq.ParquetFile(stream, read_dictionary=repeated, **limits)


def _bounded(footer: Any, size: int) -> list[str]:
    """The columns that repeat values; `FormatError` for more than a file of `size` bytes holds."""
    if footer.num_rows > max(_FEW_ROWS, size * _ROWS_A_BYTE):
        raise FormatError(f"{footer.num_rows} rows in {size} bytes", "a table of puzzles")
    repeated = set()
    for group in range(footer.num_row_groups):
        rows = footer.row_group(group)
        for place in range(footer.num_columns):
            chunk = rows.column(place)
            if chunk.total_uncompressed_size > _COLUMN_LIMIT:
                found = f"a column of {chunk.total_uncompressed_size >> 20} MiB in one row group"
                raise FormatError(found, f"{_COLUMN_LIMIT >> 20} MiB at most: write smaller ones")
            if chunk.num_values > rows.num_rows * _VALUES_A_ROW:
                raise FormatError("lists of many thousand values", "81 cells a row")
            if chunk.has_dictionary_page and chunk.physical_type == "BYTE_ARRAY":
                repeated.add(chunk.path_in_schema)
    return sorted(repeated)


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
