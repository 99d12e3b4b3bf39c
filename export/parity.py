"""Torch against ONNX Runtime: a file is only written when both agree.

The checks, on puzzles from nearly full grids to minimal ones:

- `arithmetic`: after `DEPTH` passes of view 0, and of the other views on a part of the puzzles,
  the probabilities are within `TOLERANCE`, and the grids identical but for ties of two digits
  (a puzzle may have two that nothing tells apart, and then rounding decides);
- `suppositions`: a few puzzles that view 0 leaves unsolved have the same probabilities at the end
  of each further view, up to one whose supposition rounding decides;
- `answers`: with all the passes of view 0, the same puzzles are solved, with identical grids;
- `batches`: batches of 1, 7 and 256 puzzles give the same answers.

Arithmetic is not compared at full depth: on a puzzle that stays unsolved the state wanders, and
a difference in the last digit grows from pass to pass between any two implementations, two builds
of torch included. `Parity` says what was compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from export.views import PolicyWithViews, Sharpness
from solver.policy.providers import create_session, session_options

TOLERANCE = 1e-4
NO_POWER = Sharpness()
DEPTH = 12
BATCHES = (1, 7, 256)
FOLLOWED = 16
"""Puzzles that are followed through all views."""
OUTPUTS = ("probabilities", "grid", "passes", "view", "valid")
Outputs = dict[str, np.ndarray]


class ParityError(ValueError):
    """The exported graph and the policy disagree; its text says where and by how much."""


@dataclass(frozen=True, kw_only=True)
class Parity:
    """What was compared: `largest` is the greatest difference of a probability after `DEPTH`
    passes; `solved` of the `puzzles` are solved by both with all passes of view 0."""

    puzzles: int
    largest: float
    solved: int


def open_session(data: bytes, threads: int = 1) -> Any:
    """An ONNX Runtime session on the CPU for the bytes of a file."""
    return create_session(data, "cpu", session_options(threads))


def run(session: Any, puzzles: np.ndarray, batch: int = 64, **settings: int) -> Outputs:
    """All outputs but the trace for `puzzles` int64 [n, 81], a batch at a time."""
    scalars = {name: np.array(value, np.int64) for name, value in settings.items()}
    parts = [
        session.run(list(OUTPUTS), {"puzzle": puzzles[i : i + batch], **scalars})
        for i in range(0, len(puzzles), batch)
    ]
    return {
        name: np.concatenate(part)
        for name, part in zip(OUTPUTS, zip(*parts, strict=True), strict=True)
    }


def reference(
    policy: PolicyWithViews, puzzles: np.ndarray, batch: int = 64, **settings: int
) -> Outputs:
    """The same from torch."""
    answers = [
        policy(torch.from_numpy(puzzles[i : i + batch]), **settings)
        for i in range(0, len(puzzles), batch)
    ]
    return {
        name: np.concatenate([getattr(answer, name).numpy() for answer in answers])
        for name in OUTPUTS
    }


def compare(expected: Outputs, found: Outputs, what: str, sharpness: Sharpness = NO_POWER) -> float:
    """The largest difference of a probability; raises `ParityError` when one is over `TOLERANCE`,
    or where grids differ in more than ties: digits whose probabilities are closer than that.

    A power makes relative differences as many times greater, so it multiplies the tolerance.
    """
    for name in ("passes", "view", "valid"):
        wrong = int((expected[name] != found[name]).sum())
        if wrong:
            raise ParityError(f"{what}: '{name}' differs in {wrong} of {len(found[name])} puzzles")
    power = np.where(expected["valid"] == 1, sharpness.right, sharpness.wrong)
    allowed = TOLERANCE * np.maximum(1, power)[:, None]
    apart = np.abs(expected["probabilities"] - found["probabilities"]).max(-1)
    largest = float(apart.max(initial=0))
    if not (apart <= allowed).all():
        raise ParityError(
            f"{what}: probabilities differ by {largest:.1e}, over {allowed.max():.0e}"
        )
    ranked = np.sort(expected["probabilities"], axis=-1)
    tied = ranked[..., -1] - ranked[..., -2] <= allowed
    wrong = int(((expected["grid"] != found["grid"]) & ~tied).any(1).sum())
    if wrong:
        raise ParityError(f"{what}: 'grid' differs in {wrong} of {len(found['grid'])} puzzles")
    return largest


def check(
    policy: PolicyWithViews, data: bytes, puzzles: np.ndarray, passes: int, batch: int = 64
) -> Parity:
    """Compare a policy with its exported file on `puzzles` int64 [n, 81], `passes` a view.

    Raises `ParityError` at the first disagreement, and for a policy that gives no numbers.
    """
    session = open_session(data)
    arithmetic = list(_arithmetic(policy, session, puzzles, min(passes, DEPTH), batch))
    _suppositions(policy, session, puzzles, min(passes, DEPTH))
    most = puzzles[: max(BATCHES)]
    whole = run(session, most, max(BATCHES), max_passes=min(passes, DEPTH))
    for size in BATCHES:
        again = run(session, most, size, max_passes=min(passes, DEPTH))
        compare(whole, again, f"batches of {size} against {max(BATCHES)}", policy.sharpness)
    mine = reference(policy, puzzles, batch, views=1, passes=passes)
    theirs = run(session, puzzles, batch, max_views=1, max_passes=passes)
    solved = mine["valid"]
    if (solved != theirs["valid"]).any():
        raise ParityError(
            f"all passes: torch solves {solved.sum()}, ONNX Runtime {theirs['valid'].sum()}, "
            f"and {(solved != theirs['valid']).sum()} of {len(solved)} puzzles differ"
        )
    if (mine["grid"] != theirs["grid"])[solved].any():
        raise ParityError("all passes: grids of solved puzzles differ")
    return Parity(puzzles=len(puzzles), largest=max(arithmetic), solved=int(solved.sum()))


def _arithmetic(
    policy: PolicyWithViews, session: Any, puzzles: np.ndarray, depth: int, batch: int
) -> Iterator[float]:
    for view in range(len(policy.views)):
        part = puzzles if view == 0 else puzzles[view % len(puzzles) :: len(policy.views)][:64]
        mine = reference(policy, part, batch, views=1, passes=depth, start=view)
        if not np.allclose(mine["probabilities"].sum(-1), 1, atol=1e-3):
            raise ParityError(f"view {view}: the policy's probabilities are no numbers")
        theirs = run(session, part, batch, max_views=1, max_passes=depth, first_view=view)
        yield compare(mine, theirs, f"view {view}, {depth} passes", policy.sharpness)


def _suppositions(policy: PolicyWithViews, session: Any, puzzles: np.ndarray, depth: int) -> None:
    """Follow puzzles through all views; raises `ParityError` where one differs."""
    solved = run(session, puzzles[:256], max_views=1, max_passes=depth)["valid"]
    limit = {"max_passes": np.array(depth, np.int64)}
    for puzzle in puzzles[:256][~solved][:FOLLOWED]:
        trace = session.run(["trace"], {"puzzle": puzzle[None], **limit})[0]
        for view, end, found in _way(policy, puzzle, depth):
            if end > len(trace) or np.abs(trace[end - 1] - found).max() > TOLERANCE:
                raise ParityError(f"view {view} of {puzzle.tolist()} differs from torch")


def _way(
    policy: PolicyWithViews, puzzle: np.ndarray, depth: int
) -> Iterator[tuple[int, int, np.ndarray]]:
    """The views of a puzzle [81] up to a supposition that rounding might decide otherwise: number,
    passes so far, probabilities [81, 9]."""
    stage, end = policy.begin(torch.from_numpy(puzzle[None])), 0
    for view in range(len(policy.views)):
        most, second = stage.doubt.flatten().topk(2).values
        if view > 0 and most - second < TOLERANCE:
            return
        found, taken, solved = policy.look(stage, view, depth)
        end += int(taken)
        yield view, end, found[0].numpy()
        if solved:
            return


def check_reduced(
    policy: PolicyWithViews, data: bytes, puzzles: np.ndarray, passes: int, batch: int = 64
) -> Parity:
    """The check of a file in lower precision, which can't agree to `TOLERANCE`: with all passes of
    view 0 it must solve at least 99% as many puzzles as torch does in float32."""
    session = open_session(data)
    mine = reference(policy, puzzles, batch, views=1, passes=passes)["valid"]
    theirs = run(session, puzzles, batch, max_views=1, max_passes=passes)
    if not np.isfinite(theirs["probabilities"]).all():
        raise ParityError("the probabilities are no numbers")
    if theirs["valid"].sum() < 0.99 * mine.sum():
        raise ParityError(f"solves {theirs['valid'].sum()} where float32 solves {mine.sum()}")
    depth = min(passes, DEPTH)
    near = reference(policy, puzzles[:batch], batch, views=1, passes=depth)["probabilities"]
    far = run(session, puzzles[:batch], batch, max_views=1, max_passes=depth)["probabilities"]
    return Parity(
        puzzles=len(puzzles),
        largest=float(np.abs(near - far).max()),
        solved=int((mine & theirs["valid"]).sum()),
    )
