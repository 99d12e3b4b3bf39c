"""One source, run plain or compiled: numba where it is installed, the interpreter elsewhere.

A function marked `@kernel` is ordinary Python on lists of integers. `compiled(function)` is the
same function for NumPy arrays, compiled together with every kernel it calls. numba is imported
when a compiled function is first called, not before, so one puzzle never pays for it.
"""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable
from typing import Any, Final, TypeVar

_Function = TypeVar("_Function", bound=Callable[..., Any])

_kernels: Final[list[Callable[..., Any]]] = []
_known: Final[set[Callable[..., Any]]] = set()


def kernel(function: _Function) -> _Function:
    """Let compiled functions call `function`; by itself it stays plain Python."""
    _kernels.append(function)
    return function


@functools.cache
def available() -> bool:
    """Whether numba is installed."""
    return importlib.util.find_spec("numba") is not None


def compiled(function: _Function) -> _Function:
    """`function` compiled at its first call (kept on disk), or itself where numba is missing."""

    @functools.cache
    def build() -> Callable[..., Any]:
        if not available():
            return function
        import numba

        _teach_numba()
        build_compiled: Callable[..., Any] = numba.njit(cache=True, nogil=True)(function)
        return build_compiled

    @functools.wraps(function)
    def call(*arguments: Any) -> Any:
        return build()(*arguments)

    return call  # type: ignore[return-value]


def lowest_bit(mask: int) -> int:
    """The index of the lowest set bit; `mask` must not be 0."""
    return (mask & -mask).bit_length() - 1


def count_bits(mask: int) -> int:
    """How many bits are set; `mask` must not be negative."""
    return mask.bit_count()


def _teach_numba() -> None:
    """Make the kernels and the two bit functions callable from compiled code."""
    from numba import types
    from numba.extending import intrinsic, overload, register_jitable

    if lowest_bit not in _known:

        @intrinsic
        def trailing_zeros(typing_context: Any, mask: Any) -> Any:
            def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
                return builder.cttz(arguments[0], context.get_constant(types.boolean, 1))

            return types.int64(types.int64), generate

        @intrinsic
        def population(typing_context: Any, mask: Any) -> Any:
            def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
                return builder.ctpop(arguments[0])

            return types.int64(types.int64), generate

        overload(lowest_bit)(lambda mask: lambda mask: trailing_zeros(mask))
        overload(count_bits)(lambda mask: lambda mask: population(mask))
        _known.add(lowest_bit)
    for function in _kernels:
        if function not in _known:
            register_jitable(function)
            _known.add(function)
