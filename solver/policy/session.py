"""The trained policy as an ONNX Runtime session: loading it, and its predictions."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from solver.board.cells import as_puzzles
from solver.policy.checks import (
    MOST_PASSES,
    MOST_VIEWS,
    OUTPUTS,
    ModelError,
    check_edge,
    check_seal,
    policy_metadata,
    read_policy,
    what_else,
)
from solver.policy.providers import CPU, DeviceError, create_session, session_options
from solver.policy.stop import Stop, StoppedError

__all__ = ["OUTPUTS", "SHIPPED", "ModelError", "Policy", "Prediction"]

SHIPPED: Final = Path(__file__).parents[1] / "models" / "policy.onnx"
CPU_BATCH: Final = 4
CUDA_BATCH: Final = 1024


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the policy says of n puzzles.

    `probabilities` float32 [n, 81, 9]; `grid` int64 [n, 81], the most probable digit of each cell;
    `passes` int64 [n] run; `view` int64 [n] chosen; `valid` bool [n], whether the grid keeps its
    givens and breaks no rule.
    """

    probabilities: npt.NDArray[np.float32]
    grid: npt.NDArray[np.int64]
    passes: npt.NDArray[np.int64]
    view: npt.NDArray[np.int64]
    valid: npt.NDArray[np.bool_]

    @classmethod
    def none(cls, n: int) -> Prediction:
        """Zeros for n puzzles."""
        return cls(
            np.zeros((n, 81, 9), np.float32),
            np.zeros((n, 81), np.int64),
            np.zeros(n, np.int64),
            np.zeros(n, np.int64),
            np.zeros(n, np.bool_),
        )

    def __len__(self) -> int:
        return len(self.grid)


