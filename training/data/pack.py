"""Characters -> packed cells, every row checked, compiled: millions of rows a second."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from solver.formats.cells import BAD, TABLE

REASONS = (
    "",
    "the puzzle isn't 81 characters long",
    "a character that is neither a digit nor a blank",
    "the solution isn't 81 digits from 1 to 9",
    "a given that the solution contradicts",
    "the solution breaks a rule",
    "the puzzle has no solution",
    "the puzzle has more than one solution",
)
"""What is wrong with a row, by its code; 0 is nothing."""

_DIGITS = np.frombuffer(TABLE, np.uint8)
assert BAD == 255
_BOX = np.array([cell // 27 * 3 + cell % 9 // 3 for cell in range(81)], np.uint8)


@njit(cache=True, nogil=True)
def _pack(
    puzzle: NDArray[np.uint8],
    puzzle_length: NDArray[np.int32],
    solution: NDArray[np.uint8],
    solution_length: NDArray[np.int32],
    digits: NDArray[np.uint8],
    box: NDArray[np.uint8],
    cells: NDArray[np.uint8],
    why: NDArray[np.uint8],
) -> None:
    seen = np.zeros(27, np.uint16)
    for row in range(len(puzzle)):
        if puzzle_length[row] != 81:
            why[row] = 1
            continue
        if solution_length[row] != 81:
            why[row] = 3
            continue
        seen[:] = 0
        code = 0
        for cell in range(81):
            given, digit = digits[puzzle[row, cell]], digits[solution[row, cell]]
            if given == 255:
                code = 2
                break
            if digit == 255 or digit == 0:
                code = 3
                break
            if given != 0 and given != digit:
                code = 4
                break
            bit = np.uint16(1) << np.uint16(digit)
            seen[cell // 9] |= bit
            seen[9 + cell % 9] |= bit
            seen[18 + box[cell]] |= bit
            cells[row, cell] = digit | (16 if given != 0 else 0)
        if code == 0:
            for unit in range(27):
                if seen[unit] != 0x3FE:
                    code = 5
                    break
        why[row] = code


def pack(
    puzzle: NDArray[np.uint8],
    puzzle_length: NDArray[np.int32],
    solution: NDArray[np.uint8],
    solution_length: NDArray[np.int32],
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Characters [n, 81] of puzzles and solutions -> (packed cells [n, 81], reason [n])."""
    cells = np.zeros((len(puzzle), 81), np.uint8)
    why = np.zeros(len(puzzle), np.uint8)
    _pack(puzzle, puzzle_length, solution, solution_length, _DIGITS, _BOX, cells, why)
    return cells, why


def pack_unsolved(
    puzzle: NDArray[np.uint8], length: NDArray[np.int32]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """As `pack`, with the solutions from the exact engine."""
    from solver.exact import solve_many

    digits = _DIGITS[puzzle]
    why = np.where(length != 81, 1, np.where((digits == 255).any(1), 2, 0)).astype(np.uint8)
    good = np.nonzero(why == 0)[0]
    solutions, counts = solve_many(digits[good].astype(np.int8))
    why[good] = np.where(counts == 1, 0, np.where(counts == 0, 6, 7))
    cells = np.zeros((len(puzzle), 81), np.uint8)
    cells[good] = solutions.astype(np.uint8) | np.where(digits[good] > 0, 16, 0).astype(np.uint8)
    return cells, why


def refuse_ambiguous(cells: NDArray[np.uint8], why: NDArray[np.uint8]) -> None:
    """Give packed puzzles [n, 81] with a solution of their own, but not the only one, the reason
    for it in `why` [n]: a right grid other than the given one would count as wrong."""
    from solver.exact import solve_many

    good = np.nonzero(why == 0)[0]
    if len(good):
        digits = np.where(cells[good] & 16, cells[good] & 15, 0).astype(np.int8)
        why[good[solve_many(digits)[1] > 1]] = 7
