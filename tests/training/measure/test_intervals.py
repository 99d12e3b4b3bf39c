"""Intervals of means."""

from __future__ import annotations

import math

import pytest

from training.measure.intervals import mean_and_half


def test_nothing_is_known_of_one_seed() -> None:
    assert mean_and_half([0.5]) == (0.5, math.inf)


def test_a_mean_has_students_interval() -> None:
    mean, half = mean_and_half([1.0, 2.0, 3.0, 4.0, 5.0])
    assert mean == 3
    assert half == pytest.approx(2.776 * math.sqrt(2.5 / 5), abs=1e-3)
    assert mean_and_half([1.0, 2.0] * 20)[1] == pytest.approx(0.1619, rel=0.01)
