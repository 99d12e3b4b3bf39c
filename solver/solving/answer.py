"""Checked answers to many puzzles: solutions counted, then the policy, then search where needed.

The exact engine counts the solutions of each puzzle once. The count says how much to ask of the
policy, what its grid is worth, and what to say of the puzzle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from solver import exact
from solver.board.cells import as_puzzles
from solver.board.rules import duplicates_many, solved_many
from solver.exact.engine import Check
from solver.policy.session import Policy, Prediction
from solver.policy.stop import Stop
from solver.solving.solution import Status
from solver.solving.start import allowed

STATUS: Final = (Status.NO_SOLUTION, Status.SOLVED, Status.SEVERAL)
"""By the number of solutions, counted up to 2."""


@dataclass(frozen=True, slots=True)
class Counted:
    """n puzzles, int64 [n, 81], and what the exact engine says of them.

    `broken` int64 [n] counts the digits that stand twice in a unit of the givens; `found`
    int8 [n, 81] is a solution or zeros; `status` what there is to say. Only what `within`, masks
    int64 [n, 81], allows is a solution, where it is given; `proper` bool [n] are the puzzles whose
    digits alone have one solution.
    """

    puzzles: npt.NDArray[np.int64]
    broken: npt.NDArray[np.int64]
    found: npt.NDArray[np.int8]
    status: list[Status]
    proper: npt.NDArray[np.bool_]
    within: npt.NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.status)

    def masks(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64] | None:
        """What these rows are solved within."""
        return None if self.within is None else self.within[rows]

    def having(self, status: Status) -> npt.NDArray[np.int64]:
        """The rows of the puzzles that have this status, in order."""
        return np.array([row for row, one in enumerate(self.status) if one is status], np.int64)


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
    within: npt.NDArray[np.int64] | None = None,
) -> Answers:
    """The answers to `puzzles`, integers [n, 81] with 0 for a blank.

    `within`: masks [n, 81], with bit d for a digit d that a cell may hold. Raises `ValueError` for
    another shape or a digit beyond 0..9, and `StoppedError` soon after `stop` is set.
    """
    counted = count(puzzles, stop, within)
    return judge(counted, predict(policy, counted, batch_size, stop), stop)


def count(
    puzzles: npt.ArrayLike,
    stop: Stop | None = None,
    within: npt.NDArray[np.int64] | None = None,
) -> Counted:
    """What the exact engine says of `puzzles`, integers [n, 81] with 0 for a blank."""
    array = as_puzzles(puzzles)
    broken = duplicates_many(array)
    check = None if stop is None else stop.check
    found, counts = exact.solve_many(array, check, within)
    alone = counts if within is None else exact.solve_many(array, check)[1]
    status = [
        Status.INVALID if bad else STATUS[number]
        for bad, number in zip(broken.tolist(), counts.tolist(), strict=True)
    ]
    return Counted(array, broken, found, status, (alone == 1) & (broken == 0), within)


def predict(
    policy: Policy,
    counted: Counted,
    batch_size: int | None = None,
    stop: Stop | None = None,
) -> Prediction:
    """What the policy says of the puzzles; zeros where the givens break a rule.

    It knows of digits alone. Where these have not exactly one solution it tries one view: more
    would tell nothing.
    """
    whole = Prediction.none(len(counted))
    proper = np.flatnonzero(counted.proper)
    others = np.flatnonzero(~counted.proper & (counted.broken == 0))
    for rows, views in ((proper, None), (others, 1)):
        if len(rows):
            found = policy.predict(counted.puzzles[rows], batch_size, stop, views)
            for name in Prediction.__dataclass_fields__:
                getattr(whole, name)[rows] = getattr(found, name)
    np.nan_to_num(whole.probabilities, copy=False)
    return whole


def judge(counted: Counted, prediction: Prediction, stop: Stop | None = None) -> Answers:
    """The answers to puzzles of which the policy said `prediction`.

    Each grid is checked against the rules and the givens, and where it fails the exact engine
    searches, led by the policy's probabilities. Raises `StoppedError` soon after `stop` is set.
    """
    check = None if stop is None else stop.check
    puzzles, sound = counted.puzzles, counted.broken == 0
    weights = prediction.probabilities
    right = solved_many(prediction.grid, puzzles) & sound
    if counted.within is not None:
        right &= allowed(prediction.grid, counted.within)
    grids = np.where(right[:, None], prediction.grid, 0).astype(np.int8)
    guesses = np.zeros(len(counted), np.int64)
    wrong = np.flatnonzero(~right & sound)
    grids[wrong], guesses[wrong] = exact.search_many(
        puzzles[wrong], prediction.probabilities[wrong], check, within=counted.masks(wrong)
    )
    return Answers(
        puzzles=puzzles,
        status=counted.status,
        grids=grids,
        second=_second(counted, grids, check),
        searched=~right & sound,
        guesses=guesses,
        confidence=_confidence(puzzles, grids, weights),
        prediction=prediction,
    )


def _second(
    counted: Counted, grids: npt.NDArray[np.int8], check: Check | None
) -> npt.NDArray[np.int8]:
    """A solution other than `grids` for each puzzle that has several; zeros for the others.

    Where the one that was found first is the same, a search that tries its digits last comes
    upon another.
    """
    second = np.zeros_like(grids)
    several = counted.having(Status.SEVERAL)
    second[several] = counted.found[several]
    same = several[(second[several] == grids[several]).all(1)]
    known = grids[same, :, None] == np.arange(1, 10)
    second[same] = exact.search_many(
        counted.puzzles[same], -known.astype(np.float64), check, within=counted.masks(same)
    )[0]
    return second


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
