"""The right answer of many puzzles: what the policy says, checked, and search where it is wrong."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from solver import exact
from solver.check import solved_many, violations_many
from solver.policy import Policy, Prediction, as_puzzles

FEW: Final = 32
"""Up to so many puzzles, the exact engine's plain form is done before its compiled one loads."""


class Status(enum.Enum):
    """What became of a puzzle."""

    SOLVED = "solved"
    """It has one solution, found."""
    NO_SOLUTION = "no solution"
    SEVERAL = "several solutions"
    INVALID = "invalid"
    """Its givens break a rule already."""


Method = Literal["policy", "search"]


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to n puzzles, a row each.

    `grids` int8 [n, 81], a solution or zeros; `second` int8 [n, 81], another solution where there
    are several, or zeros; `searched` bool [n], whether search had to correct the policy;
    `guesses` int64 [n] that it took; `confidence` float32 [n], the lowest probability that the
    policy gives a digit of the answer in a blank cell (1 where nothing is blank, 0 without an
    answer); `prediction`, what the policy said (for an invalid puzzle: nothing, zeros).
    """

    puzzles: npt.NDArray[np.int64]
    status: list[Status]
    grids: npt.NDArray[np.int8]
    second: npt.NDArray[np.int8]
    searched: npt.NDArray[np.bool_]
    guesses: npt.NDArray[np.int64]
    confidence: npt.NDArray[np.float32]
    prediction: Prediction

    def __len__(self) -> int:
        return len(self.status)


def answer_many(policy: Policy, puzzles: npt.ArrayLike, batch_size: int | None = None) -> Answers:
    """The answers to `puzzles`, integers [n, 81] with 0 for a blank.

    Each puzzle goes through the policy; its grid is checked against the rules and the givens, and
    where it fails the exact engine searches, led by the policy's probabilities. The exact engine
    also says for each puzzle whether there is another solution. Raises `ValueError` for another
    shape or a digit beyond 0..9.
    """
    array = as_puzzles(puzzles)
    broken = violations_many(array) > 0
    prediction = _predict(policy, array, ~broken, batch_size)
    right = solved_many(prediction.grid, array) & ~broken
    grids = np.where(right[:, None], prediction.grid, 0).astype(np.int8)
    second = np.zeros_like(grids)
    guesses = np.zeros(len(array), np.int64)
    status = [Status.INVALID] * len(array)
    batch = _count_batch(array) if len(array) > FEW else None
    for row in np.flatnonzero(~broken):
        if not right[row]:
            found, guesses[row] = exact.search(array[row], prediction.probabilities[row])
            if found is None:
                status[row] = Status.NO_SOLUTION
                continue
            grids[row] = found
        if batch is not None and batch[row] == 1:
            status[row] = Status.SOLVED
            continue
        all_found = exact.solutions(array[row], limit=2)
        others = [other for other in all_found if not np.array_equal(other, grids[row])]
        status[row] = Status.SEVERAL if others else Status.SOLVED
        if others:
            second[row] = others[0]
    return Answers(
        puzzles=array,
        status=status,
        grids=grids,
        second=second,
        searched=~right & ~broken,
        guesses=guesses,
        confidence=_confidence(array, grids, prediction.probabilities),
        prediction=prediction,
    )


def _predict(
    policy: Policy,
    array: npt.NDArray[np.int64],
    rows: npt.NDArray[np.bool_],
    batch_size: int | None,
) -> Prediction:
    """The policy on the chosen rows; zeros on the others."""
    found = policy.predict(array[rows], batch_size)
    np.nan_to_num(found.probabilities, copy=False)
    if rows.all():
        return found
    n = len(array)
    whole = Prediction(
        np.zeros((n, 81, 9), np.float32),
        np.zeros((n, 81), np.int64),
        np.zeros(n, np.int64),
        np.zeros(n, np.int64),
        np.zeros(n, np.bool_),
    )
    for name in Prediction.__dataclass_fields__:
        getattr(whole, name)[rows] = getattr(found, name)
    return whole


def _count_batch(array: npt.NDArray[np.int64]) -> npt.NDArray[np.int8]:
    counts: npt.NDArray[np.int8] = exact.solve_many(array.astype(np.int8))[1]
    return counts


def _confidence(
    puzzles: npt.NDArray[np.int64],
    grids: npt.NDArray[np.int8],
    probabilities: npt.NDArray[np.float32],
) -> npt.NDArray[np.float32]:
    digits = np.maximum(grids.astype(np.int64) - 1, 0)
    chosen = np.take_along_axis(probabilities, digits[:, :, None], axis=2)[:, :, 0]
    chosen = np.where(puzzles > 0, 1, chosen)
    answered: npt.NDArray[np.float32] = np.where(grids.all(1), chosen.min(1, initial=1), 0).astype(
        np.float32
    )
    return answered
