"""Propagation on bit masks: the kernel of the exact engine.

A state is three values of lanes (`solver.exact.lanes`), one a band of three rows. Lane `digit`
of a band says which of its cells can still take that digit: bit `10 * row + column`. Bit 9 of
each row is spare, so that adding `CELLS` to the cells of a row sets it unless there are none, and
clears the lowest of them otherwise. All nine digits are worked on at once:

- In a band, the boxes and rows in which a digit can stand form a 3x3 pattern, and its three
  places are a permutation of it; so they are in a stack, with bands and columns. What lies on no
  permutation goes: pointing and claiming pairs, and all that follows from a digit's place.
- A row with one place left for a digit: the other digits leave that cell.
- A cell with one digit left: the digit leaves its row.
"""

from __future__ import annotations

from typing import Any, Final

from solver.exact.compiled import kernel
from solver.exact.lanes import (
    Stack,
    constant,
    get,
    in_lane,
    lane,
    lower,
    put,
    spread,
)

STATE: Final = 3
"""Values in a state."""
BROKEN: Final = -1
OPEN: Final = 0
SOLVED: Final = 1

ROW: Final = 0b111_111_111
ROWS: Final = 1 | 1 << 10 | 1 << 20
"""The first column."""
ALL: Final = ROW * ROWS
BOX: Final = 0b111 * ROWS

CELLS: Final = constant(ALL)
DIGITS: Final = constant(ALL, 9)
SPARE: Final = constant(512 * ROWS)
SPARE_OF_DIGITS: Final = constant(512 * ROWS, 9)
FIRST_ROW: Final = constant(ROW)
FIRST_TWO_ROWS: Final = constant(ROW | ROW << 10)
LAST_ROW: Final = constant(ROW << 20)
LAST_TWO_ROWS: Final = constant(ROW << 10 | ROW << 20)
FIRST_BOX: Final = constant(BOX)
FIRST_TWO_BOXES: Final = constant(BOX | BOX << 3)
LAST_BOX: Final = constant(BOX << 6)
LAST_TWO_BOXES: Final = constant(BOX << 3 | BOX << 6)
FIRST_IN_BOX: Final = constant(0b001_001_001 * ROWS)
FIRST_TWO_IN_BOX: Final = constant(0b011_011_011 * ROWS)
LAST_IN_BOX: Final = constant(0b100_100_100 * ROWS)
LAST_TWO_IN_BOX: Final = constant(0b110_110_110 * ROWS)


@kernel
def place_of(cell: int) -> int:
    """The bit number of a cell within its band."""
    return cell % 27 // 9 * 10 + cell % 9


@kernel
def cell_of(band: int, place: int) -> int:
    """The cell at a bit number of a band."""
    return 27 * band + place // 10 * 9 + place % 10


@kernel
def seen_from(place: int, same_band: bool) -> int:
    """The cells of a band that share a unit with a cell of this or another band, and itself."""
    column = place % 10
    if same_band:
        return ROW << (place - column) | BOX << (column - column % 3)
    return ROWS << column


@kernel
def load(cells: Any, stack: Stack) -> None:
    """Put a puzzle, 81 digits, at the bottom of the stack."""
    for band in range(3):
        given = in_lane(0, 0)
        filled = 0
        for cell in range(27 * band, 27 * band + 27):
            digit = cells[cell] - 1
            if digit >= 0:
                bit = 1 << place_of(cell)
                given = given | in_lane(digit, bit)
                filled |= bit
        put(stack, band, DIGITS & ~spread(filled) | given)


@kernel
def place(stack: Stack, at: int, cell: int, digit: int) -> None:
    """Put a digit in a cell: the digit leaves the cells that see it, and the others leave it."""
    spot = place_of(cell)
    for band in range(3):
        mask = get(stack, at + band)
        if band == cell // 27:
            mask = mask & ~in_lane(digit, seen_from(spot, True)) & ~spread(1 << spot)
            mask = mask | in_lane(digit, 1 << spot)
        else:
            mask = mask & ~in_lane(digit, seen_from(spot, False))
        put(stack, at + band, mask)


@kernel
def remove(stack: Stack, at: int, cell: int, digit: int) -> None:
    """Take a candidate away."""
    band = at + cell // 27
    put(stack, band, get(stack, band) & ~in_lane(digit, 1 << place_of(cell)))


@kernel
def restrict(stack: Stack, allowed: Any) -> None:
    """Leave the first state only what 81 masks allow: bit d for digit d."""
    for cell in range(81):
        for digit in range(9):
            if not allowed[cell] >> (digit + 1) & 1:
                remove(stack, 0, cell, digit)


@kernel
def copy(stack: Stack, at: int, to: int) -> None:
    """Copy a state to another place of the stack."""
    for band in range(STATE):
        put(stack, to + band, get(stack, at + band))


@kernel
def permuted(pattern: int, once: int, twice: int) -> int:
    """The bits of 3x3 patterns that lie on a permutation; a pattern's rows are 10 bits apart.

    `once` and `twice` are the patterns with their columns moved round by one and by two.
    """
    return pattern & (
        (once >> 10 & FIRST_TWO_ROWS | once << 20 & LAST_ROW)
        & (twice >> 20 & FIRST_ROW | twice << 10 & LAST_TWO_ROWS)
        | (twice >> 10 & FIRST_TWO_ROWS | twice << 20 & LAST_ROW)
        & (once >> 20 & FIRST_ROW | once << 10 & LAST_TWO_ROWS)
    )


