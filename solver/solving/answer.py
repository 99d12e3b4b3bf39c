"""The right answer of many puzzles: what the policy says, checked, and search where it is wrong."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from solver import exact
from solver.board.rules import duplicates_many, solved_many
from solver.policy.session import Policy, Prediction, as_puzzles
from solver.policy.stop import Stop


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


def answer_many(
    policy: Policy,
    puzzles: npt.ArrayLike,
    batch_size: int | None = None,
    stop: Stop | None = None,
) -> Answers:
    """The answers to `puzzles`, integers [n, 81] with 0 for a blank.

    Each puzzle goes through the policy, then through `judge`. Raises `ValueError` for another
    shape or a digit beyond 0..9, and `StoppedError` soon after `stop` is set.
    """
    return judge(puzzles, predict(policy, puzzles, batch_size, stop))


def predict(
    policy: Policy,
    puzzles: npt.ArrayLike,
    batch_size: int | None = None,
    stop: Stop | None = None,
) -> Prediction:
    """What the policy says of `puzzles`, integers [n, 81]; zeros where the givens break a rule.

    Of a puzzle without a solution it tries one view: the others would all be in vain.
    """
    array = as_puzzles(puzzles)
    n = len(array)
    whole = Prediction(
        np.zeros((n, 81, 9), np.float32),
        np.zeros((n, 81), np.int64),
        np.zeros(n, np.int64),
        np.zeros(n, np.int64),
        np.zeros(n, np.bool_),
    )
    sound = np.flatnonzero(duplicates_many(array) == 0)
    solvable = exact.solve_many(array[sound])[1] > 0
    for rows, views in ((sound[solvable], None), (sound[~solvable], 1)):
        if len(rows):
            found = policy.predict(array[rows], batch_size, stop, views)
            for name in Prediction.__dataclass_fields__:
                getattr(whole, name)[rows] = getattr(found, name)
    np.nan_to_num(whole.probabilities, copy=False)
    return whole


def judge(puzzles: npt.ArrayLike, prediction: Prediction) -> Answers:
    """The answers to `puzzles`, integers [n, 81], of which the policy said `prediction`.

    Each grid is checked against the rules and the givens, and where it fails the exact engine
    searches, led by the policy's probabilities. The exact engine also says for each puzzle
    whether there is another solution.
    """
    array = as_puzzles(puzzles)
    broken = duplicates_many(array) > 0
    right = solved_many(prediction.grid, array) & ~broken
    grids = np.where(right[:, None], prediction.grid, 0).astype(np.int8)
    guesses = np.zeros(len(array), np.int64)
    wrong = np.flatnonzero(~right & ~broken)
    grids[wrong], guesses[wrong] = exact.search_many(array[wrong], prediction.probabilities[wrong])
    solved = np.flatnonzero(grids.all(1))
    second = np.zeros_like(grids)
    second[solved] = _another(array[solved], grids[solved])
    status = [
        Status.INVALID
        if broken[row]
        else Status.NO_SOLUTION
        if not grids[row, 0]
        else Status.SEVERAL
        if second[row, 0]
        else Status.SOLVED
        for row in range(len(array))
    ]
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


def _another(puzzles: npt.NDArray[np.int64], grids: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
    """A solution other than `grids`, or zeros where there is none.

    A search that tries the known digits last comes upon the known solution only where no other is.
    """
    several = exact.solve_many(puzzles)[1] > 1
    other = np.zeros_like(grids)
    known = grids[several, :, None] == np.arange(1, 10)
    other[several] = exact.search_many(puzzles[several], -known.astype(np.float64))[0]
    return other


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
