"""Bulk solving and generating on many workers: Ray Data, on this machine or on a cluster.

One row of a pipeline is one block of puzzles, the very block that one process would take, and the
blocks come back in order: so what is written is the same, byte for byte, and a job that one
process began can be finished here, and the other way round. This package must be installed on every
worker, and files visible there under the same path. A worker loads the policy once.
"""

from __future__ import annotations

import logging
import os
import pickle
import re
import socket
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from solver.bulk.files import read_file
from solver.bulk.rows import Block, PolicyEngine, block_of
from solver.policy.session import ModelError, Policy
from solver.system.cores import available_cores

if TYPE_CHECKING:
    from solver.generator.chunks import Apply

PASSED_ON: Final = 1 << 10
"""Bytes from which Ray hands rows on: fewer than a block of puzzles has, so each goes alone."""
OBJECT_STORE: Final = 1 << 28
"""Bytes of shared memory for blocks on their way, on this machine."""
PATIENCE: Final = 10.0
"""Seconds for a cluster to answer at its address."""
MOST_CHUNKS: Final = 4096
"""Chunks of puzzles to make that the cluster gets at a time."""


class ClusterError(ValueError):
    """A Ray cluster that can't be reached, or a worker that failed; says why in one line."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where Ray runs, and on how many workers.

    `address` is that of a cluster ("auto": the one that this machine is part of), None for a Ray
    started on this machine. `workers` None: one per core, minus one reader.
    """

    address: str | None = None
    workers: int | None = None

    @contextmanager
    def connected(self) -> Iterator[tuple[Any, int]]:
        """`ray.data`, quiet and keeping order, and the number of workers, while this lasts.

        Raises `ClusterError` if there is no such cluster, or if the work fails on it.
        """
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import ray
            import ray.data
            from ray.exceptions import RayError

            try:
                self._start(ray)
                context = ray.data.DataContext.get_current()
                context.enable_progress_bars = False
                context.print_on_execution_start = False
                context.log_internal_stack_trace_to_stdout = False
                context.execution_options.preserve_order = True
                context.target_max_block_size = PASSED_ON
                resources: dict[str, float] = ray.cluster_resources()
                cores = int(resources.get("CPU", 1))
                yield ray.data, self.workers or max(cores - 1, 1)
            except (RayError, ConnectionError) as error:
                raise ClusterError(f"{self._name()}: {_cause(error)}") from None
            finally:
                ray.shutdown()

    def _name(self) -> str:
        return "Ray on this machine" if self.address is None else f"Ray at {self.address}"

    def _start(self, ray: Any) -> None:
        for name in ("ray", "ray.data"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        quiet: dict[str, Any] = {"logging_level": logging.CRITICAL, "log_to_driver": False}
        try:
            if self.address is not None:
                _knock(self.address)
                with _no_stderr():
                    ray.init(self.address, **quiet)
                return
            cores = max(self.workers or available_cores() - 1, 1) + 1
            quiet |= {"object_store_memory": OBJECT_STORE, "include_dashboard": False}
            with _no_stderr():
                ray.init("local", num_cpus=cores, **quiet)
        except (RuntimeError, ValueError, OSError) as error:
            raise ClusterError(f"{self._name()}: {_cause(error)}") from None


@contextmanager
def _no_stderr() -> Iterator[None]:
    """Keep what Ray's native code says at its start, that it will say no more, off stderr."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _knock(address: str) -> None:
    """Raise `OSError` soon where nothing listens at `address`: Ray itself tries for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host.strip("[]"), int(port)), PATIENCE).close()


def _cause(error: BaseException) -> str:
    """An error in one line: of a traceback, the line that names the first error in it."""
    text = getattr(error, "strerror", None) or str(error)
    named = re.search(r"^[\w.]*(Error|Exception): .+$", text, re.MULTILINE)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return named[0] if named else lines[0] if lines else type(error).__name__


