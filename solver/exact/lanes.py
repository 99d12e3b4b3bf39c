"""Sixteen lanes of 32 bits as one value: a Python integer plain, a vector register compiled.

Kernels keep nine digits side by side, one a lane, and work on all of them at once with `&`, `|`,
`^`, `~`, `+`, `-`, `<<` and `>>`. What a shift moves out of a lane enters the next one plain and
is lost compiled, so a kernel masks it off; sums and differences must stay within their lanes.

A stack of such values is a list of integers plain and an int32 array compiled, 16 a value.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final

import numpy as np

LANES: Final = 16
BITS: Final = 32
CACHE_LINE: Final = 64
"""Bytes; a value that lies across two cache lines is slow to read and write."""
WORD: Final = (1 << BITS) - 1
_ONES: Final = sum(1 << BITS * lane for lane in range(LANES))

Stack = Any
"""A list of integers, or an int32 array of 16 times as many."""


class Lanes(int):
    """A constant of kernels: compiled code takes it for a vector."""


def constant(word: int, lanes: int = LANES) -> Lanes:
    """`word` in the lowest `lanes` lanes, 0 in the others."""
    return Lanes(word * (_ONES & ((1 << BITS * lanes) - 1)))


def new_stack(values: int, *, compiled: bool) -> Stack:
    """Room for `values` values, all 0."""
    if not compiled:
        return [0] * values
    spare = CACHE_LINE // 4
    room = np.zeros(LANES * values + spare, dtype=np.int32)
    start = -room.ctypes.data % CACHE_LINE // 4
    return room[start : start + LANES * values]


def get(stack: Stack, at: int) -> int:
    """Value `at` of a stack."""
    return stack[at]  # type: ignore[no-any-return]


def put(stack: Stack, at: int, lanes: int) -> None:
    """Set value `at` of a stack."""
    stack[at] = lanes


def spread(word: int) -> int:
    """`word` in every lane."""
    return word * _ONES


def in_lane(number: int, word: int) -> int:
    """`word` in one lane, 0 in the others."""
    return word << BITS * number


def lane(lanes: int, number: int) -> int:
    """What one lane holds."""
    return lanes >> BITS * number & WORD


def lower(lanes: int, by: int) -> int:
    """What each lane holds, `by` lanes lower; compiled code takes a literal alone for `by`."""
    return lanes >> BITS * by


def lowest_lane(lanes: int) -> int:
    """The lowest lane that isn't 0; one must not be."""
    return ((lanes & -lanes).bit_length() - 1) // BITS


def count_all_bits(lanes: int) -> int:
    """How many bits are set in all lanes together."""
    return lanes.bit_count()


@functools.cache
def teach_numba() -> None:
    """Make the type and its functions known to compiled code, each as a few vector instructions."""
    import operator

    numba = _numba()
    types, extending = numba.types, numba.extending
    emit = _Emit()
    kind = type("LanesType", (types.Type,), {})
    lanes, number = kind(name="Lanes"), types.int64
    extending.typeof_impl.register(Lanes)(lambda value, context: lanes)
    extending.register_model(kind)(
        lambda manager, of: extending.models.PrimitiveModel(manager, of, emit.vector)
    )
    numba.core.imputils.lower_constant(kind)(
        lambda context, builder, of, value: emit.numbers(lane(value, i) for i in range(LANES))
    )
    for operate, name in (
        (operator.and_, "and_"),
        (operator.or_, "or_"),
        (operator.xor, "xor"),
        (operator.add, "add"),
        (operator.sub, "sub"),
    ):
        _define(operate, lanes, (lanes, lanes), emit.binary(name))
    _define(operator.lshift, lanes, (lanes, number), emit.shift("shl"))
    _define(operator.rshift, lanes, (lanes, number), emit.shift("lshr"))
    _define(operator.invert, lanes, (lanes,), emit.invert)
    _define(bool, types.boolean, (lanes,), emit.truth)
    _define(get, lanes, (types.Array, number), emit.get)
    _define(put, types.void, (types.Array, number, lanes), emit.put)
    _define(spread, lanes, (number,), emit.spread)
    _define(in_lane, lanes, (number, number), emit.in_lane)
    _define(lane, number, (lanes, number), emit.lane)
    _define(lower, lanes, (lanes, types.IntegerLiteral), emit.lower)
    _define(lowest_lane, number, (lanes,), emit.lowest_lane)
    _define(count_all_bits, number, (lanes,), emit.count_all_bits)


