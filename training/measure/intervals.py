"""95% intervals of a mean over seeds."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

Z = statistics.NormalDist().inv_cdf(0.975)
"""Standard deviations on either side that hold 95% of a normal distribution."""
T = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179),
    *(2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064),
)
"""Student's t, 97.5%, by degrees of freedom from 1; beyond them it is within 3% of normal's."""


def mean_and_half(values: Sequence[float]) -> tuple[float, float]:
    """The mean, and half the width of its interval by Student's t; infinite of one value."""
    mean, freedom = statistics.fmean(values), len(values) - 1
    if freedom < 1:
        return mean, math.inf
    t = T[freedom - 1] if freedom <= len(T) else 1.03 * Z
    return mean, t * statistics.stdev(values) / math.sqrt(len(values))
