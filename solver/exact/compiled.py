"""One source for plain and compiled kernels: numba where installed, the interpreter elsewhere.

A function marked `@kernel` is ordinary Python on lists of integers. `compiled(function)` is the
same function for NumPy arrays, compiled together with every kernel it calls; a `Room` gives a
kernel in one of the two forms, and what that form works on. numba is imported when a compiled
function is first called, not before, so one puzzle never pays for it.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import hashlib
import importlib.util
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from solver.exact.lanes import Stack, new_stack, teach_numba
from solver.system.files import write_bytes

FEW: Final = 32
"""Up to this many puzzles, plain Python is done before numba has loaded."""
PATIENCE: Final = 20_000
"""Guesses after which a plain search continues compiled."""

_Function = TypeVar("_Function", bound=Callable[..., Any])

_kernels: Final[dict[str, Callable[..., Any]]] = {}
_known: Final[set[Callable[..., Any]]] = set()


def kernel(function: _Function) -> _Function:
    """Let compiled functions call `function`; by itself it stays plain Python.

    Raises `ValueError` for a function that is made inside another, or named like an earlier one
    of its module. Compiled code is linked by module and name, so two bodies of one name, cached
    by two processes, would become one.
    """
    name = f"{function.__module__}.{function.__qualname__}"
    if not name.removeprefix(f"{function.__module__}.").isidentifier():
        raise ValueError(f"a kernel is a plain function of its module, which {name} is not")
    if name in _kernels:
        raise ValueError(f"there is a kernel {name} already: give each a name of its own")
    _kernels[name] = function
    return function


@functools.cache
def available() -> bool:
    """Whether numba is installed."""
    return importlib.util.find_spec("numba") is not None


def worth_compiling(puzzles: int, guesses: int = 0) -> bool:
    """Whether to compile for this many puzzles, where some took this many guesses already."""
    return (puzzles > FEW or guesses > PATIENCE) and available()


def compiled(function: _Function) -> _Function:
    """`function` compiled at its first call (kept on disk), or itself where numba is missing."""

    @functools.cache
    def build() -> Callable[..., Any]:
        try:
            import numba
        except (ValueError, OSError) as error:  # of its own settings in the environment
            raise OSError(errno.EINVAL, f"numba can't be loaded: {error}") from error
        _teach_numba()
        config: Any = numba.config
        before = config.CACHE_DIR
        made: Callable[..., Any]
        try:
            config.CACHE_DIR = before or str(folder())
            made = numba.njit(cache=True, nogil=True)(function)
            _keep_whole(made)
        except (OSError, RuntimeError):  # nowhere to keep it
            made = numba.njit(nogil=True)(function)
        finally:
            config.CACHE_DIR = before
        return made

    @functools.wraps(function)
    def call(*arguments: Any) -> Any:
        return (build() if available() else function)(*arguments)

    return call  # type: ignore[return-value]


class Room:
    """Where kernels run: on lists plain, or on arrays compiled, where numba is installed."""

    def __init__(self, compiled: bool) -> None:
        self.compiled = compiled and available()

    def run(self, kernel: _Function) -> _Function:
        """A kernel in the form that takes what this room holds."""
        return _compiled_once(kernel) if self.compiled else kernel  # type: ignore[return-value]

    def numbers(self, numbers: list[int]) -> Any:
        """These numbers, copied."""
        return np.array(numbers, np.int64) if self.compiled else list(numbers)

    def zeros(self, size: int) -> Any:
        """As many zeros."""
        return self.numbers([0] * size)

    def rows(self, rows: npt.NDArray[np.int64]) -> Any:
        """The rows of an array [n, k], to be read."""
        return rows if self.compiled else rows.tolist()

    def stack(self, values: int) -> Stack:
        """Room for that many values of lanes."""
        return new_stack(values, compiled=self.compiled)


@functools.cache
def _compiled_once(function: Callable[..., Any]) -> Callable[..., Any]:
    return compiled(function)


class _Kept:
    """Compiled functions on disk, a file for each signature, with a sum of its bytes.

    numba's own files have no sum, and an index that two processes write at once can give one
    signature the code of another. `save` and `load` are what numba's cache calls; what is torn,
    as by a full disk, is as if it were not there.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name

    def _path(self, key: object) -> Path:
        import numba

        told = hashlib.sha256(repr((numba.__version__, key)).encode()).hexdigest()
        return self._folder / f"{self._name}.{told[:32]}.kept"

    def save(self, key: object, data: object) -> None:
        """Keep what was compiled for the signature in `key`. Raises `OSError`."""
        from numba.core import serialize

        dump: Any = serialize.dumps
        code = dump(data)
        write_bytes(self._path(key), hashlib.sha256(code).digest() + code)

    def load(self, key: object) -> Any:
        """What was kept for the signature in `key`; None where there is nothing whole."""
        try:
            kept = self._path(key).read_bytes()
        except OSError:
            return None
        if hashlib.sha256(kept[32:]).digest() != kept[:32]:
            return None
        return pickle.loads(kept[32:])


def _keep_whole(made: Any) -> None:
    """Have a function that numba compiles keep its code in files of `_Kept`, if it can."""
    cache = made._cache
    cache._cache_file = _Kept(Path(cache.cache_path), made.__name__)
    save = cache.save_overload

    def save_if_possible(*arguments: Any) -> None:
        with contextlib.suppress(OSError):  # a full disk costs the next run its time, no more
            save(*arguments)

    cache.save_overload = save_if_possible


def folder() -> Path:
    """Where compiled functions are kept: one folder for each version of the kernels' sources.

    numba itself compares only the file of the outermost function, so it would take a function
    that was compiled with another version of what it calls.
    """
    from platformdirs import user_cache_path

    sources = hashlib.sha256()
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        source = path.read_bytes()
        if b"@kernel" in source:
            sources.update(source)
    return user_cache_path("sudoku-policy") / "compiled" / sources.hexdigest()[:16]


def lowest_bit(mask: int) -> int:
    """The index of the lowest set bit; `mask` must not be 0."""
    return (mask & -mask).bit_length() - 1


def count_bits(mask: int) -> int:
    """How many bits are set; `mask` must not be negative."""
    return mask.bit_count()


def _teach_numba() -> None:
    """Make the kernels and the two bit functions callable from compiled code."""
    from numba.extending import overload, register_jitable

    teach_numba()
    if lowest_bit not in _known:
        trailing_zeros = _instruction(
            lambda builder, context, mask: builder.cttz(mask, context.get_constant(*_true()))
        )
        population = _instruction(lambda builder, context, mask: builder.ctpop(mask))

        # Each body has a name of its own, for the reason that `kernel` gives.
        def lowest_bit_of(mask: Any) -> Any:
            def count_trailing_zeros(mask: Any) -> Any:
                return trailing_zeros(mask)

            return count_trailing_zeros

        def count_bits_of(mask: Any) -> Any:
            def count_set_bits(mask: Any) -> Any:
                return population(mask)

            return count_set_bits

        overload(lowest_bit)(lowest_bit_of)
        overload(count_bits)(count_bits_of)
        _known.add(lowest_bit)
    for function in _kernels.values():
        if function not in _known:
            register_jitable(function)
            _known.add(function)


def _true() -> tuple[Any, bool]:
    from numba import types

    return types.boolean, True


def _instruction(emit: Callable[[Any, Any, Any], Any]) -> Any:
    """A function of one int64 to one int64 that is a single machine instruction."""
    from numba import types
    from numba.extending import intrinsic

    def instruction(typing_context: Any, mask: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return emit(builder, context, arguments[0])

        return types.int64(types.int64), generate

    return intrinsic(instruction)