def solve_files_on(
    cluster: Cluster,
    files: Sequence[str],
    size: int,
    skip: int,
    model: Path | None,
    device: str,
    threads: int | None,
    views: int | None = None,
    columns: Sequence[str] = (),
) -> Iterator[tuple[Block, float | None]]:
    """What `bulk.solve_files` gives, worked out on a cluster by the policy in the file `model`.

    `threads` are those of one worker, 1 by default; `views` it tries at most. Raises
    `ClusterError` where the cluster or a worker fails, `OSError` for a file that can't be read.
    """
    shards = [{**shard, "columns": list(columns)} for shard in _shards(files, size, skip)]
    if not shards:
        return
    with cluster.connected() as (data, workers):
        solved = (
            data.from_items(shards, override_num_blocks=len(shards))
            .flat_map(_read)
            .map_batches(
                _Worker,
                fn_constructor_args=(model, device, threads or 1, views),
                batch_size=1,
                concurrency=workers,
                num_cpus=threads or 1,
                num_gpus=1 if device == "cuda" else 0,
            )
        )
        for row in solved.iter_rows():
            if row["problem"]:
                raise ClusterError(row["problem"])
            yield pickle.loads(row["block"]), None if row["share"] < 0 else float(row["share"])


def _shards(files: Sequence[str], size: int, skip: int) -> list[dict[str, Any]]:
    """A row for each file: the blocks of it to leave out, and which part of all bytes it is."""
    lengths = [os.path.getsize(file) for file in files]
    rows = []
    for number, file in enumerate(files):
        blocks = sum(1 for _ in read_file(file, size)) if skip else 0
        left_out, skip = min(skip, blocks), max(skip - blocks, 0)
        if blocks == 0 or left_out < blocks:
            place = (sum(lengths[:number]), lengths[number], sum(lengths))
            rows.append({"file": file, "size": size, "skip": left_out, "place": list(place)})
    return rows


def _read(shard: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A row for each block of a file, or one that says why it can't be read here."""
    before, length, total = map(int, shard["place"])
    try:
        readings = read_file(str(shard["file"]), int(shard["size"]), list(shard["columns"]))
        for number, reading in enumerate(readings):
            if number >= shard["skip"]:
                known = reading.share is not None and total > 0
                share = (before + (reading.share or 0) * length) / total if known else -1.0
                yield {"batch": pickle.dumps(reading.batch), "share": share, "problem": ""}
    except OSError as error:
        problem = f"{shard['file']}: {(error.strerror or str(error)).lower()} on a worker"
        yield {"batch": b"", "share": -1.0, "problem": problem}


class _Worker:
    """One worker of the pipeline, with its policy."""

    def __init__(self, model: Path | None, device: str, threads: int, views: int | None) -> None:
        self.engine: PolicyEngine | None = None
        self.problem = ""
        try:
            self.engine = PolicyEngine(Policy.load(model, device, threads, views=views))
        except ModelError as error:
            self.problem = str(error)

    def __call__(self, rows: dict[str, Any]) -> dict[str, list[Any]]:
        """The block of one row's batch, or what went wrong with it."""
        problem, block = rows["problem"][0] or self.problem, b""
        if self.engine is not None and not problem:
            batch = pickle.loads(rows["batch"][0])
            try:
                asked = self.engine.ask(batch)
                block = pickle.dumps(block_of(self.engine, batch, asked))
            except ModelError as error:
                problem = str(error)
        return {"block": [block], "share": [rows["share"][0]], "problem": [problem]}


def chunks_on(cluster: Cluster) -> Apply:
    """What makes chunks of puzzles on a cluster, in order: for `generate.stream`.

    Raises `ClusterError` where the cluster or a worker fails.
    """

    def chunks(make: Callable[[int], Any]) -> Iterator[Any]:
        with cluster.connected() as (data, workers):
            start = 0
            while True:
                many = min(max(start, 2 * workers), MOST_CHUNKS)
                rows = [{"number": number} for number in range(start, start + many)]
                made = data.from_items(rows, override_num_blocks=many).map(
                    lambda row: {"chunk": pickle.dumps(make(int(row["number"])))},
                    concurrency=workers,
                )
                for row in made.iter_rows():
                    yield pickle.loads(row["chunk"])
                start += many

    return chunks
