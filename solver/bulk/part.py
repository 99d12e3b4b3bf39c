"""An output that is written block by block and survives a kill.

Beside the target `solved.csv` lie, while a job runs, `solved.csv.part` with the rows so far and
`solved.csv.job` that says how far they are good, for which inputs and engine. The side file
`solved.bad.csv` appears with the first line that can't be read. A block is first written, then
counted in: whatever a kill leaves beyond that is cut off, so nothing is lost, done twice or
written twice.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final

from solver.board.words import plural
from solver.bulk.rows import BAD_COLUMNS, Block, Tally, to_parquet
from solver.solving.columns import COLUMNS, csv_line, with_further
from solver.system.files import write_bytes
from solver.system.locks import BusyError, only_run

__all__ = ["BusyError", "Done", "Part"]

SCHEMA: Final = "sudoku-solve-job/2"
SUFFIXES: Final = (".csv", ".parquet")
SECONDS: Final = 0.5
"""Between two times that what was written is counted in."""


@dataclass(frozen=True, slots=True)
class Done:
    """How far a part is good: bytes of it and of the side file, and the blocks in them."""

    size: int = 0
    bad_size: int = 0
    blocks: int = 0
    tally: Tally = field(default_factory=Tally)


class Part:
    """The growing output of a job, to be used as a context.

    `job` names what the rows depend on, as JSON values; only a part of the same job is
    resumed. `done` says how far it is, after `seconds`; `block` is the size of its blocks.
    Raises `ValueError` for a suffix other than `SUFFIXES`, `OSError` where it can't be written.
    """

    def __init__(self, target: Path, job: dict[str, Any], block: int, resume: bool = True) -> None:
        if target.suffix.lower() not in SUFFIXES:
            raise ValueError(f"{target}: the output's name ends in .csv or .parquet")
        self.target = target
        self.path = target.with_name(target.name + ".part")
        self.job_path = target.with_name(target.name + ".job")
        self.bad_path = target.with_name(target.stem + ".bad.csv")
        self.job = {"schema": SCHEMA, **job}
        self.columns = with_further(self.job.get("columns", ()))
        self.block = block
        self.done = Done()
        self.seconds = 0.0
        self.before = False
        """Whether there was a part of another job, which is given up."""
        self._resume = resume
        self._counted_in = self._started = 0.0
        self._alone = ExitStack()
        self._rows: BinaryIO | None = None
        self._bad: BinaryIO | None = None

    def __enter__(self) -> Part:
        self._alone.enter_context(only_run(self.target))
        try:
            return self._open()
        except BaseException:
            self._close()
            raise

    def _open(self) -> Part:
        self._refuse_foreign()
        saved = self._saved() if self._resume else None
        earlier = None if saved is None else self._earlier(saved)
        if saved is not None and earlier is None:
            self._refuse_unfinished(saved)
        if earlier and not self.path.exists() and _length(self.target) == earlier.size:
            self.target.replace(self.path)  # killed between its last two acts
        self._rows = open(self.path, "ab")  # noqa: SIM115
        self.before = earlier is None and self._rows.tell() > 0
        if earlier is None or _length(self.path) < earlier.size:
            self._begin()
        else:
            self.done = earlier
        self._rows.truncate(self.done.size)
        if self.done.bad_size:
            self._bad = open(self.bad_path, "ab")  # noqa: SIM115
            self._bad.truncate(self.done.bad_size)
        else:
            self.bad_path.unlink(missing_ok=True)
        self._started = time.monotonic() - self.seconds
        return self

    def _refuse_foreign(self) -> None:
        """Raise `ValueError` where a file that would be overwritten is none of this command's."""
        if self.target.is_dir():
            raise ValueError(f"{self.target}: is a directory")
        for path, columns in ((self.path, COLUMNS), (self.bad_path, BAD_COLUMNS)):
            start = csv_line(columns)[:-1].encode()
            ours = path == self.path and self.job_path.exists()
            if path.exists() and not ours and not start.startswith(_start(path, len(start))):
                raise ValueError(f"{path}: was not written by this command; move it away")

    def _saved(self) -> dict[str, Any] | None:
        """What an earlier run has counted in; None where there is nothing.

        Raises `ValueError` where that is no longer as it was written: nothing says how far the
        part is good then.
        """
        try:
            found = json.loads(self.job_path.read_bytes())
            if found.pop("seal") == _seal(found):
                return dict(found)
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, AttributeError):
            pass
        raise ValueError(
            f"{self.job_path}: was changed since a run wrote it; delete it and {self.path.name} to "
            "start from the front"
        )

    def _refuse_unfinished(self, saved: dict[str, Any]) -> None:
        """Raise `ValueError` where the part of another job, with puzzles done, would be lost."""
        done = Tally(**saved["tally"]).puzzles
        if saved["job"] != self.job and done and self.path.exists():
            raise ValueError(
                f"{self.path}: {plural(done, 'puzzle')} of an unfinished run of other puzzles or "
                "another policy; run that command again to finish it, or delete this file"
            )

    def _begin(self) -> None:
        assert self._rows is not None
        self.seconds = 0.0
        self.job_path.unlink(missing_ok=True)
        self._rows.truncate(0)
        self.done = Done(size=self._rows.write(csv_line(self.columns).encode()))
        self._rows.flush()

    def _earlier(self, saved: dict[str, Any]) -> Done | None:
        """How far an earlier run of this job came; None where it was another job's."""
        if saved["job"] != self.job:
            return None
        done = Done(saved["size"], saved["bad_size"], saved["blocks"], Tally(**saved["tally"]))
        if _length(self.bad_path) < done.bad_size:
            return None
        self.block, self.seconds = saved["block"], saved["seconds"]
        return done

    def write(self, block: Block) -> None:
        """Add what is written for the next block."""
        assert self._rows is not None
        size, bad_size = self.done.size, self.done.bad_size
        size += self._rows.write(block.rows)
        if block.bad_rows:
            if self._bad is None:
                self._bad = open(self.bad_path, "wb")  # noqa: SIM115
                bad_size += self._bad.write(csv_line(BAD_COLUMNS).encode())
            bad_size += self._bad.write(block.bad_rows)
        self.done = Done(size, bad_size, self.done.blocks + 1, self.done.tally + block.tally)
        if time.monotonic() - self._counted_in > SECONDS:
            self._count_in()

    def _count_in(self) -> None:
        """Say in the job file how far the part is good, once it is on the disk."""
        for stream in (self._rows, self._bad):
            if stream is not None:
                stream.flush()
                os.fsync(stream.fileno())
        self.seconds = time.monotonic() - self._started
        state = {
            "job": self.job,
            **asdict(self.done),
            "block": self.block,
            "seconds": round(self.seconds, 3),
        }
        write_bytes(self.job_path, json.dumps({**state, "seal": _seal(state)}).encode())
        self._counted_in = time.monotonic()

    def finish(self) -> None:
        """Move the output into place: all blocks are written."""
        assert self._rows is not None
        self._count_in()
        if self.target.suffix.lower() == ".parquet":
            to_parquet(self.path, self.target, self.columns)
            self.path.unlink()
        else:
            self.path.replace(self.target)
        self.job_path.unlink()

    def discard(self, keep_bad: bool) -> None:
        """Leave nothing behind, but the side file where it is to be kept."""
        self.path.unlink()
        self.job_path.unlink(missing_ok=True)
        if not keep_bad:
            self.bad_path.unlink(missing_ok=True)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None and self.path.exists():
            if self.done.blocks:
                self._count_in()
            else:
                self.discard(keep_bad=False)
        self._close()

    def _close(self) -> None:
        for stream in (self._rows, self._bad):
            if stream is not None:
                stream.close()
        self._alone.close()


def _seal(state: dict[str, Any]) -> str:
    """A checksum of what a job file says."""
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()


def _length(path: Path) -> int:
    """The bytes of a file; 0 where there is none."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _start(path: Path, size: int) -> bytes:
    """The first bytes of a file."""
    with path.open("rb") as stream:
        return stream.read(size)
