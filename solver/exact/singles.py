"""Propagation by naked and hidden singles alone, on the states of `solver.exact.bands`."""

from __future__ import annotations

from typing import Final

from solver.exact.bands import (
    ALL,
    BROKEN,
    CELLS,
    FIRST_ROW,
    OPEN,
    ROW,
    SOLVED,
    SPARE_OF_DIGITS,
    any_digit,
    count_digits,
    hidden,
    rows_of,
)
from solver.exact.compiled import kernel
from solver.exact.lanes import Stack, constant, get, put, spread

FIRST_COLUMNS: Final = constant(0b001_001_001)
"""A box is named by its first column."""
COLUMNS_OF_DIGITS: Final = constant(ROW, 9)
BOXES_OF_DIGITS: Final = constant(0b001_001_001, 9)


@kernel
def columns(mask: int) -> tuple[int, int]:
    """A band's columns in which a digit has at least one and at least two cells."""
    second, third = mask >> 10, mask >> 20
    return (mask | second | third) & FIRST_ROW, (
        mask & (second | third) | second & third
    ) & FIRST_ROW


@kernel
def all_columns(one: tuple[int, int, int], two: tuple[int, int, int]) -> tuple[int, int]:
    """The same of the grid, from that of its three bands."""
    return one[0] | one[1] | one[2], (
        two[0] | two[1] | two[2] | one[0] & (one[1] | one[2]) | one[1] & one[2]
    )


@kernel
def boxes(one: int, two: int) -> tuple[int, int]:
    """The same of a band's boxes, from that of its columns."""
    second, third = one >> 1, one >> 2
    several = one & (second | third) | second & third | two | two >> 1 | two >> 2
    return (one | second | third) & FIRST_COLUMNS, several & FIRST_COLUMNS


@kernel
def in_rows(columns: int, boxes: int) -> int:
    """All cells of a band that lie in these columns or boxes."""
    columns = columns | (boxes << 3) - boxes
    return columns | columns << 10 | columns << 20


@kernel
def units_of(placed: int, its_columns: int, placed_columns: int) -> int:
    """All cells of a band in a unit with a placed one; the placed columns are the grid's."""
    its_boxes = (its_columns | its_columns >> 1 | its_columns >> 2) & FIRST_COLUMNS
    return rows_of(placed) | in_rows(placed_columns, its_boxes)


@kernel
def clash(placed: int, taken: int, two: int) -> bool:
    """Whether a band has a digit twice in a row or a box, or two digits in a cell."""
    box_two = boxes(*columns(placed))[1]
    return taken & two != 0 or bool(placed & (placed + CELLS) | box_two)


@kernel
def settle_singles(stack: Stack, at: int) -> int:
    """Propagate a state to its end: `BROKEN`, `SOLVED` or `OPEN`."""
    top, mid, low = get(stack, at), get(stack, at + 1), get(stack, at + 2)
    while True:
        top_before, mid_before, low_before = top, mid, low
        top_column, top_columns = columns(top)
        mid_column, mid_columns = columns(mid)
        low_column, low_columns = columns(low)
        column, several = all_columns(
            (top_column, mid_column, low_column), (top_columns, mid_columns, low_columns)
        )
        top_box, top_boxes = boxes(top_column, top_columns)
        mid_box, mid_boxes = boxes(mid_column, mid_columns)
        low_box, low_boxes = boxes(low_column, low_columns)
        if (
            SPARE_OF_DIGITS & ~((top + CELLS) & (mid + CELLS) & (low + CELLS))
            | COLUMNS_OF_DIGITS & ~column
            | BOXES_OF_DIGITS & ~(top_box & mid_box & low_box)
        ):
            return BROKEN
        top_one, top_two = count_digits(top)
        mid_one, mid_two = count_digits(mid)
        low_one, low_two = count_digits(low)
        if top_one & mid_one & low_one != ALL:
            return BROKEN
        lone = column & ~several
        top_alone = hidden(top) | top & in_rows(lone, top_box & ~top_boxes)
        mid_alone = hidden(mid) | mid & in_rows(lone, mid_box & ~mid_boxes)
        low_alone = hidden(low) | low & in_rows(lone, low_box & ~low_boxes)
        top_taken = any_digit(top_alone)
        mid_taken = any_digit(mid_alone)
        low_taken = any_digit(low_alone)
        top_placed = top_alone | top & ~spread(top_two)
        mid_placed = mid_alone | mid & ~spread(mid_two)
        low_placed = low_alone | low & ~spread(low_two)
        top_column, top_columns = columns(top_placed)
        mid_column, mid_columns = columns(mid_placed)
        low_column, low_columns = columns(low_placed)
        column, several = all_columns(
            (top_column, mid_column, low_column), (top_columns, mid_columns, low_columns)
        )
        top_units = units_of(top_placed, top_column, column)
        mid_units = units_of(mid_placed, mid_column, column)
        low_units = units_of(low_placed, low_column, column)
        top = top & (~spread(top_taken) | top_alone) & (~top_units | top_placed)
        mid = mid & (~spread(mid_taken) | mid_alone) & (~mid_units | mid_placed)
        low = low & (~spread(low_taken) | low_alone) & (~low_units | low_placed)
        if not (top ^ top_before | mid ^ mid_before | low ^ low_before):
            break
    put(stack, at, top)
    put(stack, at + 1, mid)
    put(stack, at + 2, low)
    if (
        bool(several)
        or clash(top_placed, top_taken, top_two)
        or clash(mid_placed, mid_taken, mid_two)
        or clash(low_placed, low_taken, low_two)
    ):
        return BROKEN
    return OPEN if top_two | mid_two | low_two else SOLVED