def _define(
    function: Callable[..., Any], result: Any, takes: tuple[Any, ...], emit: Callable[..., Any]
) -> None:
    """Let compiled code call `function` with arguments of these types, or classes of types.

    `emit` gets numba's context, LLVM's builder, the signature and the arguments' LLVM values.
    """
    numba = _numba()
    types, typing = numba.types, numba.core.typing

    def argument(given: Any, wanted: Any) -> Any:
        """The type that an argument is passed as; None if it doesn't fit."""
        if isinstance(wanted, type):
            return given if isinstance(given, wanted) else None
        if isinstance(wanted, types.Integer) and isinstance(given, types.Integer):
            return wanted
        return given if given == wanted else None

    def generic(template: Any, given: Any, _: Any) -> Any:
        passed = [argument(*pair) for pair in zip(given, takes, strict=False)]
        fits = len(given) == len(takes) and all(kind is not None for kind in passed)
        return typing.signature(result, *passed) if fits else None

    base = typing.templates.AbstractTemplate
    template = type("LanesTemplate", (base,), {"key": function, "generic": generic})
    typing.templates.infer_global(function)(template)
    numba.extending.lower_builtin(function, *takes)(emit)


def _numba() -> Any:
    """numba with the modules that extend it, unchecked: they carry no types."""
    import numba.core.imputils
    import numba.core.typing.templates
    import numba.extending

    return numba


class _Emit:
    """Writes the LLVM instructions of each function."""

    def __init__(self) -> None:
        from llvmlite import ir

        self.ir = ir
        self.word = ir.IntType(BITS)
        self.count = ir.IntType(64)
        self.vector = ir.VectorType(self.word, LANES)
        self.unset = ir.Constant(self.vector, ir.Undefined)
        self.zero = ir.Constant(self.vector, None)

    def numbers(self, numbers: Any) -> Any:
        """A constant vector."""
        return self.ir.Constant(self.vector, [self.ir.Constant(self.word, n) for n in numbers])

    def everywhere(self, builder: Any, value: Any) -> Any:
        """The low 32 bits of a number in every lane."""
        low = builder.trunc(value, self.word)
        first = builder.insert_element(self.unset, low, self.ir.Constant(self.word, 0))
        return builder.shuffle_vector(first, self.unset, self.numbers([0] * LANES))

    def filled(self, builder: Any, value: Any) -> Any:
        """A number with a bit for each lane that isn't 0."""
        bits = builder.icmp_unsigned("!=", value, self.zero)
        return builder.bitcast(bits, self.ir.IntType(LANES))

    def pointer(self, context: Any, builder: Any, of: Any, stack: Any, at: Any) -> Any:
        """Where value `at` of a stack lies."""
        data = context.make_array(of)(context, builder, stack).data
        first = builder.gep(data, [builder.mul(at, self.ir.Constant(self.count, LANES))])
        return builder.bitcast(first, self.vector.as_pointer())

    def binary(self, name: str) -> Callable[..., Any]:
        return lambda context, builder, signature, values: getattr(builder, name)(*values)

    def shift(self, name: str) -> Callable[..., Any]:
        def shift(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            return getattr(builder, name)(values[0], self.everywhere(builder, values[1]))

        return shift

    def invert(self, context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.not_(values[0])

    def truth(self, context: Any, builder: Any, signature: Any, values: Any) -> Any:
        filled = self.filled(builder, values[0])
        return builder.icmp_unsigned("!=", filled, self.ir.Constant(filled.type, 0))

    def get(self, context: Any, builder: Any, signature: Any, values: Any) -> Any:
        read = builder.load(self.pointer(context, builder, signature.args[0], *values))
        read.align = 4
        return read

    def put(self, context: Any, builder: Any, signature: Any, values: Any) -> Any:
        where = self.pointer(context, builder, signature.args[0], *values[:2])
        builder.store(values[2], where).align = 4
        return context.get_dummy_value()

    def spread(self, context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return self.everywhere(builder, values[0])

    def in_lane(self, context: Any, builder: Any, signature: Any, values: Any) -> Any:
        number, word = (self.everywhere(builder, value) for value in values)
        here = builder.icmp_unsigned("==", number, self.numbers(range(LANES)))
        return builder.select(here, word, self.zero)

    def lane(self, context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.zext(builder.extract_element(*values), self.count)

    def lower(self, context: Any, builder: Any, signature: Any, values: Any) -> Any:
        by = signature.args[1].literal_value
        source = self.numbers(min(i + by, LANES) for i in range(LANES))
        return builder.shuffle_vector(values[0], self.zero, source)

    def lowest_lane(self, context: Any, builder: Any, signature: Any, values: Any) -> Any:
        filled = builder.zext(self.filled(builder, values[0]), self.count)
        return builder.cttz(filled, self.ir.Constant(self.ir.IntType(1), 1))

    def count_all_bits(self, context: Any, builder: Any, signature: Any, values: Any) -> Any:
        counts = self.call(builder, "llvm.ctpop", self.vector, values[0])
        total = self.call(builder, "llvm.vector.reduce.add", self.word, counts)
        return builder.zext(total, self.count)

    def call(self, builder: Any, name: str, result: Any, value: Any) -> Any:
        """Call an LLVM intrinsic that takes one vector."""
        kind = self.ir.FunctionType(result, [self.vector])
        suffix = f".v{LANES}i{BITS}"
        insert = _numba().core.cgutils.get_or_insert_function
        return builder.call(insert(builder.module, kind, name + suffix), [value])
