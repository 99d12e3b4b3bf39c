"""The trained policy as an ONNX Runtime session: what it must be, and what it says of puzzles."""

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

from solver.policy.providers import CPU, DeviceError, create_session, session_options
from solver.policy.stamp import StampError, read_stamp, stamp_hash
from solver.policy.stop import Stop, StoppedError

SCHEMA: Final = "sudoku-policy/1"
SHIPPED: Final = Path(__file__).parents[1] / "models" / "policy.onnx"
LARGEST_FILE: Final = 1 << 30
OUTPUTS: Final = {
    "probabilities": ("tensor(float)", (None, 81, 9)),
    "grid": ("tensor(int64)", (None, 81)),
    "passes": ("tensor(int64)", (None,)),
    "view": ("tensor(int64)", (None,)),
    "valid": ("tensor(bool)", (None,)),
}
"""Name -> element type and shape of what a policy file must give; None is the batch."""
CPU_BATCH: Final = 4
CUDA_BATCH: Final = 1024


class ModelError(ValueError):
    """A policy that can't be used; its text says in one line which file and why."""


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
    ) -> None:
        self._session = session
        self._data = data
        self.path = path
        self.metadata = metadata
        self.threads = threads
        self._most_views = most_views

    @classmethod
    def load(
        cls,
        path: str | Path | None = None,
        device: str = "auto",
        threads: int | None = None,
        options: Any = None,
        views: int | None = None,
    ) -> Policy:
        """The policy in an ONNX file, the shipped one by default, ready on `device`.

        `threads` are those of one operator (default: the processors we may use, at most 8); it
        tries at most `views` views (default: all that the file has); `options`, an
        `onnxruntime.SessionOptions`, takes the place of ours. Raises `ModelError` for a file that
        is no policy of this schema, whose inputs or outputs differ, whose hash differs from its
        stamp, or whose views can't be limited; and for a device that can't be had.
        """
        file = SHIPPED if path is None else Path(path)
        data = _read(file)
        options = session_options(threads) if options is None else options
        try:
            session = create_session(data, device, options)
        except DeviceError as error:
            raise ModelError(str(error)) from None
        except ImportError as error:
            raise ModelError(f"ONNX Runtime can't be loaded: {error}") from None
        except Exception as error:  # ONNX Runtime's errors share no other base
            raise ModelError(f"{file}: not a usable ONNX model, or cut short") from error
        metadata = dict(session.get_modelmeta().custom_metadata_map)
        _check_edge(file, session, metadata)
        _check_seal(file, data)
        policy = cls(session, file, metadata, options.intra_op_num_threads, data, views)
        if views is not None and not policy._may_limit_views:
            raise ModelError(f"{file}: always tries all its views (it has no input 'max_views')")
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
        return int(self.metadata["passes"])

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
            return Prediction(
                np.zeros((0, 81, 9), np.float32),
                np.zeros((0, 81), np.int64),
                np.zeros(0, np.int64),
                np.zeros(0, np.int64),
                np.zeros(0, np.bool_),
            )
        return Prediction(*(np.concatenate(part) for part in zip(*parts, strict=True)))

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
        return settling

    @functools.cached_property
    def _may_limit_views(self) -> bool:
        """Whether the file lets a run say how many views it tries at most."""
        return "max_views" in {v.name for v in self._session.get_overridable_initializers()}

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
        if (views or self._most_views) and self._may_limit_views:
            feeds["max_views"] = np.array(min(views or self.views, self.views), np.int64)
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
            raise ModelError(f"{self.path}: the policy failed at work: {reason}") from error
        return found


def as_puzzles(puzzles: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """`puzzles` as int64 [n, 81]; raises `ValueError` for another shape, type or digit."""
    array = np.asarray(puzzles)
    if array.ndim != 2 or array.shape[1] != 81:
        raise ValueError(f"puzzles are an array [n, 81], got {list(array.shape)}")
    if not (np.issubdtype(array.dtype, np.integer) or array.size == 0):
        raise ValueError(f"puzzles hold whole numbers, got {array.dtype}")
    if array.size and not (array.min() >= 0 and array.max() <= 9):
        raise ValueError("puzzles hold 0 for a blank and digits 1-9, nothing else")
    return array.astype(np.int64)


def _batches(array: npt.NDArray[np.int64], size: int) -> Iterator[npt.NDArray[np.int64]]:
    if size < 1:
        raise ValueError(f"a batch holds at least one puzzle, got {size}")
    for start in range(0, len(array), size):
        yield array[start : start + size]


def _read(file: Path) -> bytes:
    try:
        if file.exists() and not file.is_file():
            raise ModelError(f"{file}: not a file")
        if file.stat().st_size > LARGEST_FILE:
            raise ModelError(f"{file}: larger than a policy can be (1 GiB)")
        return file.read_bytes()
    except FileNotFoundError:
        raise ModelError(f"{file}: no such policy file") from None
    except (OSError, ValueError) as error:
        raise ModelError(f"{file}: {getattr(error, 'strerror', None) or error}") from None


def _check_edge(file: Path, session: Any, metadata: dict[str, str]) -> None:
    """Raise `ModelError` unless the schema, the input and the outputs are a policy's."""
    if metadata.get("schema") != SCHEMA:
        found = metadata.get("schema")
        raise ModelError(
            f"{file}: "
            + ("no policy of this project" if found is None else f"schema {found!r}")
            + f"; expected schema {SCHEMA!r}"
        )
    inputs = {value.name: value for value in session.get_inputs()}
    if list(inputs) != ["puzzle"]:
        raise ModelError(f"{file}: inputs {sorted(inputs)}; expected ['puzzle']")
    _check_value(file, "input", inputs["puzzle"], "tensor(int64)", (None, 81))
    outputs = {value.name: value for value in session.get_outputs()}
    missing = [name for name in OUTPUTS if name not in outputs]
    if missing:
        raise ModelError(f"{file}: lacks the output {', '.join(missing)}")
    for name, (kind, shape) in OUTPUTS.items():
        _check_value(file, "output", outputs[name], kind, shape)
    for key in ("views", "passes"):
        if not metadata.get(key, "").isdecimal():
            raise ModelError(f"{file}: its metadata lack a number for '{key}'")


def _check_value(
    file: Path, role: str, value: Any, kind: str, shape: tuple[int | None, ...]
) -> None:
    """Raise `ModelError` unless `value` has this type and shape, its first axis free."""
    found = tuple(size if isinstance(size, int) else None for size in value.shape)
    if value.type != kind or found != shape:
        expected = ["batch" if size is None else size for size in shape]
        raise ModelError(
            f"{file}: {role} '{value.name}' is {value.type} {value.shape}; "
            f"expected {kind} {expected}"
        )


def _check_seal(file: Path, data: bytes) -> None:
    """Raise `ModelError` unless the file carries the hash of its own content."""
    try:
        found, expected = read_stamp(data), stamp_hash(data)
    except StampError as error:
        raise ModelError(f"{file}: carries no stamp to check it by ({error})") from None
    if found != expected:
        raise ModelError(
            f"{file}: its hash {expected[:12]}… differs from its stamp {found[:12]}…; "
            "the file was changed or damaged"
        )
