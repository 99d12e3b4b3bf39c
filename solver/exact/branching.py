"""Search: where propagation ends, assume one digit, then rule it out.

The cell is one with the fewest candidates; of several, the one whose candidates see most of the
same digits in other cells, where cells with two candidates count three times. The stack keeps
one state a depth.
"""

from __future__ import annotations

from typing import Any, Final

from solver.exact.bands import (
    OPEN,
    SOLVED,
    STATE,
    cell_of,
    copy,
    place,
    place_of,
    remove,
    seen_from,
    settle,
)
from solver.exact.compiled import kernel, lowest_bit
from solver.exact.lanes import (
    WORD,
    Stack,
    constant,
    count_all_bits,
    get,
    in_lane,
    lane,
    lower,
    lowest_lane,
    spread,
)

STACK: Final = 82 * STATE
"""Values in the stack: each guess places a digit."""
ENDLESS: Final = 1 << 62
"""Guesses that no search makes."""
ONE: Final = constant(1)


@kernel
def count_to_four(mask: int) -> tuple[int, int, int]:
    """The cells that at least two, three and four digits have, one lane's worth each."""
    a, b, c = mask, lower(mask, 3), lower(mask, 6)
    a1, a2, a3 = a | b | c, a & (b | c) | b & c, a & b & c
    b1, b2, b3 = lower(a1, 1), lower(a2, 1), lower(a3, 1)
    c1, c2, c3 = lower(a1, 2), lower(a2, 2), lower(a3, 2)
    two = a2 | b2 | c2 | a1 & (b1 | c1) | b1 & c1
    three = a3 | b3 | c3 | a2 & (b1 | c1) | b2 & (a1 | c1) | c2 & (a1 | b1) | a1 & b1 & c1
    four = a3 & (b1 | c1) | b3 & (a1 | c1) | c3 & (a1 | b1) | a2 & (b2 | c2) | b2 & c2
    four = four | a2 & b1 & c1 | b2 & a1 & c1 | c2 & a1 & b1
    return lane(two, 0), lane(three, 0), lane(four, 0)


@kernel
def effect(stack: Stack, at: int, band: int, spot: int, pairs: tuple[int, int, int]) -> int:
    """How much the candidates of a cell would change, whichever of them is placed.

    `pairs`: each band's cells with two candidates.
    """
    digits = get(stack, at + band) >> spot & ONE
    digits = (digits << 30) - digits
    total = 0
    for other in range(3):
        mask = get(stack, at + other) & digits
        seen = seen_from(spot, other == band)
        total += count_all_bits(mask & spread(seen))
        total += 2 * count_all_bits(mask & spread(seen & pairs[other]))
    return total


@kernel
def fewest(stack: Stack, at: int) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Each band's open cells with the fewest candidates (2, 3, or more), and those with two."""
    top_two, top_three, top_four = count_to_four(get(stack, at))
    mid_two, mid_three, mid_four = count_to_four(get(stack, at + 1))
    low_two, low_three, low_four = count_to_four(get(stack, at + 2))
    pairs = top_two & ~top_three, mid_two & ~mid_three, low_two & ~low_three
    if pairs[0] | pairs[1] | pairs[2]:
        return pairs, pairs
    triples = top_three & ~top_four, mid_three & ~mid_four, low_three & ~low_four
    if triples[0] | triples[1] | triples[2]:
        return triples, pairs
    return (top_four, mid_four, low_four), pairs


@kernel
def first_cell(stack: Stack, at: int) -> int:
    """Of the cells with the fewest candidates, the first one of the last band that has any."""
    cells, _ = fewest(stack, at)
    for band in range(2, -1, -1):
        if cells[band]:
            return cell_of(band, lowest_bit(cells[band]))
    return -1


@kernel
def best_cell(stack: Stack, at: int) -> int:
    """Of the cells with the fewest candidates, the one that changes most."""
    cells, pairs = fewest(stack, at)
    chosen = 0
    most = -1
    for band in range(3):
        left = cells[band]
        while left:
            spot = lowest_bit(left)
            left &= left - 1
            changes = effect(stack, at, band, spot, pairs)
            if changes > most:
                most = changes
                chosen = cell_of(band, spot)
    return chosen


@kernel
def first_digit(stack: Stack, at: int, cell: int, order: Any) -> int:
    """The candidate of `cell` to try first."""
    candidates = get(stack, at + cell // 27) & spread(1 << place_of(cell))
    best = lowest_lane(candidates)
    if len(order):
        for digit in range(best + 1, 9):
            if lane(candidates, digit) and order[9 * cell + digit] > order[9 * cell + best]:
                best = digit
    return best


@kernel
def rule_out(stack: Stack, at: int, cell: int, digit: int) -> None:
    """Take a candidate away, and place the other one where there were two."""
    candidates = get(stack, at + cell // 27) & spread(1 << place_of(cell))
    if count_all_bits(candidates) == 2:
        place(stack, at, cell, lowest_lane(candidates & ~in_lane(digit, WORD)))
    else:
        remove(stack, at, cell, digit)


@kernel
def write(stack: Stack, at: int, cells: Any, offset: int) -> None:
    """Write a solved state as 81 digits."""
    for band in range(3):
        for digit in range(9):
            mask = lane(get(stack, at + band), digit)
            while mask:
                cells[offset + cell_of(band, lowest_bit(mask))] = digit + 1
                mask &= mask - 1


@kernel
def resume(
    stack: Stack,
    at: int,
    solutions: int,
    limit: int,
    order: Any,
    found: Any,
    steady: bool,
    most: int,
) -> tuple[int, int, int]:
    """Search on from the state at `at`, with `solutions` found before: (at, solutions, guesses).

    It ends with `limit` solutions or when there are no more, and `at` is then negative; or before
    a guess beyond `most`. The other arguments are those of `run`.
    """
    guesses = 0
    while at >= 0:
        state = settle(stack, at)
        if state == OPEN:
            if guesses == most:
                break
            cell = first_cell(stack, at) if steady else best_cell(stack, at)
            digit = first_digit(stack, at, cell, order)
            guesses += 1
            copy(stack, at, at + STATE)
            rule_out(stack, at, cell, digit)
            at += STATE
            place(stack, at, cell, digit)
            continue
        at -= STATE
        if state == SOLVED:
            if 81 * solutions < len(found):
                write(stack, at + STATE, found, 81 * solutions)
            solutions += 1
            if solutions == limit:
                at = -STATE
    return at, solutions, guesses


@kernel
def run(stack: Stack, limit: int, order: Any, found: Any, steady: bool) -> tuple[int, int]:
    """Search the puzzle at the bottom of the stack: (solutions up to `limit`, guesses).

    `order`: 729 weights; of a cell's digits the heaviest is tried first; or none at all, for the
    lowest first. `found` takes as many of the solutions as fit, 81 digits each. Where it matters
    which solutions come first, `steady` takes cells in a way that never changes; the other way
    needs fewer guesses.
    """
    _, solutions, guesses = resume(stack, 0, 0, limit, order, found, steady, ENDLESS)
    return solutions, guesses
