"""Lanes: vector registers compiled do what Python integers do plain."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest

from solver.exact.bands import DIGITS, STATE, load, place, remove, settle
from solver.exact.branching import count_to_four, effect, fewest
from solver.exact.compiled import compiled, kernel
from solver.exact.lanes import (
    LANES,
    constant,
    count_all_bits,
    get,
    in_lane,
    lane,
    lower,
    lowest_lane,
    new_stack,
    put,
    spread,
)
from solver.exact.singles import settle_singles

pytest.importorskip("numba")

INKALA = "8..........36......7..9.2...5...7.......457.....1...3...1....68..85...1..9....4.."
THIRTY_BITS = constant((1 << 30) - 1)


@kernel
def every_operation(stack: Any, shift: int, numbers: Any) -> None:
    """Read values 0 and 1, write a result of each operation behind them."""
    one, other = get(stack, 0), get(stack, 1)
    put(stack, 2, one & other)
    put(stack, 3, one | other)
    put(stack, 4, one ^ other)
    put(stack, 5, THIRTY_BITS & ~one)
    put(stack, 6, (one & other) + (one | other))
    put(stack, 7, (one | other) - (one & other))
    put(stack, 8, (one & spread(7)) << shift)
    put(stack, 9, one >> shift & spread(7))
    put(stack, 10, lower(one, 4) | lower(other, 1))
    put(stack, 11, in_lane(numbers[0], 5) | spread(9))
    numbers[1] = lane(one, numbers[0])
    numbers[2] = lowest_lane(lower(one, 1))
    numbers[3] = count_all_bits(one)
    numbers[4] = 1 if one ^ other else 2
    numbers[5] = 1 if one ^ one else 2


@kernel
def settle_both(stack: Any, cells: Any, results: Any) -> None:
    """Settle a puzzle with a guess in two ways, and choose between its cells."""
    load(cells, stack)
    remove(stack, 0, 1, 3)
    load(cells, stack)
    results[0] = settle_singles(stack, 0)
    place(stack, 0, 1, 3)
    results[1] = settle(stack, 0)
    chosen, pairs = fewest(stack, 0)
    for band in range(3):
        results[2 + band] = chosen[band]
        results[5 + band] = effect(stack, 0, band, 12, pairs)
        results[8 + band], results[11 + band], results[14 + band] = count_to_four(get(stack, band))


def words(stack: Any) -> list[int]:
    """The lanes of all values of a stack."""
    if isinstance(stack, np.ndarray):
        return [int(word) for word in stack.view(np.uint32)]
    return [lane(value, number) for value in stack for number in range(LANES)]


def test_every_operation_is_the_same_plain_and_compiled() -> None:
    random = np.random.default_rng(0).integers(0, 1 << 29, (2, LANES))
    plain = new_stack(12, compiled=False)
    arrays = new_stack(12, compiled=True)
    for at in range(2):
        plain[at] = sum(in_lane(i, int(word)) for i, word in enumerate(random[at]))
    arrays[: 2 * LANES] = random.ravel()
    numbers, same = [13] + [0] * 5, np.array([13] + [0] * 5)
    every_operation(plain, 3, numbers)
    compiled(every_operation)(arrays, 3, same)
    assert words(plain) == words(arrays)
    assert numbers == same.tolist()
    assert numbers[1] == random[0, 13]
    assert words(plain)[2 * LANES : 3 * LANES] == (random[0] & random[1]).tolist()


def test_a_value_of_a_compiled_stack_lies_in_one_cache_line() -> None:
    assert new_stack(5, compiled=True).ctypes.data % 64 == 0
    assert new_stack(5, compiled=True).size == 5 * LANES


def test_propagation_leaves_the_same_candidates_plain_and_compiled() -> None:
    cells = [int(digit) if digit.isdigit() else 0 for digit in INKALA]
    plain, arrays = new_stack(STATE, compiled=False), new_stack(STATE, compiled=True)
    results, same = [0] * 17, np.zeros(17, np.int64)
    settle_both(plain, cells, results)
    compiled(settle_both)(arrays, np.array(cells), same)
    assert words(plain) == words(arrays)
    assert results == same.tolist()


def test_constants_fill_the_lanes_they_are_made_for() -> None:
    filled = [lane(DIGITS, number) for number in range(LANES)]
    assert (
        filled[:9] == [functools.reduce(lambda cells, row: cells | 511 << row, (0, 10, 20), 0)] * 9
    )
    assert not any(filled[9:])
