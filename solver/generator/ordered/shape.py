"""Puzzles of a wished shape: clues in a symmetric pattern, and no more of them than asked for."""

from __future__ import annotations

from typing import Any, Final

from solver.exact.compiled import kernel
from solver.exact.random import below
from solver.generator.bench import Work
from solver.generator.carve import copy_grid, is_unique, random_grid, shuffle

MORE: Final = 2
"""Orbits that a small change of a puzzle puts back."""
SYMMETRIES: Final = ("none", "rotate180", "rotate90", "mirror", "diagonal")
"""Patterns of clues: any; the same after a half turn, after a quarter turn, in a mirror beside
the grid, and after a reflection in the diagonal from the upper left to the lower right corner."""


def orbits(symmetry: str) -> list[list[int]]:
    """The cells that a symmetry takes to one another, which are all clues or all blank.

    >>> orbits("rotate180")[0], len(orbits("rotate90"))
    ([0, 80], 21)

    Raises `ValueError` for a name not in `SYMMETRIES`.
    """
    if symmetry not in SYMMETRIES:
        raise ValueError(f"no symmetry {symmetry!r}; there are {', '.join(SYMMETRIES)}")
    found: dict[tuple[int, ...], None] = {}
    for cell in range(81):
        orbit, at = [cell], _moved(cell, symmetry)
        while at != cell:
            orbit.append(at)
            at = _moved(at, symmetry)
        found[tuple(sorted(orbit))] = None
    return [list(orbit) for orbit in found]


def _moved(cell: int, symmetry: str) -> int:
    row, column = divmod(cell, 9)
    to = {
        "none": (row, column),
        "rotate180": (8 - row, 8 - column),
        "rotate90": (column, 8 - row),
        "mirror": (row, 8 - column),
        "diagonal": (column, row),
    }
    return 9 * to[symmetry][0] + to[symmetry][1]


def possible(symmetry: str, least: int, most: int) -> bool:
    """Whether a pattern of the symmetry has `least` to `most` clues.

    >>> possible("rotate90", 26, 27), possible("rotate90", 24, 26)
    (False, True)
    """
    sizes = {0}
    for orbit in orbits(symmetry):
        sizes |= {size + len(orbit) for size in sizes}
    return any(least <= size <= most for size in sizes)


@kernel
def carve(
    puzzle: Any,
    solution: Any,
    turns: Any,
    orbits: tuple[Any, Any],
    bounds: tuple[int, int],
    work: Work,
) -> int:
    """Take orbits out of a puzzle, in turn, while one solution is left; give what clues remain.

    Stops at the second of `bounds`, and takes out none that would leave fewer than the first.
    `orbits`: cells, and where each orbit starts in them; those not of clues are passed over.
    """
    cells, starts = orbits
    clues = 0
    for cell in range(81):
        if puzzle[cell]:
            clues += 1
    for turn in turns:
        begin, end = starts[turn], starts[turn + 1]
        if clues <= bounds[1]:
            break
        if puzzle[cells[begin]] == 0 or clues - (end - begin) < bounds[0]:
            continue
        for i in range(begin, end):
            puzzle[cells[i]] = 0
        if is_unique(puzzle, work.stack, work.none):
            clues -= end - begin
        else:
            for i in range(begin, end):
                puzzle[cells[i]] = solution[cells[i]]
    return clues


@kernel
def wished(words: Any, least: int, most: int) -> int:
    """A number of clues from `least` to `most`; the fewest where `most` is all cells."""
    if most == 81:
        return least
    return least + below(words, most + 1 - least)


@kernel
def in_random_order(words: Any, number: int, room: Any) -> Any:
    """0 to `number` - 1, shuffled, in the start of `room`."""
    turns = room[:number]
    for i in range(number):
        turns[i] = i
    shuffle(words, turns)
    return turns


@kernel
def shaped(
    words: Any,
    puzzles: Any,
    solutions: Any,
    orbits: tuple[Any, Any],
    clues: tuple[int, int],
    more: int,
    work: Work,
) -> None:
    """Carve puzzles of one solution with the least to the most `clues`.

    With `more` 0, fill `puzzles` and `solutions` with random ones; else change them a little: put
    `more` orbits back, and carve, the old ones first.
    """
    cells, starts = orbits
    number = len(starts) - 1
    for i in range(len(puzzles)):
        if more == 0:
            random_grid(words, solutions[i], work)
            copy_grid(solutions[i], puzzles[i])
        turns = in_random_order(words, number, work.clues)
        left = more
        for place in range(number):
            turn = turns[place]
            if left and puzzles[i][cells[starts[turn]]] == 0:
                for at in range(starts[turn], starts[turn + 1]):
                    puzzles[i][cells[at]] = solutions[i][cells[at]]
                left -= 1
                last = number - more + left  # among the last, so that others go first
                turns[place] = turns[last]
                turns[last] = turn
        bounds = (clues[0], wished(words, clues[0], clues[1]))
        carve(puzzles[i], solutions[i], turns, orbits, bounds, work)
