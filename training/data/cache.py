"""A file of puzzles packed and memory-mapped: made once, made again when the file changes."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.board.words import inert, plural
from solver.system.files import atomic_write
from training.data.rows import DataError, Rejects, read_rows

VERSION = 3


def cache_folder() -> Path:
    """Where packed files are kept: `SUDOKU_CACHE`, or the user's cache folder."""
    from platformdirs import user_cache_path

    return Path(os.environ.get("SUDOKU_CACHE") or user_cache_path("sudoku-policy"))


@dataclass
class Packed:
    """A file's puzzles: cells uint8 [n, 81] (see `training.data.rows`), rating int32 [n] or -1.

    Both are memory-mapped; a copy in another process maps the same pages.
    """

    source: str
    folder: Path
    rejects: dict[str, Any]
    cells: NDArray[np.uint8] = field(repr=False)
    rating: NDArray[np.int32] = field(repr=False)

    def __len__(self) -> int:
        return len(self.rating)

    @property
    def digest(self) -> str:
        """A hash of its puzzles and solutions, in order."""
        return sha256(np.ascontiguousarray(self.cells).data).hexdigest()

    def __reduce__(self) -> tuple[Any, ...]:
        return _opened, (self.folder,)


def _opened(folder: Path) -> Packed:
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    n = meta["rows"]
    return Packed(
        source=meta["source"],
        folder=folder,
        rejects=meta["rejects"],
        cells=np.memmap(folder / "cells.bin", np.uint8, "r", shape=(n, 81)),
        rating=np.memmap(folder / "rating.bin", np.int32, "r", shape=(n,)),
    )


def packed(path: Path, limit: int = 0) -> Packed:
    """The first `limit` (0: all) good puzzles of a file, packed.

    Raises `DataError` for a file that is absent, unreadable or without one good puzzle.
    """
    if not path.is_file():
        raise DataError(f"{path}: no such file")
    status = path.stat()
    stamp = {"version": VERSION, "bytes": status.st_size, "modified": status.st_mtime_ns}
    name = sha256(f"{path.resolve()}\0{limit}".encode()).hexdigest()[:20]
    folder = cache_folder() / "packed" / name
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        if meta["stamp"] == stamp:
            return _opened(folder)
    except (OSError, ValueError, KeyError):
        pass
    return _made(path, limit, folder, stamp)


def _made(path: Path, limit: int, folder: Path, stamp: dict[str, int]) -> Packed:
    """Read the whole file into a temporary folder beside `folder`, then put it there."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        rejects, rows = Rejects(), 0
        with (
            (temporary / "cells.bin").open("wb") as cells,
            (temporary / "rating.bin").open("wb") as rating,
        ):
            for block in read_rows(path, rejects):
                keep = min(len(block.rating), limit - rows) if limit else len(block.rating)
                block.cells[:keep].tofile(cells)
                block.rating[:keep].tofile(rating)
                rows += keep
                if limit and rows >= limit:
                    break
        if rows == 0:
            raise DataError(f"{path}: no puzzle is left to use; {_why(rejects)}")
        meta = {
            "source": str(path),
            "stamp": stamp,
            "rows": rows,
            "rejects": {"total": rejects.total, "counts": rejects.counts, "first": rejects.first},
        }
        (temporary / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
        _put(temporary, folder)
    except OSError as error:
        why = error.strerror or "no space is left on the disk"
        raise DataError(f"{folder.parent}: can't hold the packed puzzles: {why}") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return _opened(folder)


def _put(made: Path, folder: Path) -> None:
    """Move `made` to `folder`; another process that does the same at the same time does no harm,
    since both hold the same puzzles."""
    for _ in range(100):
        shutil.rmtree(folder, ignore_errors=True)
        try:
            made.replace(folder)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            if (folder / "meta.json").is_file():
                return
        else:
            return


def _why(rejects: Rejects) -> str:
    if not rejects.total:
        return "the file holds none"
    line, reason = rejects.first[0]
    return f"{plural(rejects.total, 'row')} rejected, the first in line {line}: {reason}"


def report_of(packed: Packed) -> list[str]:
    """Lines for people about the rows that were left out; empty where all were good."""
    rejects = packed.rejects
    if not rejects["total"]:
        return []
    kinds = ", ".join(f"{n} × {kind}" for kind, n in rejects["counts"].items())
    first, reason = rejects["first"][0]
    lines = ", ".join(str(line) for line, _ in rejects["first"])
    more = " …" if rejects["total"] > len(rejects["first"]) else ""
    return [
        f"{inert(packed.source)}: {plural(rejects['total'], 'row')} rejected: "
        f"{kinds} (lines {lines}{more}; line {first}: {reason})"
    ]


def ratings_of(packed: Packed) -> NDArray[np.int32]:
    """Ratings int32 [n], the exact engine's where the file has none; kept for the next time."""
    missing = np.nonzero(packed.rating < 0)[0]
    if not len(missing):
        return packed.rating
    kept = packed.folder / "rated.bin"
    if not kept.is_file():
        from solver.exact.rating import rate_many
        from training.data.rows import unpack

        rating = np.array(packed.rating)
        for part in np.array_split(missing, max(1, len(missing) // 10_000)):
            rating[part] = rate_many(unpack(packed.cells[part])[0].astype(np.int8))
        with atomic_write(kept) as temporary:
            rating.tofile(temporary)
    return np.fromfile(kept, np.int32)
