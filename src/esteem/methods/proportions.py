"""Interval of a proportion: Wilson's score interval (Wilson 1927)."""

from __future__ import annotations

import numpy as np

from esteem.methods import inputs
from esteem.methods import reasons as reason
from esteem.methods.estimates import Estimate


def wilson_limits(x: np.ndarray, n: np.ndarray, conf) -> tuple[np.ndarray, np.ndarray]:
    """Limits as fractions; exactly 0 at x = 0, exactly 1 at x = n, and 0 to 1 at confidence 1."""
    z = inputs.normal_quantile(conf)
    certain = np.isinf(z)
    z = np.where(certain, 0.0, z)
    centre = 2 * x + z * z
    reach = z * np.sqrt(z * z + 4 * x * (1 - x / n))
    below = 2 * (n + z * z)
    lower = np.where((x == 0) | certain, 0.0, (centre - reach) / below)
    upper = np.where((x == n) | certain, 1.0, (centre + reach) / below)
    gone = np.isnan(x) | np.isnan(n)
    return np.where(gone, np.nan, lower), np.where(gone, np.nan, upper)


def wilson(x, n, conf=0.95, multiplier=1.0) -> Estimate:
    """Proportion x / n times `multiplier` with Wilson limits; arrays broadcast.

    0 <= x <= n (x may be fractional), n > 0; a missing x or n gives a missing figure. Rows that belong to one area are added up by the
    caller first. Raises `negative-figure`, `not-above-zero`, `numerator-above-denominator`, `confidence-range`.
    """
    x, n = np.broadcast_arrays(inputs.not_negative(x, "numerator"), inputs.above_zero(n, "denominator"))
    conf = inputs.confidence(conf, certain=True)
    rule = "The numerator of a proportion is at most its denominator."
    inputs.insist(~(x > n), x, "numerator", "numerator-above-denominator", rule)
    multiplier = inputs.numbers(multiplier, "multiplier")
    lower, upper = wilson_limits(x, n, conf)
    value = x / n * multiplier
    why = reason.first_that_applies(value.shape, (np.isnan(value), reason.MISSING_INPUT))
    return Estimate(value, lower * multiplier, upper * multiplier, why, "Wilson", conf, multiplier, "proportion", x, denominator=n)
