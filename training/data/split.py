"""The split into training and validation: no puzzle, nor an equivalent one, is in both.

A canonical form decides. It is costly, so a fingerprint that all equivalent puzzles share is
compared first; only puzzles whose fingerprints meet have their canonical forms compared.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray

from training.data.cache import Packed
from training.data.rows import DataError, unpack


@njit(cache=True, nogil=True)
def _mix(x: np.uint64) -> np.uint64:
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@njit(cache=True, nogil=True)
def _fingerprints(cells: NDArray[np.uint8], out: NDArray[np.uint64]) -> None:
    for p in range(len(cells)):
        row, column = np.zeros(9, np.int64), np.zeros(9, np.int64)
        box, digit = np.zeros(9, np.int64), np.zeros(10, np.int64)
        for k in range(81):
            if cells[p, k] & 16:
                row[k // 9] += 1
                column[k % 9] += 1
                box[k // 27 * 3 + k % 9 // 3] += 1
                digit[cells[p, k] & 15] += 1
        total = np.uint64(0)
        for k in range(81):
            if cells[p, k] & 16:
                r, c = row[k // 9], column[k % 9]
                low, high = min(r, c), max(r, c)
                b, d = box[k // 27 * 3 + k % 9 // 3], digit[cells[p, k] & 15]
                # a sum over the givens: no order of cells, digits or lines is left in it
                total += _mix(np.uint64(((low * 10 + high) * 10 + b) * 10 + d + 1))
        out[p] = total


def fingerprints(cells: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """A number for each packed puzzle [n, 81] that all equivalent puzzles share, uint64 [n].

    Summed over the givens: a hash of how many givens share the cell's row and column (in either
    order), its box and its digit.
    """
    out = np.empty(len(cells), np.uint64)
    _fingerprints(np.ascontiguousarray(cells), out)
    return out


def canonical_keys(cells: NDArray[np.uint8]) -> NDArray[np.void]:
    """The canonical form of each packed puzzle, one comparable item a puzzle, [n]."""
    from solver.exact.canonical import canonical_many

    forms = np.ascontiguousarray(canonical_many(unpack(cells)[0].astype(np.int8)), np.int8)
    return forms.view(np.dtype((np.void, 81))).ravel()


def unlike(cells: NDArray[np.uint8], others: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which packed puzzles [n, 81] are equivalent to none of `others`, bool [n]."""
    out = np.ones(len(cells), np.bool_)
    if not len(others):
        return out
    prints, theirs = fingerprints(cells), fingerprints(others)
    suspects = np.nonzero(np.isin(prints, theirs))[0]
    if len(suspects):
        against = others[np.isin(theirs, prints[suspects])]
        out[suspects] = ~np.isin(canonical_keys(cells[suspects]), canonical_keys(against))
    return out


ASIDE = 20
"""One puzzle in this many is set aside for validation."""


def set_aside(cells: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which packed puzzles [n, 81] are for validation alone, bool [n].

    A hash that all equivalent puzzles share decides, and nothing else: a puzzle that is set aside
    in one run is set aside in every other, whatever its files, seed and sizes.
    """
    return np.asarray(fingerprints(cells) % np.uint64(ASIDE) == 0)


def held_out(
    files: Sequence[Packed], count: int, seed: int, shares: Sequence[float] = ()
) -> list[NDArray[np.uint8]]:
    """Up to `count` puzzles for validation, packed, of each file by its share (none: its size).

    They are drawn from those set aside; a file of which none is gives the one of the lowest hash.
    """
    if sum(len(packed) for packed in files) < 2:
        raise DataError("one puzzle is too few to train and to validate on")
    weights = np.array(shares or [len(packed) for packed in files], float)
    parts, taken = [], 0
    for number, packed in enumerate(files):
        # rounded so that the parts sum to `count`
        wanted = round(count * weights[: number + 1].sum() / weights.sum()) - taken
        taken += wanted
        rng = np.random.default_rng([seed, 0, number])
        parts.append(_some_aside(packed, wanted, rng) if wanted else packed.cells[:0])
    return parts


def _some_aside(packed: Packed, count: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    rows = np.nonzero(set_aside(packed.cells))[0]
    if not len(rows):
        rows = np.array([fingerprints(packed.cells).argmin()])
    cells: NDArray[np.uint8] = packed.cells[np.sort(rng.permutation(rows)[:count])]
    return cells


def training_rows(
    files: Sequence[Packed], held: NDArray[np.uint8], aside: bool = False
) -> list[NDArray[np.int64]]:
    """Rows of each file that are equivalent to no puzzle of `held`, int64; with `aside` those
    that are set aside for validation are left out too."""
    rows = []
    for packed in files:
        usable = unlike(packed.cells, held)
        rows.append(np.nonzero(usable & ~set_aside(packed.cells) if aside else usable)[0])
    return rows