@kernel
def within_bands(top: int, mid: int, low: int) -> tuple[int, int, int]:
    """What a digit's rows and boxes in each band leave: three bands' patterns in one value."""
    pattern = (
        (top | top >> 1 | top >> 2) & FIRST_IN_BOX
        | ((mid | mid >> 1 | mid >> 2) & FIRST_IN_BOX) << 1
        | ((low | low >> 1 | low >> 2) & FIRST_IN_BOX) << 2
    )
    pattern = permuted(
        pattern,
        pattern >> 3 & FIRST_TWO_BOXES | pattern << 6 & LAST_BOX,
        pattern >> 6 & FIRST_BOX | pattern << 3 & LAST_TWO_BOXES,
    )
    first = pattern & FIRST_IN_BOX
    second = pattern >> 1 & FIRST_IN_BOX
    third = pattern >> 2 & FIRST_IN_BOX
    return (
        top & ((first << 3) - first),
        mid & ((second << 3) - second),
        low & ((third << 3) - third),
    )


@kernel
def within_stacks(top: int, mid: int, low: int) -> tuple[int, int, int]:
    """What a digit's bands and columns in each stack leave: three stacks' patterns in one value."""
    pattern = (
        (top | top >> 10 | top >> 20) & FIRST_ROW
        | ((mid | mid >> 10 | mid >> 20) & FIRST_ROW) << 10
        | ((low | low >> 10 | low >> 20) & FIRST_ROW) << 20
    )
    pattern = permuted(
        pattern,
        pattern >> 1 & FIRST_TWO_IN_BOX | pattern << 2 & LAST_IN_BOX,
        pattern >> 2 & FIRST_IN_BOX | pattern << 1 & LAST_TWO_IN_BOX,
    )
    first = pattern & FIRST_ROW
    second = pattern >> 10 & FIRST_ROW
    third = pattern >> 20 & FIRST_ROW
    return (
        top & (first | first << 10 | first << 20),
        mid & (second | second << 10 | second << 20),
        low & (third | third << 10 | third << 20),
    )


@kernel
def rows_of(mask: int) -> int:
    """All cells of the rows in which a digit has cells in `mask`."""
    spare = (mask + CELLS) & SPARE
    return spare - (spare >> 9)


@kernel
def hidden(mask: int) -> int:
    """The cells that are a digit's only one in their row."""
    return mask & ~rows_of(mask & (mask + CELLS))


@kernel
def any_digit(mask: int) -> int:
    """The cells that some digit has, one lane's worth."""
    mask = mask | lower(mask, 3) | lower(mask, 6)
    return lane(mask | lower(mask, 1) | lower(mask, 2), 0)


@kernel
def count_digits(mask: int) -> tuple[int, int]:
    """The cells that at least one and at least two digits have, one lane's worth each."""
    second, third = lower(mask, 3), lower(mask, 6)
    one = mask | second | third
    two = mask & (second | third) | second & third
    second, third = lower(one, 1), lower(one, 2)
    two = two | lower(two, 1) | lower(two, 2) | one & (second | third) | second & third
    return lane(one | second | third, 0), lane(two, 0)


@kernel
def settled(mask: int, alone: int, taken: int, two: int) -> int:
    """A band after its placements.

    `alone`: the hidden singles, `taken` their cells; `two`: cells with two candidates and more.
    """
    placed = alone | mask & ~spread(two)
    return mask & (~spread(taken) | alone) & (~rows_of(placed) | placed)


@kernel
def clash(mask: int, taken: int, two: int) -> bool:
    """Whether a band in which nothing moves any more has two digits in a cell, or one twice in a
    row."""
    placed = mask & ~spread(two)
    return taken & two != 0 or bool(placed & (placed + CELLS))


@kernel
def settle(stack: Stack, at: int) -> int:
    """Propagate a state to its end: `BROKEN`, `SOLVED` or `OPEN`."""
    top, mid, low = get(stack, at), get(stack, at + 1), get(stack, at + 2)
    while True:
        top_before, mid_before, low_before = top, mid, low
        if SPARE_OF_DIGITS & ~((top + CELLS) & (mid + CELLS) & (low + CELLS)):
            return BROKEN
        top_one, top_two = count_digits(top)
        mid_one, mid_two = count_digits(mid)
        low_one, low_two = count_digits(low)
        if top_one & mid_one & low_one != ALL:
            return BROKEN
        top_alone, mid_alone, low_alone = hidden(top), hidden(mid), hidden(low)
        top_taken, mid_taken, low_taken = (
            any_digit(top_alone),
            any_digit(mid_alone),
            any_digit(low_alone),
        )
        top = settled(top, top_alone, top_taken, top_two)
        mid = settled(mid, mid_alone, mid_taken, mid_two)
        low = settled(low, low_alone, low_taken, low_two)
        top, mid, low = within_bands(top, mid, low)
        top, mid, low = within_stacks(top, mid, low)
        if not (top ^ top_before | mid ^ mid_before | low ^ low_before):
            break
    put(stack, at, top)
    put(stack, at + 1, mid)
    put(stack, at + 2, low)
    if (
        clash(top, top_taken, top_two)
        or clash(mid, mid_taken, mid_two)
        or clash(low, low_taken, low_two)
    ):
        return BROKEN
    return OPEN if top_two | mid_two | low_two else SOLVED
