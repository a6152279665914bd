"""Mean with Student's t interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from esteem.methods import inputs
from esteem.methods import reasons as reason
from esteem.methods.estimates import Estimate


@dataclass(frozen=True)
class GroupedMeans:
    """One row for each group, in sorted order of `groups`; `deviation` is the standard deviation with n - 1."""

    groups: np.ndarray
    count: np.ndarray
    total: np.ndarray
    deviation: np.ndarray
    estimate: Estimate


def student(mean, deviation, n, conf=0.95) -> Estimate:
    """Interval of a mean from its standard deviation (n - 1) and number of values; one value gives no limits (`one_value`)."""
    mean, n = inputs.numbers(mean, "mean"), inputs.not_negative(n, "number of values")
    deviation, conf = inputs.not_negative(deviation, "standard deviation"), inputs.confidence(conf)
    mean, deviation, n, conf = np.broadcast_arrays(mean, deviation, n, conf)
    several = n > 1
    spread = np.where(several, deviation, np.nan) / np.sqrt(np.where(several, n, 1))
    reach = stdtrit(np.where(several, n - 1, 1), (1 + conf) / 2) * spread
    gone = np.isnan(mean) | (np.isnan(deviation) & several) | np.isnan(n)
    why = reason.first_that_applies(mean.shape, (n == 0, reason.NO_VALUES), (gone, reason.MISSING_INPUT), (~several, reason.ONE_VALUE))
    return Estimate(mean, mean - reach, mean + reach, why, "Student's t-distribution", conf, 1.0, "mean", denominator=n)


def grouped(values, groups=None, conf=0.95) -> GroupedMeans:
    """Mean of `values` (1-d) for each of `groups` (1-d labels; None = one group). A missing value makes its group missing."""
    values = np.atleast_1d(inputs.numbers(values, "value"))
    labels = np.zeros(values.size, dtype=int) if groups is None else np.asarray(groups)
    names, member = np.unique(labels, return_inverse=True)
    count = np.bincount(member, minlength=names.size).astype(float)
    total = np.bincount(member, weights=values, minlength=names.size)
    mean = total / count
    # A second pass takes the rounding out, so that equal values have a deviation of exactly zero.
    mean = mean + np.bincount(member, weights=values - mean[member], minlength=names.size) / count
    squares = np.bincount(member, weights=(values - mean[member]) ** 2, minlength=names.size)
    deviation = np.where(count > 1, np.sqrt(squares / np.where(count > 1, count - 1, 1)), np.nan)
    return GroupedMeans(names, count, total, deviation, student(mean, deviation, count, conf))
