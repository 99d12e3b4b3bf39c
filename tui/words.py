"""Words for cells."""

from __future__ import annotations

from collections.abc import Sequence

from solver.board.grid import cell_name


def named(cells: Sequence[int], most: int = 6) -> str:
    """The names of cells, and how many more there are than are named."""
    more = f" and {len(cells) - most} more" if len(cells) > most else ""
    return ", ".join(cell_name(cell) for cell in cells[:most]) + more
