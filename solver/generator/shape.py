"""Puzzles of a wished shape: clues in a symmetric pattern, and no more of them than asked for."""

from __future__ import annotations

from typing import Any, Final

from solver.exact.compiled import kernel
from solver.exact.random import below
from solver.generator.bench import Work
from solver.generator.carve import copy_grid, is_unique, random_grid, shuffle

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
def shaped(
    words: Any, puzzle: Any, cells: Any, starts: Any, least: int, wanted: int, work: Work
) -> int:
    """Fill `puzzle` with a random one of one solution; give its number of clues.

    Orbits, in random order, are taken out while one solution is left, until `wanted` clues remain;
    none that would leave fewer than `least`. Orbit i is cells[starts[i]:starts[i + 1]]. The start
    of `found` (in `work`) becomes the solution.
    """
    found = work.found
    random_grid(words, puzzle, work)
    copy_grid(puzzle, found)
    turns = work.clues[: len(starts) - 1]
    for i in range(len(turns)):
        turns[i] = i
    shuffle(words, turns)
    clues = 81
    for turn in turns:
        begin, end = starts[turn], starts[turn + 1]
        if clues <= wanted:
            break
        if clues - (end - begin) < least:
            continue
        for i in range(begin, end):
            puzzle[cells[i]] = 0
        if is_unique(puzzle, work.stack, work.none):
            clues -= end - begin
        else:
            for i in range(begin, end):
                puzzle[cells[i]] = found[cells[i]]
    return clues


@kernel
def shaped_all(
    words: Any, puzzles: Any, cells: Any, starts: Any, least: int, most: int, work: Work
) -> None:
    """Fill `puzzles`, each by `shaped`, with a number of clues wished for from `least` to `most`.

    Where `most` is 81, the clues are as few as may be.
    """
    for i in range(len(puzzles)):
        wanted = least if most == 81 else least + below(words, most + 1 - least)
        shaped(words, puzzles[i], cells, starts, least, wanted, work)