class Policy:
    """A loaded policy. `Policy.load` is the way to one."""

    def __init__(
        self,
        session: Any,
        path: Path,
        metadata: dict[str, str],
        threads: int,
        data: bytes = b"",
        most_views: int | None = None,
        most_passes: int | None = None,
    ) -> None:
        self._session = session
        self._data = data
        self.path = path
        self.metadata = metadata
        self.threads = threads
        self._most_views = most_views
        self._most_passes = most_passes

    @classmethod
    def load(
        cls,
        path: str | Path | None = None,
        device: str = "auto",
        threads: int | None = None,
        options: Any = None,
        views: int | None = None,
        passes: int | None = None,
    ) -> Policy:
        """The policy in an ONNX file, the shipped one by default, ready on `device`.

        `threads` are those of one operator (default: the processors we may use, at most 8); it
        tries at most `views` views (default: all that the file has) of at most `passes` passes
        (default: the file's own limit, which may be exceeded); `options`, an
        `onnxruntime.SessionOptions`, takes the place of ours. Raises `ModelError` for a file that
        is no policy of this schema, whose inputs or outputs differ, whose hash differs from its
        stamp, or whose views or passes can't be limited; and for a device that can't be had.
        """
        file = SHIPPED if path is None else Path(path)
        data = read_policy(file)
        metadata = policy_metadata(file, data)
        check_seal(file, data)
        try:
            options = session_options(threads) if options is None else options
            session = create_session(data, device, options)
        except DeviceError as error:
            raise ModelError(str(error)) from None
        except ImportError as error:
            raise ModelError(f"ONNX Runtime can't be loaded: {error}") from None
        except Exception as error:  # ONNX Runtime's errors share no other base
            raise ModelError(f"{file}: {what_else(data)}") from error
        check_edge(file, session)
        policy = cls(session, file, metadata, options.intra_op_num_threads, data, views, passes)
        for asked, name in ((views, "views"), (passes, "passes")):
            if asked is not None and f"max_{name}" not in policy._limits:
                raise ModelError(f"{file}: always takes its own {name} (no input 'max_{name}')")
        return policy

    @property
    def provider(self) -> str:
        """The execution provider that the session really uses, as "CPUExecutionProvider"."""
        name: str = self._session.get_providers()[0]
        return name

    @property
    def hash(self) -> str:
        """SHA-256 of the policy file, as its stamp defines it."""
        return self.metadata["hash"]

    @property
    def views(self) -> int:
        """How many views of a puzzle the policy tries at most."""
        return min(int(self.metadata["views"]), self._most_views or sys.maxsize)

    @property
    def passes(self) -> int:
        """The most passes that one view takes."""
        return self._most_passes or int(self.metadata["passes"])

    @property
    def batch_size(self) -> int:
        """Puzzles a run that suit this provider: what a CPU's cache holds, or what fills a GPU."""
        return CPU_BATCH if self.provider == CPU else CUDA_BATCH

    def predict(
        self,
        puzzles: npt.ArrayLike,
        batch_size: int | None = None,
        stop: Stop | None = None,
        views: int | None = None,
    ) -> Prediction:
        """What the policy says of `puzzles`, integers [n, 81] with 0 for a blank.

        It tries at most `views` views of each, `self.views` by default. Raises `ValueError` for
        another shape or a digit beyond 0..9, and `StoppedError` soon after `stop` is set.
        """
        batches = list(_batches(as_puzzles(puzzles), batch_size or self.batch_size))
        if self._data and self.provider == CPU and 1 < self.threads <= len(batches) // 2:
            run = functools.partial(self._run, session=self._aside, stop=stop, views=views)
            with ThreadPoolExecutor(self.threads) as pool:
                parts = list(pool.map(run, batches))
        else:
            parts = [self._run(batch, stop=stop, views=views) for batch in batches]
        if not parts:
            return Prediction.none(0)
        joined = [np.concatenate(part) for part in zip(*parts, strict=True)]
        return _sane(Prediction(*joined))

    def watch(
        self, puzzle: npt.ArrayLike, stop: Stop | None = None, views: int | None = None
    ) -> npt.NDArray[np.float32]:
        """How the grid settles: the probabilities after each pass, float32 [passes, 81, 9].

        `puzzle` is integers [81]. Passes of all views tried follow one another, `views` at most,
        `self.views` by default; in a view after the first, a digit is supposed. Raises
        `ModelError` where the file has no output `trace`, else as `predict`.
        """
        if "trace" not in {value.name for value in self._session.get_outputs()}:
            raise ModelError(f"{self.path}: gives no single passes (no output 'trace')")
        settling: npt.NDArray[np.float32] = self._run(
            as_puzzles(np.asarray(puzzle)[None]), ["trace"], stop=stop, views=views
        )[0]
        return np.clip(np.nan_to_num(settling, nan=0.0, posinf=0.0, neginf=0.0), 0, 1)

    @functools.cached_property
    def _limits(self) -> set[str]:
        """The limits that the file lets a run set: of "max_views" and "max_passes"."""
        return {value.name for value in self._session.get_overridable_initializers()}

    @functools.cached_property
    def _aside(self) -> Any:
        """A session for batches side by side: each has one thread, from its first operator to its
        last, which takes less time than that all work on one batch."""
        return create_session(self._data, "cpu", session_options(1))

    def _run(
        self,
        batch: npt.NDArray[np.int64],
        outputs: list[str] | None = None,
        session: Any = None,
        stop: Stop | None = None,
        views: int | None = None,
    ) -> list[npt.NDArray[Any]]:
        feeds: dict[str, npt.NDArray[np.int64]] = {"puzzle": batch}
        if (views or self._most_views) and "max_views" in self._limits:
            feeds["max_views"] = np.array(min(views or self.views, self.views), np.int64)
        if self._most_passes:
            feeds["max_passes"] = np.array(self._most_passes, np.int64)
        if stop is not None:
            stop.check()
        options = () if stop is None else (stop.run_options,)
        try:
            found: list[npt.NDArray[Any]] = (session or self._session).run(
                outputs or list(OUTPUTS), feeds, *options
            )
        except Exception as error:  # ONNX Runtime's errors share no other base
            if stop is not None and stop.is_set():
                raise StoppedError from error
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ModelError(f"{self.path}: inference failed: {reason}") from error
        if outputs is None:
            for (name, (_, shape)), value in zip(OUTPUTS.items(), found, strict=True):
                if value.shape != (len(batch), *shape[1:]):
                    raise ModelError(f"{self.path}: gives {name} of shape {list(value.shape)}")
        return found


def _sane(said: Prediction) -> Prediction:
    """What was said, as far as it can be true: shares from 0 to 1, digits, and counts."""
    shares = np.clip(np.nan_to_num(said.probabilities, nan=0.0, posinf=0.0, neginf=0.0), 0, 1)
    digits = np.where((said.grid >= 0) & (said.grid <= 9), said.grid, 0)
    passes = np.clip(said.passes, 0, MOST_PASSES)
    return Prediction(shares, digits, passes, np.clip(said.view, 0, MOST_VIEWS), said.valid)


def _batches(array: npt.NDArray[np.int64], size: int) -> Iterator[npt.NDArray[np.int64]]:
    if size < 1:
        raise ValueError(f"a batch holds at least one puzzle, got {size}")
    for start in range(0, len(array), size):
        yield array[start : start + size]
