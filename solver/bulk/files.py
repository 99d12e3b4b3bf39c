"""Files of millions of puzzles: read, solved and written in order, in blocks and bounded memory.

While the policy is at one block, in a thread of its own, the blocks before it are checked,
searched and written and the next ones read.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO, Final

from solver.bulk.rows import Asked, Block, Engine, block_of
from solver.formats.batches import Batch, further_columns, read_batches
from solver.formats.files import opened
from solver.formats.folders import STDIN

AHEAD: Final = 2
"""Blocks that are read and given to the policy before the first of them is written."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A batch, and the share of all input that is read with it, 0..1 (None: not known)."""

    batch: Batch
    share: float | None


def job_of(engine: str, files: Sequence[str], columns: Sequence[str] = ()) -> dict[str, Any]:
    """What the output depends on; `columns` are those of the files that it keeps. Raises `OSError`
    where a file is not there."""
    stats = [(file, os.stat(file)) for file in files if file != STDIN]
    inputs = [[os.path.abspath(file), stat.st_size, stat.st_mtime_ns] for file, stat in stats]
    return {"engine": engine, "inputs": inputs, "columns": list(columns)}


def columns_of(files: Iterable[str]) -> tuple[str, ...]:
    """The further columns of all files, as far as they can be told before they are read.

    Those of stdin can't. Raises `OSError` where a file can't be opened.
    """
    names = (name for file in files if file != STDIN for name in further_columns(file))
    return tuple(dict.fromkeys(names))


def changed_inputs(job: dict[str, Any], files: Sequence[str]) -> list[str]:
    """Of the input files, those that are not as they were when the job of them was made."""
    named = [file for file in files if file != STDIN]
    changed = []
    for file, before in zip(named, job["inputs"], strict=True):
        try:
            now = os.stat(file)
        except OSError:
            changed.append(file)
            continue
        if [now.st_size, now.st_mtime_ns] != before[1:]:
            changed.append(file)
    return changed


def read_file(file: str, size: int, columns: Sequence[str] = ()) -> Iterator[Reading]:
    """The batches of one file, each with the share of the file that is read."""
    with opened(file, None) as (stream, label):
        rows = _table_rows(stream)
        length = os.fstat(stream.fileno()).st_size if file != STDIN else None
        for batch in read_batches(stream, label, size=size, columns=columns):
            if rows is not None:
                last = max([*batch.lines[-1:].tolist(), *(e.line or 0 for e in batch.errors)])
                yield Reading(batch, last / max(rows, 1))
            else:
                yield Reading(batch, stream.tell() / length if length else None)


def _table_rows(stream: BinaryIO) -> int | None:
    """The rows of a Parquet file, which is not read from front to end; None of another file."""
    if not stream.seekable():
        return None
    magic = stream.read(4)
    stream.seek(0)
    if magic != b"PAR1":
        return None
    import pyarrow.parquet as pq
    from pyarrow import ArrowException

    try:
        rows: int = pq.read_metadata(stream).num_rows
    except (ArrowException, OSError):
        return None
    finally:
        stream.seek(0)
    return rows


def read_files(files: Sequence[str], size: int, columns: Sequence[str] = ()) -> Iterator[Reading]:
    """The batches of all files, one file after the other."""
    sizes = [0 if file == STDIN else os.path.getsize(file) for file in files]
    before = 0
    for file, length in zip(files, sizes, strict=True):
        for reading in read_file(file, size, columns):
            known = reading.share is not None and sum(sizes) > 0
            done = (before + (reading.share or 0) * length) / sum(sizes) if known else None
            yield Reading(reading.batch, done)
        before += length


def solve_blocks(
    engine: Engine, readings: Iterable[Reading]
) -> Iterator[tuple[Block, float | None]]:
    """What is written for each batch, in order, the policy some batches ahead."""
    waiting: deque[tuple[Reading, Future[Asked]]] = deque()
    with ThreadPoolExecutor(1) as policy:
        try:
            for reading in readings:
                waiting.append((reading, policy.submit(engine.ask, reading.batch)))
                if len(waiting) > AHEAD:
                    yield _finished(engine, *waiting.popleft())
            while waiting:
                yield _finished(engine, *waiting.popleft())
        finally:
            policy.shutdown(cancel_futures=True)


def _finished(engine: Engine, reading: Reading, asked: Future[Asked]) -> tuple[Block, float | None]:
    return block_of(engine, reading.batch, asked.result()), reading.share


def solve_files(
    engine: Engine, files: Sequence[str], size: int, skip: int, columns: Sequence[str] = ()
) -> Iterator[tuple[Block, float | None]]:
    """What is written for the blocks of `size` puzzles, after the first `skip` of them.

    The rows hold the further `columns` of the files. With each comes the share of the input that is
    done, 0..1, where it is known. Raises `OSError` for a file that can't be read, `ModelError`
    where the policy fails.
    """
    return solve_blocks(engine, islice(read_files(files, size, columns), skip, None))
