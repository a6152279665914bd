"""Comparison of two figures: ratio and difference, each with an interval, from counts or from published limits.

The first figure is the one asked about, the second the one it is held against (`reference`). The two must not share people: a part
compared with the whole that holds it looks a little more alike than it is.

| function | interval | source |
|---|---|---|
| rate_ratio | exact conditional below 10 events in either, else log-normal | Clopper and Pearson 1934; Breslow and Day 1987 |
| rate_difference | square-and-add of the two count intervals | Zou and Donner 2008 |
| proportion_ratio | score | Koopman 1984 |
| proportion_difference | square-and-add of the two Wilson intervals (method 10) | Newcombe 1998 |
| ratio_from_limits, difference_from_limits | the same from published limits | Donner and Zou 2012; Zou and Donner 2008 |
"""

from __future__ import annotations

import numpy as np
from scipy.special import betaincinv

from esteem.methods import counts, inputs
from esteem.methods import reasons as reason
from esteem.methods.estimates import Estimate
from esteem.methods.proportions import wilson_limits
from esteem.methods.score_ratio import score_limits

SQUARE_AND_ADD = "square-and-add of the two intervals"


def rate_ratio(x, n, x_reference, n_reference, conf=0.95) -> Estimate:
    """Ratio of two rates: events `x` among `n` (people or person-years) over those of the reference; arrays broadcast.

    No events in the reference: missing (`reference_zero`). No events in the first: ratio and lower limit 0.
    """
    x, n, x0, n0, conf = _two_counts(x, n, x_reference, n_reference, conf)
    some = x0 > 0
    value = np.divide(x * n0, n * x0, out=np.full(x.shape, np.nan), where=some)
    few = (x < counts.EXACT_BELOW) | (x0 < counts.EXACT_BELOW)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.exp(inputs.normal_quantile(conf) * np.sqrt(1 / x + 1 / x0))
        lower, upper = np.array(value / factor), np.array(value * factor)
    if few.any():
        exact = _conditional_limits(x[few], x0[few], conf[few])
        lower[few], upper[few] = (limit * (n0 / n)[few] for limit in exact)
    why = _why(value, (x0 == 0, reason.REFERENCE_ZERO))
    method = np.where(few, np.array("exact conditional", dtype=object), np.array("log-normal", dtype=object))
    return _estimate(value, lower, upper, why, method, conf, "rate ratio")


