"""The learning rate over a run, as a share of its highest, from the step alone.

A run that is resumed with another length follows the new length's curve from there.
"""

from __future__ import annotations

import math

LONGEST_WARMUP = 500
START, SWELL_END = 1 / 25, 1e-4
ONECYCLE_RISE, ONECYCLE_END = 0.3, START / 1e4
COSINE_END = 0.01


def _cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * min(1.0, max(0.0, share)))) / 2


def warmup_steps(total: int, warmup: float) -> int:
    """Steps in which the rate rises: a share of the run, at most 500."""
    return min(LONGEST_WARMUP, round(total * warmup))


def rate(name: str, step: int, total: int, warmup: float = 0.0, cooldown: float = 0.0) -> float:
    """Factor on the highest learning rate at `step` (from 0) of `total`.

    onecycle: as torch's `OneCycleLR` (Smith 2018), a cosine up from 1/25 over three tenths of the
    run, whatever `warmup` is, and a cosine down to 1/250,000. swell: a cosine up from 1/25 in the
    warm-up, a cosine down to 1/10,000. cosine: linear up, a cosine down to 1/100. trapezoid:
    linear up, flat, linear down over the last `cooldown` of the run. constant: linear up, flat.
    """
    if name == "onecycle":
        return _onecycle(step, total)
    rising = warmup_steps(total, warmup)
    if step < rising:
        share = (step + 1) / rising
        return _cosine(START, 1.0, share) if name == "swell" else share
    done = min(1.0, (step - rising) / max(1, total - rising))
    if name == "swell":
        return _cosine(1.0, SWELL_END, done)
    if name == "cosine":
        return _cosine(1.0, COSINE_END, done)
    if name == "trapezoid" and cooldown > 0:
        left = (total - step) / max(1, round(total * cooldown))
        return min(1.0, max(0.0, left))
    return 1.0


def _onecycle(step: int, total: int) -> float:
    """torch's curve: its last step, not the one after it, has the lowest rate."""
    top = ONECYCLE_RISE * total - 1
    if step <= top:
        return _cosine(START, 1.0, step / max(top, 1e-9))
    return _cosine(1.0, ONECYCLE_END, (step - top) / max(total - 1 - top, 1e-9))
