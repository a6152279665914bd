"""Trend test for yearly (or other even) series: a straight line on a suitable scale, with an interval and a test of its slope.

| what is known | fit | source |
|---|---|---|
| events and population | binomial (logit) or Poisson (log) regression, dispersion at least 1 | McCullagh and Nelder 1989 |
| values with limits | weighted least squares, weights from the limits, dispersion at least 1 | Cochran 1954 |
| values only | least squares, Student's t | |

With dispersion above 1 the scatter is wider than chance alone, and Student's t takes the place of the normal. The line asks for periods
that do not overlap and for one definition throughout: the caller leaves out what is carried forward or broken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, stdtr, stdtrit

from esteem.methods import comparison, inputs
from esteem.methods import reasons as reason
from esteem.methods.estimates import Estimate
from esteem.methods.scales import SCALES, Scale
from esteem.methods.trend_fit import Line, fit_counts, fit_values
from esteem.terms.problems import Problem

FEWEST_POINTS = 3
SHORT = 5
EDGE_REACH = 2.0
WIDEST_RISE = 20.0  # a rise of e^20 between the ends: all events lie at one end, so that the slope has no bound
FAMILIES = {"proportion": "fraction", "rate": "positive"}


@dataclass(frozen=True)
class Trend:
    """One figure for each series. `change` is the average change in one unit of time between the fitted ends, in the unit of the values.

    `ratio` is the factor per unit of time (of the odds, for proportions), NaN on the free scale. `direction` is `rising`, `falling`,
    `no_clear_change`, or "" with a reason. `dispersion` above 1: scatter beyond chance. `short` marks three or four points.
    """

    change: np.ndarray
    change_lower: np.ndarray
    change_upper: np.ndarray
    ratio: np.ndarray
    ratio_lower: np.ndarray
    ratio_upper: np.ndarray
    p_value: np.ndarray
    direction: np.ndarray
    points: np.ndarray
    dispersion: np.ndarray
    short: np.ndarray
    reason_code: np.ndarray
    conf: float
    method: str

    @property
    def reasons(self) -> np.ndarray:
        return reason.texts(self.reason_code)


def of_counts(times, x, n, family: str = "proportion", conf=0.95) -> Trend:
    """Trend of proportions or rates x / n: arrays (series, times) or (times); NaN = missing. Change is of x / n, no multiplier.

    A series with no events (or nothing but events, for a proportion) has no trend: `no_variation`. Fewer than three points:
    `too_few_points`.
    """
    scale = SCALES[FAMILIES[inputs.choice(family, tuple(FAMILIES), "family")]]
    x, n = np.broadcast_arrays(np.atleast_2d(inputs.not_negative(x, "events")), np.atleast_2d(inputs.above_zero(n, "population")))
    if family == "proportion":
        rule = "The numerator of a proportion is at most its denominator."
        inputs.insist(~(x > n), x, "numerator", "numerator-above-denominator", rule)
    line = fit_counts(_times(times, x), x, n, binomial=family == "proportion")
    return _result(line, scale, float(inputs.confidence(conf)), f"{'binomial' if family == 'proportion' else 'Poisson'} regression")


def of_values(times, values, *, lower=None, upper=None, scale: str = "free", conf=0.95, limits_conf=0.95) -> Trend:
    """Trend of values (series, times) or (times), weighted by their limits (at `limits_conf`) when both are given.

    scale: `free`, `positive` (fit on logarithms) or `fraction` (on log odds). A point without limits is left out when limits are given.
    """
    of = SCALES[inputs.choice(scale, tuple(SCALES), "scale")]
    y = np.atleast_2d(inputs.numbers(values, "value"))
    z, _ = of.to(y)
    error = None
    if lower is not None and upper is not None:
        ends = (np.atleast_2d(inputs.numbers(limit, f"{side} limit")) for limit, side in ((lower, "lower"), (upper, "upper")))
        z, half = _with_half_width(of, y, *ends)
        error = half / inputs.normal_quantile(inputs.confidence(limits_conf))
    line = fit_values(_times(times, y), z, error)
    return _result(line, of, float(inputs.confidence(conf)), "least squares" if error is None else "weighted least squares")


def _with_half_width(of: Scale, y, lower, upper) -> tuple[np.ndarray, np.ndarray]:
    """Each point on the scale with half the width of its interval there; NaN where no limit is of use.

    A limit on the edge of the range is infinitely far away: the other side counts alone. A point on the edge stands two units inside its
    inner limit, with two units either way: as far as half an event lies from the upper 95% limit of no events, ln(3.7 / 0.5) = 2.
    """
    inputs.insist(~((lower > y) | (y > upper)), y, "value", "limits-order", "A figure lies within its limits.")
    z, low, high = of.raw(y), of.raw(lower), of.raw(upper)
    with np.errstate(invalid="ignore"):
        down, up = z - low, high - z
    half = np.where(np.isfinite(down) & np.isfinite(up), (down + up) / 2, np.where(np.isfinite(down), down, up))
    for edge, inner, way in ((-np.inf, high, -1), (np.inf, low, 1)):
        on_edge = z == edge
        z, half = np.where(on_edge, inner + way * EDGE_REACH, z), np.where(on_edge, EDGE_REACH, half)
    return np.where(np.isfinite(z), z, np.nan), np.where(np.isfinite(half) & (half > 0), half, np.nan)


def _times(times, like: np.ndarray) -> np.ndarray:
    t = inputs.present(times, "time")
    if t.shape[-1] != like.shape[-1]:
        raise Problem("times-length", "There is one time for each value.", f"{t.shape[-1]} and {like.shape[-1]}", "Give both in full.")
    return np.broadcast_to(t, like.shape)


def _result(line: Line, scale: Scale, conf: float, method: str) -> Trend:
    few = line.points < FEWEST_POINTS
    with np.errstate(invalid="ignore"):
        endless = scale.ratio & (np.abs(line.slope * line.span) > WIDEST_RISE)
    why = reason.first_that_applies(
        few.shape, (few, reason.TOO_FEW_POINTS), (~line.varies, reason.NO_VARIATION), (endless, reason.NOT_FINITE)
    )
    good = why == 0
    slope, error = np.where(good, line.slope, np.nan), np.where(good, line.error, np.nan)
    freedom = np.maximum(line.points - 2, 1)
    wide = line.dispersion > 1
    top = (1 + conf) / 2
    reach = np.where(wide, stdtrit(freedom, top), inputs.normal_quantile(conf)) * error
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.abs(slope) / error
        p_value = 2 * np.where(wide, stdtr(freedom, -score), ndtr(-score))
    low, high = slope - reach, slope + reach
    direction = np.select([~good, low > 0, high < 0], ["", "rising", "falling"], "no_clear_change").astype(object)
    change = [_between_ends(line, scale, s) for s in (slope, low, high)]
    with np.errstate(over="ignore"):
        ratio = [np.exp(s) if scale.ratio else np.full(s.shape, np.nan) for s in (slope, low, high)]
    short = good & (line.points < SHORT)
    return Trend(*change, *ratio, p_value, direction, line.points, line.dispersion, short, why, conf, method)


def _between_ends(line: Line, scale: Scale, slope: np.ndarray) -> np.ndarray:
    """Average change per unit of time when a line of this slope turns about its middle."""
    half = slope * line.span / 2
    with np.errstate(over="ignore", invalid="ignore"):
        return (scale.back(line.middle + half) - scale.back(line.middle - half)) / line.span


def year_on_year(values, lower, upper, conf=0.95) -> Estimate:
    """Change from each point to the next, (series, times - 1), with an interval from both points' limits (both at `conf`).

    A missing neighbour gives a missing change. `comparison.verdict(result, 0)` says which way it went.
    """
    y, low, high = (np.asarray(inputs.numbers(a, c)) for a, c in ((values, "value"), (lower, "lower limit"), (upper, "upper limit")))
    later = (y[..., 1:], low[..., 1:], high[..., 1:])
    return comparison.difference_from_limits(*later, y[..., :-1], low[..., :-1], high[..., :-1], conf=conf)