def _conditional_limits(x: np.ndarray, x0: np.ndarray, conf: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Limits of the ratio of two counts: those of the share x / (x + x0) turned into odds."""
    tail = (1 - conf) / 2
    low = np.where(x > 0, betaincinv(np.where(x > 0, x, 1), x0 + 1, tail), 0.0)
    high = np.where(x0 > 0, betaincinv(x + 1, np.where(x0 > 0, x0, 1), 1 - tail), 1.0)
    with np.errstate(divide="ignore"):
        return low / (1 - low), high / (1 - high)


def rate_difference(x, n, x_reference, n_reference, conf=0.95, multiplier=100_000.0) -> Estimate:
    """Difference of two rates, first minus reference, times `multiplier`."""
    x, n, x0, n0, conf = _two_counts(x, n, x_reference, n_reference, conf)
    sides = [(e / people, *(limit / people for limit in counts.limits(e, conf)[:2])) for e, people in ((x, n), (x0, n0))]
    value, lower, upper = _square_and_add(*sides)
    scale = inputs.numbers(multiplier, "multiplier")
    return _estimate(value * scale, lower * scale, upper * scale, _why(value), SQUARE_AND_ADD, conf, "rate difference", scale)


def proportion_ratio(x, n, x_reference, n_reference, conf=0.95) -> Estimate:
    """Ratio of two proportions. No events in the reference: missing (`reference_zero`)."""
    x, n, x0, n0, conf = _two_proportions(x, n, x_reference, n_reference, conf)
    some = x0 > 0
    value = np.divide(x * n0, n * x0, out=np.full(x.shape, np.nan), where=some)
    lower, upper = score_limits(x, n, x0, n0, inputs.normal_quantile(conf))
    return _estimate(value, lower, upper, _why(value, (~some & (x0 == 0), reason.REFERENCE_ZERO)), "Koopman score", conf, "ratio")


def proportion_difference(x, n, x_reference, n_reference, conf=0.95, multiplier=1.0) -> Estimate:
    """Difference of two proportions, first minus reference, times `multiplier` (100 for percentage points)."""
    x, n, x0, n0, conf = _two_proportions(x, n, x_reference, n_reference, conf)
    value, lower, upper = _square_and_add((x / n, *wilson_limits(x, n, conf)), (x0 / n0, *wilson_limits(x0, n0, conf)))
    scale = inputs.numbers(multiplier, "multiplier")
    return _estimate(value * scale, lower * scale, upper * scale, _why(value), "Newcombe", conf, "difference", scale)


def difference_from_limits(value, lower, upper, value_reference, lower_reference, upper_reference, conf=0.95) -> Estimate:
    """Difference of two published figures from their published limits (both at confidence `conf`, which the result keeps)."""
    first = _with_limits(value, lower, upper, "figure")
    second = _with_limits(value_reference, lower_reference, upper_reference, "reference figure")
    found = _square_and_add(first, second)
    return _estimate(*found, _why(found[1] + found[2]), SQUARE_AND_ADD, inputs.confidence(conf), "difference")


def ratio_from_limits(value, lower, upper, value_reference, lower_reference, upper_reference, conf=0.95) -> Estimate:
    """Ratio of two published figures, none below zero, from their published limits.

    A reference of zero: missing (`reference_zero`); a reference whose lower limit is zero: no upper limit (`no_upper_limit`).
    """
    v, low, high = _with_limits(value, lower, upper, "figure")
    v0, low0, high0 = _with_limits(value_reference, lower_reference, upper_reference, "reference figure")
    for figure, column in ((low, "lower limit"), (low0, "reference lower limit")):
        inputs.not_negative(figure, column)
    v, low, high, v0, low0, high0 = np.broadcast_arrays(v, low, high, v0, low0, high0)
    cross = v * v0
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(v0 > 0, v / v0, np.nan)
        # Rationalised, so that nothing is divided by a difference that may be zero.
        down = low * (2 * v - low)
        lower_end = down / (cross + np.sqrt(np.maximum(cross**2 - down * high0 * (2 * v0 - high0), 0)))
        up, below = high * (2 * v - high), low0 * (2 * v0 - low0)
        upper_end = np.where(below > 0, (cross + np.sqrt(np.maximum(cross**2 - up * below, 0))) / below, np.nan)
    lower_end = np.where(down == 0, 0.0, lower_end) + 0 * ratio
    upper_end = np.where(np.isnan(upper_end), upper_end, upper_end + 0 * ratio)
    why = _why(ratio + lower_end, (v0 == 0, reason.REFERENCE_ZERO), (~np.isnan(ratio) & (low0 == 0), reason.NO_UPPER_LIMIT))
    why = np.where((why == 0) & np.isnan(upper_end), reason.code(reason.MISSING_INPUT), why)
    return _estimate(ratio, lower_end, upper_end, why, "ratio of two intervals", inputs.confidence(conf), "ratio")


def verdict(estimate: Estimate, equal: float) -> np.ndarray:
    """`higher`, `lower` or `similar` for each comparison; `equal` is 1 for a ratio, 0 for a difference. "" without limits."""
    words = np.full(estimate.value.shape, "similar", dtype=object)
    words[estimate.lower > equal] = "higher"
    words[estimate.upper < equal] = "lower"
    words[np.isnan(estimate.lower) & np.isnan(estimate.upper)] = ""
    return words


def _square_and_add(first, second):
    """Interval of a difference from the two intervals: each side adds the squares of the distances that lead there."""
    v, low, high = first
    v0, low0, high0 = second
    value = v - v0
    return value, value - np.hypot(v - low, high0 - v0), value + np.hypot(high - v, v0 - low0)


def _with_limits(value, lower, upper, column: str):
    v, low, high = np.broadcast_arrays(
        inputs.numbers(value, column), inputs.numbers(lower, f"{column}: lower"), inputs.numbers(upper, f"{column}: upper")
    )
    inputs.insist(~((low > v) | (v > high)), v, column, "limits-order", "A figure lies within its limits.")
    return v, low, high


def _two_counts(x, n, x0, n0, conf):
    return np.broadcast_arrays(
        inputs.not_negative(x, "events"),
        inputs.above_zero(n, "population"),
        inputs.not_negative(x0, "reference events"),
        inputs.above_zero(n0, "reference population"),
        inputs.confidence(conf),
    )


def _two_proportions(x, n, x0, n0, conf):
    x, n, x0, n0, conf = _two_counts(x, n, x0, n0, conf)
    rule = "The numerator of a proportion is at most its denominator."
    inputs.insist(~(x > n), x, "numerator", "numerator-above-denominator", rule)
    inputs.insist(~(x0 > n0), x0, "reference numerator", "numerator-above-denominator", rule)
    return x, n, x0, n0, conf


def _why(value, *cases):
    return reason.first_that_applies(value.shape, *cases, (np.isnan(value), reason.MISSING_INPUT))


def _estimate(value, lower, upper, why, method, conf, statistic, multiplier=1.0) -> Estimate:
    gone = np.isnan(value)
    lower, upper = np.where(gone, np.nan, lower), np.where(gone, np.nan, upper)
    return Estimate(value, lower, upper, why, method, conf, multiplier, statistic)
