"""An independent checker of answers: the rules and a search of its own, nothing of the product."""

from __future__ import annotations

PEERS = [
    sorted(
        {
            other
            for other in range(81)
            if other != cell
            and (
                other // 9 == cell // 9
                or other % 9 == cell % 9
                or (other // 27 == cell // 27 and other % 9 // 3 == cell % 9 // 3)
            )
        }
    )
    for cell in range(81)
]
BITS = {1 << digit: digit for digit in range(9)}


def is_solution(puzzle: str, grid: str) -> bool:
    """Whether `grid` is full, keeps the givens of `puzzle`, and breaks no rule."""
    if len(grid) != 81 or set(grid) - set("123456789"):
        return False
    if any(given not in ("0", ".", digit) for given, digit in zip(puzzle, grid, strict=True)):
        return False
    return all(grid[cell] != grid[peer] for cell in range(81) for peer in PEERS[cell])


def count(puzzle: str, most: int = 2) -> int:
    """How many solutions a puzzle has, counted up to `most`."""
    left = [511] * 81
    for cell, given in enumerate(puzzle):
        if given not in "0." and not _set(left, cell, 1 << (int(given) - 1)):
            return 0
    return _search(left, most)


def _set(left: list[int], cell: int, bit: int) -> bool:
    """Place a digit, and what follows from it in the peers; False where nothing is left."""
    waiting = [(cell, bit)]
    while waiting:
        at, chosen = waiting.pop()
        if not left[at] & chosen:
            return False
        left[at] = chosen
        for peer in PEERS[at]:
            if left[peer] & chosen:
                if left[peer] == chosen:
                    return False
                left[peer] &= ~chosen
                if left[peer] in BITS:
                    waiting.append((peer, left[peer]))
    return True


def _search(left: list[int], most: int) -> int:
    open_cells = [cell for cell in range(81) if left[cell] not in BITS]
    if not open_cells:
        return 1
    cell = min(open_cells, key=lambda each: left[each].bit_count())
    found, choices = 0, left[cell]
    while choices and found < most:
        bit = choices & -choices
        choices ^= bit
        tried = left.copy()
        if _set(tried, cell, bit):
            found += _search(tried, most - found)
    return found
