"""Lengths of waiting that give published waits: the median, the shares over a year and over two, the number waiting and how many come."""

from __future__ import annotations

from functools import cache

import numpy as np

from esteem.evidence.invented.timelines import Lengths

MEANS = np.array([8.0, 25.0, 70.0, 180.0, 450.0, 1100.0])  # days
_ROUNDS = 3_000
_IMPORTANCE = np.array([10.0, 3.0, 3.0, 2.0, 4.0])


def waiting_lengths(
    stock: np.ndarray, flow: np.ndarray, median_wait: np.ndarray, over_52_weeks: np.ndarray, over_104_weeks: np.ndarray
) -> Lengths:
    """For each area a mix of exponential waits; its mean is exactly stock / flow (days), the marks are met as nearly as a mix can.

    Of those who wait at a moment, the time waited so far is a mix of the same means, each weighed by weight x mean.
    """
    mean = np.round(stock / flow, 6)
    made = [_fitted(*row) for row in zip(mean, median_wait, over_52_weeks, over_104_weeks, strict=True)]
    return Lengths(np.array([weights for weights, _ in made]), np.array([means for _, means in made]))


@cache  # areas of one board have the same waits
def _fitted(speed: float, median: float, year: float, two_years: float) -> tuple[np.ndarray, np.ndarray]:
    """Weights and means; `speed` is the mean wait, as those who wait are flow x mean."""
    rows = np.stack([np.ones_like(MEANS), np.exp(-median / MEANS), np.exp(-364 / MEANS), np.exp(-728 / MEANS), speed / MEANS])
    wanted = np.array([1.0, 0.5, year, two_years, 1.0])
    waiting = _not_negative(rows * _IMPORTANCE[:, None], wanted * _IMPORTANCE)
    weights = waiting / MEANS
    weights = weights / weights.sum()
    return weights, MEANS * speed / (weights @ MEANS)


def _not_negative(rows: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Least squares with no negative part; all entries of `rows` and `wanted` are positive, so multiplying steps converge."""
    found = np.full(rows.shape[1], 1 / rows.shape[1])
    inner, aim = rows.T @ rows, rows.T @ wanted
    for _ in range(_ROUNDS):
        found = found * aim / np.maximum(inner @ found, 1e-12)
    return found


def within(share: np.ndarray, days: float, short: float, long: float) -> Lengths:
    """A mix of two exponential lengths of which `share`, by area, last at most `days` (counted as whole days)."""
    ends = days + 0.5
    quick, slow = 1 - np.exp(-ends / short), 1 - np.exp(-ends / long)
    weight = np.clip((np.asarray(share) - slow) / (quick - slow), 0.0, 1.0)
    return Lengths(np.stack([weight, 1 - weight], 1), np.tile([short, long], (len(weight), 1)))
